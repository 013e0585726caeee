/** Text to tokens, described by plain JSON so that a model file can rebuild its tokenizer; knows nothing of vocabularies. */
import { segmentCharacters } from './characterTokenizer';
import { segmentWords } from './wordTokenizer';

/** A tokenizer as plain data, as it stands in a model's metadata. */
export interface TokenizerSpec {
  /** `words` drops white space and keeps punctuation as tokens; `characters` keeps every user-perceived character. */
  readonly type: 'words' | 'characters';
  readonly lowercase: boolean;
}

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

const segmenters: Readonly<Record<TokenizerSpec['type'], Segment>> = {
  words: segmentWords,
  characters: segmentCharacters,
};

/** The usual settings: words do not tell capitals from small letters, characters do. */
export const defaultTokenizers: Readonly<Record<TokenizerSpec['type'], TokenizerSpec>> = {
  words: { type: 'words', lowercase: true },
  characters: { type: 'characters', lowercase: false },
};

/**
 * The tokenizer of a description. Tokens are lower-cased where asked for (by Unicode's rules, whatever the machine's
 * language) and then brought to Unicode's composed form NFC, each by itself, so that "é" typed in two ways is one token
 * while the offsets still count the original text.
 */
export function createTokenizer(spec: TokenizerSpec): Tokenizer {
  const segment = segmenters[spec.type];
  const { lowercase } = spec;
  const normalize = (token: string) => {
    const cased = lowercase ? token.toLowerCase() : token;
    return isAscii(cased) ? cased : cased.normalize('NFC');
  };
  return {
    spec: { type: spec.type, lowercase },
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
