/** The arrays of a batch of tagged sentences; knows nothing of models. */
import { padId } from './vocabulary';

/** One batch, padded on the right with 0. */
export interface TagBatch {
  /** Tokens of the longest sentence. */
  readonly time: number;
  readonly size: number;
  /** Token ids, time-major: `[time, batch]`. */
  readonly ids: Int32Array;
  /** Tags of the tokens, `[time, batch]`. */
  readonly tags: Int32Array;
  /** The tags of the tokens before, `[time, batch]`; the number of tags at the first token. */
  readonly previous: Int32Array;
  /** Tokens of each sentence, `[batch]`. */
  readonly lengths: Int32Array;
  /** Real (unpadded) tokens. */
  readonly tokens: number;
}

/** A sentence as numbers, of equal lengths. */
export interface NumberedSentence {
  readonly ids: Int32Array;
  readonly tags: Int32Array;
}

/** Puts sentences into new arrays that nothing else holds: they may be handed to another thread. */
export function assembleTagBatch(sentences: readonly NumberedSentence[], tagCount: number): TagBatch {
  const size = sentences.length;
  const lengths = Int32Array.from(sentences, ({ ids }) => ids.length);
  const time = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const ids = new Int32Array(time * size).fill(padId);
  const tags = new Int32Array(time * size);
  const previous = new Int32Array(time * size);
  for (const [column, sentence] of sentences.entries()) {
    for (let step = 0; step < sentence.ids.length; step++) {
      const at = step * size + column;
      ids[at] = sentence.ids[step]!;
      tags[at] = sentence.tags[step]!;
      previous[at] = step === 0 ? tagCount : sentence.tags[step - 1]!;
    }
  }
  return { time, size, ids, tags, previous, lengths, tokens: lengths.reduce((sum, length) => sum + length, 0) };
}
