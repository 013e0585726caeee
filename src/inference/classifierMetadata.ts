/** What an exported text classifier says of itself: all that is needed to use it on raw text. */
import * as z from 'zod';
import type { TextClassifierSpec } from '../models/textClassifier';
import { cells } from '../nn/cells/cells';
import type { CellName } from '../nn/cells/cells';
import type { ClassificationMetrics } from '../protocol';
import { commonKeys, damagedMetadata, parseMetadata, plausibleCount } from './metadataFormat';
import { sentence } from '../sentence';
import { tokenizerFormat } from './tokenizerFormats';

const amount = z.int().nonnegative();
/** Scores of a classifier. */
export const classifierScores: z.ZodType<ClassificationMetrics | null> = z
  .object({
    loss: z.number(),
    accuracy: z.number(),
    macroF1: z.number(),
    perClass: z.array(
      z.object({ label: z.string(), precision: z.number(), recall: z.number(), f1: z.number(), support: amount }),
    ),
    confusion: z.array(z.array(amount)),
  })
  .nullable();

const schema = z.object({
  ...commonKeys,
  task: z.literal('classification'),
  tokenizer: tokenizerFormat,
  /** Tokens by id. */
  vocabulary: z.array(z.string()).min(2),
  /** Class labels in the order of the outputs. */
  labels: z.array(z.string()).min(2),
  /** Most tokens of a text that are read. */
  maximumLength: plausibleCount,
  /** Columns of the data that the model was trained on. */
  columns: z.object({ text: z.string(), label: z.string() }),
  model: z.object({
    vocabulary: plausibleCount,
    embedding: plausibleCount,
    cell: z.enum(Object.keys(cells) as [CellName, ...CellName[]]),
    hidden: plausibleCount,
    layers: z.int().positive().max(64),
    bidirectional: z.boolean(),
    classes: plausibleCount,
  }) satisfies z.ZodType<TextClassifierSpec>,
  /** Weight of each class in the loss, or null. */
  classWeights: z.array(z.number()).nullable(),
  validation: classifierScores,
  test: classifierScores,
});

/** The metadata of a text classifier. */
export type ClassifierMetadata = z.output<typeof schema>;

/** @throws UserError naming `file` for metadata that contradicts itself */
export function decodeClassifierMetadata(values: Readonly<Record<string, unknown>>, file: string): ClassifierMetadata {
  const data = parseMetadata(schema, values, file);
  if (data.vocabulary.length !== data.model.vocabulary || data.labels.length !== data.model.classes) {
    throw damagedMetadata(sentence`vocabulary or labels`, file);
  }
  checkClasses(data, file);
  return data;
}

/** @throws UserError where class weights or scores are not those of the labels */
export function checkClasses(
  {
    labels,
    classWeights,
    validation,
    test,
  }: Pick<ClassifierMetadata, 'labels' | 'classWeights' | 'validation' | 'test'>,
  file: string,
): void {
  if (classWeights !== null && classWeights.length !== labels.length)
    throw damagedMetadata(sentence`class weights`, file);
  if (![validation, test].every((scores) => scores === null || areScoresOf(scores, labels))) {
    throw damagedMetadata('scores', file);
  }
}

function areScoresOf({ perClass, confusion }: ClassificationMetrics, labels: readonly string[]): boolean {
  return (
    perClass.length === labels.length &&
    perClass.every(({ label }, at) => label === labels[at]) &&
    [confusion, ...confusion].every(({ length }) => length === labels.length)
  );
}
