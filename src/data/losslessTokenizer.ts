/**
 * Running text to tokens that put together are the text again, as a language model needs them; knows nothing of
 * vocabularies. The tokens are those of the ordinary tokenizer with the white space that it drops.
 */
import { createTokenizer, type Tokenizer, type TokenizerSpec } from './tokenizer';

/** Cuts text into tokens whose concatenation is the text, but for what the description normalises away. */
export interface LosslessTokenizer {
  readonly spec: TokenizerSpec;
  readonly tokenize: (text: string) => string[];
}

/**
 * The lossless tokenizer of a description. `characters`: every user-perceived character, CRLF being one. `words`: a word,
 * number or punctuation mark with the one space right before it, as GPT-2 has it; all other white space stands for
 * itself, cut after each line feed. The tokens joined give the text in its composed form (NFC), lower-cased where asked
 * for. Sub-words are a further type of description, and a further case here.
 */
export function createLosslessTokenizer(spec: TokenizerSpec): LosslessTokenizer {
  const tokenizer = createTokenizer(spec);
  switch (spec.type) {
    case 'characters':
      return { spec: tokenizer.spec, tokenize: tokenizer.tokenize };
    case 'words':
      return { spec: tokenizer.spec, tokenize: (text) => wordsWithSpaces(text, tokenizer) };
  }
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
