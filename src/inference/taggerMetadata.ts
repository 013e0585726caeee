/** What an exported tagger says of itself: all that is needed to use it on raw text. */
import * as z from 'zod';
import type { TaggerSpec } from '../models/tagger';
import { cells } from '../nn/cells/cells';
import type { CellName } from '../nn/cells/cells';
import type { TaggingMetrics } from '../protocol';
import { commonKeys, damagedMetadata, parseMetadata, plausibleCount } from './metadataFormat';
import { sentence } from '../sentence';

const amount = z.int().nonnegative();
const metrics: z.ZodType<TaggingMetrics | null> = z
  .object({
    loss: z.number(),
    accuracy: z.number(),
    precision: z.number(),
    recall: z.number(),
    f1: z.number(),
    perType: z.array(
      z.object({ label: z.string(), precision: z.number(), recall: z.number(), f1: z.number(), support: amount }),
    ),
  })
  .nullable();

const schema = z.object({
  ...commonKeys,
  task: z.literal('tagging'),
  tokenizer: z.object({ type: z.literal('words'), lowercase: z.boolean() }),
  /** Tokens by id. */
  vocabulary: z.array(z.string()).min(2),
  /** Tags in the order of the outputs. */
  labels: z.array(z.string()).min(2),
  /** Most tokens that are read at a time; longer texts are read in pieces. */
  maximumLength: plausibleCount,
  /** Columns of the CoNLL-style data that the model was trained on, from 1; the tag's is null for the last one. */
  columns: z.object({ token: plausibleCount, tag: plausibleCount.nullable() }),
  model: z.object({
    vocabulary: plausibleCount,
    embedding: plausibleCount,
    cell: z.enum(Object.keys(cells) as [CellName, ...CellName[]]),
    hidden: plausibleCount,
    layers: z.int().positive().max(64),
    bidirectional: z.boolean(),
    tags: plausibleCount,
    crf: z.boolean(),
  }) satisfies z.ZodType<TaggerSpec>,
  validation: metrics,
  test: metrics,
});

/** The metadata of a tagger. */
export type TaggerMetadata = z.output<typeof schema>;

/** @throws UserError naming `file` for metadata that contradicts itself */
export function decodeTaggerMetadata(values: Readonly<Record<string, unknown>>, file: string): TaggerMetadata {
  const data = parseMetadata(schema, values, file);
  if (data.vocabulary.length !== data.model.vocabulary || data.labels.length !== data.model.tags) {
    throw damagedMetadata(sentence`vocabulary or labels`, file);
  }
  return data;
}
