/** What an exported classifier of TF-IDF vectors says of itself: all that is needed to use it on raw text. */
import * as z from 'zod';
import type { TfIdfOptions } from '../data/tfIdf';
import type { VectorClassifierSpec } from '../models/vectorClassifier';
import { checkClasses, classifierScores } from './classifierMetadata';
import { commonKeys, damagedMetadata, parseMetadata, plausibleCount } from './metadataFormat';

const range = z.tuple([z.int().positive().max(64), z.int().positive().max(64)]);
const tokens = z.array(z.string()).min(2);

const schema = z.object({
  ...commonKeys,
  task: z.literal('classification'),
  /** What the vector is made of; the n-grams themselves are in the graph. */
  features: z.object({
    type: z.literal('tfidf'),
    words: range,
    characters: z.union([z.literal(false), range]),
    sublinear: z.boolean(),
  }) satisfies z.ZodType<TfIdfOptions>,
  /** Cuts the text into words, which are then cut into characters. */
  tokenizer: z.object({ type: z.literal('words'), lowercase: z.boolean() }),
  /** Words by id. */
  vocabulary: tokens,
  /** Characters by id, the boundary of words included. */
  characters: tokens,
  /** Class labels in the order of the outputs. */
  labels: z.array(z.string()).min(2),
  /** Most words of a text that are read. */
  maximumLength: plausibleCount,
  /** Columns of the data that the model was trained on. */
  columns: z.object({ text: z.string(), label: z.string() }),
  model: z.object({
    features: plausibleCount,
    hidden: z.array(plausibleCount).max(64),
    classes: plausibleCount,
  }) satisfies z.ZodType<VectorClassifierSpec>,
  /** Weight of each class in the loss, or null. */
  classWeights: z.array(z.number()).nullable(),
  validation: classifierScores,
  test: classifierScores,
});

/** The metadata of a classifier of TF-IDF vectors. */
export type VectorClassifierMetadata = z.output<typeof schema>;

/** @throws UserError naming `file` for metadata that contradicts itself */
export function decodeVectorClassifierMetadata(
  values: Readonly<Record<string, unknown>>,
  file: string,
): VectorClassifierMetadata {
  const data = parseMetadata(schema, values, file);
  if (data.labels.length !== data.model.classes) throw damagedMetadata('labels', file);
  checkClasses(data, file);
  return data;
}
