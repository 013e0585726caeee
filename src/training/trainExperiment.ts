/** A training run from an experiment file to a model, step by step; the way of a run reads here from top to bottom. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createRandom } from '../data/random';
import { UserError } from '../errors';
import { sentence, told } from '../sentence';
import type { Experiment } from '../experiment/experimentSchema';
import { isGiven, parseExperiment } from '../experiment/parseExperiment';
import { fileError } from '../files/fileErrors';
import type { TrainingEvent, TrainingResult, TrainParameters } from '../protocol';
import { latestUnfinishedRun, readRun, type RunSummary } from '../runs/readRun';
import { checkRunsFolder, createRun, resumeRun } from '../runs/runFolder';
import { experimentName } from '../runs/runNames';
import { openTask } from './openTask';
import { Trainer } from './trainer';
import { runTraining } from './trainingRun';

/** Where the programs of further threads are. */
export interface TrainingEnvironment {
  readonly replicaScript: string;
  readonly replicaExecArgv?: readonly string[];
}

/**
 * Trains an experiment, or goes on with its latest unfinished run. When the signal aborts before the run's folder is
 * there, rejects with the signal's reason; later, keeps a checkpoint and resolves with the status `stopped`.
 * @throws UserError for what the user can mend; then nothing was written
 */
export async function trainExperiment(
  parameters: TrainParameters,
  environment: TrainingEnvironment,
  emit: (event: TrainingEvent) => void,
  signal: AbortSignal,
): Promise<TrainingResult> {
  const started = performance.now();
  const name = experimentName(parameters.experiment);
  const experimentFile = resolve(parameters.experiment);
  const folder = dirname(experimentFile);
  const runsFolder = resolve(parameters.runs ?? join(folder, '.sequence-lab', 'runs'));
  const text = await readExperiment(parameters.experiment);
  const written = parseExperiment(text, parameters.experiment).experiment;
  const unfinished = await unfinishedRun(parameters.resume, runsFolder, name);
  const experiment = unfinished?.experiment ?? written;
  if (
    unfinished !== null &&
    !isDeepStrictEqual(unfinished.experiment, withReplicas(written, unfinished.experiment.training.replicas))
  ) {
    emit({
      type: 'warning',
      ...told(
        sentence`${basename(parameters.experiment)} has changed since ${basename(unfinished.directory)} began; the run goes on with its own settings.`,
      ),
    });
  }
  await checkRunsFolder(runsFolder);

  emit({ type: 'phase', phase: 'reading', fraction: 0 });
  const { training } = experiment;
  const threads = parameters.threads ?? training.threads ?? availableParallelism();
  const task = await openTask(experiment, { folder, threads, emit, signal });
  try {
    emit({ type: 'phase', phase: 'preparing', fraction: null });
    const replicas = training.replicas ?? task.replicas(threads);
    const { model } = task;
    const { seed, optimizer, clip } = training;
    const trainer = Trainer.create({ model, seed, optimizer, clip, replicas, threads, ...environment });
    try {
      trainer.weights.initialize((parameter) => {
        const random = createRandom(seed, 'weights', parameter);
        return () => random.nextFloat();
      });
      task.start?.(trainer.weights);
      signal.throwIfAborted();
      const { run, checkpoint } =
        unfinished === null
          ? { run: await createRun(runsFolder, name, withReplicas(experiment, replicas)), checkpoint: null }
          : await resumeRun(unfinished.directory);
      const parts = {
        name,
        experimentFile,
        experiment,
        task,
        trainer,
        run,
        checkpoint,
        checkpointSeconds: checkpointSeconds(experiment, text, parameters.checkpointSeconds),
        emit,
        started,
      };
      const result = await runTraining(parts, signal).catch(async (error: unknown) => {
        // What closing could add, a full or vanished disk, is already in the error that is thrown.
        await run.close().catch(() => undefined);
        throw error;
      });
      await run.close();
      return result;
    } finally {
      await trainer.dispose();
    }
  } finally {
    await task.dispose();
  }
}

/** The experiment with its number of replicas, which otherwise the machine and --threads choose: sums depend on it. */
function withReplicas<E extends Experiment>(experiment: E, replicas: number | undefined): E {
  if (experiment.training.replicas !== undefined || replicas === undefined) return experiment;
  return { ...experiment, training: { ...experiment.training, replicas } };
}

async function readExperiment(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw fileError(error, file, 'read');
  }
}

/** The file's own word on the seconds between checkpoints comes first, then the caller's, then the default. */
function checkpointSeconds(experiment: Experiment, text: string, asked: number | undefined): number {
  return asked === undefined || isGiven(text, ['training', 'checkpointSeconds'])
    ? experiment.training.checkpointSeconds
    : asked;
}

/** The run to go on with: the experiment's latest, or that of a given folder; null for a new one. */
async function unfinishedRun(
  resume: TrainParameters['resume'],
  runsFolder: string,
  name: string,
): Promise<RunSummary | null> {
  if (resume === undefined || resume === false) return null;
  if (typeof resume === 'string') {
    const run = await readRun(resume);
    if (run.status === 'finished')
      throw new UserError(sentence`The run ${run.name} is finished; train to start a new one.`);
    return run;
  }
  const run = await latestUnfinishedRun(runsFolder, name);
  if (run === undefined) {
    throw new UserError(
      sentence`There is no unfinished run of ${name} in ${runsFolder}; train without resuming to start one.`,
    );
  }
  return run;
}
