/** A growing column of numbers that knows the least and greatest of any stretch without a walk over it. */

/** Numbers in a block, as a power of two, and blocks in a block of the next level. */
const shift = 4;
const levelCount = 4;

/** Least and greatest of a stretch; `low` is above `high` where it holds no number. */
export interface Extent {
  low: number;
  high: number;
}

/** Numbers in order; NaN stands for a missing one. */
export class Column {
  private data = new Float64Array(64);
  private readonly lows: Float64Array<ArrayBuffer>[] = [];
  private readonly highs: Float64Array<ArrayBuffer>[] = [];
  private count = 0;

  constructor(values?: ArrayLike<number>) {
    for (let level = 0; level < levelCount; level++) {
      this.lows.push(new Float64Array(4).fill(Infinity));
      this.highs.push(new Float64Array(4).fill(-Infinity));
    }
    if (values !== undefined) this.append(values);
  }

  get length(): number {
    return this.count;
  }

  /** The number at an index; undefined behind the end. */
  at(index: number): number | undefined {
    return index < this.count ? this.data[index] : undefined;
  }

  /** The last number. */
  get last(): number | undefined {
    return this.at(this.count - 1);
  }

  /** The numbers, valid until the next `append`. */
  get values(): Float64Array {
    return this.data.subarray(0, this.count);
  }

  /** Adds numbers at the end, from the index `start` of the given ones. */
  append(values: ArrayLike<number>, start = 0): void {
    const end = this.count + values.length - start;
    this.data = grown(this.data, end, 0);
    for (let level = 0; level < levelCount; level++) {
      const blocks = (end >> (shift * (level + 1))) + 1;
      this.lows[level] = grown(this.lows[level]!, blocks, Infinity);
      this.highs[level] = grown(this.highs[level]!, blocks, -Infinity);
    }
    for (let index = start; index < values.length; index++) this.push(values[index]!);
  }

  /** Widens `extent` by the numbers from `from` up to, without, `to`. */
  widen(extent: Extent, from: number, to: number): void {
    const end = Math.min(to, this.count);
    for (let index = Math.max(0, from); index < end;) {
      let level = -1;
      while (level + 1 < levelCount && fits(index, level + 1, end)) level++;
      if (level < 0) {
        const value = this.data[index]!;
        if (value < extent.low) extent.low = value;
        if (value > extent.high) extent.high = value;
        index++;
      } else {
        const block = index >> (shift * (level + 1));
        const low = this.lows[level]![block]!;
        const high = this.highs[level]![block]!;
        if (low < extent.low) extent.low = low;
        if (high > extent.high) extent.high = high;
        index += 1 << (shift * (level + 1));
      }
    }
  }

  /** Index of the first number that is not below `value`, in a column that rises. */
  lowerBound(value: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.data[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Index of the number nearest to `value` in a column that rises; −1 in an empty one. */
  nearest(value: number): number {
    const above = this.lowerBound(value);
    if (above === 0) return this.count === 0 ? -1 : 0;
    if (above === this.count) return this.count - 1;
    return value - this.data[above - 1]! <= this.data[above]! - value ? above - 1 : above;
  }

  private push(value: number): void {
    const index = this.count++;
    this.data[index] = value;
    for (let level = 0; level < levelCount; level++) {
      const block = index >> (shift * (level + 1));
      if (value < this.lows[level]![block]!) this.lows[level]![block] = value;
      if (value > this.highs[level]![block]!) this.highs[level]![block] = value;
    }
  }
}

function fits(index: number, level: number, end: number): boolean {
  const size = 1 << (shift * (level + 1));
  return (index & (size - 1)) === 0 && index + size <= end;
}

function grown(values: Float64Array<ArrayBuffer>, needed: number, filler: number): Float64Array<ArrayBuffer> {
  if (needed <= values.length) return values;
  const larger = new Float64Array(Math.max(needed, values.length * 2));
  larger.set(values);
  if (filler !== 0) larger.fill(filler, values.length);
  return larger;
}
