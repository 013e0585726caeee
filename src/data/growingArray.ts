/** Numbers that are appended one by one into typed arrays, so that millions of examples cost no object each. */

type NumberArray = Int32Array | Float64Array;

/** A typed array that grows by half of its size where it is full. */
class GrowingArray<A extends NumberArray> {
  #values: A;
  #length = 0;
  readonly #create: (length: number) => A;

  constructor(create: (length: number) => A) {
    this.#create = create;
    this.#values = create(1024);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = this.#create(Math.ceil(this.#length * 1.5));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  at(index: number): number {
    if (index < 0 || index >= this.#length) throw new RangeError(`there is no number ${index} among ${this.#length}`);
    return this.#values[index]!;
  }

  /** The numbers so far: a view, to be taken when no more come. */
  finish(): A {
    return this.#values.subarray(0, this.#length) as A;
  }
}

/** Appended whole numbers of 32 bits. */
export class GrowingInt32Array extends GrowingArray<Int32Array> {
  constructor() {
    super((length) => new Int32Array(length));
  }
}

/** Appended numbers of 64 bits. */
export class GrowingFloat64Array extends GrowingArray<Float64Array> {
  constructor() {
    super((length) => new Float64Array(length));
  }
}
