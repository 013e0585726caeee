/**
 * Running text to tokens that put together are the text again, as a language model needs them; knows nothing of
 * vocabularies. The tokens are those of the ordinary tokenizer with the white space that it drops.
 */
import { type Merge, MergeTable } from './bytePairEncoding';
import { type ForeignTokenizer, foreignWords } from './foreignTokenizer';
import { runningWriter, stretches } from './runningTokenizer';
import { createTokenizer, type PlainTokenizerSpec, type Tokenizer, type TokenizerSpec } from './tokenizer';

/** A lossless tokenizer as plain data, as it stands in a model's metadata. */
export type LosslessSpec = TokenizerSpec | ({ readonly type: 'tokenizer' } & ForeignTokenizer);

/** One as an experiment asks for it: byte-pair encoding is learned from the text. */
export type LosslessSettings = Exclude<LosslessSpec, { type: 'bpe' }> | Omit<SubwordSpec, 'merges'>;
type SubwordSpec = Extract<TokenizerSpec, { type: 'bpe' }>;

/** Cuts text into tokens whose concatenation is the text, but for what the description normalises away. */
export interface LosslessTokenizer {
  readonly spec: LosslessSpec;
  /** Words whose concatenation is the text; a character, where tokens are such. */
  readonly words: (text: string) => string[];
  /** The tokens of one word. */
  readonly split: (word: string) => readonly string[];
  readonly tokenize: (text: string) => string[];
  /** Takes tokens one after the other and gives the text of each. */
  readonly writer: () => (token: string) => string;
}

/**
 * The lossless tokenizer of a description. `characters`: every user-perceived character, CRLF being one. `words`: a word,
 * number or punctuation mark with the one space right before it, as GPT-2 has it; all other white space stands for
 * itself, cut after each line feed. `bpe`: the parts of such words. `tokenizer`: the pieces of a tokenizer of another
 * maker. The tokens joined give the text in its composed form (NFC), lower-cased where asked for, or as the other maker's
 * tokenizer normalises it.
 */
export function createLosslessTokenizer(spec: LosslessSpec): LosslessTokenizer {
  const plain = () => (token: string) => token;
  switch (spec.type) {
    case 'characters': {
      const { tokenize } = createTokenizer(spec);
      return { spec, words: tokenize, split: whole, tokenize, writer: plain };
    }
    case 'words': {
      const words = wordCutter(spec);
      return { spec, words, split: whole, tokenize: words, writer: plain };
    }
    case 'bpe': {
      const words = wordCutter({ type: 'words', lowercase: spec.lowercase });
      const table = new MergeTable(spec.merges);
      const split = (word: string): readonly string[] => table.apply(word);
      return { spec, words, split, tokenize: (text) => words(text).flatMap(split), writer: plain };
    }
    case 'tokenizer': {
      const table = new MergeTable(spec.merges);
      const split = (stretch: string): string[] => foreignWords(spec, stretch).flatMap((word) => table.apply(word));
      return {
        spec,
        words: stretches,
        split,
        tokenize: (text) => stretches(text).flatMap(split),
        writer: () => runningWriter(spec),
      };
    }
  }
}

/** The tokenizer of an experiment's settings before anything is learned: its words are right, and need to be no others. */
export function unlearnedTokenizer(settings: LosslessSettings): LosslessTokenizer {
  return createLosslessTokenizer(settings.type === 'bpe' ? withMerges(settings, []) : settings);
}

/** Settings of byte-pair encoding with what was learned. */
export function withMerges({ type, lowercase }: Omit<SubwordSpec, 'merges'>, merges: readonly Merge[]): SubwordSpec {
  return { type, lowercase, merges };
}

const whole = (word: string): readonly string[] => [word];

function wordCutter(spec: PlainTokenizerSpec): (text: string) => string[] {
  const tokenizer = createTokenizer(spec);
  return (text) => wordsWithSpaces(text, tokenizer);
}

function wordsWithSpaces(text: string, tokenizer: Tokenizer): string[] {
  const tokens: string[] = [];
  let from = 0;
  for (const { token, start, end } of tokenizer.tokenizeWithOffsets(text)) {
    const hasSpace = start > from && text[start - 1] === ' ';
    pushSpace(tokens, text.slice(from, hasSpace ? start - 1 : start));
    tokens.push(hasSpace ? ` ${token}` : token);
    from = end;
  }
  pushSpace(tokens, text.slice(from));
  return tokens;
}

function pushSpace(tokens: string[], space: string): void {
  let from = 0;
  while (from < space.length) {
    const lineFeed = space.indexOf('\n', from);
    const end = lineFeed < 0 ? space.length : lineFeed + 1;
    tokens.push(space.slice(from, end));
    from = end;
  }
}

/**
 * The last place in `text`, after `from`, where any of these tokenizers ends a token whatever follows; 0 where there is
 * none: after a line feed, or before a space that an ASCII letter or digit comes before. So a text of any length can be
 * cut into tokens piece by piece, with the same result.
 */
export function lastCut(text: string, from: number): number {
  for (let at = text.length - 1; at > from; at -= 1) {
    const before = text.charCodeAt(at - 1);
    if (before === 10 || (text.charCodeAt(at) === 32 && isLetterOrDigit(before))) return at;
  }
  return 0;
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
