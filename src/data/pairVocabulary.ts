/** Vocabularies of the two sides of parallel text; knows nothing of files or examples. */
import type { ForeignTokenizer } from './foreignTokenizer';
import { type CountedWords, learnPieces, numberPieces, type WordPieces } from './pieceVocabulary';
import { createPieces, type Pieces } from './pieces';
import type { Vocabulary, VocabularyLimits } from './vocabulary';

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

/** Pieces and vocabulary of one side, with the ids of every counted word. */
export interface PairSide extends WordPieces {
  readonly pieces: Pieces;
  readonly vocabulary: Vocabulary;
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
  const build = (side: SideName, lists: readonly CountedWords[]): PairSide[] => {
    const pieces = piecesOf(settings, side, lists, limits, signal);
    const { vocabulary, lists: numbered } = numberPieces(lists, (word) => pieces.split(word), limits, frame);
    return numbered.map((own) => ({ pieces, vocabulary, ...own }));
  };
  const { source, target } = counted;
  if (!shared) return { source: build('source', [source])[0]!, target: build('target', [target])[0]! };
  const [first, second] = build('source', [source, target]);
  return { source: first!, target: second! };
}

function piecesOf(
  settings: PiecesSettings,
  side: SideName,
  counted: readonly CountedWords[],
  limits: VocabularyLimits,
  signal: AbortSignal | undefined,
): Pieces {
  if (settings.type !== 'bpe') return wordCutters(settings)[side];
  const merges = learnPieces(counted, limits, specialEntries, signal);
  return createPieces({ type: 'bpe', lowercase: settings.lowercase, merges });
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
