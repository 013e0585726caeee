/** Which words of a vector file the vocabulary wants, and the rows that their vectors go to. */
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { padId, unknownId } from './vocabulary';

/** What a reader of vectors hands its words to. */
export interface VectorSink {
  /** Vocabulary ids that want the word's vector; empty for most words of a file. */
  wants(word: string): readonly number[];
  /** Sets one number of the vectors of these ids. */
  set(ids: readonly number[], position: number, value: number): void;
}

/** Ranks of a match; a better one replaces a worse one. */
const spelledAlike = 3;
const lowerCasedInFile = 2;
const lowerCasedFromFile = 1;

/** Collects the vectors of a vocabulary's words. */
export class WordMatcher implements VectorSink {
  readonly values: Float32Array;
  /** Rank of the match by id; 0 for none. */
  readonly found: Uint8Array;
  readonly #width: number;
  readonly #exact = new Map<string, number>();
  readonly #lowerCased = new Map<string, number[]>();

  constructor(tokens: readonly string[], width: number) {
    this.#width = width;
    this.values = new Float32Array(tokens.length * width);
    this.found = new Uint8Array(tokens.length);
    for (const [id, token] of tokens.entries()) {
      if (id === padId || id === unknownId) continue;
      this.#exact.set(token, id);
      const lower = token.toLowerCase();
      if (lower !== token) this.#lowerCased.set(lower, [...(this.#lowerCased.get(lower) ?? []), id]);
    }
  }

  wants(word: string): readonly number[] {
    const ids: number[] = [];
    const take = (id: number | undefined, rank: number) => {
      if (id === undefined || this.found[id]! >= rank) return;
      this.found[id] = rank;
      ids.push(id);
    };
    take(this.#exact.get(word), spelledAlike);
    for (const id of this.#lowerCased.get(word) ?? []) take(id, lowerCasedInFile);
    const lower = word.toLowerCase();
    if (lower !== word) take(this.#exact.get(lower), lowerCasedFromFile);
    return ids;
  }

  set(ids: readonly number[], position: number, value: number): void {
    for (const id of ids) this.values[id * this.#width + position] = value;
  }
}

/** The error where a file's vectors have another width than the experiment asks for. */
export function checkWidth(
  found: number,
  wanted: number,
  place: { readonly file: string; readonly line: number },
): void {
  if (found === wanted) return;
  throw new UserError(
    sentence`The vectors have ${found} numbers but the embedding size is ${wanted}; set it to ${found} or use another file.`,
    place,
  );
}
