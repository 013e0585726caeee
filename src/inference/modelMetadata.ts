/** What an exported model says of itself in `metadata_props`: all that is needed to use it on raw text. */
import { z } from 'zod';
import { UserError } from '../errors';
import type { TextClassifierSpec } from '../models/textClassifier';
import { cells } from '../nn/cells/cells';
import type { CellName } from '../nn/cells/cells';
import type { ClassificationMetrics } from '../protocol';

/** Number of this layout of metadata; a reader refuses a higher one. */
export const metadataVersion = 1;

const count = z.int().positive().max(100_000_000);
const amount = z.int().nonnegative();
const metrics: z.ZodType<ClassificationMetrics | null> = z
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
  version: z.int(),
  task: z.literal('classification'),
  /** Name of the experiment. */
  experiment: z.string(),
  /** Time of the export, ISO 8601. */
  created: z.string(),
  tokenizer: z.object({ type: z.enum(['words', 'characters']), lowercase: z.boolean() }),
  /** Tokens by id. */
  vocabulary: z.array(z.string()).min(2),
  /** Class labels in the order of the outputs. */
  labels: z.array(z.string()).min(2),
  /** Most tokens of a text that are read. */
  maximumLength: count,
  /** Columns of the data that the model was trained on. */
  columns: z.object({ text: z.string(), label: z.string() }),
  model: z.object({
    vocabulary: count,
    embedding: count,
    cell: z.enum(Object.keys(cells) as [CellName, ...CellName[]]),
    hidden: count,
    layers: z.int().positive().max(64),
    bidirectional: z.boolean(),
    classes: count,
  }) satisfies z.ZodType<TextClassifierSpec>,
  /** Weight of each class in the loss, or null. */
  classWeights: z.array(z.number()).nullable(),
  validation: metrics,
  test: metrics,
});

/** The metadata of a text classifier. */
export type ModelMetadata = z.output<typeof schema>;

const prefix = 'sequence_lab.';

/** As `metadata_props`: texts as they are, everything else as JSON. */
export function encodeMetadata(metadata: Omit<ModelMetadata, 'version'>): Record<string, string> {
  const entries = Object.entries({ version: metadataVersion, ...metadata });
  return Object.fromEntries(
    entries.map(([key, value]) => [prefix + key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

const texts = new Set(['task', 'experiment', 'created']);

/**
 * Reads the metadata of a decoded model.
 * @throws UserError naming `file` for a model that was not made here, is of a later version, or is damaged
 */
export function decodeMetadata(properties: ReadonlyMap<string, string>, file: string): ModelMetadata {
  const version = Number(properties.get(`${prefix}version`));
  if (!properties.has(`${prefix}version`)) {
    throw new UserError(
      'this ONNX model was made elsewhere: it has no Sequence Lab metadata, so its tokens and labels are unknown; choose a model.onnx of a run.',
      { file },
    );
  }
  if (!(version <= metadataVersion)) {
    throw new UserError('this model was made by a later version of Sequence Lab; update to use it.', { file });
  }
  const damaged = (detail: string): UserError =>
    new UserError(`the model's metadata is damaged (${detail}); export the model again.`, { file });
  const values: Record<string, unknown> = {};
  for (const [key, text] of properties) {
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length);
    try {
      values[name] = texts.has(name) ? text : (JSON.parse(text) as unknown);
    } catch {
      throw damaged(name);
    }
  }
  const result = schema.safeParse(values);
  if (!result.success) throw damaged(result.error.issues[0]!.path.join('.'));
  const { data } = result;
  const { labels, classWeights } = data;
  if (data.vocabulary.length !== data.model.vocabulary || labels.length !== data.model.classes) {
    throw damaged('vocabulary or labels');
  }
  if (classWeights !== null && classWeights.length !== labels.length) throw damaged('class weights');
  if (![data.validation, data.test].every((scores) => scores === null || areScoresOf(scores, labels))) {
    throw damaged('scores');
  }
  return data;
}

function areScoresOf({ perClass, confusion }: ClassificationMetrics, labels: readonly string[]): boolean {
  return (
    perClass.length === labels.length &&
    perClass.every(({ label }, at) => label === labels[at]) &&
    [confusion, ...confusion].every(({ length }) => length === labels.length)
  );
}
