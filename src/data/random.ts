/** Seeded random numbers: equal seeds give equal numbers on every machine; knows nothing of what they are used for. */

const mask64 = (1n << 64n) - 1n;

/** One step of SplitMix64 (Steele, Lea, Flood 2014; Vigna's public-domain C): the next state and its output. */
export function splitMix64(state: bigint): { readonly state: bigint; readonly output: bigint } {
  const next = (state + 0x9e3779b97f4a7c15n) & mask64;
  let z = next;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask64;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask64;
  return { state: next, output: z ^ (z >> 31n) };
}

/** A stream of random numbers: xoshiro128** 1.1 (Blackman and Vigna 2018, public domain). */
export class Random {
  readonly #state: Uint32Array;
  #spareNormal: number | null = null;

  /** Four 32-bit words that are not all zero; `createRandom` makes them from a seed. */
  constructor(state: readonly [number, number, number, number]) {
    this.#state = Uint32Array.from(state);
    if (this.#state.every((word) => word === 0)) throw new RangeError('xoshiro128** cannot start from four zeros');
  }

  /** A whole number in 0…2³²−1. */
  nextUint32(): number {
    const s = this.#state;
    const s1 = s[1]!;
    const product = Math.imul(s1, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    s[2] = s[2]! ^ s[0]!;
    s[3] = s[3]! ^ s1;
    s[1] = s1 ^ s[2];
    s[0] = s[0]! ^ s[3];
    s[2] = s[2] ^ (s1 << 9);
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** A number in [0, 1) with 53 random bits. */
  nextFloat(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** A whole number in 0…bound−1 without bias; `bound` is in 1…2³². */
  nextInteger(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 4294967296) {
      throw new RangeError(`a bound must be a whole number in 1…2³², not ${bound}`);
    }
    const limit = 4294967296 - (4294967296 % bound);
    for (;;) {
      const value = this.nextUint32();
      if (value < limit) return value % bound;
    }
  }

  /** A normal number of mean 0 and standard deviation 1 (Marsaglia's polar method, 1964). */
  nextNormal(): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal;
      this.#spareNormal = null;
      return spare;
    }
    for (;;) {
      const u = 2 * this.nextFloat() - 1;
      const v = 2 * this.nextFloat() - 1;
      const square = u * u + v * v;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spareNormal = v * factor;
      return u * factor;
    }
  }

  /** Shuffles in place (Fisher–Yates in Durstenfeld's form, 1964) and returns its argument. */
  shuffle<A extends Int32Array | unknown[]>(items: A): A {
    for (let last = items.length - 1; last > 0; last -= 1) {
      const other = this.nextInteger(last + 1);
      const held = items[last];
      items[last] = items[other];
      items[other] = held;
    }
    return items;
  }
}

/**
 * Random numbers of a seed and a stream: `createRandom(1, 'batches', 3)` is independent of `createRandom(1, 'split')`,
 * so that one use of randomness does not shift another. The seed is any safe integer.
 */
export function createRandom(seed: number, ...stream: readonly (string | number)[]): Random {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed must be a whole number within ±2⁵³, not ${seed}`);
  let mixed = splitMix64(BigInt.asUintN(64, BigInt(seed))).output;
  for (const part of stream) {
    const name = `${typeof part}:${part}`;
    for (let index = 0; index < name.length; index += 1) {
      mixed = splitMix64(mixed ^ BigInt(name.charCodeAt(index))).output;
    }
    // The end of a part counts as well: ('ab', 'c') and ('a', 'bc') are different streams.
    mixed = splitMix64(mixed ^ 0x1_0000n).output;
  }
  const first = splitMix64(mixed);
  const second = splitMix64(first.state);
  const words = [first.output, second.output].flatMap((word) => [Number(word & 0xffffffffn), Number(word >> 32n)]);
  // SplitMix64 gives two zeros in a row for no seed, so the state is never the forbidden one.
  return new Random([words[0]!, words[1]!, words[2]!, words[3]!]);
}
