/** Seeded batches of token ids, the same for both sides. Knows nothing of models. */
import type { Uniform } from '../../src/nn/initializers';

/** Sequences padded on the right with 0. */
export interface Batch {
  /** Longest length. */
  readonly time: number;
  readonly lengths: Int32Array;
  /** `[time, batch]` */
  readonly ids: Int32Array;
  /** `[batch]` */
  readonly labels: Int32Array;
}

/** Seeded uniform numbers in [0, 1): mulberry32 by Tommy Ettinger, public domain. */
export function seeded(seed: number): Uniform {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A batch of sequences of the given lengths; ids are 1…vocabulary - 1. */
export function makeBatch(lengths: readonly number[], vocabulary: number, classes: number, random: Uniform): Batch {
  const time = Math.max(...lengths);
  const ids = new Int32Array(time * lengths.length);
  for (let t = 0; t < time; t++) {
    lengths.forEach((length, column) => {
      if (t < length) ids[t * lengths.length + column] = 1 + Math.floor(random() * (vocabulary - 1));
    });
  }
  const labels = Int32Array.from(lengths, () => Math.floor(random() * classes));
  return { time, lengths: Int32Array.from(lengths), ids, labels };
}

/** `count` batches of 8 sequences: of lengths 1…15, or each batch of one length. */
export function makeBatches(count: number, kind: 'padded' | 'full', seed: number): Batch[] {
  const random = seeded(seed);
  const length = (): number => 1 + Math.floor(random() * 15);
  return Array.from({ length: count }, () => {
    const first = length();
    return makeBatch(
      Array.from({ length: 8 }, () => (kind === 'full' ? first : length())),
      50,
      3,
      random,
    );
  });
}

/** The graphs' `mask` and `last` of a batch, `[time, 1, batch]`. */
export function paddingOf({ time, lengths }: Batch): { mask: Float32Array; last: Float32Array } {
  const mask = new Float32Array(time * lengths.length);
  const last = new Float32Array(time * lengths.length);
  for (let t = 0; t < time; t++) {
    lengths.forEach((length, column) => {
      mask[t * lengths.length + column] = t < length ? 1 : 0;
      last[t * lengths.length + column] = t === length - 1 ? 1 : 0;
    });
  }
  return { mask, last };
}
