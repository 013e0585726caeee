/** A run at work: the loop with its metrics, checkpoints and events, then the test, the export and the report. */
import { createHash } from 'node:crypto';
import type { Experiment } from '../experiment/experimentSchema';
import { atomicWrite } from '../files/atomicWrite';
import type { Metrics, Report, TrainingEvent, TrainingResult } from '../protocol';
import type { Run } from '../runs/runFolder';
import type { Checkpoint } from '../runs/safetensors';
import { type Sentence, sentence, told } from '../sentence';
import { fromCheckpoint, type Position, toCheckpoint } from './checkpoint';
import { initialScheduleState } from './schedule';
import type { TrainingTask } from './task';
import type { Trainer } from './trainer';
import { type LoopEnd, TrainingLoop } from './trainingLoop';
import { namedTensors } from './weights';

/** All that a run works with. */
export interface RunParts {
  /** Name of the experiment, and the absolute path of its file. */
  readonly name: string;
  readonly experimentFile: string;
  readonly experiment: Experiment;
  readonly task: TrainingTask;
  readonly trainer: Trainer;
  readonly run: Run;
  /** Where the run goes on; null for its beginning. */
  readonly checkpoint: Checkpoint | null;
  /** Seconds between checkpoints. */
  readonly checkpointSeconds: number;
  readonly emit: (event: TrainingEvent) => void;
  /** When this sitting began, by `performance.now()`. */
  readonly started: number;
}

/** Trains to the end or to the signal's abort, and leaves report and model. */
export async function runTraining(parts: RunParts, signal: AbortSignal): Promise<TrainingResult> {
  const { experiment, task, trainer, run, emit } = parts;
  const fingerprint = fingerprintOf(task);
  const resumed = parts.checkpoint === null ? null : fromCheckpoint(parts.checkpoint, trainer.weights, fingerprint);
  const position = resumed?.position ?? startPosition();
  const secondsBefore = position.seconds;
  const seconds = (): number => secondsBefore + (performance.now() - parts.started) / 1000;

  const options = { ...experiment.training, checkpointSeconds: parts.checkpointSeconds };
  const loop: TrainingLoop = new TrainingLoop(options, task, trainer, position, {
    onStep: (metrics, tokensPerSecond, secondsLeft) => {
      run.appendMetrics(metrics);
      emit({ type: 'step', ...metrics, steps: loop.steps, tokensPerSecond, secondsLeft });
    },
    onEpoch: (metrics) => {
      run.appendMetrics(metrics);
      emit({ type: 'epoch', ...metrics });
      emit({ type: 'phase', phase: 'training', fraction: null });
    },
    onEvaluating: (fraction) => {
      emit({ type: 'phase', phase: 'evaluating', fraction });
    },
    checkpoint: async () => {
      position.seconds = seconds();
      const kept = { bestParameters: loop.bestParameters, carried: task.carried?.() ?? {} };
      await run.writeCheckpoint(toCheckpoint(trainer.weights, kept, position, fingerprint));
      emit({ type: 'checkpoint', step: position.step });
    },
  });
  if (resumed !== null) {
    loop.bestParameters = resumed.bestParameters;
    task.restoreCarried?.(resumed.carried);
  }

  const report = (status: Report['status'], test: Metrics | null, wording?: Sentence): Report => ({
    experimentFile: parts.experimentFile,
    status,
    task: task.task,
    best: position.best,
    test,
    epochs: position.batch === 0 ? position.epoch - 1 : position.epoch,
    steps: position.step,
    tokensPerSecond: position.trainingSeconds === 0 ? 0 : position.tokens / position.trainingSeconds,
    seconds: seconds(),
    parameters: trainer.weights.parameterCount,
    ...(wording === undefined ? {} : told(wording)),
    data: task.summary(),
  });

  await run.writeReport(report('running', null));
  emit({
    type: 'run',
    name: run.name,
    directory: run.directory,
    data: task.summary(),
    parameters: trainer.weights.parameterCount,
    epochs: experiment.training.epochs,
    stepsPerEpoch: loop.stepsPerEpoch,
    resumedAt: position.step,
  });
  emit({ type: 'phase', phase: 'training', fraction: null });
  const { end, test } = await trainAndTest(parts, loop, signal);
  // Who stopped the training wants its model; who stops what follows a whole training wants no more of it.
  const model = await orAborted(signal, exportBest(parts, loop, test, signal.aborted ? undefined : signal));
  const final =
    model === aborted
      ? report('stopped', test, sentence`Stopped before the trained model was written. Resume the run to get it.`)
      : report(end.status, test, wordingOf(end, position));
  await run.writeReport(final);
  return { name: run.name, directory: run.directory, model: model === aborted ? null : model, report: final };
}

/** Runs the loop, then scores the kept epoch on the test part; an abort during the test stops the run like any other. */
async function trainAndTest(
  { task, trainer, emit }: RunParts,
  loop: TrainingLoop,
  signal: AbortSignal,
): Promise<{ end: LoopEnd; test: Metrics | null }> {
  const end = await loop.run(signal);
  if (end.status !== 'finished' || loop.bestParameters === null || !task.hasTest) return { end, test: null };
  const best = namedTensors(trainer.weights.all(), loop.bestParameters);
  const onProgress = (fraction: number): void => {
    emit({ type: 'phase', phase: 'evaluating', fraction });
  };
  onProgress(0);
  const test = await orAborted(signal, task.evaluate('test', best, { signal, onProgress }));
  return test === aborted ? { end: { status: 'stopped' }, test: null } : { end, test };
}

/** In place of the result of work that an abort ended. */
const aborted = Symbol('aborted');

async function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T | typeof aborted> {
  try {
    return await work;
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    return aborted;
  }
}

/**
 * Writes `model.onnx` from the kept epoch; null where no epoch came to its end.
 * @throws the signal's reason when it aborts
 */
async function exportBest(
  { name, task, trainer, run, emit }: RunParts,
  loop: TrainingLoop,
  test: Metrics | null,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  if (loop.bestParameters === null) return null;
  emit({ type: 'phase', phase: 'exporting', fraction: null });
  const best = namedTensors(trainer.weights.all(), loop.bestParameters);
  const validation = loop.position.best?.validation ?? null;
  await atomicWrite(run.modelPath, await task.export(name, best, { validation, test }, signal));
  return run.modelPath;
}

function startPosition(): Position {
  return {
    step: 0,
    epoch: 1,
    batch: 0,
    epochLoss: 0,
    tokens: 0,
    trainingSeconds: 0,
    seconds: 0,
    schedule: initialScheduleState(),
    best: null,
  };
}

function fingerprintOf(task: TrainingTask): string {
  const hash = createHash('sha256');
  for (const part of task.fingerprint()) hash.update(part);
  return hash.digest('hex');
}

function wordingOf(end: LoopEnd, { best, epoch }: Position): Sentence | undefined {
  switch (end.status) {
    case 'finished':
      return undefined;
    case 'stopped':
      return best === null
        ? sentence`Training stopped in epoch ${epoch}, before there was a model.`
        : sentence`Training stopped in epoch ${epoch}. The best model (epoch ${best.epoch}) is saved.`;
    case 'failed':
      return end.wording;
  }
}
