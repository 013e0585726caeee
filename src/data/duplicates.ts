/** Finds equal texts by their 64-bit hashes, without keeping any text. */

/**
 * Hashes a text to two 32-bit numbers, written to `target`: cyrb53 by bryc (2018, public domain), with both halves kept whole.
 * With ten million texts the chance that any two different ones meet is about three in a million.
 */
export function hashText(text: string, target: Int32Array): void {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  const first = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  const second = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(first ^ (first >>> 13), 3266489909);
  target[0] = first;
  target[1] = second;
}

/**
 * For each example the first one with equal keys, itself included. All key arrays have one number per example; the first
 * of them must be well spread (a hash). Open addressing with linear probing, 4 bytes a slot at a load of at most a half.
 */
export function firstOccurrences(keys: readonly Int32Array[]): Int32Array {
  const [spread] = keys as [Int32Array, ...Int32Array[]];
  const count = spread.length;
  let capacity = 16;
  while (capacity < count * 2) capacity *= 2;
  const slots = new Int32Array(capacity).fill(-1);
  const first = new Int32Array(count);
  for (let example = 0; example < count; example += 1) {
    let slot = (spread[example]! >>> 0) % capacity;
    for (;;) {
      const held = slots[slot]!;
      if (held < 0) {
        slots[slot] = example;
        first[example] = example;
        break;
      }
      if (keys.every((key) => key[held] === key[example])) {
        first[example] = held;
        break;
      }
      slot = slot + 1 === capacity ? 0 : slot + 1;
    }
  }
  return first;
}

/** How many of the examples stand in a part while an equal text stands in another one; `first` as `firstOccurrences` gives it. */
export function countAcrossParts(first: Int32Array, parts: readonly Int32Array[]): number {
  const masks = new Uint8Array(first.length);
  for (const [part, examples] of parts.entries()) for (const example of examples) masks[first[example]!]! |= 1 << part;
  let count = 0;
  for (const examples of parts) {
    for (const example of examples) {
      const mask = masks[first[example]!]!;
      if ((mask & (mask - 1)) !== 0) count += 1;
    }
  }
  return count;
}
