/** Texts as pieces that make a text again, for models that write: words or parts of words, described by plain JSON. */
import { type Merge, MergeTable } from './bytePairEncoding';
import { type ForeignTokenizer, foreignWords, joinForeign } from './foreignTokenizer';
import { joinMarked, markedWords } from './markedWords';

/** How a text is cut into pieces, as it stands in a model's metadata. */
export type PiecesSpec =
  | { readonly type: 'words'; readonly lowercase: boolean }
  | { readonly type: 'bpe'; readonly lowercase: boolean; readonly merges: readonly Merge[] }
  | ({ readonly type: 'tokenizer' } & ForeignTokenizer);

/** Cuts texts into words, words into pieces, and joins pieces to a text. */
export interface Pieces {
  readonly spec: PiecesSpec;
  /** The words of a text, with all that is needed to make the text of them. */
  words(text: string): string[];
  /** The pieces of one word. */
  split(word: string): readonly string[];
  /** The text of pieces, white space and composition of characters as usual. */
  join(pieces: readonly string[]): string;
}

/** The pieces of a description; equal descriptions give equal pieces. */
export function createPieces(spec: PiecesSpec): Pieces {
  switch (spec.type) {
    case 'words':
      return { spec, words: (text) => markedWords(text, spec.lowercase), split: (word) => [word], join: joinMarked };
    case 'bpe': {
      const table = new MergeTable(spec.merges);
      return {
        spec,
        words: (text) => markedWords(text, spec.lowercase),
        split: (word) => table.apply(word),
        join: joinMarked,
      };
    }
    case 'tokenizer': {
      const table = new MergeTable(spec.merges, spec.wordEnd);
      return {
        spec,
        words: (text) => foreignWords(spec, text),
        split: (word) => (spec.joining === 'ends' ? markEnd(table.apply(word)) : table.apply(word)),
        join: (pieces) => joinForeign(spec, pieces),
      };
    }
  }
}

/** Whether each piece of a text begins a word: there is white space between it and the one before it, or it is such. */
export function wordStarts(cutter: Pieces, pieces: readonly string[]): boolean[] {
  return pieces.map((piece, at) => {
    if (at === 0 || cutter.join([piece]) === '') return true;
    const before = pieces[at - 1]!;
    // Half a character of a byte-level tokenizer is no text yet, and joined it is another: then the two are one word.
    return cutter.join([before, piece]).startsWith(`${cutter.join([before])} `);
  });
}

/** Stands at the last piece of a word where the tokenizer itself would forget where words end. */
export const pieceEnd = '\u2581';

function markEnd(pieces: readonly string[]): string[] {
  return pieces.map((piece, at) => (at === pieces.length - 1 ? piece + pieceEnd : piece));
}
