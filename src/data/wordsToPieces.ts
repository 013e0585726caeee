/** Examples that are stored as words, stored anew as the pieces of these words; knows no texts. */
import { type Merge, MergeTable } from './bytePairEncoding';
import type { ExampleTable } from './exampleTable';
import { IdScanner, IdStore, type IdStoreOptions } from './idStore';
import { learnPieces, numberPieces } from './pieceVocabulary';
import { specialTokenCount, unknownId, type Vocabulary, type VocabularyLimits } from './vocabulary';

export interface WordsToPiecesOptions {
  /** By stored id; 0 is any word that was not numbered. */
  readonly words: readonly string[];
  /** How often each word occurs in the training part. */
  readonly counts: ArrayLike<number>;
  readonly vocabulary: VocabularyLimits;
  /** Pieces kept of an example at most. */
  readonly maximumLength: number;
  readonly idStore?: IdStoreOptions | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Examples between two looks at the signal. */
const examplesPerLook = 4096;

/**
 * Learns byte-pair encoding on the words and replaces every example's words by ids of the vocabulary of pieces: the table's
 * offsets and lengths are those of the new store. The old store stays for the caller to dispose of.
 */
export function wordsToPieces(
  table: ExampleTable,
  store: IdStore,
  { words, counts, vocabulary: limits, maximumLength, idStore, signal }: WordsToPiecesOptions,
): { readonly store: IdStore; readonly merges: Merge[]; readonly vocabulary: Vocabulary; readonly truncated: number } {
  const counted = [{ words, counts }];
  const merges = learnPieces(counted, limits, specialTokenCount, signal);
  const pieces = new MergeTable(merges);
  const { vocabulary, lists } = numberPieces(counted, (word) => pieces.apply(word), limits);
  const { starts, ids } = lists[0]!;
  const replaced = new IdStore(idStore);
  try {
    const scanner = new IdScanner(store);
    const [offsets, lengths] = [table.offsets.finish(), table.lengths.finish()];
    let truncated = 0;
    for (let example = 0; example < table.count; example += 1) {
      if (example % examplesPerLook === 0) signal?.throwIfAborted();
      const own = scanner.at(offsets[example]!, lengths[example]!);
      offsets[example] = replaced.count;
      let length = 0;
      for (const word of own) {
        const [from, to] = word === 0 ? [0, 1] : [starts[word]!, starts[word + 1]!];
        for (let at = from; at < to && length <= maximumLength; at += 1, length += 1) {
          if (length < maximumLength) replaced.append(word === 0 ? unknownId : ids[at]!);
        }
        if (length > maximumLength) break;
      }
      if (length > maximumLength) truncated += 1;
      lengths[example] = Math.min(length, maximumLength);
    }
    return { store: replaced, merges, vocabulary, truncated };
  } catch (error) {
    replaced.dispose();
    throw error;
  }
}
