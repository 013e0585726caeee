/** What an exported translator says of itself: all that is needed to use it on raw text. */
import * as z from 'zod';
import { specialEntries } from '../data/pairVocabulary';
import type { TranslatorSpec } from '../models/translatorParts';
import { attentionNames } from '../nn/attention';
import type { CellName } from '../nn/cells/cells';
import { cells } from '../nn/cells/cells';
import type { ModelDescription, TranslationMetrics } from '../protocol';
import { commonKeys, damagedMetadata, parseMetadata, plausibleCount } from './metadataFormat';
import { describeTokenizer, piecesFormat } from './tokenizerFormats';

const metrics: z.ZodType<TranslationMetrics | null> = z.object({ loss: z.number(), bleu: z.number() }).nullable();

const side = z.object({
  pieces: piecesFormat,
  /** Pieces by id. */
  vocabulary: z.array(z.string()).min(specialEntries),
});

const schema = z.object({
  ...commonKeys,
  task: z.literal('translation'),
  source: side,
  /** Null where both sides are one. */
  target: side.nullable(),
  /** Most pieces of a sentence. */
  maximumLength: plausibleCount,
  /** Columns of the data that the model was trained on. */
  columns: z.object({ source: z.string(), target: z.string() }),
  model: z.object({
    sourceVocabulary: plausibleCount,
    targetVocabulary: plausibleCount,
    shared: z.boolean(),
    embedding: plausibleCount,
    cell: z.enum(Object.keys(cells) as [CellName, ...CellName[]]),
    hidden: plausibleCount,
    layers: z.int().positive().max(64),
    bidirectional: z.boolean(),
    attention: z.enum(attentionNames),
    inputFeeding: z.boolean(),
  }) satisfies z.ZodType<TranslatorSpec>,
  validation: metrics,
  test: metrics,
});

/** The metadata of a translator. */
export type TranslatorMetadata = z.output<typeof schema>;

/** @throws UserError naming `file` for metadata that contradicts itself */
export function decodeTranslatorMetadata(values: Readonly<Record<string, unknown>>, file: string): TranslatorMetadata {
  const data = parseMetadata(schema, values, file);
  const { source, model } = data;
  const target = data.target ?? source;
  const fits =
    (data.target === null) === model.shared &&
    source.vocabulary.length === model.sourceVocabulary &&
    target.vocabulary.length === model.targetVocabulary;
  if (!fits) throw damagedMetadata('vocabulary', file);
  return data;
}

/** Pieces and vocabulary for people. */
export function describePieces({
  source,
  target,
}: TranslatorMetadata): Pick<ModelDescription, 'tokenizer' | 'vocabulary'> {
  const describe = ({ pieces }: TranslatorMetadata['source']): string => describeTokenizer(pieces);
  const sides = target === null ? describe(source) : `${describe(source)} → ${describe(target)}`;
  return { tokenizer: sides, vocabulary: (target ?? source).vocabulary.length };
}
