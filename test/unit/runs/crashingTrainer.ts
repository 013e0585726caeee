/** A process that works on a run as a trainer does, a checkpoint after every step, until it is killed or at its last step. */
import { latestUnfinishedRun } from '../../../src/runs/readRun';
import { createRun, resumeRun } from '../../../src/runs/runFolder';
import { sampleEpoch, sampleExperiment, sampleStep } from './sampleRecords';

const [runs, last] = [process.argv[2]!, Number(process.argv[3])];
const unfinished = await latestUnfinishedRun(runs, 'crash');
const { run, checkpoint } =
  unfinished === undefined
    ? { run: await createRun(runs, 'crash', sampleExperiment), checkpoint: null }
    : await resumeRun(unfinished.directory);
const begin = Number(checkpoint?.metadata['step'] ?? 0);
process.stdout.write(`begins at ${begin}\n`);
for (let step = begin + 1; step <= last; step++) {
  run.appendMetrics(sampleStep(step));
  if (step % 10 === 0) {
    run.appendMetrics({ ...sampleEpoch, epoch: step / 10, steps: step });
  }
  const data = new Float32Array(200_000).fill(step);
  await run.writeCheckpoint({
    tensors: new Map([['weights', { dtype: 'F32', shape: [200_000], data }]]),
    metadata: { step: String(step) },
  });
}
await run.close();
