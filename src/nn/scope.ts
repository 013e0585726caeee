/** Where a model's pieces find their parameters: inputs of a training graph, or constants of an exported one. */
import type { Dim, Shape } from '../onnx/dims';
import type { Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';
import type { Initializer } from './initializers';

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialize: Initializer;
}

/** A random 0-or-scale mask that training feeds at every step. */
export interface DropoutSite {
  /** Name of the graph's input. */
  readonly name: string;
  readonly shape: Shape;
  /** Share of elements that are dropped, 0…1. */
  readonly rate: number;
}

/** Hands a model's pieces their parameters and dropout masks by name, and records what was asked for. */
export interface Scope {
  readonly g: GraphBuilder;
  parameter(name: string, shape: readonly number[], initialize: Initializer): Value;
  /** `x` with elements dropped and the rest scaled by 1 / (1 - rate); `x` itself outside of training. */
  dropout(name: string, x: Value, rate: number): Value;
  /** The mask of `dropout` for a place inside of a loop, where one mask serves all steps; null outside of training. */
  dropoutMask(name: string, shape: Shape, rate: number): Value | null;
}

/** A scope whose parameters and masks are inputs of the graph. */
export class InputScope implements Scope {
  readonly parameters = new Map<string, { spec: ParameterSpec; value: Value }>();
  readonly dropouts: DropoutSite[] = [];

  constructor(
    readonly g: GraphBuilder,
    private readonly training: boolean,
    /** First dimension of parameters of which a run sees only some rows, by name. */
    private readonly rowSymbols: ReadonlyMap<string, Dim> = new Map(),
  ) {}

  parameter(name: string, shape: readonly number[], initialize: Initializer): Value {
    const known = this.parameters.get(name);
    if (known !== undefined) return known.value;
    const rows = this.rowSymbols.get(name);
    const value = this.g.input(name, 'float32', rows === undefined ? shape : [rows, ...shape.slice(1)]);
    this.parameters.set(name, { spec: { name, shape, initialize }, value });
    return value;
  }

  dropout(name: string, x: Value, rate: number): Value {
    const mask = this.dropoutMask(name, x.shape, rate);
    return mask === null ? x : this.g.Mul(x, mask);
  }

  dropoutMask(name: string, shape: Shape, rate: number): Value | null {
    if (!this.training || rate === 0) return null;
    const mask = this.g.input(`dropout.${name}`, 'float32', shape);
    this.dropouts.push({ name: mask.name, shape, rate });
    return mask;
  }
}

/** A scope whose parameters are given arrays, stored with the graph. */
export class ConstantScope implements Scope {
  private readonly known = new Map<string, Value>();

  constructor(
    readonly g: GraphBuilder,
    private readonly arrays: ReadonlyMap<string, Float32Array>,
  ) {}

  /** The array of a parameter, for pieces that pack several into one constant. */
  array(name: string): Float32Array {
    const array = this.arrays.get(name);
    if (array === undefined) throw new Error(`There is no parameter "${name}".`);
    return array;
  }

  parameter(name: string, shape: readonly number[]): Value {
    let value = this.known.get(name);
    if (value === undefined) {
      value = this.g.tensor('float32', shape, this.array(name), name);
      this.known.set(name, value);
    }
    return value;
  }

  dropout(_name: string, x: Value): Value {
    return x;
  }

  dropoutMask(): null {
    return null;
  }
}
