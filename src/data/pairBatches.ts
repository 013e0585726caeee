/** Which pairs go into which batch, and a batch's arrays; knows nothing of models. */
import { type BatchSize, planBatches, planEvaluationBatches } from './batches';
import { beginId, endId, type SideName } from './pairVocabulary';
import { padId } from './vocabulary';

/** A pair as ids, without frame. */
export type IdPair = Readonly<Record<SideName, Int32Array>>;

/** One batch, padded on the right with 0. */
export interface PairBatch {
  readonly size: number;
  /** Source ids with the end, time-major: `[sourceTime, size]`. */
  readonly source: Int32Array;
  readonly sourceTime: number;
  /** Source ids of each pair, the end counted. */
  readonly sourceLengths: Int32Array;
  /** What the decoder reads: the beginning, then target ids, time-major: `[targetTime, size]`. */
  readonly target: Int32Array;
  readonly targetTime: number;
  /** What it is to write at its real steps: target ids, then the end; `[tokens]`, step by step. */
  readonly labels: Int32Array;
  /** The real steps as places in `target`, `[tokens]`, rising. */
  readonly places: Int32Array;
}

/** The arrays of pairs; new ones, that nothing else holds. */
export function assemblePairs(pairs: readonly IdPair[]): PairBatch {
  const size = pairs.length;
  const sourceLengths = Int32Array.from(pairs, ({ source }) => source.length + 1);
  const sourceTime = sourceLengths.reduce((longest, length) => Math.max(longest, length), 0);
  const targetTime = pairs.reduce((longest, { target }) => Math.max(longest, target.length + 1), 0);
  const sourceIds = new Int32Array(sourceTime * size).fill(padId);
  const targetIds = new Int32Array(targetTime * size).fill(padId);
  pairs.forEach(({ source, target }, column) => {
    source.forEach((id, step) => (sourceIds[step * size + column] = id));
    sourceIds[source.length * size + column] = endId;
    targetIds[column] = beginId;
    target.forEach((id, step) => (targetIds[(step + 1) * size + column] = id));
  });
  const count = pairs.reduce((sum, { target }) => sum + target.length + 1, 0);
  const [labels, places] = [new Int32Array(count), new Int32Array(count)];
  let at = 0;
  for (let step = 0; step < targetTime; step++) {
    for (let column = 0; column < size; column++) {
      const { target } = pairs[column]!;
      if (step > target.length) continue;
      labels[at] = step === target.length ? endId : target[step]!;
      places[at] = step * size + column;
      at++;
    }
  }
  return { size, source: sourceIds, sourceTime, sourceLengths, target: targetIds, targetTime, labels, places };
}

type Lengths = Readonly<Record<SideName, Int32Array>>;

/** Orders pairs by the length of their source, equal ones by that of their target. */
function orderKeys({ source, target }: Lengths): Int32Array {
  const longest = target.reduce((most, length) => Math.max(most, length), 0) + 1;
  return source.map((length, at) => length * longest + target[at]!);
}

/**
 * Batches of one epoch of training, as `planBatches` makes them, by both lengths: hardly any source is padded. A token
 * budget counts the tokens of both sides.
 */
export function planPairBatches(
  lengths: Lengths,
  examples: Int32Array,
  size: BatchSize,
  shuffle: { readonly seed: number; readonly epoch: number },
): Int32Array[] {
  return planBatches('batchSize' in size ? orderKeys(lengths) : totals(lengths), examples, size, shuffle);
}

/** Batches for evaluation, all pairs from the shortest source to the longest. */
export function planPairEvaluation(lengths: Lengths, examples: Int32Array, batchSize: number): Int32Array[] {
  return planEvaluationBatches(orderKeys(lengths), examples, { batchSize });
}

function totals({ source, target }: Lengths): Int32Array {
  return source.map((length, at) => length + target[at]! + 2);
}
