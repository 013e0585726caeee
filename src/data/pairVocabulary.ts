/** Vocabularies of the two sides of parallel text; knows nothing of files or examples. */
import { learnMerges } from './bytePairEncoding';
import type { ForeignTokenizer } from './foreignTokenizer';
import { createPieces, type Pieces } from './pieces';
import { buildVocabulary, unknownId, Vocabulary, type VocabularyLimits } from './vocabulary';

/** Ids of the tokens that begin and end a sentence, after those of padding and of unknown tokens. */
export const beginId = 2;
export const endId = 3;
const frame = ['<s>', '</s>'] as const;
/** Entries that stand for no text. */
export const specialEntries = 4;

export type SideName = 'source' | 'target';

/** How texts become pieces. */
export type PiecesSettings =
  | { readonly type: 'words' | 'bpe'; readonly lowercase: boolean }
  | { readonly type: 'tokenizer'; readonly tokenizers: Readonly<Record<SideName, ForeignTokenizer>> };

/** The different words of a side and how often each occurs in the training part. */
export interface CountedWords {
  readonly words: readonly string[];
  readonly counts: ArrayLike<number>;
}

/** Pieces and vocabulary of one side, with the ids of every counted word. */
export interface PairSide {
  readonly pieces: Pieces;
  readonly vocabulary: Vocabulary;
  /** Ids of the word at a place: `ids` from `starts[word]` to `starts[word + 1]`. */
  readonly starts: Int32Array;
  readonly ids: Int32Array;
  /** Share of the training part's pieces that the vocabulary knows, 0…1. */
  readonly coverage: number;
}

/** What cuts texts into words before anything is learned. */
export function wordCutters(settings: PiecesSettings): Record<SideName, Pieces> {
  const cutter = (side: SideName): Pieces =>
    settings.type === 'tokenizer'
      ? createPieces({ type: 'tokenizer', ...settings.tokenizers[side] })
      : createPieces({ type: 'words', lowercase: settings.lowercase });
  return { source: cutter('source'), target: cutter('target') };
}

/** Learns pieces and vocabularies from the counts of the training part. */
export function buildPairSides(
  settings: PiecesSettings,
  counted: Readonly<Record<SideName, CountedWords>>,
  limits: VocabularyLimits,
  shared: boolean,
  signal?: AbortSignal,
): Record<SideName, PairSide> {
  const { source, target } = counted;
  if (!shared) {
    return {
      source: buildSide([source], learnPieces(settings, 'source', [source], limits, signal), limits)[0]!,
      target: buildSide([target], learnPieces(settings, 'target', [target], limits, signal), limits)[0]!,
    };
  }
  const both = [source, target];
  const [first, second] = buildSide(both, learnPieces(settings, 'source', both, limits, signal), limits);
  return { source: first!, target: second! };
}

function learnPieces(
  settings: PiecesSettings,
  side: SideName,
  counted: readonly CountedWords[],
  { maximumSize, minimumCount }: VocabularyLimits,
  signal: AbortSignal | undefined,
): Pieces {
  if (settings.type !== 'bpe') return wordCutters(settings)[side];
  const merges = learnMerges(
    counted.flatMap(({ words }) => words),
    counted.flatMap(({ counts }) => Array.from(counts)),
    { symbols: maximumSize - specialEntries, minimumCount: Math.max(2, minimumCount), signal },
  );
  return createPieces({ type: 'bpe', lowercase: settings.lowercase, merges });
}

/** One vocabulary over all lists of words, and the ids of each list. */
function buildSide(counted: readonly CountedWords[], pieces: Pieces, limits: VocabularyLimits): PairSide[] {
  const numbers = new Map<string, number>();
  const pieceCounts: number[] = [];
  const split = counted.map(({ words, counts }) =>
    words.map((word, at) =>
      pieces.split(word).map((piece) => {
        let number = numbers.get(piece);
        if (number === undefined) {
          number = numbers.size;
          numbers.set(piece, number);
          pieceCounts.push(0);
        }
        pieceCounts[number]! += counts[at]!;
        return number;
      }),
    ),
  );
  const tokens = [...numbers.keys()];
  const framed = tokens.map((token, at) => ((frame as readonly string[]).includes(token) ? 0 : pieceCounts[at]!));
  const built = buildVocabulary(tokens, framed, { ...limits, maximumSize: limits.maximumSize - frame.length });
  const [pad, unknown, ...known] = built.vocabulary.tokens;
  const vocabulary = new Vocabulary([pad!, unknown!, ...frame, ...known]);
  const idOf = (number: number): number => {
    const id = built.mapping[number]!;
    return id === unknownId ? id : id + frame.length;
  };
  return split.map((words, list) => {
    const starts = new Int32Array(words.length + 1);
    words.forEach((numbersOfWord, at) => (starts[at + 1] = starts[at]! + numbersOfWord.length));
    const ids = Int32Array.from(words.flat(), idOf);
    let [total, covered] = [0, 0];
    words.forEach((_, at) => {
      const count = counted[list]!.counts[at]!;
      for (const id of ids.subarray(starts[at], starts[at + 1])) {
        total += count;
        if (id !== unknownId) covered += count;
      }
    });
    return { pieces, vocabulary, starts, ids, coverage: total === 0 ? 0 : covered / total };
  });
}

/** Ids of a text by a finished vocabulary. */
export function encodeText(
  pieces: Pieces,
  vocabulary: Vocabulary,
  text: string,
): { ids: Int32Array; tokens: string[] } {
  const tokens = pieces.words(text).flatMap((word) => pieces.split(word));
  return { ids: vocabulary.encode(tokens), tokens };
}
