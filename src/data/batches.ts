/** Which examples go into which batch, and a batch's arrays; knows nothing of models. */
import { createRandom } from './random';
import { padId } from './vocabulary';

/** A fixed number of examples a batch, or as many as fit into a number of tokens, padding counted. */
export type BatchSize = { readonly batchSize: number } | { readonly tokenBudget: number };

/** Batches that one pool of shuffled examples is sorted and cut into. */
const batchesPerPool = 64;

/**
 * Batches of one epoch of training, as arrays of example indices: examples shuffled, sorted by length within pools of
 * about 64 batches so that little is padded, cut, and the batches shuffled. Depends on seed and epoch alone.
 * With a token budget the number of batches differs a little from epoch to epoch; an example longer than the budget
 * is a batch of its own. `lengths` holds the tokens of every example of the data set.
 */
export function planBatches(
  lengths: Int32Array,
  examples: Int32Array,
  size: BatchSize,
  shuffle: { readonly seed: number; readonly epoch: number },
): Int32Array[] {
  const random = createRandom(shuffle.seed, 'batches', shuffle.epoch);
  const order = random.shuffle(examples.slice());
  const pool = batchesPerPool * typicalCount(lengths, examples, size);
  const batches: Int32Array[] = [];
  for (let start = 0; start < order.length; start += pool) {
    batches.push(...cut(lengths, sortByLength(lengths, order.subarray(start, start + pool)), size));
  }
  return random.shuffle(batches);
}

/** Batches for evaluation: all examples from the shortest to the longest, equal lengths in the given order. */
export function planEvaluationBatches(lengths: Int32Array, examples: Int32Array, size: BatchSize): Int32Array[] {
  return cut(lengths, sortByLength(lengths, examples), size);
}

function typicalCount(lengths: Int32Array, examples: Int32Array, size: BatchSize): number {
  if ('batchSize' in size) return size.batchSize;
  let tokens = 0;
  for (const example of examples) tokens += lengths[example]!;
  return Math.max(1, Math.round((size.tokenBudget * examples.length) / Math.max(1, tokens)));
}

/** A sorted copy; the key joins length and place, so that the order of equal lengths is kept. */
function sortByLength(lengths: Int32Array, examples: Int32Array): Int32Array {
  const count = examples.length;
  const keys = new Float64Array(count);
  for (let place = 0; place < count; place += 1) keys[place] = lengths[examples[place]!]! * count + place;
  keys.sort();
  const sorted = new Int32Array(count);
  for (let place = 0; place < count; place += 1) sorted[place] = examples[keys[place]! % count]!;
  return sorted;
}

/** Cuts examples of rising length, so that the last of a batch is its longest; the batches are views of one array. */
function cut(lengths: Int32Array, sorted: Int32Array, size: BatchSize): Int32Array[] {
  const batches: Int32Array[] = [];
  let start = 0;
  for (let index = 0; index < sorted.length; index += 1) {
    const count = index - start;
    const full =
      'batchSize' in size ? count >= size.batchSize : (count + 1) * lengths[sorted[index]!]! > size.tokenBudget;
    if (full && count > 0) {
      batches.push(sorted.subarray(start, index));
      start = index;
    }
  }
  if (start < sorted.length) batches.push(sorted.subarray(start));
  return batches;
}

/** One batch, padded on the right with 0. */
export interface Batch {
  /** Example indices, `[batch]`. */
  readonly examples: Int32Array;
  /** Tokens of the longest example. */
  readonly time: number;
  readonly size: number;
  /** Token ids, time-major: `[time, batch]`. */
  readonly ids: Int32Array;
  /** Tokens of each example, `[batch]`. */
  readonly lengths: Int32Array;
  /** Class index of each example, `[batch]`. */
  readonly labels: Int32Array;
  /** Real (unpadded) tokens. */
  readonly tokens: number;
}

/** What a batch is made from: a `Dataset`, or anything that holds examples by index. */
export interface ExampleSource {
  readonly lengths: Int32Array;
  readonly labels: Int32Array;
  /** Writes the example's ids to the target's start and returns how many. */
  readTokens(example: number, target: Int32Array): number;
}

/** Reads the examples into new arrays that nothing else holds: they may be handed to another thread. */
export function assembleBatch(source: ExampleSource, examples: Int32Array): Batch {
  const size = examples.length;
  const lengths = Int32Array.from(examples, (example) => source.lengths[example]!);
  const time = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const ids = new Int32Array(time * size).fill(padId);
  const row = new Int32Array(time);
  for (const [column, example] of examples.entries()) {
    const count = source.readTokens(example, row);
    for (let step = 0; step < count; step += 1) ids[step * size + column] = row[step]!;
  }
  return {
    examples: examples.slice(),
    time,
    size,
    ids,
    lengths,
    labels: Int32Array.from(examples, (example) => source.labels[example]!),
    tokens: lengths.reduce((sum, length) => sum + length, 0),
  };
}
