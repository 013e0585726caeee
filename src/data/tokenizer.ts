/** Text to tokens, described by plain JSON so that a model file can rebuild its tokenizer; knows nothing of vocabularies. */
import { MergeTable } from './bytePairEncoding';
import { segmentCharacters } from './characterTokenizer';
import { markedSpans, type SubwordSpec, subwordSpans } from './subwordTokenizer';
import { segmentWords } from './wordTokenizer';

/** A tokenizer that has nothing to learn. */
export interface PlainTokenizerSpec {
  /** `words` drops white space and keeps punctuation as tokens; `characters` keeps every user-perceived character. */
  readonly type: 'words' | 'characters';
  readonly lowercase: boolean;
}

/** A tokenizer as plain data, as it stands in a model's metadata. */
export type TokenizerSpec = PlainTokenizerSpec | SubwordSpec;

/** A tokenizer as an experiment asks for it: byte-pair encoding is learned from the data. */
export type TokenizerSettings = PlainTokenizerSpec | Omit<SubwordSpec, 'merges'>;

/** A token and the UTF-16 offsets of the text that it came from. */
export interface TokenSpan {
  readonly token: string;
  readonly start: number;
  readonly end: number;
}

/** Cuts text into tokens; equal texts give equal tokens. */
export interface Tokenizer {
  readonly spec: TokenizerSpec;
  readonly tokenize: (text: string) => string[];
  /** The same tokens with their places in the text, which keeps its own spelling. */
  readonly tokenizeWithOffsets: (text: string) => TokenSpan[];
}

/** Tells where each token of a text starts and ends, in order. */
export type Segment = (text: string, visit: (start: number, end: number) => void) => void;

const segmenters: Readonly<Record<PlainTokenizerSpec['type'], Segment>> = {
  words: segmentWords,
  characters: segmentCharacters,
};

/** The usual settings: words do not tell capitals from small letters, characters do. */
export const defaultTokenizers: Readonly<Record<PlainTokenizerSpec['type'], PlainTokenizerSpec>> = {
  words: { type: 'words', lowercase: true },
  characters: { type: 'characters', lowercase: false },
};

/**
 * The tokenizer of a description. Tokens are lower-cased where asked for (by Unicode's rules, whatever the machine's
 * language) and then brought to Unicode's composed form NFC, each by itself, so that "é" typed in two ways is one token
 * while the offsets still count the original text. Sub-words are the parts of such words by byte-pair encoding.
 */
export function createTokenizer(spec: TokenizerSpec): Tokenizer {
  const normalize = normalizerOf(spec.lowercase);
  if (spec.type !== 'bpe') return createPlainTokenizer(spec, normalize);
  const table = new MergeTable(spec.merges);
  return {
    spec,
    tokenize: (text) => markedSpans(text, normalize).flatMap(({ token }) => table.apply(token)),
    tokenizeWithOffsets: (text) => subwordSpans(text, table, normalize),
  };
}

/** What byte-pair encoding is learned on: the words of a text, marked where a sub-word tokenizer marks them. */
export function createWordCutter(lowercase: boolean): Pick<Tokenizer, 'tokenize'> {
  const normalize = normalizerOf(lowercase);
  return { tokenize: (text) => markedSpans(text, normalize).map(({ token }) => token) };
}

function normalizerOf(lowercase: boolean): (token: string) => string {
  return (token) => {
    const cased = lowercase ? token.toLowerCase() : token;
    return isAscii(cased) ? cased : cased.normalize('NFC');
  };
}

function createPlainTokenizer(
  { type, lowercase }: PlainTokenizerSpec,
  normalize: (token: string) => string,
): Tokenizer {
  const segment = segmenters[type];
  return {
    spec: { type, lowercase },
    tokenize(text) {
      const tokens: string[] = [];
      if (isAscii(text)) {
        // Lower-casing keeps the length of ASCII, so the whole text can go through it at once.
        const cased = lowercase ? text.toLowerCase() : text;
        segment(cased, (start, end) => tokens.push(cased.slice(start, end)));
      } else {
        segment(text, (start, end) => tokens.push(normalize(text.slice(start, end))));
      }
      return tokens;
    },
    tokenizeWithOffsets(text) {
      const spans: TokenSpan[] = [];
      segment(text, (start, end) => spans.push({ token: normalize(text.slice(start, end)), start, end }));
      return spans;
    },
  };
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 127) return false;
  return true;
}
