/** The numbers of a model in training: parameters and the optimizer's states, in full and as a step handles them. */
import { optimizerStates, type OptimizerSettings, updateNames } from '../nn/optimizers';
import type { ParameterSpec } from '../nn/scope';
import type { Uniform } from '../nn/initializers';
import { tensor, type Tensor } from '../runtime/session';
import type { NamedTensors } from './shard';

/** By table the rows that a step touches, each once. */
export type TouchedRows = ReadonlyMap<string, Int32Array>;

/** Arrays by name; `embedding` names the parameter, `mean.embedding` its state. */
export class Weights {
  /** Current values, in full. */
  private current = new Map<string, Float32Array>();
  /** Where an update writes the next values of what is handed in whole. */
  private next = new Map<string, Float32Array>();
  /** Buffers for touched rows: those handed in, and those that come back. */
  private readonly rowsIn = new Map<string, Float32Array>();
  private readonly rowsOut = new Map<string, Float32Array>();
  private readonly shapes = new Map<string, readonly number[]>();
  /** The sparse table that an array is, or is the optimizer's state of. */
  private readonly tables = new Map<string, string>();

  /**
   * @param trained names of the parameters that learn
   * @param sparse names of the parameters of which steps see only touched rows
   */
  constructor(
    readonly parameters: readonly ParameterSpec[],
    readonly trained: readonly string[],
    readonly optimizer: OptimizerSettings,
    readonly sparse: readonly string[],
  ) {
    for (const { name, shape } of parameters) {
      this.shapes.set(name, shape);
      if (!trained.includes(name)) continue;
      for (const state of optimizerStates(optimizer)) this.shapes.set(updateNames.state(state, name), shape);
    }
    for (const table of sparse) {
      this.tables.set(table, table);
      for (const state of optimizerStates(optimizer)) this.tables.set(updateNames.state(state, table), table);
    }
    for (const [name, shape] of this.shapes) {
      this.current.set(name, new Float32Array(shape.reduce((a, b) => a * b, 1)));
    }
  }

  /** Draws starting values of all parameters; the optimizer's states are zero. */
  initialize(random: (parameter: string) => Uniform): void {
    for (const { name, shape, initialize } of this.parameters) {
      this.current.get(name)!.set(initialize(shape, random(name)));
    }
  }

  /** Numbers in all parameters. */
  get parameterCount(): number {
    return this.parameters.reduce((sum, { name }) => sum + this.current.get(name)!.length, 0);
  }

  /** The current array of a parameter or state; it changes with the next step. */
  array(name: string): Float32Array {
    const array = this.current.get(name);
    if (array === undefined) throw new Error(`There is no array "${name}".`);
    return array;
  }

  /** Names of all arrays with their shapes: parameters and states. */
  all(): ReadonlyMap<string, readonly number[]> {
    return this.shapes;
  }

  /** Current parameters in full. */
  parameterTensors(): NamedTensors {
    return Object.fromEntries(
      this.parameters.map(({ name, shape }) => [name, tensor('float32', shape, this.current.get(name)!)]),
    );
  }

  /** A copy of all parameters, in full. */
  copyParameters(): Map<string, Float32Array> {
    return new Map(this.parameters.map(({ name }) => [name, this.current.get(name)!.slice()]));
  }

  /** Parameters and states as a step is handed them: of a sparse table, only its touched rows. */
  handIn(touched: TouchedRows, names: Iterable<string>): NamedTensors {
    const tensors: Record<string, Tensor<'float32'>> = {};
    for (const name of names) {
      const shape = this.shapes.get(name)!;
      const rows = this.rowsOf(touched, name);
      if (rows === undefined) {
        tensors[name] = tensor('float32', shape, this.current.get(name)!);
        continue;
      }
      const width = shape[1]!;
      const buffer = grown(this.rowsIn, name, rows.length * width);
      const table = this.current.get(name)!;
      for (let at = 0; at < rows.length; at++) copyRow(table, rows[at]! * width, buffer, at * width, width);
      tensors[name] = tensor('float32', [rows.length, width], buffer);
    }
    return tensors;
  }

  /** Tensors for an update to write the next values of `names` into. */
  handOut(touched: TouchedRows, names: Iterable<string>): NamedTensors {
    const tensors: Record<string, Tensor<'float32'>> = {};
    for (const name of names) {
      const dims = this.handedInShape(touched, name);
      const size = dims.reduce((a, b) => a * b, 1);
      const buffers = this.tables.has(name) ? this.rowsOut : this.next;
      tensors[name] = tensor('float32', dims, grown(buffers, name, size));
    }
    return tensors;
  }

  /** Shape of a parameter or state as a step sees it: a sparse table has as many rows as are touched. */
  handedInShape(touched: TouchedRows, name: string): readonly number[] {
    const shape = this.shapes.get(name)!;
    const rows = this.rowsOf(touched, name);
    return rows === undefined ? shape : [rows.length, ...shape.slice(1)];
  }

  /** Makes what an update has written the current values. */
  commit(touched: TouchedRows, names: Iterable<string>): void {
    for (const name of names) {
      const rows = this.rowsOf(touched, name);
      if (rows === undefined) {
        const old = this.current.get(name)!;
        this.current.set(name, this.next.get(name)!);
        this.next.set(name, old);
        continue;
      }
      const width = this.shapes.get(name)![1]!;
      const table = this.current.get(name)!;
      const buffer = this.rowsOut.get(name)!;
      for (let at = 0; at < rows.length; at++) copyRow(buffer, at * width, table, rows[at]! * width, width);
    }
  }

  /** The rows of a sparse table, or of its states; undefined for what is handed in whole. */
  private rowsOf(touched: TouchedRows, name: string): Int32Array | undefined {
    const table = this.tables.get(name);
    return table === undefined ? undefined : touched.get(table)!;
  }
}

/** Parameters by name, as tensors in their shapes. */
export function namedTensors(
  shapes: ReadonlyMap<string, readonly number[]>,
  arrays: ReadonlyMap<string, Float32Array>,
): NamedTensors {
  return Object.fromEntries([...arrays].map(([name, data]) => [name, tensor('float32', shapes.get(name)!, data)]));
}

/** A view of `size` elements on a buffer that grows where it must. */
function grown(buffers: Map<string, Float32Array>, name: string, size: number): Float32Array {
  let buffer = buffers.get(name);
  if (buffer === undefined || buffer.length < size) {
    buffer = new Float32Array(size);
    buffers.set(name, buffer);
  }
  return buffer.length === size ? buffer : buffer.subarray(0, size);
}

/** Rows are short: a loop copies one before a view on it is made. */
function copyRow(from: Float32Array, start: number, to: Float32Array, place: number, width: number): void {
  for (let at = 0; at < width; at++) to[place + at] = from[start + at]!;
}
