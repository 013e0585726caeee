/** The number series of a run's test part that its model gets wrong; knows no texts. */
import { resolve } from 'node:path';
import type { SeriesDataset } from '../data/series/seriesDataset';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import type { SeriesClassificationExperiment } from '../experiment/seriesClassificationSchema';
import type { SeriesClassifier } from '../inference/seriesClassifier';
import type { Mistake, MistakesResult } from '../protocol';
import { loadSeriesData } from '../training/seriesClassification';

/** A run of series and how many of its mistakes are wanted. */
export interface SeriesRun {
  readonly experiment: SeriesClassificationExperiment;
  /** Folder that the experiment's paths are relative to. */
  readonly folder: string;
  readonly name: string;
  readonly limit: number;
}

/** @throws UserError where the data has changed so that it is divided otherwise */
export async function findSeriesMistakes(
  classifier: SeriesClassifier,
  { experiment, folder, name, limit }: SeriesRun,
  signal: AbortSignal,
): Promise<MistakesResult> {
  const data = await loadSeriesData(experiment, folder, signal);
  if (!isDataOf(classifier, data)) throw dataHasChanged(name);
  const mistakes: Mistake[] = [];
  // The array has holes where a series is of another part; its values are the predictions of the test part.
  for (const prediction of Object.values(await classifier.predict(data, signal))) {
    if (prediction.label === prediction.truth) continue;
    const { file, line, length: steps, truth, label: predicted, probability } = prediction;
    const series = { steps, isWholeFile: line === undefined };
    mistakes.push({ text: '', series, file: resolve(folder, file), line: line ?? 1, truth, predicted, probability });
  }
  mistakes.sort((a, b) => b.probability - a.probability);
  return { mistakes: mistakes.slice(0, limit), count: mistakes.length };
}

/** What is wrong where a run's data is no longer divided as its training did. */
export function dataHasChanged(name: string): UserError {
  return new UserError(
    sentence`The data of ${name} has changed since it was trained, so its test examples are not known any more.`,
  );
}

/** Whether classes and scaling, which come from the training part, are those of the model. */
function isDataOf({ metadata: { labels, scaling } }: SeriesClassifier, data: SeriesDataset): boolean {
  const isSame = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    a.length === b.length && Array.from(a).every((value, at) => value === b[at]);
  return (
    data.classes.join('\n') === labels.join('\n') &&
    isSame(data.scaling.mean, scaling.mean) &&
    isSame(data.scaling.deviation, scaling.deviation)
  );
}
