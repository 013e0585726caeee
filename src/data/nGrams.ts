/** Which n-grams of number sequences are frequent enough to be features; knows neither words nor characters. */
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { NGramTree, root } from './nGramTree';

/** The shortest and the longest n-gram. */
export type NGramRange = readonly [least: number, most: number];

/** N-grams by place; the places of shorter ones come first, as ONNX's TfIdfVectorizer wants its pool. */
export interface NGrams {
  readonly range: NGramRange;
  /** Their numbers one after the other, by rising length. */
  readonly pool: Int32Array;
  /** How many there are of each length from 1 on, up to the longest. */
  readonly counts: readonly number[];
}

/** Different n-grams that are counted at most: bounds the memory to some hundred megabytes. */
export const mostCounted = 16_000_000;

export interface NGramLimits {
  readonly range: NGramRange;
  /** N-grams to keep at most, the most frequent ones. */
  readonly maximum: number;
  readonly minimumCount: number;
}

/** Visits sequences, each with the number of times that it counts; numbers below 0 part it. */
export type Sequences = (visit: (sequence: ArrayLike<number>, times: number) => void) => void;

/**
 * The most frequent n-grams; of equally frequent ones the shorter, then the one that is met first. Counts length by
 * length, and goes on only from n-grams that are frequent enough: a longer one is no more frequent than its beginning.
 * @throws UserError where there are more different n-grams than can be counted
 */
export function frequentNGrams(sequences: Sequences, { range, maximum, minimumCount }: NGramLimits): NGrams {
  const [least, most] = range;
  const tree = new NGramTree();
  let counts = new Float64Array(1 << 10);
  counts[root] = Infinity;
  /** The first node of each length, and the end. */
  const starts = [root, 1];
  for (let length = 1; length <= most; length += 1) {
    sequences((sequence, times) => {
      for (let start = 0; start + length <= sequence.length; start += 1) {
        const parent = find(tree, sequence, start, start + length - 1);
        const last = sequence[start + length - 1]!;
        if (last < 0 || parent < 0 || counts[parent]! < minimumCount) continue;
        const node = tree.add(parent, last);
        if (node === counts.length) counts = grown(counts);
        counts[node]! += times;
      }
      if (tree.size > mostCounted) {
        throw new UserError(
          sentence`The training part has more than ${mostCounted.toLocaleString('en')} different n-grams; raise features.minimumCount or narrow the range of n-grams.`,
        );
      }
    });
    starts.push(tree.size);
  }
  const kept: number[] = [];
  for (let node = starts[least]!; node < tree.size; node += 1) if (counts[node]! >= minimumCount) kept.push(node);
  kept.sort((a, b) => counts[b]! - counts[a]! || a - b);
  const chosen = kept.slice(0, maximum).map((node) => tree.sequence(node));
  const byLength = Array.from({ length: most }, (_, at) => chosen.filter(({ length }) => length === at + 1));
  return { range, pool: Int32Array.from(byLength.flat(2)), counts: byLength.map(({ length }) => length) };
}

function find(tree: NGramTree, sequence: ArrayLike<number>, start: number, end: number): number {
  let node = root;
  for (let at = start; at < end && node >= 0; at += 1) node = tree.child(node, sequence[at]!);
  return node;
}

function grown(counts: Float64Array): Float64Array<ArrayBuffer> {
  const next = new Float64Array(counts.length * 2);
  next.set(counts);
  return next;
}

/** How many n-grams there are. */
export function nGramCount({ counts }: NGrams): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The numbers of each n-gram, by place. */
export function* eachNGram({ pool, counts }: NGrams): Generator<Int32Array> {
  let start = 0;
  for (const [at, count] of counts.entries()) {
    const length = at + 1;
    for (let done = 0; done < count; done += 1, start += length) yield pool.subarray(start, start + length);
  }
}

/** Finds the n-grams of sequences. */
export class NGramFinder {
  readonly #tree = new NGramTree();
  /** Place of the n-gram of a node, or -1. */
  readonly #places: Int32Array;
  readonly #most: number;

  constructor(nGrams: NGrams) {
    const nodes: number[] = [];
    for (const numbers of eachNGram(nGrams)) {
      nodes.push(numbers.reduce((node, number) => this.#tree.add(node, number), root));
    }
    this.#places = new Int32Array(this.#tree.size).fill(-1);
    nodes.forEach((node, place) => (this.#places[node] = place));
    this.#most = nGrams.range[1];
  }

  /** Visits each occurrence: place of the n-gram, its first and the end of its stretch in the sequence. */
  visit(sequence: ArrayLike<number>, visit: (place: number, start: number, end: number) => void): void {
    for (let start = 0; start < sequence.length; start += 1) {
      let node = root;
      const last = Math.min(sequence.length, start + this.#most);
      for (let end = start + 1; end <= last; end += 1) {
        node = this.#tree.child(node, sequence[end - 1]!);
        if (node < 0) break;
        const place = this.#places[node]!;
        if (place >= 0) visit(place, start, end);
      }
    }
  }
}
