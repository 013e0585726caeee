/** A forecast from the engine as columns for the panel, with the parts that the training divided it into; pure. */
import { partStarts, type PartStarts } from '../../data/series/partStarts';
import type { ForecastingExperiment } from '../../experiment/forecastingSchema';
import type { ForecastSeries } from '../../panelMessages';
import type { DataSummary, ForecastResult, ForecastStep } from '../../protocol';

/** What the panel needs beside the forecast. */
export interface ForecastSurroundings {
  /** All data files of the run, as the experiment names them. */
  readonly files: readonly string[];
  readonly experiment: Pick<ForecastingExperiment, 'data' | 'features'>;
  /** What the training read; null where it left no report. */
  readonly trained: DataSummary | null;
}

/** The series of one file with its forecast, channel by channel. */
export function forecastSeries(
  { columns, time, rows, alarms, skipped = 0 }: ForecastResult,
  { files, experiment, trained }: ForecastSurroundings,
): ForecastSeries {
  const column = (valueOf: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, valueOf);
  const of = (name: keyof ForecastStep, channel: number) => column(({ forecast }) => forecast?.[name][channel] ?? NaN);
  const parts = partStarts(skipped + rows.length, experiment.data);
  const isKnown = files.length > 1 || isAsTrained(skipped + rows.length, parts, experiment, trained);
  return {
    files: [...files],
    lines: column(({ line }) => line),
    times: time === null ? null : rows.map((row) => row.time ?? ''),
    channels: columns.map((name, channel) => ({
      name,
      values: column(({ values }) => values[channel]!),
      forecast: of('values', channel),
      low: of('low', channel),
      high: of('high', channel),
    })),
    alarms: alarms.map(({ first, last, cause, peak }) => ({ first, last, cause, score: rows[peak]!.score ?? 0 })),
    skipped,
    parts: isKnown ? { validation: parts.validation - skipped, test: parts.test - skipped } : null,
  };
}

/** Whether one file of so many rows has as many windows in each part as the training found. */
function isAsTrained(
  rows: number,
  { validation, test }: PartStarts,
  { features: { context, horizon, stride } }: ForecastSurroundings['experiment'],
  trained: DataSummary | null,
): boolean {
  if (trained === null) return false;
  const windows = (from: number, to: number, step: number) =>
    Math.max(0, Math.ceil((to - horizon + 1 - Math.max(from, context)) / step));
  return (
    windows(0, validation, stride) === trained.examples.train &&
    windows(validation, test, 1) === trained.examples.validation &&
    windows(test, rows, 1) === trained.examples.test
  );
}
