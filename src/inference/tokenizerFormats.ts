/** How the tokenizers of models stand in their metadata, and what they are called; knows no model. */
import * as z from 'zod';
import type { LosslessSpec } from '../data/losslessTokenizer';
import type { PiecesSpec } from '../data/pieces';
import type { TokenizerSpec } from '../data/tokenizer';

const merges = z.array(z.tuple([z.string(), z.string()]));
const normalizer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('form'), form: z.enum(['NFC', 'NFD', 'NFKC', 'NFKD']) }),
  z.object({ type: z.literal('lowercase') }),
  z.object({ type: z.literal('strip') }),
  z.object({ type: z.literal('prepend'), text: z.string() }),
  z.object({ type: z.literal('replace'), from: z.string().min(1), to: z.string() }),
]);
const preTokenizer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('bytes'), prefixSpace: z.boolean(), cut: z.boolean() }),
  z.object({ type: z.literal('metaspace'), mark: z.string().min(1), prepend: z.boolean(), cut: z.boolean() }),
  z.object({ type: z.literal('whitespace') }),
  z.object({ type: z.literal('whitespaceSplit') }),
]);

const words = z.object({ type: z.literal('words'), lowercase: z.boolean() });
const characters = z.object({ type: z.literal('characters'), lowercase: z.boolean() });
const bpe = z.object({ type: z.literal('bpe'), lowercase: z.boolean(), merges });
const foreign = z.object({
  type: z.literal('tokenizer'),
  normalizers: z.array(normalizer),
  preTokenizers: z.array(preTokenizer),
  merges,
  wordEnd: z.string(),
  joining: z.enum(['bytes', 'marks', 'wordEnds', 'ends']),
});

/** Of models that only read. */
export const tokenizerFormat: z.ZodType<TokenizerSpec> = z.discriminatedUnion('type', [words, characters, bpe]);
/** Of models that go on with a text. */
export const losslessFormat: z.ZodType<LosslessSpec> = z.discriminatedUnion('type', [words, characters, bpe, foreign]);
/** Of models that write sentences. */
export const piecesFormat: z.ZodType<PiecesSpec> = z.discriminatedUnion('type', [words, bpe, foreign]);

/** A tokenizer in words for people, as `bpe of 4000 merges, lower-cased`. */
export function describeTokenizer(spec: PiecesSpec | LosslessSpec): string {
  const cased = spec.type !== 'tokenizer' && spec.lowercase ? ', lower-cased' : '';
  return `${spec.type}${'merges' in spec ? ` of ${spec.merges.length} merges` : ''}${cased}`;
}
