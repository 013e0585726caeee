/** Sequences of whole numbers as the nodes of a tree in typed arrays: millions of n-grams without an object each. */

/** The node of the empty sequence. */
export const root = 0;

/** Numbers nodes in the order in which they are added; node 0 is the empty sequence. */
export class NGramTree {
  /** Slots of an open hash table by parent and last number; 0 is an empty slot, as the root hangs on no parent. */
  #slots = new Int32Array(1 << 10);
  #parents = new Int32Array(1 << 9);
  #numbers = new Int32Array(1 << 9);
  #size = 1;

  /** Nodes in all, the root included. */
  get size(): number {
    return this.#size;
  }

  /** The node of the parent's sequence and a further number, or -1. */
  child(parent: number, number: number): number {
    const node = this.#slots[this.#slotOf(parent, number)]!;
    return node === 0 ? -1 : node;
  }

  /** The same, added where it is not there. */
  add(parent: number, number: number): number {
    const slot = this.#slotOf(parent, number);
    const known = this.#slots[slot]!;
    if (known !== 0) return known;
    const node = this.#size;
    if (node === this.#parents.length) {
      this.#parents = doubled(this.#parents);
      this.#numbers = doubled(this.#numbers);
    }
    this.#parents[node] = parent;
    this.#numbers[node] = number;
    this.#slots[slot] = node;
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return node;
  }

  /** The numbers of a node, first to last. */
  sequence(node: number): number[] {
    const numbers: number[] = [];
    for (let at = node; at !== root; at = this.#parents[at]!) numbers.unshift(this.#numbers[at]!);
    return numbers;
  }

  /** The slot that holds the child, or the empty one where it belongs. */
  #slotOf(parent: number, number: number): number {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0xc2b2ae35);
    let slot = (hash ^ (hash >>> 16)) & mask;
    for (;;) {
      const node = this.#slots[slot]!;
      if (node === 0 || (this.#parents[node] === parent && this.#numbers[node] === number)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let node = 1; node < this.#size; node += 1) {
      this.#slots[this.#slotOf(this.#parents[node]!, this.#numbers[node]!)] = node;
    }
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(array.length * 2);
  grown.set(array);
  return grown;
}
