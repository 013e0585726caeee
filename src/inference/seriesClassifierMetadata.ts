/** What an exported classifier of number series says of itself. */
import * as z from 'zod';
import { type SeriesClassifierSpec } from '../models/seriesClassifier';
import { checkClasses, classifierScores } from './classifierMetadata';
import { commonKeys, damagedMetadata, parseMetadata, plausibleCount } from './metadataFormat';
import { scalingSchema, stackKeys } from './seriesMetadata';

const schema = z.object({
  ...commonKeys,
  task: z.literal('classification'),
  features: z.object({ type: z.literal('numbers') }),
  /** Channels in the order of the input. */
  channels: z.array(z.string()).min(1),
  /** Class labels in the order of the outputs. */
  labels: z.array(z.string()).min(2),
  scaling: scalingSchema,
  /** How series are read, as in training. */
  reading: z.object({
    /** Most steps of a series that are read. */
    maximumLength: plausibleCount,
    missing: z.enum(['refuse', 'interpolate']),
    /** How tables of series are laid out. */
    table: z.discriminatedUnion('layout', [
      z.object({ layout: z.literal('wide'), label: z.string() }),
      z.object({
        layout: z.literal('long'),
        label: z.string(),
        series: z.string(),
        time: z.string().optional(),
        channels: z.array(z.string()).optional(),
      }),
    ]),
  }),
  model: z.object({
    ...stackKeys,
    summary: z.enum(['last', 'mean']),
    classes: plausibleCount,
  }) satisfies z.ZodType<SeriesClassifierSpec>,
  /** Weight of each class in the loss, or null. */
  classWeights: z.array(z.number()).nullable(),
  validation: classifierScores,
  test: classifierScores,
});

/** The metadata of a classifier of number series. */
export type SeriesClassifierMetadata = z.output<typeof schema>;

/** @throws UserError naming `file` for metadata that contradicts itself */
export function decodeSeriesClassifierMetadata(
  values: Readonly<Record<string, unknown>>,
  file: string,
): SeriesClassifierMetadata {
  const data = parseMetadata(schema, values, file);
  const { labels, channels, scaling, model } = data;
  if (labels.length !== model.classes) throw damagedMetadata('labels', file);
  if (channels.length !== model.channels) throw damagedMetadata('channels', file);
  if (scaling.mean.length !== channels.length || scaling.deviation.length !== channels.length) {
    throw damagedMetadata('scaling', file);
  }
  checkClasses(data, file);
  return data;
}
