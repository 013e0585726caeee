/** Values, nodes and the graph that holds them: what the operators of the builder have in common. */
import { allocate, type DType, isFloat, type NumericDType, type TypedArray } from './dtypes';
import { type Dim, renderShape, type Shape, termsOf } from './dims';
import type { Operator, OperatorAttributes } from './operators';

/** The result of a node, an input, or a constant; its element type and symbolic shape are known while building. */
export class Value {
  constructor(
    readonly graph: Graph,
    readonly name: string,
    readonly dtype: DType,
    readonly shape: Shape,
    /** The node that computes it; null for an input or a constant. */
    readonly producer: AnyNode | null,
  ) {}

  /** As messages show it: `float32 [time, batch] "ids"`. */
  toString(): string {
    return `${this.dtype} ${renderShape(this.shape)} "${this.name}"`;
  }
}

/** One operator at work. An absent optional input is null. */
export interface Node<O extends Operator = Operator> {
  readonly op: O;
  readonly inputs: readonly (Value | null)[];
  readonly outputs: Value[];
  attributes: OperatorAttributes[O];
  /** The sub-graph that a Scan repeats. */
  readonly body: Graph | null;
}

/** A node whose operator tells its attributes. */
export type AnyNode = { [O in Operator]: Node<O> }[Operator];

/** A tensor that is part of the graph. */
export interface Constant {
  readonly value: Value;
  readonly data: TypedArray | readonly string[];
  /** Shape in numbers. */
  readonly dims: readonly number[];
}

/** Element type and shape of a result. */
export interface OutputSpec {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A graph under construction: nodes stand in the order in which they were built, which is a valid order to run them. */
export class Graph {
  readonly nodes: AnyNode[] = [];
  readonly inputs: Value[] = [];
  /** Results by name, in order. */
  readonly outputs: { name: string; value: Value }[] = [];
  readonly constants: Constant[] = [];
  private readonly root: Graph;
  /** This graph and those around it, innermost first. */
  private readonly scopes: readonly Graph[];
  private counter = 0;
  /** Where the run-time value of a named size is found. */
  private readonly sizes = new Map<string, { value: Value; axis: number }>();
  /** Nodes by operator, inputs and attributes: the same question is computed once. */
  private readonly known = new Map<string, Value[]>();
  private readonly names = new Set<string>();

  constructor(
    readonly label = 'graph',
    readonly parent: Graph | null = null,
  ) {
    this.root = parent === null ? this : parent.root;
    this.scopes = [this, ...(parent?.scopes ?? [])];
  }

  /** Declares an input. A named size in its shape may be used in every later shape. */
  input(name: string, dtype: DType, shape: Shape): Value {
    const value = new Value(this, this.claim(name), dtype, shape, null);
    this.inputs.push(value);
    if (this.parent === null) this.registerSizes(value);
    return value;
  }

  /** Names a result of the graph; no other value of the model has that name. */
  output(name: string, value: Value): Value {
    if (this.outputs.some((output) => output.name === name)) {
      throw new Error(`${this.label}: the output "${name}" is there already.`);
    }
    this.checkScope('output', value);
    this.outputs.push({ name: this.claim(name), value });
    return value;
  }

  /** A tensor that is stored with the graph. `data` holds the elements in row-major order. */
  constant(dtype: NumericDType, dims: readonly number[], data: ArrayLike<number>, name?: string): Value {
    const array: TypedArray = allocate(dtype, data.length);
    if (array instanceof BigInt64Array) for (let at = 0; at < data.length; at++) array[at] = BigInt(data[at]!);
    else (array as Float32Array).set(data);
    return this.tensor(dtype, dims, array, name);
  }

  /** A constant over an array that is used as it is, without a copy. */
  tensor(dtype: DType, dims: readonly number[], data: TypedArray | readonly string[], name?: string): Value {
    const { root } = this;
    const size = dims.reduce((a, b) => a * b, 1);
    if (data.length !== size) {
      throw new Error(`constant ${renderShape(dims)} needs ${size} elements, found ${data.length}.`);
    }
    const key =
      name === undefined && data.length <= 8 ? `${dtype}|${dims.join()}|${Array.from(data, elementKey).join()}` : '';
    const known = key === '' ? undefined : root.known.get(key);
    if (known !== undefined) return known[0]!;
    const value = new Value(root, root.claim(name ?? root.fresh('constant')), dtype, dims, null);
    root.constants.push({ value, data, dims });
    if (key !== '') root.known.set(key, [value]);
    return value;
  }

  /** A constant without axes. */
  scalar(number: number, dtype: NumericDType = 'float32'): Value {
    return this.constant(dtype, [], [number]);
  }

  /** A constant int64 vector. */
  integers(numbers: readonly number[]): Value {
    return this.constant('int64', [numbers.length], numbers);
  }

  /** The elements of a numeric constant, where `value` is one. */
  numbersOf(value: Value): number[] | undefined {
    const data = this.root.constants.find((constant) => constant.value === value)?.data;
    return data === undefined ? undefined : Array.from(data, Number);
  }

  /** An int64 vector with the run-time sizes of `shape`. Computed outside of any loop. */
  sizesOf(shape: Shape): Value {
    if (shape.every((dim) => typeof dim === 'number')) return this.integers(shape);
    if (this.root !== this) return this.root.sizesOf(shape);
    const parts = shape.map((dim) => this.sizeVector(dim));
    if (parts.length === 1) return parts[0]!;
    return this.emit('Concat', parts, { axis: 0 }, [{ dtype: 'int64', shape: [parts.length] }])[0]!;
  }

  /** The run-time value of one dimension as an int64 vector of length 1. */
  private sizeVector(dim: Dim): Value {
    if (typeof dim === 'number') return this.integers([dim]);
    const vector: OutputSpec = { dtype: 'int64', shape: [1] };
    const combine = (op: 'Add' | 'Mul', parts: Value[]): Value =>
      parts.reduce((a, b) => this.emit(op, [a, b], {}, [vector])[0]!);
    const terms = termsOf(dim).map(({ coefficient, names }) => {
      const factors = names.map((name) => {
        const source = this.sizes.get(name);
        if (source === undefined) throw new Error(`No input declares the size "${name}".`);
        const rank = source.value.shape.length;
        const sizes = this.emit('Shape', [source.value], {}, [{ dtype: 'int64', shape: [rank] }])[0]!;
        return this.emit('Gather', [sizes, this.integers([source.axis])], { axis: 0 }, [vector])[0]!;
      });
      if (coefficient !== 1 || factors.length === 0) factors.push(this.integers([coefficient]));
      return combine('Mul', factors);
    });
    return combine('Add', terms);
  }

  /** Adds a node, or finds the equal one that is there. Operators' methods are the way to call it. */
  emit<O extends Operator>(
    op: O,
    inputs: readonly (Value | null)[],
    attributes: OperatorAttributes[O],
    outputs: readonly OutputSpec[],
    body: Graph | null = null,
  ): Value[] {
    for (const value of inputs) if (value !== null) this.checkScope(op, value);
    const key = `${op}(${inputs.map((value) => value?.name ?? '').join()})${JSON.stringify(attributes)}`;
    if (body === null) {
      for (const graph of this.scopes) {
        const known = graph.known.get(key);
        if (known !== undefined) return known;
      }
    }
    const node = { op, inputs, outputs: [], attributes, body } as unknown as AnyNode;
    for (const spec of outputs) this.extend(node, spec);
    this.nodes.push(node);
    if (body === null) this.known.set(key, node.outputs);
    return node.outputs;
  }

  /** Gives a node of this graph one more output. */
  extend(node: AnyNode, spec: OutputSpec): Value {
    const value = new Value(this, this.claim(this.fresh(node.op)), spec.dtype, spec.shape, node);
    node.outputs.push(value);
    return value;
  }

  /** Whether `value` can be used here: it is of this graph or of one around it. */
  sees(value: Value): boolean {
    return this.scopes.includes(value.graph);
  }

  /** A name that no value of the model has yet. */
  fresh(stem: string): string {
    const { root } = this;
    let name: string;
    do name = `${stem.toLowerCase()}${(root.counter++).toString()}`;
    while (root.names.has(name));
    return name;
  }

  private claim(name: string): string {
    const { names } = this.root;
    if (names.has(name)) throw new Error(`${this.label}: the name "${name}" is taken.`);
    names.add(name);
    return name;
  }

  private registerSizes(value: Value): void {
    value.shape.forEach((dim, axis) => {
      if (typeof dim === 'string' && !this.sizes.has(dim)) this.sizes.set(dim, { value, axis });
    });
  }

  private checkScope(use: string, value: Value): void {
    if (!this.sees(value))
      throw new Error(`${use}: ${value.toString()} belongs to another graph (${value.graph.label}).`);
  }
}

/** Text that tells elements apart: a comma within a string from one between two, and -0 from 0. */
function elementKey(element: number | bigint | string): string {
  if (typeof element === 'string') return JSON.stringify(element);
  return Object.is(element, -0) ? '-0' : String(element);
}

/** Throws unless the value is a floating-point tensor. */
export function requireFloat(op: string, value: Value): void {
  if (!isFloat(value.dtype)) throw new Error(`${op}: expected a floating-point tensor, found ${value.toString()}.`);
}

/** Throws unless the value can be calculated with. */
export function requireNumbers(op: string, value: Value): void {
  if (value.dtype === 'bool' || value.dtype === 'string') {
    throw new Error(`${op}: expected numbers, found ${value.toString()}.`);
  }
}

/** An element-wise graph over vectors of one length, and scalars, whose outputs take the place of inputs. */
export interface InPlaceGraph {
  readonly graph: Graph;
  /** By output the vector that it is written over. */
  readonly into: Readonly<Record<string, string>>;
}
