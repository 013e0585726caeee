/** Gradients of a batch as the sum of those of its shards, in the order of the shards: the same sum every time. */
import type { Block, Heap } from '../kernels/heap';
import type { Kernels } from '../kernels/kernels';
import type { TouchedTables } from './rowNumbers';

/** A gradient's place and shape. */
export interface Gradient {
  readonly name: string;
  readonly dims: readonly number[];
  readonly block: Block;
}

export class GradientSum {
  /**
   * @param shapes of the trained parameters, in full, by name
   * @param kernels that add a vector to another one
   */
  constructor(
    private readonly heap: Heap,
    private readonly shapes: ReadonlyMap<string, readonly number[]>,
    private readonly kernels: Kernels<'addition'>,
  ) {}

  /**
   * Places for the gradients of a shard: of a sparse table for as many rows as it touches. To be asked for all shards before
   * a view on one is made.
   */
  ofShard(shard: number, touched: TouchedTables): Gradient[] {
    return [...this.shapes].map(([name, shape]) => {
      const rows = touched.get(name);
      if (rows === undefined) return this.place(shard, name, shape);
      const own = [rows.shards[shard]!.length, ...shape.slice(1)];
      // The sum stands where the first shard's gradient does, and has the rows of the others too.
      return this.place(shard, name, own, shard === 0 ? rows.all.length : own[0]);
    });
  }

  /** Adds the gradients of the further shards to those of the first; gives the sums, of a table for all rows touched. */
  sum(shards: number, touched: TouchedTables): Gradient[] {
    const { run, runRows } = this.kernels;
    const others = Array.from({ length: shards - 1 }, (_, at) => this.ofShard(at + 1, touched));
    return [...this.shapes].map(([name, shape], at) => {
      const rows = touched.get(name);
      const sum = this.place(0, name, rows === undefined ? shape : [rows.all.length, ...shape.slice(1)]);
      if (rows === undefined) {
        for (const gradients of others) run.addition(sum.block.length, sum.block.offset, gradients[at]!.block.offset);
        return sum;
      }
      const width = sum.block.length / rows.all.length;
      this.heap.view(sum.block).fill(0, rows.shards[0]!.length * width);
      others.forEach((gradients, other) => {
        const places = rows.places[other + 1]!;
        const numbers = this.heap.putIntegers('places', places);
        runRows.addition(numbers, places.length, width, sum.block.offset, gradients[at]!.block.offset);
      });
      return sum;
    });
  }

  /**
   * Memory for a gradient, the first shard's of which becomes the sum.
   * @param rows that there must be room for
   */
  private place(shard: number, name: string, dims: readonly number[], rows = dims[0] ?? 1): Gradient {
    const width = dims.slice(1).reduce((a, b) => a * b, 1);
    const { offset } = this.heap.grown(`gradient ${shard} ${name}`, rows * width);
    return { name, dims, block: { offset, length: (dims[0] ?? 1) * width } };
  }
}
