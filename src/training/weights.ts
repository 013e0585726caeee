/** The numbers of a model in training: parameters and the optimizer's states. An update changes them in place. */
import type { Block, Heap } from '../kernels/heap';
import { optimizerStates, type OptimizerSettings, updateNames } from '../nn/optimizers';
import type { ParameterSpec } from '../nn/scope';
import type { Uniform } from '../nn/initializers';
import { tensor } from '../runtime/session';
import type { ParameterArray } from './fedTensors';
import type { NamedTensors } from './shard';

/** Arrays by name; `embedding` names the parameter, `mean.embedding` its state. */
export class Weights {
  private readonly blocks = new Map<string, Block>();
  private readonly shapes = new Map<string, readonly number[]>();

  /** @param trained names of the parameters that learn */
  constructor(
    private readonly heap: Heap,
    readonly parameters: readonly ParameterSpec[],
    readonly trained: readonly string[],
    readonly optimizer: OptimizerSettings,
  ) {
    for (const { name, shape } of parameters) {
      this.add(name, shape);
      if (!trained.includes(name)) continue;
      for (const state of optimizerStates(optimizer)) this.add(updateNames.state(state, name), shape);
    }
  }

  /** Draws starting values of all parameters; the optimizer's states are zero. */
  initialize(random: (parameter: string) => Uniform): void {
    for (const { name, shape, initialize } of this.parameters) {
      this.array(name).set(initialize(shape, random(name)));
    }
  }

  /** Numbers in all parameters. */
  get parameterCount(): number {
    return this.parameters.reduce((sum, { name }) => sum + this.block(name).length, 0);
  }

  /** The array of a parameter or state, valid until the next step, which changes it. */
  array(name: string): Float32Array {
    return this.heap.view(this.block(name));
  }

  /** Where an array stands in the heap. */
  block(name: string): Block {
    const block = this.blocks.get(name);
    if (block === undefined) throw new Error(`There is no array "${name}".`);
    return block;
  }

  /** Names of all arrays with their shapes: parameters and states. */
  all(): ReadonlyMap<string, readonly number[]> {
    return this.shapes;
  }

  /** The parameters with their arrays, valid until the next step. */
  parameterArrays(): ParameterArray[] {
    return this.parameters.map(({ name, shape }) => ({ name, shape, array: this.array(name) }));
  }

  /** A copy of all parameters. */
  copyParameters(): Map<string, Float32Array> {
    return new Map(this.parameters.map(({ name }) => [name, this.array(name).slice()]));
  }

  private add(name: string, shape: readonly number[]): void {
    this.shapes.set(name, shape);
    this.blocks.set(name, this.heap.allocate(shape.reduce((a, b) => a * b, 1)));
  }
}

/** Parameters by name, as tensors in their shapes. */
export function namedTensors(
  shapes: ReadonlyMap<string, readonly number[]>,
  arrays: ReadonlyMap<string, Float32Array>,
): NamedTensors {
  return Object.fromEntries([...arrays].map(([name, data]) => [name, tensor('float32', shapes.get(name)!, data)]));
}
