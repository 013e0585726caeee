/** The typed builder of ONNX graphs: an operator is a method, and a wrong graph fails at the line that builds it. */
import { broadcastShapes, type Dim, equalShapes, renderShape, type Shape } from './dims';
import type { DType } from './dtypes';
import { type Node, requireFloat, requireNumbers, type Value } from './graph';
import type { Direction, Operator } from './operators';
import { ShapeOperators } from './shapeOperators';

type Reduction = Extract<Operator, 'ReduceLogSumExp' | 'ReduceMax' | 'ReduceMean' | 'ReduceSum' | 'ReduceSumSquare'>;

/** Weights of a fused recurrent operator, in ONNX's layout and gate order (LSTM i, o, f, c; GRU z, r, h). */
export interface FusedWeights {
  /** `[directions, gates * hidden, input]` */
  readonly W: Value;
  /** `[directions, gates * hidden, hidden]` */
  readonly R: Value;
  /** `[directions, 2 * gates * hidden]`: input biases, then recurrent biases. */
  readonly B: Value;
}

/** What one step of a Scan computes from its states and scanned inputs. */
export interface ScanStep {
  readonly states: readonly Value[];
  readonly outputs: readonly Value[];
}

export interface ScanOptions {
  /** Which scanned inputs are read from the end; default none. */
  readonly reverseInputs?: readonly boolean[];
  /** Which stacked outputs are written from the end; default none. */
  readonly reverseOutputs?: readonly boolean[];
}

/** The parts of a Scan whose body is built already; each part's place in the body and outside of it. */
export interface Loop {
  readonly states: readonly { readonly initial: Value; readonly inner: Value; readonly next: Value }[];
  readonly scanned: readonly { readonly outer: Value; readonly inner: Value; readonly fromEnd: boolean }[];
  readonly outputs: readonly { readonly value: Value; readonly fromEnd: boolean }[];
}

/** The whole builder: products, reductions, loops and fused layers on top of the other operators. */
export class GraphBuilder extends ShapeOperators {
  /**
   * The matrix product over the last two axes; leading axes broadcast. Both operands have at least two axes: a vector is
   * a matrix here, so that its gradient has one form.
   */
  MatMul(a: Value, b: Value): Value {
    requireFloat('MatMul', a);
    const [rows, inner] = a.shape.slice(-2);
    const [innerB, columns] = b.shape.slice(-2);
    const leading = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const fits = a.shape.length >= 2 && b.shape.length >= 2 && a.dtype === b.dtype && inner === innerB;
    if (!fits || leading === undefined) throw new Error(`MatMul: ${a.toString()} and ${b.toString()} do not multiply.`);
    return this.emit('MatMul', [a, b], {}, [{ dtype: a.dtype, shape: [...leading, rows!, columns!] }])[0]!;
  }

  Softmax(x: Value, axis: number): Value {
    requireFloat('Softmax', x);
    return this.emit('Softmax', [x], { axis: this.axis('Softmax', x, axis) }, [x])[0]!;
  }
  LogSoftmax(x: Value, axis: number): Value {
    requireFloat('LogSoftmax', x);
    return this.emit('LogSoftmax', [x], { axis: this.axis('LogSoftmax', x, axis) }, [x])[0]!;
  }
  /** Index of the largest element along an axis, int64, that axis dropped. */
  ArgMax(x: Value, axis: number): Value {
    requireNumbers('ArgMax', x);
    const along = this.axis('ArgMax', x, axis);
    const shape = x.shape.filter((_, at) => at !== along);
    return this.emit('ArgMax', [x], { axis: along, keepdims: 0 }, [{ dtype: 'int64', shape }])[0]!;
  }

  ReduceSum(x: Value, axes: readonly number[], keepdims: 0 | 1 = 0): Value {
    return this.reduce('ReduceSum', x, axes, keepdims);
  }
  ReduceMean(x: Value, axes: readonly number[], keepdims: 0 | 1 = 0): Value {
    return this.reduce('ReduceMean', x, axes, keepdims);
  }
  ReduceMax(x: Value, axes: readonly number[], keepdims: 0 | 1 = 0): Value {
    return this.reduce('ReduceMax', x, axes, keepdims);
  }
  ReduceSumSquare(x: Value, axes: readonly number[], keepdims: 0 | 1 = 0): Value {
    return this.reduce('ReduceSumSquare', x, axes, keepdims);
  }
  ReduceLogSumExp(x: Value, axes: readonly number[], keepdims: 0 | 1 = 0): Value {
    return this.reduce('ReduceLogSumExp', x, axes, keepdims);
  }

  /**
   * Repeats a step over time. `states` are the initial states; `scanned` inputs are cut along their first axis, of one
   * common length. `step` builds one repetition in a sub-graph, which may use any value of the graphs around it.
   * Returns the final states and the outputs of every step, stacked along a new first axis.
   */
  Scan(
    states: readonly Value[],
    scanned: readonly Value[],
    step: (body: GraphBuilder, states: Value[], inputs: Value[]) => ScanStep,
    options: ScanOptions = {},
  ): { states: Value[]; outputs: Value[] } {
    const length = scanned[0]?.shape[0];
    if (length === undefined) throw new Error('Scan: expected at least one scanned input with a time axis.');
    for (const value of scanned) {
      if (value.shape[0] !== length)
        throw new Error(`Scan: ${value.toString()} has not the length ${length} of the others.`);
    }
    const body = new GraphBuilder(this.fresh('step'), this);
    const inner = (value: Value, shape: Shape): Value => body.input(this.fresh('at'), value.dtype, shape);
    const stepStates = states.map((value) => inner(value, value.shape));
    const stepInputs = scanned.map((value) => inner(value, value.shape.slice(1)));
    const result = step(body, stepStates, stepInputs);
    if (result.states.length !== states.length) throw new Error(`Scan: expected ${states.length} states of the step.`);
    result.states.forEach((value, at) => {
      if (!equalShapes(value.shape, states[at]!.shape) || value.dtype !== states[at]!.dtype) {
        throw new Error(`Scan: the step makes ${value.toString()} of ${states[at]!.toString()}.`);
      }
    });
    const results = this.loop(body, {
      states: states.map((initial, at) => ({ initial, inner: stepStates[at]!, next: result.states[at]! })),
      scanned: scanned.map((outer, at) => ({
        outer,
        inner: stepInputs[at]!,
        fromEnd: options.reverseInputs?.[at] === true,
      })),
      outputs: result.outputs.map((value, at) => ({ value, fromEnd: options.reverseOutputs?.[at] === true })),
    });
    return { states: results.slice(0, states.length), outputs: results.slice(states.length) };
  }

  /** A Scan over a body that is built already; returns final states, then stacked outputs. */
  loop(body: GraphBuilder, { states, scanned, outputs }: Loop): Value[] {
    body.inputs.splice(0, body.inputs.length, ...[...states, ...scanned].map(({ inner }) => inner));
    for (const { next } of states) addBodyOutput(body, next);
    for (const { value } of outputs) addBodyOutput(body, value);
    const time = scanned[0]!.outer.shape[0]!;
    const flags = (ports: readonly { fromEnd: boolean }[]): (0 | 1)[] => ports.map(({ fromEnd }) => (fromEnd ? 1 : 0));
    return this.emit(
      'Scan',
      [...states.map(({ initial }) => initial), ...scanned.map(({ outer }) => outer)],
      {
        num_scan_inputs: scanned.length,
        scan_input_directions: flags(scanned),
        scan_output_directions: flags(outputs),
      },
      [
        ...states.map(({ next }) => next),
        ...outputs.map(({ value }) => ({ dtype: value.dtype, shape: [time, ...value.shape] })),
      ],
      body,
    );
  }

  /**
   * How often each n-gram occurs in each row of int64 `ids` [batch, time]: [batch, n-grams] in the order of the pool.
   * @param pool n-grams one after the other, by rising length
   * @param counts how many there are of each length from 1 to the longest
   */
  TfIdfVectorizer(ids: Value, pool: readonly number[], counts: readonly number[], least: number): Value {
    const [batch] = ids.shape;
    const size = counts.reduce((sum, count) => sum + count, 0);
    const numbers = counts.reduce((sum, count, at) => sum + count * (at + 1), 0);
    if (ids.shape.length !== 2 || ids.dtype !== 'int64' || pool.length !== numbers) {
      throw new Error(`TfIdfVectorizer: ${size} n-grams of ${numbers} numbers do not fit ${ids.toString()}.`);
    }
    const starts = counts.map((_, at) =>
      counts.slice(0, at).reduce((sum, count, before) => sum + count * (before + 1), 0),
    );
    const attributes = {
      mode: 'TF',
      min_gram_length: least,
      max_gram_length: counts.length,
      max_skip_count: 0,
      ngram_counts: starts,
      ngram_indexes: Array.from({ length: size }, (_, at) => at),
      pool_int64s: pool,
    } as const;
    return this.emit('TfIdfVectorizer', [ids], attributes, [{ dtype: 'float32', shape: [batch!, size] }])[0]!;
  }

  /**
   * The runtime's fused LSTM over `x` [time, batch, input]; int32 `lengths` [batch], or null where all are full. Starts from
   * `initial`, h and c of [directions, batch, hidden], or from zeros.
   */
  LSTM(
    x: Value,
    weights: FusedWeights,
    lengths: Value | null,
    hidden: number,
    direction: Direction,
    initial: readonly Value[] = [],
  ): FusedResult {
    return this.recurrent('LSTM', x, weights, lengths, { hidden_size: hidden, direction }, 4, initial);
  }
  /** The runtime's fused GRU in PyTorch's form (`linear_before_reset`); lengths and `initial`, here h, as for the LSTM. */
  GRU(
    x: Value,
    weights: FusedWeights,
    lengths: Value | null,
    hidden: number,
    direction: Direction,
    initial: readonly Value[] = [],
  ): FusedResult {
    const attributes = { hidden_size: hidden, direction, linear_before_reset: 1 } as const;
    return this.recurrent('GRU', x, weights, lengths, attributes, 3, initial);
  }
  /** The runtime's fused RNN with one activation; lengths and `initial`, here h, as for the LSTM. */
  RNN(
    x: Value,
    weights: FusedWeights,
    lengths: Value | null,
    hidden: number,
    direction: Direction,
    activation: 'Tanh' | 'Relu',
    initial: readonly Value[] = [],
  ): FusedResult {
    const activations = direction === 'bidirectional' ? [activation, activation] : [activation];
    return this.recurrent('RNN', x, weights, lengths, { hidden_size: hidden, direction, activations }, 1, initial);
  }

  private recurrent<O extends 'LSTM' | 'GRU' | 'RNN'>(
    op: O,
    x: Value,
    weights: FusedWeights,
    lengths: Value | null,
    attributes: Parameters<typeof this.emit<O>>[2],
    gates: number,
    initial: readonly Value[],
  ): FusedResult {
    const [time, batch, input] = x.shape as [Dim, Dim, Dim];
    if (x.shape.length !== 3 || x.dtype !== 'float32') {
      throw new Error(`${op}: expected float32 [time, batch, input], found ${x.toString()}.`);
    }
    const { hidden_size: hidden, direction } = attributes;
    const directions = direction === 'bidirectional' ? 2 : 1;
    const expected: [Value, DType, Shape][] = [
      [weights.W, 'float32', [directions, gates * hidden, input]],
      [weights.R, 'float32', [directions, gates * hidden, hidden]],
      [weights.B, 'float32', [directions, 2 * gates * hidden]],
      ...(lengths === null ? [] : [[lengths, 'int32', [batch]] as [Value, DType, Shape]]),
      ...initial.map((state): [Value, DType, Shape] => [state, 'float32', [directions, batch, hidden]]),
    ];
    for (const [value, dtype, shape] of expected) {
      if (value.dtype !== dtype || !equalShapes(value.shape, shape)) {
        throw new Error(`${op}: expected ${dtype} ${renderShape(shape)}, found ${value.toString()}.`);
      }
    }
    const state = { dtype: x.dtype, shape: [directions, batch, hidden] };
    const states = Array<typeof state>(Math.max(1, initial.length)).fill(state);
    const [Y, ...finals] = this.emit(op, [x, weights.W, weights.R, weights.B, lengths, ...initial], attributes, [
      { dtype: x.dtype, shape: [time, directions, batch, hidden] },
      ...states,
    ]);
    return { Y: Y!, Y_h: finals[0]!, finals };
  }

  private reduce(op: Reduction, x: Value, axes: readonly number[], keepdims: 0 | 1): Value {
    requireFloat(op, x);
    const along = this.axes(op, x, axes);
    // Over no axes every element is reduced alone; ONNX would take an empty list for all axes.
    if (along.length === 0) return op === 'ReduceSumSquare' ? this.Mul(x, x) : x;
    const shape = keepdims
      ? x.shape.map((dim, at) => (along.includes(at) ? 1 : dim))
      : x.shape.filter((_, at) => !along.includes(at));
    return this.emit(op, [x, this.integers(along)], { keepdims }, [{ dtype: x.dtype, shape }])[0]!;
  }
}

/** `Y` [time, directions, batch, hidden] and the last real states `Y_h` [directions, batch, hidden]. */
export interface FusedResult {
  readonly Y: Value;
  readonly Y_h: Value;
  /** The last real states in the shape and order of the initial ones; only `Y_h` where none were given. */
  readonly finals: readonly Value[];
}

/** Lets a Scan stack one more value of its body, in the order of its iterations. */
export function addScanOutput(scan: Node<'Scan'>, value: Value): Value {
  addBodyOutput(scan.body as GraphBuilder, value);
  const directions = [...scan.attributes.scan_output_directions, 0 as const];
  scan.attributes = { ...scan.attributes, scan_output_directions: directions };
  const time = scan.inputs.at(-1)!.shape[0]!;
  return scan.outputs[0]!.graph.extend(scan, { dtype: value.dtype, shape: [time, ...value.shape] });
}

/**
 * Adds a result to the body of a Scan. A result has a node of its own in the body, as ONNX wants it: a value that is an
 * input, comes from outside or is a result already is copied.
 */
function addBodyOutput(body: GraphBuilder, value: Value): void {
  const own = value.graph === body && value.producer !== null && !body.outputs.some((output) => output.value === value);
  let result = value;
  if (!own)
    do result = body.Identity(result);
    while (result.graph !== body || body.outputs.some((output) => output.value === result));
  body.output(body.fresh('result'), result);
}
