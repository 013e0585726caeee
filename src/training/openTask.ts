/** From an experiment to its task with the data read: the one place that knows all tasks. */
import type { Experiment } from '../experiment/experimentSchema';
import { isSeriesClassification, isVectorClassification } from '../experiment/experimentKinds';
import type { TrainingEvent } from '../protocol';
import { Forecasting } from './forecasting';
import { LanguageModelling } from './languageModelling';
import { SeriesClassification } from './seriesClassification';
import { Tagging } from './tagging';
import type { TrainingTask } from './task';
import { TextClassification } from './textClassification';
import { Translation } from './translation';
import { VectorClassification } from './vectorClassification';

/** What opening a task needs beside the experiment. */
export interface TaskSurroundings {
  /** Folder that the experiment's paths are relative to. */
  readonly folder: string;
  /** Threads for evaluation. */
  readonly threads: number;
  readonly emit: (event: TrainingEvent) => void;
  readonly signal: AbortSignal;
}

/** @throws UserError where the data cannot be understood or is too little */
export function openTask(
  experiment: Experiment,
  { folder, threads, emit, signal }: TaskSurroundings,
): Promise<TrainingTask> {
  switch (experiment.task) {
    case 'classification':
      if (isSeriesClassification(experiment)) {
        return SeriesClassification.open(experiment, folder, threads, emit, signal);
      }
      return isVectorClassification(experiment)
        ? VectorClassification.open(experiment, folder, threads, emit, signal)
        : TextClassification.open(experiment, folder, threads, emit, signal);
    case 'tagging':
      return Tagging.open(experiment, folder, threads, emit, signal);
    case 'languageModel':
      return LanguageModelling.open(experiment, folder, threads, emit, signal);
    case 'forecasting':
      return Forecasting.open(experiment, folder, threads, emit, signal);
    case 'translation':
      return Translation.open(experiment, folder, threads, emit, signal);
  }
}
