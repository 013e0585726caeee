/** What an exported language model says of itself: all that is needed to go on with raw text. */
import * as z from 'zod';
import type { LanguageModelSpec } from '../models/languageModel';
import { type CellName, cells } from '../nn/cells/cells';
import type { LanguageModelMetrics } from '../protocol';
import { commonKeys, damagedMetadata, parseMetadata, plausibleCount } from './metadataFormat';
import { losslessFormat } from './tokenizerFormats';

const metrics: z.ZodType<LanguageModelMetrics | null> = z
  .object({ loss: z.number(), perplexity: z.number(), bitsPerCharacter: z.number() })
  .nullable();

const schema = z.object({
  ...commonKeys,
  task: z.literal('languageModel'),
  tokenizer: losslessFormat,
  /** Tokens by id. */
  vocabulary: z.array(z.string()).min(3),
  model: z.object({
    vocabulary: plausibleCount,
    embedding: plausibleCount,
    cell: z.enum(Object.keys(cells) as [CellName, ...CellName[]]),
    hidden: plausibleCount,
    layers: z.int().positive().max(64),
    tied: z.boolean(),
  }) satisfies z.ZodType<LanguageModelSpec>,
  validation: metrics,
  test: metrics,
});

/** The metadata of a language model. */
export type LanguageModelMetadata = z.output<typeof schema>;

/** @throws UserError naming `file` for metadata that contradicts itself */
export function decodeLanguageModelMetadata(
  values: Readonly<Record<string, unknown>>,
  file: string,
): LanguageModelMetadata {
  const data = parseMetadata(schema, values, file);
  if (data.vocabulary.length !== data.model.vocabulary) throw damagedMetadata('vocabulary', file);
  return data;
}
