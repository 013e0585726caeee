/** A run at work: the loop with its metrics, checkpoints and events, then the test, the export and the report. */
import { createHash } from 'node:crypto';
import type { Dataset } from '../data/dataset';
import type { ClassificationExperiment } from '../experiment/classificationSchema';
import { atomicWrite } from '../files/atomicWrite';
import type { ClassificationMetrics, Report, TrainingEvent, TrainingResult } from '../protocol';
import type { Run } from '../runs/runFolder';
import type { Checkpoint } from '../runs/safetensors';
import { fromCheckpoint, type Position, toCheckpoint } from './checkpoint';
import type { Evaluator } from './evaluator';
import { exportModel, namedTensors } from './exportModel';
import { initialScheduleState } from './schedule';
import type { Trainer, TrainerSetup } from './trainer';
import { type LoopEnd, TrainingLoop } from './trainingLoop';

/** All that a run works with. */
export interface RunParts {
  /** Name of the experiment, and the absolute path of its file. */
  readonly name: string;
  readonly experimentFile: string;
  readonly experiment: ClassificationExperiment;
  readonly data: Dataset;
  readonly vectorsFound: number | null;
  readonly setup: Pick<TrainerSetup, 'model'>;
  readonly trainer: Trainer;
  readonly evaluator: Evaluator;
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
  const { experiment, data, trainer, evaluator, run, emit } = parts;
  const fingerprint = fingerprintOf(parts);
  const resumed = parts.checkpoint === null ? null : fromCheckpoint(parts.checkpoint, trainer.weights, fingerprint);
  const position = resumed?.position ?? startPosition();
  const secondsBefore = position.seconds;
  const seconds = (): number => secondsBefore + (performance.now() - parts.started) / 1000;

  const options = { ...experiment.training, checkpointSeconds: parts.checkpointSeconds };
  const loop: TrainingLoop = new TrainingLoop(options, data, trainer, evaluator, position, {
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
      await run.writeCheckpoint(toCheckpoint(trainer.weights, loop.bestParameters, position, fingerprint));
      emit({ type: 'checkpoint', step: position.step });
    },
  });
  loop.bestParameters = resumed?.bestParameters ?? null;

  const report = (status: Report['status'], test: ClassificationMetrics | null, message?: string): Report => ({
    experimentFile: parts.experimentFile,
    status,
    task: 'classification',
    best: position.best,
    test,
    epochs: position.batch === 0 ? position.epoch - 1 : position.epoch,
    steps: position.step,
    tokensPerSecond: position.trainingSeconds === 0 ? 0 : position.tokens / position.trainingSeconds,
    seconds: seconds(),
    parameters: trainer.weights.parameterCount,
    ...(message === undefined ? {} : { message }),
    data: data.summary(parts.vectorsFound),
  });

  await run.writeReport(report('running', null));
  emit({
    type: 'run',
    name: run.name,
    directory: run.directory,
    data: data.summary(parts.vectorsFound),
    parameters: trainer.weights.parameterCount,
    epochs: experiment.training.epochs,
    stepsPerEpoch: loop.stepsPerEpoch,
    resumedAt: position.step,
  });
  emit({ type: 'phase', phase: 'training', fraction: null });
  const { end, test } = await trainAndTest(parts, loop, signal);
  const model = await exportBest(parts, loop, test);
  const final = report(end.status, test, messageOf(end, position));
  await run.writeReport(final);
  return { name: run.name, directory: run.directory, model, report: final };
}

/** Runs the loop, then scores the kept epoch on the test part; an abort during the test stops the run like any other. */
async function trainAndTest(
  { data, trainer, evaluator, emit }: RunParts,
  loop: TrainingLoop,
  signal: AbortSignal,
): Promise<{ end: LoopEnd; test: ClassificationMetrics | null }> {
  const end = await loop.run(signal);
  const { examples } = data.parts.test;
  if (end.status !== 'finished' || loop.bestParameters === null || examples.length === 0) return { end, test: null };
  const best = namedTensors(trainer.weights.all(), loop.bestParameters);
  const onProgress = (fraction: number): void => {
    emit({ type: 'phase', phase: 'evaluating', fraction });
  };
  try {
    return { end, test: await evaluator.evaluate(data, examples, best, { signal, onProgress }) };
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    await loop.checkpoint();
    return { end: { status: 'stopped' }, test: null };
  }
}

/** Writes `model.onnx` from the kept epoch; null where no epoch came to its end. */
async function exportBest(
  { name, experiment, data, setup, trainer, evaluator, run, emit }: RunParts,
  loop: TrainingLoop,
  test: ClassificationMetrics | null,
): Promise<string | null> {
  if (loop.bestParameters === null) return null;
  emit({ type: 'phase', phase: 'exporting', fraction: null });
  const metadata = {
    task: 'classification' as const,
    experiment: name,
    created: new Date().toISOString(),
    tokenizer: data.tokenizer,
    vocabulary: [...data.vocabulary.tokens],
    labels: [...data.classes],
    maximumLength: experiment.data.maximumLength,
    columns: { text: experiment.data.text, label: experiment.data.label },
    model: setup.model.spec,
    classWeights: setup.model.options.classWeights === null ? null : [...setup.model.options.classWeights],
    validation: loop.position.best?.validation ?? null,
    test,
  };
  const best = namedTensors(trainer.weights.all(), loop.bestParameters);
  await atomicWrite(run.modelPath, await exportModel(metadata, best, evaluator, data, data.parts.validation.examples));
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

/** What must be equal for a checkpoint's weights and position to make sense. */
function fingerprintOf({ setup, data }: RunParts): string {
  const hash = createHash('sha256');
  for (const text of [JSON.stringify(setup.model.spec), ...data.classes, ...data.vocabulary.tokens]) {
    hash.update(`${text}\n`);
  }
  for (const { examples } of Object.values(data.parts)) hash.update(examples);
  return hash.digest('hex');
}

function messageOf(end: LoopEnd, { best, epoch }: Position): string | undefined {
  switch (end.status) {
    case 'finished':
      return undefined;
    case 'stopped':
      return best === null
        ? `Training stopped in epoch ${epoch}, before there was a model.`
        : `Training stopped in epoch ${epoch}. The best model (epoch ${best.epoch}) is saved.`;
    case 'failed':
      return end.message;
  }
}
