/**
 * What goes into a graph's run and comes out of it: parameters, of a sparse table the rows that a shard touches, and
 * gradients. Knows no updates.
 */
import { tensor } from '../runtime/session';
import type { NamedTensors } from './shard';

/** A parameter with its array in full. */
export interface ParameterArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly array: Float32Array;
}

/** The runtime refuses tensors over shared memory. */
const canBeFed = (array: Float32Array): boolean => array.buffer instanceof ArrayBuffer;

export class FedTensors {
  /** What is fed in place of arrays that cannot be fed as they are. */
  private readonly buffers = new Buffers();

  /** @param rows by sparse table the rows to feed of it, in their order */
  parameters(parameters: readonly ParameterArray[], rows: Readonly<Record<string, Int32Array>>): NamedTensors {
    return Object.fromEntries(
      parameters.map(({ name, shape, array }) => {
        const touched = rows[name];
        return touched === undefined
          ? [name, tensor('float32', shape, this.whole(name, array))]
          : [name, tensor('float32', [touched.length, shape[1]!], this.gather(name, array, shape[1]!, touched))];
      }),
    );
  }

  /** Tensors that a run writes gradients into: the given ones, or others that `takeGradients` copies from. */
  gradients(targets: NamedTensors): NamedTensors {
    return Object.fromEntries(
      Object.entries(targets).map(([name, target]) => {
        if (canBeFed(target.data)) return [name, target];
        return [name, tensor('float32', target.dims, this.buffers.of(`gradient ${name}`, target.data.length))];
      }),
    );
  }

  /** Puts what a run has written into the targets. */
  takeGradients(written: NamedTensors, targets: NamedTensors): void {
    for (const [name, { data }] of Object.entries(written)) {
      if (data !== targets[name]!.data) targets[name]!.data.set(data);
    }
  }

  private whole(name: string, array: Float32Array): Float32Array {
    if (canBeFed(array)) return array;
    const copy = this.buffers.of(name, array.length);
    copy.set(array);
    return copy;
  }

  private gather(name: string, table: Float32Array, width: number, rows: Int32Array): Float32Array {
    const buffer = this.buffers.of(name, rows.length * width);
    for (let at = 0; at < rows.length; at++) {
      const from = rows[at]! * width;
      buffer.set(table.subarray(from, from + width), at * width);
    }
    return buffer;
  }
}

/** Arrays by name that are used again and grow where they must. */
class Buffers {
  private readonly arrays = new Map<string, Float32Array>();

  /** A view on the first `size` elements; what they hold is of no account. */
  of(name: string, size: number): Float32Array {
    let array = this.arrays.get(name);
    if (array === undefined || array.length < size) {
      array = new Float32Array(size);
      this.arrays.set(name, array);
    }
    return array.length === size ? array : array.subarray(0, size);
  }
}
