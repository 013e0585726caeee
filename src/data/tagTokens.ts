/** Tokens of a tagger: as a data file has them, and cut out of raw text; knows no tags. */
import type { TokenSpan } from './tokenizer';
import { segmentWords } from './wordTokenizer';

const punctuation = /^[\p{P}\p{S}]+$/u;

/** A token as the vocabulary has it: lower-cased where asked for, and in Unicode's composed form NFC. */
export function normalizeToken(token: string, lowercase: boolean): string {
  return (lowercase ? token.toLowerCase() : token).normalize('NFC');
}

/**
 * Cuts raw text into the tokens that a tagger reads. What stands between white space is one token where the model knows
 * it, as `p.m.` or `top-ten`; else it is cut into words and punctuation marks, of which those are passed over that the
 * model never met: data without punctuation gives no tags to it. Offsets count UTF-16 units of the text.
 */
export function cutText(text: string, lowercase: boolean, isKnown: (token: string) => boolean): TokenSpan[] {
  const spans: TokenSpan[] = [];
  for (const { 0: chunk, index } of text.matchAll(/\S+/gu)) {
    const whole = normalizeToken(chunk, lowercase);
    if (isKnown(whole)) {
      spans.push({ token: whole, start: index, end: index + chunk.length });
      continue;
    }
    segmentWords(chunk, (start, end) => {
      const token = normalizeToken(chunk.slice(start, end), lowercase);
      if (punctuation.test(token) && !isKnown(token)) return;
      spans.push({ token, start: index + start, end: index + end });
    });
  }
  return spans;
}
