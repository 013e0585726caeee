/** Text to words that remember the space before them, so that a list of words is a text again; knows no vocabulary. */
import { segmentWords } from './wordTokenizer';

/** Stands before a word where a space was, as SentencePiece has it; a text's own one counts as a space. */
export const spaceMark = '▁';

/** An apostrophe between two letters, which belongs to the part before it: d'un, isn't. */
const elision = /(?<=\p{L}['’])(?=\p{L})/u;

/**
 * The words of a text by Unicode's rules, cut after an apostrophe within, each with a mark before it where white space
 * stood or the text begins. Brought to NFC, and lower-cased where asked for.
 */
export function markedWords(text: string, lowercase: boolean): string[] {
  const cased = (lowercase ? text.toLowerCase() : text).normalize('NFC').replaceAll(spaceMark, ' ');
  const words: string[] = [];
  let after = -1;
  segmentWords(cased, (start, end) => {
    const mark = start === after ? '' : spaceMark;
    const [first, ...others] = cased.slice(start, end).split(elision);
    words.push(mark + first!, ...others);
    after = end;
  });
  return words;
}

/** The text that words with marks, or parts of such, stand for. */
export function joinMarked(parts: readonly string[]): string {
  return parts.join('').replaceAll(spaceMark, ' ').trim();
}
