/** Scores of models of number series on data of their kind. */
import { openDataFile } from '../files/dataSource';
import { openSeriesSource } from '../files/seriesSource';
import type { Forecaster } from '../inference/forecaster';
import type { SeriesClassifier } from '../inference/seriesClassifier';
import type { EvaluateParameters, EvaluateResult } from '../protocol';

/** @throws UserError where the data does not fit the model; the signal's reason when it aborts */
export async function evaluateNumbers(
  model: SeriesClassifier | Forecaster,
  { data }: EvaluateParameters,
  report: (fraction: number) => void,
  signal: AbortSignal,
): Promise<EvaluateResult> {
  if (model.task === 'forecasting') {
    const series = await model.read(await openDataFile(data));
    const { windows, metrics } = await model.evaluate(series, report, signal);
    return { task: model.task, examples: windows, metrics };
  }
  const found = await model.read(await openSeriesSource(data), data);
  return { task: model.task, examples: found.series.length, metrics: await model.evaluate(found, report, signal) };
}
