/** Which epoch's weights a run keeps, and when it ends before its last epoch. */
import type { TrainingOptions } from '../experiment/trainingSchema';
import type { Metrics } from '../protocol';
import { isBetterScore, scoresOf } from '../scores';

type EarlyStopping = TrainingOptions['earlyStopping'];

/** The epoch whose weights the run keeps. */
export interface BestEpoch {
  readonly epoch: number;
  readonly validation: Metrics;
}

/** Whether the scores of an epoch beat those of the best one; without early stopping the latest epoch is kept. */
export function isBetter(options: EarlyStopping, scores: Metrics, best: BestEpoch | null): boolean {
  if (best === null || options === false) return true;
  const [value, than] = [scores, best.validation].map((metrics) => scoresOf(metrics)[options.metric]);
  if (value === undefined || than === undefined) throw new Error(`The validation has no score "${options.metric}".`);
  return isBetterScore(options.metric, value, than);
}

/** Whether so many epochs have passed since the best one that the run ends. */
export function isPatienceOver(options: EarlyStopping, epoch: number, best: BestEpoch | null): boolean {
  return options !== false && best !== null && epoch - best.epoch >= options.patience;
}
