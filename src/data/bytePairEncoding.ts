/**
 * Byte-pair encoding (Sennrich et al. 2016): learns which neighbouring symbols to join from words and their counts, and
 * joins them in any word. Symbols are Unicode characters; knows neither texts nor files.
 */
import { compareCodePoints } from './vocabulary';

/** Two symbols that become one. */
export type Merge = readonly [string, string];

/** What learning needs of the words. */
export interface LearnOptions {
  /** Symbols in all at most: the characters and one for each merge. */
  readonly symbols: number;
  /** How often a pair must occur to be joined. */
  readonly minimumCount?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Pair {
  readonly left: number;
  readonly right: number;
  count: number;
  /** Words that the pair has been seen in; some may have lost it since. */
  readonly words: Set<number>;
}

/** Merges between two looks at the signal. */
const mergesPerLook = 256;

/**
 * The merges in the order in which they are made: always the most frequent pair, of equal ones the first by code points.
 * @param words each once, as written; @param counts how often each occurs, 0 for not at all
 */
export function learnMerges(
  words: readonly string[],
  counts: ArrayLike<number>,
  { symbols, minimumCount = 2, signal }: LearnOptions,
): Merge[] {
  return new Learner(words, counts).learn(symbols, minimumCount, signal);
}

class Learner {
  private readonly names: string[] = [];
  private readonly ids = new Map<string, number>();
  private readonly sequences: number[][];
  private readonly pairs = new Map<number, Pair>();
  private readonly queue: PairQueue;

  constructor(
    words: readonly string[],
    private readonly counts: ArrayLike<number>,
  ) {
    this.queue = new PairQueue((a, b) => this.isSpelledBefore(a, b));
    this.sequences = words.map((word, at) => (counts[at]! > 0 ? Array.from(word, (symbol) => this.idOf(symbol)) : []));
    this.sequences.forEach((sequence, word) => {
      for (let at = 1; at < sequence.length; at++) this.change(sequence[at - 1]!, sequence[at]!, word, counts[word]!);
    });
    for (const pair of this.pairs.values()) this.queue.push(pair);
  }

  learn(symbols: number, minimumCount: number, signal: AbortSignal | undefined): Merge[] {
    const merges: Merge[] = [];
    while (this.names.length < symbols) {
      if (merges.length % mergesPerLook === 0) signal?.throwIfAborted();
      const pair = this.queue.pop();
      if (pair === undefined || pair.count < minimumCount) break;
      merges.push([this.names[pair.left]!, this.names[pair.right]!]);
      this.merge(pair);
    }
    return merges;
  }

  private idOf(name: string): number {
    let id = this.ids.get(name);
    if (id === undefined) {
      id = this.names.length;
      this.names.push(name);
      this.ids.set(name, id);
    }
    return id;
  }

  private isSpelledBefore(a: Pair, b: Pair): boolean {
    const byLeft = compareCodePoints(this.names[a.left]!, this.names[b.left]!);
    return (byLeft === 0 ? compareCodePoints(this.names[a.right]!, this.names[b.right]!) : byLeft) < 0;
  }

  private change(left: number, right: number, word: number, by: number): Pair {
    const key = left * 0x4000000 + right;
    let pair = this.pairs.get(key);
    if (pair === undefined) {
      pair = { left, right, count: 0, words: new Set() };
      this.pairs.set(key, pair);
    }
    pair.count += by;
    if (by > 0) pair.words.add(word);
    return pair;
  }

  /** Joins the pair in all words; the counts of pairs around it follow. */
  private merge({ left, right, words }: Pair): void {
    const joined = this.idOf(this.names[left]! + this.names[right]!);
    const changed = new Set<Pair>();
    for (const word of words) {
      const before = this.sequences[word]!;
      const count = this.counts[word]!;
      const after = joinPair(before, left, right, joined);
      if (after.length === before.length) continue;
      for (let at = 1; at < before.length; at++) changed.add(this.change(before[at - 1]!, before[at]!, word, -count));
      for (let at = 1; at < after.length; at++) changed.add(this.change(after[at - 1]!, after[at]!, word, count));
      this.sequences[word] = after;
    }
    for (const pair of changed) this.queue.push(pair);
  }
}

function joinPair(sequence: readonly number[], left: number, right: number, joined: number): number[] {
  const result: number[] = [];
  for (let at = 0; at < sequence.length; at++) {
    if (sequence[at] === left && sequence[at + 1] === right) {
      result.push(joined);
      at++;
    } else {
      result.push(sequence[at]!);
    }
  }
  return result;
}

/** A pair with its count of a moment. */
interface Entry {
  readonly pair: Pair;
  readonly count: number;
}

/** A binary heap of pairs as they were when they were pushed; a pair whose count has changed since is passed over. */
class PairQueue {
  private readonly heap: Entry[] = [];

  /** @param isSpelledBefore the order of pairs of equal counts */
  constructor(private readonly isSpelledBefore: (a: Pair, b: Pair) => boolean) {}

  push(pair: Pair): void {
    if (pair.count <= 0) return;
    const { heap } = this;
    const entry = { pair, count: pair.count };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  /** The pair that comes first, with its count of now; undefined when none is left. */
  pop(): Pair | undefined {
    for (;;) {
      const top = this.takeTop();
      if (top === undefined || top.count === top.pair.count) return top?.pair;
    }
  }

  private takeTop(): Entry | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!this.isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }

  private isBefore(a: Entry, b: Entry): boolean {
    return a.count === b.count ? this.isSpelledBefore(a.pair, b.pair) : a.count > b.count;
  }
}

/** Words that are remembered with their parts. */
const remembered = 100_000;

/** Joins the symbols of words by learned merges. */
export class MergeTable {
  private readonly ranks = new Map<string, number>();
  private readonly cache = new Map<string, readonly string[]>();

  /** @param wordEnd what the last symbol of a word bears, as "</w>" in some tokenizers */
  constructor(
    merges: readonly Merge[],
    private readonly wordEnd = '',
  ) {
    merges.forEach(([left, right], rank) => {
      const key = keyOf(left, right);
      if (!this.ranks.has(key)) this.ranks.set(key, rank);
    });
  }

  /** The parts of a word, in order; joined they are the word. */
  apply(word: string): readonly string[] {
    const known = this.cache.get(word);
    if (known !== undefined) return known;
    const symbols = Array.from(word);
    const last = symbols.pop();
    if (last !== undefined) symbols.push(last + this.wordEnd);
    const parts = this.join(symbols);
    if (this.cache.size >= remembered) this.cache.clear();
    this.cache.set(word, parts);
    return parts;
  }

  /** Joins the earliest learned pair first, everywhere in the word, until none is left. */
  private join(parts: string[]): readonly string[] {
    let current = parts;
    while (current.length > 1) {
      let best = Infinity;
      let place = -1;
      for (let at = 1; at < current.length; at++) {
        const rank = this.ranks.get(keyOf(current[at - 1]!, current[at]!));
        if (rank !== undefined && rank < best) [best, place] = [rank, at - 1];
      }
      if (place < 0) break;
      const [left, right] = [current[place]!, current[place + 1]!];
      const next: string[] = [];
      for (let at = 0; at < current.length; at++) {
        if (current[at] === left && current[at + 1] === right) {
          next.push(left + right);
          at++;
        } else {
          next.push(current[at]!);
        }
      }
      current = next;
    }
    return current;
  }
}

/** One text for a pair, so that a map can hold it. */
function keyOf(left: string, right: string): string {
  return `${left}\0${right}`;
}
