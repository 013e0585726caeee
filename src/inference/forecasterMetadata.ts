/** What an exported forecaster says of itself. */
import * as z from 'zod';
import type { ForecasterSpec } from '../models/forecaster';
import type { ForecastMetrics } from '../protocol';
import { commonKeys, damagedMetadata, parseMetadata, plausibleCount } from './metadataFormat';
import { scalingSchema, stackKeys } from './seriesMetadata';

const scores: z.ZodType<ForecastMetrics | null> = z
  .object({ loss: z.number(), mse: z.number(), mae: z.number() })
  .nullable();

const schema = z.object({
  ...commonKeys,
  task: z.literal('forecasting'),
  columns: z.object({ time: z.string().nullable(), values: z.array(z.string()).min(1) }),
  /** How series are read, and the rows that a forecast is made from. */
  reading: z.object({ missing: z.enum(['refuse', 'interpolate']), context: plausibleCount }),
  scaling: scalingSchema,
  model: z.object({ ...stackKeys, horizon: plausibleCount }) satisfies z.ZodType<ForecasterSpec>,
  loss: z.discriminatedUnion('type', [
    z.object({ type: z.literal('mse') }),
    z.object({ type: z.literal('huber'), delta: z.number().positive() }),
  ]),
  /** Root mean square of the standardised errors on the validation part, `[horizon][channels]`. */
  errors: z.array(z.array(z.number().nonnegative())),
  anomalies: z.object({ short: plausibleCount, long: plausibleCount, threshold: z.number() }),
  validation: scores,
  test: scores,
});

/** The metadata of a forecaster. */
export type ForecasterMetadata = z.output<typeof schema>;

/** @throws UserError naming `file` for metadata that contradicts itself */
export function decodeForecasterMetadata(values: Readonly<Record<string, unknown>>, file: string): ForecasterMetadata {
  const data = parseMetadata(schema, values, file);
  const { channels, horizon } = data.model;
  const { mean, deviation } = data.scaling;
  if (data.columns.values.length !== channels) throw damagedMetadata('columns', file);
  if (mean.length !== channels || deviation.length !== channels) throw damagedMetadata('scaling', file);
  if (data.errors.length !== horizon || data.errors.some((row) => row.length !== channels)) {
    throw damagedMetadata('errors', file);
  }
  return data;
}
