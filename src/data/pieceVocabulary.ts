/** From the counted words of a text to the pieces that they are made of, numbered; knows nothing of texts or of models. */
import { learnMerges, type Merge } from './bytePairEncoding';
import { GrowingInt32Array } from './growingArray';
import { buildVocabulary, unknownId, Vocabulary, type VocabularyLimits } from './vocabulary';

/** The different words of a text and how often each occurs in the training part. */
export interface CountedWords {
  readonly words: readonly string[];
  readonly counts: ArrayLike<number>;
}

/** The pieces of every counted word as ids of a vocabulary. */
export interface WordPieces {
  /** Ids of the word at a place: `ids` from `starts[word]` to `starts[word + 1]`. */
  readonly starts: Int32Array;
  readonly ids: Int32Array;
  /** Share of the training part's pieces that the vocabulary knows, 0…1. */
  readonly coverage: number;
}

/**
 * Learns byte-pair encoding on counted words, for a vocabulary of these limits.
 * @param special entries of the vocabulary that stand for no text
 */
export function learnPieces(
  counted: readonly CountedWords[],
  { maximumSize, minimumCount }: VocabularyLimits,
  special: number,
  signal?: AbortSignal,
): Merge[] {
  return learnMerges(
    counted.flatMap(({ words }) => words),
    counted.flatMap(({ counts }) => Array.from(counts)),
    { symbols: maximumSize - special, minimumCount: Math.max(2, minimumCount), signal },
  );
}

/**
 * One vocabulary of the pieces of all lists of words, and the ids of each list.
 * @param split the pieces of a word; @param frame entries after padding and unknown that stand for no text
 */
export function numberPieces(
  counted: readonly CountedWords[],
  split: (word: string) => readonly string[],
  limits: VocabularyLimits,
  frame: readonly string[] = [],
): { readonly vocabulary: Vocabulary; readonly lists: readonly WordPieces[] } {
  const numbers = new Map<string, number>();
  const pieceCounts: number[] = [];
  const numberOf = (piece: string): number => {
    let number = numbers.get(piece);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(piece, number);
      pieceCounts.push(0);
    }
    return number;
  };
  const numbered = counted.map(({ words, counts }) => {
    const starts = new Int32Array(words.length + 1);
    const flat = new GrowingInt32Array();
    words.forEach((word, at) => {
      for (const piece of split(word)) {
        const number = numberOf(piece);
        pieceCounts[number]! += counts[at]!;
        flat.push(number);
      }
      starts[at + 1] = flat.length;
    });
    return { starts, numbers: flat.finish(), counts };
  });
  const tokens = [...numbers.keys()];
  const framed = tokens.map((token, at) => (frame.includes(token) ? 0 : pieceCounts[at]!));
  const built = buildVocabulary(tokens, framed, { ...limits, maximumSize: limits.maximumSize - frame.length });
  const [pad, unknown, ...known] = built.vocabulary.tokens;
  const vocabulary = new Vocabulary([pad!, unknown!, ...frame, ...known]);
  const idOf = (number: number): number => {
    const id = built.mapping[number]!;
    return id === unknownId ? id : id + frame.length;
  };
  const lists = numbered.map(({ starts, numbers: own, counts }): WordPieces => {
    const ids = own.map(idOf);
    return { starts, ids, coverage: coverageOf(starts, ids, counts) };
  });
  return { vocabulary, lists };
}

function coverageOf(starts: Int32Array, ids: Int32Array, counts: ArrayLike<number>): number {
  let [total, covered] = [0, 0];
  for (let word = 0; word + 1 < starts.length; word += 1) {
    const count = counts[word]!;
    for (let at = starts[word]!; at < starts[word + 1]!; at += 1) {
      total += count;
      if (ids[at] !== unknownId) covered += count;
    }
  }
  return total === 0 ? 0 : covered / total;
}
