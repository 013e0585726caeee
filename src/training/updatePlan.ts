/** Where an update's numbers stand in the heap: plain data by which every thread does its share. */
import type { Block, Heap } from '../kernels/heap';
import { optimizerStates, updateNames } from '../nn/optimizers';
import { tensor } from '../runtime/session';
import type { TouchedRows, TouchedTables } from './rowNumbers';
import type { NamedTensors } from './shard';
import type { Weights } from './weights';

/** One parameter's part of an update. */
export interface ParameterUpdate {
  readonly name: string;
  /** By shard its gradient; the first shard's becomes the sum. Of a table a gradient has as many rows as the shard touches. */
  readonly gradients: readonly Gradient[];
  /** The sum of the gradients; of a table it has all rows touched. */
  readonly sum: Block;
  /** Offsets of the weight and of the optimizer's states, in full. */
  readonly targets: readonly number[];
  /** Of a table which rows of it are updated; null where all are. */
  readonly table: TouchedTable | null;
}

/** A gradient's place and shape. */
export interface Gradient {
  readonly dims: readonly number[];
  readonly block: Block;
}

export interface TouchedTable {
  /** Numbers in a row. */
  readonly width: number;
  /** Rows of the table, in the order of the sum's. */
  readonly rows: Block;
  /** By shard the places of its rows among the sum's. */
  readonly places: readonly Block[];
}

export class UpdatePlanner {
  /** Shapes of the trained parameters, in full, by name. */
  private readonly shapes: ReadonlyMap<string, readonly number[]>;

  constructor(
    private readonly heap: Heap,
    private readonly weights: Weights,
  ) {
    this.shapes = new Map(weights.trained.map((name) => [name, weights.all().get(name)!]));
  }

  /** The update of a batch of so many shards. Views on the heap from before are no longer valid. */
  plan(shards: number, touched: TouchedTables): ParameterUpdate[] {
    const { weights } = this;
    return [...this.shapes].map(([name, shape]): ParameterUpdate => {
      const rows = touched.get(name);
      const states = optimizerStates(weights.optimizer).map((state) => updateNames.state(state, name));
      const targets = [name, ...states].map((array) => weights.block(array).offset);
      const width = shape.slice(1).reduce((a, b) => a * b, 1);
      const sum = this.block(0, name, (rows?.all.length ?? shape[0] ?? 1) * width);
      const gradients = Array.from({ length: shards }, (_, shard): Gradient => {
        const dims = rows === undefined ? shape : [rows.shards[shard]!.length, ...shape.slice(1)];
        const length = (dims[0] ?? 1) * width;
        // The sum stands where the first shard's gradient does, and has the rows of the others too.
        const block = shard === 0 ? { offset: sum.offset, length } : this.block(shard, name, length);
        return { dims, block };
      });
      return { name, gradients, sum, targets, table: rows === undefined ? null : this.table(name, rows, width) };
    });
  }

  private table(name: string, { all, places }: TouchedRows, width: number): TouchedTable {
    return {
      width,
      rows: this.heap.putIntegers(`rows ${name}`, all),
      places: places.map((numbers, shard) => this.heap.putIntegers(`places ${shard} ${name}`, numbers)),
    };
  }

  private block(shard: number, name: string, length: number): Block {
    return this.heap.grown(`gradient ${shard} ${name}`, length);
  }
}

/**
 * The gradients of a shard as tensors over the heap, by parameter.
 * @param buffer the heap's memory as it is now
 */
export function gradientTensors(
  plan: readonly ParameterUpdate[],
  shard: number,
  buffer: ArrayBufferLike,
): NamedTensors {
  return Object.fromEntries(
    plan.map(({ name, gradients }) => {
      const { dims, block } = gradients[shard]!;
      return [name, tensor('float32', dims, new Float32Array(buffer, block.offset, block.length))];
    }),
  );
}
