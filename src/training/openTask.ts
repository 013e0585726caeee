/** From an experiment to its task with the data read: the one place that knows all tasks. */
import type { Experiment } from '../experiment/experimentSchema';
import { isVectorClassification } from '../experiment/experimentKinds';
import type { TrainingEvent } from '../protocol';
import { LanguageModelling } from './languageModelling';
import { Tagging } from './tagging';
import type { TrainingTask } from './task';
import { TextClassification } from './textClassification';
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
      return isVectorClassification(experiment)
        ? VectorClassification.open(experiment, folder, threads, emit, signal)
        : TextClassification.open(experiment, folder, threads, emit, signal);
    case 'tagging':
      return Tagging.open(experiment, folder, threads, emit, signal);
    case 'languageModel':
      return LanguageModelling.open(experiment, folder, threads, emit, signal);
  }
}
