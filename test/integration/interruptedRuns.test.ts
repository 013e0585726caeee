/** Runs that are stopped or killed again and again end as undisturbed ones. SEQUENCE_LAB_KILLS sets how often to kill. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '../../src/data/random';
import { EngineClient } from '../../src/engine/client';
import { UserError } from '../../src/errors';
import type { Report } from '../../src/protocol';
import { runNamesIn } from '../../src/runs/readRun';
import { childrenOf, CliProcess, isAlive, jsonLines, runCli, succeed } from './cliProcess';
import {
  checkpointTensors,
  csv,
  experiment,
  makeWorkplace,
  modelTensors,
  sentences,
  type Workplace,
} from './workplace';

const kills = Number(process.env['SEQUENCE_LAB_KILLS'] ?? 20);

let place: Workplace;
before(async () => {
  place = await makeWorkplace();
  await place.write('data.csv', csv(sentences(160)));
});
after(() => place.remove());

/** What a run leaves that must be the same however it came about. */
async function resultOf(folder: string, run: string): Promise<unknown> {
  const report = JSON.parse(await place.read(folder, run, 'report.json')) as Report;
  const { tokensPerSecond, seconds, ...rest } = report;
  assert.ok(tokensPerSecond > 0 && seconds > 0);
  return {
    report: rest,
    metrics: await place.read(folder, run, 'metrics.jsonl'),
    checkpoint: await checkpointTensors(place.path(folder, run, 'checkpoint.safetensors')),
    model: await modelTensors(place.path(folder, run, 'model.onnx')),
  };
}

/** An experiment of 16 steps an epoch that trains all its epochs. */
const longExperiment = (epochs: number, checkpointSeconds: number, replicas: number): string =>
  experiment({
    model: { hidden: 8, dropout: 0.4 },
    training: {
      epochs,
      batchSize: 8,
      earlyStopping: false,
      schedule: { type: 'cosine' },
      checkpointSeconds,
      replicas,
    },
  });

for (const replicas of [1, 2]) {
  describe(`${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`, () => {
    const name = `stopped${replicas}`;
    before(async () => {
      await place.write(`${name}.rnn.json`, longExperiment(8, 30, replicas));
      await succeed(['train', `${name}.rnn.json`, '--out', 'undisturbed'], { cwd: place.folder });
    });

    test('the same seed gives the same run, another seed another one', async () => {
      await succeed(['train', `${name}.rnn.json`, '--out', 'again'], { cwd: place.folder });
      assert.deepEqual(await resultOf('again', `${name}-1`), await resultOf('undisturbed', `${name}-1`));
      const text = longExperiment(1, 30, replicas).replace('"training":{', '"training":{"seed":2,');
      await place.write(`${name}-seed.rnn.json`, text);
      await succeed(['train', `${name}-seed.rnn.json`, '--out', 'again'], { cwd: place.folder });
      const [first] = (await place.read('again', `${name}-seed-1`, 'metrics.jsonl')).split('\n');
      assert.ok(!(await place.read('again', `${name}-1`, 'metrics.jsonl')).startsWith(first!));
    });

    test('a run that is stopped again and again ends as the undisturbed one', async (context) => {
      const random = createRandom(replicas, 'stops');
      let stops = 0;
      let reached = 0;
      for (let finished = false; !finished;) {
        const args = ['train', `${name}.rnn.json`, '--out', 'stopped', '--json'];
        const train = new CliProcess(stops === 0 ? args : [...args, '--resume'], { cwd: place.folder });
        await train.untilSteps(10 + random.nextInteger(40));
        await wait(random.nextInteger(10));
        train.interrupt();
        const { code, stdout, stderr } = await train.ended;
        const result = jsonLines(stdout).at(-1) as unknown as { type: string; report: Report };
        assert.equal(result.type, 'result', stderr);
        finished = code === 0;
        // A stop during the last validation or the test leaves no step to do.
        assert.ok(
          result.report.steps > reached || result.report.steps === 8 * 16,
          `${result.report.steps} steps after ${reached}`,
        );
        reached = result.report.steps;
        if (!finished) {
          assert.equal(code, 130);
          assert.equal(stderr, 'Stopping: writing a checkpoint… (once more to stop at once)\n');
          assert.equal(result.report.status, 'stopped');
          assert.match(result.report.message!, /^Training stopped in epoch \d+/u);
          assert.deepEqual(
            JSON.parse(await place.read('stopped', `${name}-1`, 'report.json')),
            JSON.parse(JSON.stringify(result.report)),
          );
          assert.ok((await readdir(place.path('stopped', `${name}-1`))).includes('checkpoint.safetensors'));
          stops += 1;
        }
      }
      context.diagnostic(`stopped ${stops} times`);
      assert.ok(stops >= 3, `stopped only ${stops} times`);
      assert.deepEqual(await resultOf('stopped', `${name}-1`), await resultOf('undisturbed', `${name}-1`));
    });
  });
}

test('there is nothing to resume where no run is, and after the run is finished', async () => {
  for (const folder of ['undisturbed', 'nowhere']) {
    const { code, stdout, stderr } = await runCli(['train', 'stopped1.rnn.json', '--out', folder, '--resume'], {
      cwd: place.folder,
    });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^There is no unfinished run of stopped1 in .*; train without resuming to start one\.\n$/u);
  }
});

test('a stopped run goes on by its own replicas, whatever the threads', async () => {
  const training = { epochs: 4, batchSize: 16, earlyStopping: false, threads: 2, replicas: undefined };
  await place.write('threads.rnn.json', experiment({ training }));
  await succeed(['train', 'threads.rnn.json', '--out', 'undisturbed'], { cwd: place.folder });
  const train = new CliProcess(['train', 'threads.rnn.json', '--out', 'stopped', '--json'], { cwd: place.folder });
  await train.untilSteps(5);
  train.interrupt();
  assert.equal((await train.ended).code, 130);
  const output = await succeed(['train', 'threads.rnn.json', '--out', 'stopped', '--resume', '--threads', '1'], {
    cwd: place.folder,
  });
  assert.doesNotMatch(output, /Warning/u);
  assert.deepEqual(await resultOf('stopped', 'threads-1'), await resultOf('undisturbed', 'threads-1'));
});

test('a second Ctrl-C stops at once, and the run goes on from its last checkpoint', async () => {
  await place.write('twice.rnn.json', longExperiment(4, 0, 1));
  await succeed(['train', 'twice.rnn.json', '--out', 'undisturbed'], { cwd: place.folder });
  const train = new CliProcess(['train', 'twice.rnn.json', '--out', 'stopped', '--json'], { cwd: place.folder });
  await train.untilSteps(5);
  train.interrupt();
  train.interrupt();
  assert.equal((await train.ended).code, 130);
  await succeed(['train', 'twice.rnn.json', '--out', 'stopped', '--resume'], { cwd: place.folder });
  assert.deepEqual(await resultOf('stopped', 'twice-1'), await resultOf('undisturbed', 'twice-1'));
});

test('a run ends well when the reader of its output leaves', async () => {
  await place.write('head.rnn.json', longExperiment(50, 30, 1));
  const train = new CliProcess(['train', 'head.rnn.json', '--out', 'stopped', '--json'], { cwd: place.folder });
  await train.untilSteps(2);
  train.closeOutput();
  const { stderr } = await train.ended;
  assert.equal(stderr, '');
  const report = JSON.parse(await place.read('stopped', 'head-1', 'report.json')) as Report;
  assert.equal(report.status, 'stopped');
});

test(`a run whose processes are killed ${kills} times ends as the undisturbed one`, async (context) => {
  await place.write('killed.rnn.json', longExperiment(8 + kills, 0.02, 2));
  await succeed(['train', 'killed.rnn.json', '--out', 'undisturbed'], { cwd: place.folder });
  const random = createRandom(kills, 'kills');
  const counts = { cli: 0, engine: 0, both: 0 };
  const resumedAt: number[] = [];
  let run = false;
  for (let kill = 0; kill < kills;) {
    const args = ['train', 'killed.rnn.json', '--out', 'killed', '--json'];
    const train: CliProcess = new CliProcess(run ? [...args, '--resume'] : args, { cwd: place.folder });
    const victim = (['cli', 'engine', 'both'] as const)[kill % 3]!;
    // One kill in four comes at any moment of the start, the others after some steps.
    if (random.nextInteger(4) === 0) await wait(random.nextInteger(900));
    else await train.untilSteps(1 + random.nextInteger(20));
    await wait(random.nextInteger(10));
    const engines = childrenOf(train.pid);
    assert.ok(engines.length <= 1, `${engines.length} processes below the command line`);
    if (victim === 'engine' && engines.length === 0) {
      train.kill('SIGKILL'); // There is no engine yet.
    } else {
      if (victim !== 'engine') train.kill('SIGKILL');
      if (victim !== 'cli') for (const engine of engines) process.kill(engine, 'SIGKILL');
    }
    const { code, signal, stdout, stderr } = await train.ended;
    if (code === 0) break; // It was done before the kill.
    const lines = jsonLines(stdout.slice(0, stdout.lastIndexOf('\n') + 1));
    if (signal === null) {
      assert.equal(code, 2, stderr);
      assert.match(stderr, /The engine ended unexpectedly by signal SIGKILL/u);
    } else {
      assert.equal(signal, 'SIGKILL');
    }
    const deadline = performance.now() + 3_000;
    while (engines.some(isAlive)) {
      assert.ok(performance.now() < deadline, `engine ${engines.join()} outlives the command line by 3 s`);
      await wait(10);
    }
    const began = lines.find(({ type }) => type === 'run');
    if (began !== undefined) resumedAt.push(began['resumedAt'] as number);
    run = (await runNamesIn(place.path('killed'))).length > 0;
    kill += 1;
    counts[victim] += 1;
  }
  context.diagnostic(`killed ${JSON.stringify(counts)}, resumed at steps ${resumedAt.join(', ')}`);
  assert.ok(resumedAt.at(-1)! > 0, 'resuming made progress');
  assert.deepEqual(
    resumedAt,
    [...resumedAt].sort((a, b) => a - b),
  );
  await succeed(['train', 'killed.rnn.json', '--out', 'killed', '--json', '--resume'], { cwd: place.folder });
  const runs = await runNamesIn(place.path('killed'));
  assert.equal(runs.length, 1);
  const files = (await readdir(place.path('killed', runs[0]!))).filter((file) => !file.startsWith('lock-'));
  assert.deepEqual(files.sort(), [
    'checkpoint.safetensors',
    'experiment.json',
    'metrics.jsonl',
    'model.onnx',
    'report.json',
  ]);
  assert.deepEqual(await resultOf('killed', runs[0]!), await resultOf('undisturbed', 'killed-1'));
});

test('a given run goes on, though a later one is unfinished too; a finished one does not', async () => {
  await place.write('twice.rnn.json', longExperiment(3, 30, 1));
  for (let run = 1; run <= 2; run++) {
    const train = new CliProcess(['train', 'twice.rnn.json', '--out', 'twice', '--json'], { cwd: place.folder });
    await train.untilSteps(3);
    train.interrupt();
    assert.equal((await train.ended).code, 130);
  }
  const client = new EngineClient({ script: resolve('dist/engine.cjs'), log: () => undefined });
  try {
    const parameters = { experiment: place.path('twice.rnn.json'), runs: place.path('twice') };
    const resume = place.path('twice', 'twice-1');
    const { name, report } = await client.train({ ...parameters, resume }, () => undefined);
    assert.deepEqual([name, report.status, report.steps], ['twice-1', 'finished', 48]);
    await assert.rejects(
      client.train({ ...parameters, resume }, () => undefined),
      (error) => error instanceof UserError && error.message.startsWith('The run twice-1 is finished'),
    );
  } finally {
    await client.dispose();
  }
});
