/** Text to parts of words for models that only read: each knows its place in the text; knows no vocabulary and no files. */
import type { Merge, MergeTable } from './bytePairEncoding';
import { segmentCharacters } from './characterTokenizer';
import { spaceMark } from './markedWords';
import { segmentWords } from './wordTokenizer';

/** Byte-pair encoding within words, as it stands in a model's metadata. */
export interface SubwordSpec {
  readonly type: 'bpe';
  readonly lowercase: boolean;
  /** In the order in which they are made. */
  readonly merges: readonly Merge[];
}

/** A part of a text and the UTF-16 offsets of the text that it came from. */
interface Span {
  readonly token: string;
  readonly start: number;
  readonly end: number;
}

type Normalize = (token: string) => string;

/**
 * The words of a text by Unicode's rules with their places. A word bears a mark where white space stands before it or the
 * text begins, so that parts of words tell a beginning from what follows. The mark itself in a text counts as white space.
 */
export function markedSpans(text: string, normalize: Normalize): Span[] {
  const spans: Span[] = [];
  let after = -1;
  segmentWords(text, (start, end) => {
    const word = normalize(text.slice(start, end)).replaceAll(spaceMark, '');
    if (word === '') return;
    spans.push({ token: (start === after ? '' : spaceMark) + word, start, end });
    after = end;
  });
  return spans;
}

/**
 * The pieces of a text with their places, in order and without overlap. A mark that is a piece by itself has the place of
 * the white space that it stands for, which is empty where the text begins.
 */
export function subwordSpans(text: string, table: MergeTable, normalize: Normalize): Span[] {
  return markedSpans(text, normalize).flatMap(({ token, start, end }) => {
    const pieces = table.apply(token);
    if (pieces.length === 1) return [{ token, start, end }];
    const isMarked = token.startsWith(spaceMark);
    const placeOf = placesWithin(text.slice(start, end), normalize);
    let at = isMarked ? -spaceMark.length : 0;
    return pieces.map((piece) => {
      const from = at;
      at += piece.length;
      if (at <= 0) return { token: piece, start: Math.max(0, start - 1), end: start };
      return { token: piece, start: start + placeOf(Math.max(0, from)), end: start + placeOf(at) };
    });
  });
}

/** Where a place in a normalised word is in the word itself: exact between characters, near it within one that changed. */
function placesWithin(word: string, normalize: Normalize): (at: number) => number {
  if (normalize(word).length === word.length && isAscii(word)) return (at) => at;
  const bounds: { readonly raw: number; readonly normal: number }[] = [{ raw: 0, normal: 0 }];
  segmentCharacters(word, (start, end) => {
    const length = normalize(word.slice(start, end)).replaceAll(spaceMark, '').length;
    bounds.push({ raw: end, normal: bounds.at(-1)!.normal + length });
  });
  return (at) => {
    const next = bounds.findIndex(({ normal }) => normal > at);
    if (next < 0) return word.length;
    const before = bounds[next - 1]!;
    return Math.min(bounds[next]!.raw, before.raw + at - before.normal);
  };
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 127) return false;
  return true;
}
