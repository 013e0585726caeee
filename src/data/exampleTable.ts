/** What is kept of each example besides its tokens: numbers in typed arrays, never an object an example. */
import { GrowingFloat64Array, GrowingInt32Array } from './growingArray';
import type { Place } from '../errors';

/** Examples in the order of reading, one number of each array an example. */
export class ExampleTable {
  /** Where the example's ids start in the id store. */
  readonly offsets = new GrowingFloat64Array();
  /** Tokens kept of it. */
  readonly lengths = new GrowingInt32Array();
  /** Index of its label in the order of first meeting; a class index after `relabel`. */
  readonly labels = new GrowingInt32Array();
  /** Line of its file that it starts on, from 1. */
  readonly lines = new GrowingInt32Array();
  #hashHigh = new GrowingInt32Array();
  #hashLow = new GrowingInt32Array();
  readonly #labelIndices = new Map<string, number>();
  readonly #files: { readonly name: string; readonly first: number }[] = [];

  get count(): number {
    return this.lengths.length;
  }

  /** Different labels, in the order of first meeting. */
  get labelNames(): string[] {
    return [...this.#labelIndices.keys()];
  }

  /** Examples added from now on come from this file. */
  startFile(name: string): void {
    this.#files.push({ name, first: this.count });
  }

  labelIndex(label: string): number {
    let index = this.#labelIndices.get(label);
    if (index === undefined) {
      index = this.#labelIndices.size;
      this.#labelIndices.set(label, index);
    }
    return index;
  }

  /** Adds the two halves of a text's hash, once an example. */
  addHash(high: number, low: number): void {
    this.#hashHigh.push(high);
    this.#hashLow.push(low);
  }

  /** Hands out the hashes of all texts and forgets them: nothing needs them once duplicates are known. */
  takeHashes(): { readonly high: Int32Array; readonly low: Int32Array } {
    const taken = { high: this.#hashHigh.finish(), low: this.#hashLow.finish() };
    this.#hashHigh = new GrowingInt32Array();
    this.#hashLow = new GrowingInt32Array();
    return taken;
  }

  /** Replaces every label index by the class index at that place. */
  relabel(classOfLabel: ArrayLike<number>): void {
    const labels = this.labels.finish();
    for (let example = 0; example < labels.length; example += 1) labels[example] = classOfLabel[labels[example]!]!;
  }

  /** File and line of an example. */
  place(example: number): Required<Pick<Place, 'file' | 'line'>> {
    let low = 0;
    let high = this.#files.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#files[middle]!.first <= example) low = middle;
      else high = middle - 1;
    }
    return { file: this.#files[low]!.name, line: this.lines.at(example) };
  }
}
