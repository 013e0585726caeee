/** Recurrent layers: a cell repeated over time, in one or both directions, as a loop or as the runtime's operator. */
import type { Dim } from '../onnx/dims';
import type { Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';
import type { Cell } from './cells/cell';
import { glorotUniform, orthogonal, perGate, zeros } from './initializers';
import type { ConstantScope, Scope } from './scope';

export interface RecurrentOptions {
  readonly cell: Cell;
  readonly hidden: number;
  readonly bidirectional: boolean;
}

/** Which steps of a padded batch are real; null where all sequences have the full length. Padding is on the right. */
export interface Padding {
  /** `[time, 1, batch]`: 1 at real steps, 0 at padding. */
  readonly mask: Value;
  /** `[time, 1, batch]`: 1 at the last real step, 0 elsewhere. */
  readonly last: Value;
}

export interface LayerResult {
  /** Outputs of every step, `[time, directions * hidden, batch]`; meaningless at padding. */
  readonly outputs: Value;
  /** The states after each direction's last real step, `[directions * hidden, batch]`. */
  readonly final: Value;
  /**
   * All states after the last step, padding included, in the order of the initial ones: of a loop `[hidden, batch]` each,
   * direction by direction; of the runtime's operator `[directions, batch, hidden]` each.
   */
  readonly states: readonly Value[];
}

const directionNames = ['forward', 'backward'] as const;
type DirectionName = (typeof directionNames)[number];

function directionsOf(options: RecurrentOptions): readonly DirectionName[] {
  return options.bidirectional ? directionNames : ['forward'];
}

/**
 * A layer as a loop that can be differentiated; `x` is feature-major, `[time, input, batch]`.
 * @param initial states before the first step, `[hidden, batch]` each, the cell's states for each direction; null for zeros
 */
export function recurrentLayer(
  scope: Scope,
  name: string,
  x: Value,
  options: RecurrentOptions,
  padding: Padding | null,
  initial: readonly Value[] | null = null,
): LayerResult {
  const { g } = scope;
  const { states } = options.cell;
  const results = directionsOf(options).map((direction, at) => {
    const own = initial?.slice(at * states, (at + 1) * states) ?? null;
    return oneDirection(scope, `${name}.${direction}`, direction, x, options, padding, own);
  });
  return {
    outputs: g.Concat(
      results.map((result) => result.outputs),
      1,
    ),
    final: g.Concat(
      results.map((result) => result.final),
      0,
    ),
    states: results.flatMap((result) => result.states),
  };
}

function oneDirection(
  scope: Scope,
  name: string,
  direction: DirectionName,
  x: Value,
  { cell, hidden }: RecurrentOptions,
  padding: Padding | null,
  initial: readonly Value[] | null,
): LayerResult {
  const { g } = scope;
  const [, input, batch] = x.shape as [Dim, number, Dim];
  const { W, R, biases, innerBias } = recurrentParameters(scope, name, cell, input, hidden);
  // Biases in the batch's width: a runtime adds whole slices faster than it repeats a number within them.
  const wide = (bias: Value): Value => g.Expand(bias, [bias.shape[0]!, batch]);
  const wideInnerBias = innerBias === null ? null : wide(innerBias);
  let projected = inParts(g, W, cell).map((weights, part) => g.Add(g.MatMul(weights, x), wide(biases[part]!)));
  const backward = direction === 'backward';
  // Backwards, the padding comes first; forwards it comes last, where it changes nothing that is read unless it overflows.
  if (padding !== null && (backward || cell.isUnbounded)) projected = cell.holdAtZero(g, projected, padding.mask);
  const { states, outputs } = g.Scan(
    initial ?? Array<Value>(cell.states).fill(g.zeros([hidden, batch], x.dtype as 'float32' | 'float64')),
    projected,
    (body, before, now) => {
      const next = cell.step(body, before, now, { R, innerBias: wideInnerBias });
      return { states: next, outputs: [next[0]!] };
    },
    { reverseInputs: projected.map(() => backward), reverseOutputs: [backward] },
  );
  const final = backward || padding === null ? states[0]! : g.ReduceSum(g.Mul(outputs[0]!, padding.last), [0]);
  return { outputs: outputs[0]!, final, states };
}

/** The parameters of one direction of a layer, or of a cell that a loop of its own repeats. */
export function recurrentParameters(
  scope: Scope,
  name: string,
  cell: Cell,
  input: number,
  hidden: number,
): LayerParameters {
  const { g } = scope;
  const rows = cell.gates * hidden;
  const W = scope.parameter(`${name}.W`, [rows, input], perGate(cell.gates, glorotUniform));
  const R = inParts(g, scope.parameter(`${name}.R`, [rows, hidden], perGate(cell.gates, orthogonal)), cell);
  const biases = inParts(g, scope.parameter(`${name}.b`, [rows, 1], cell.biasInitializer), cell);
  if (cell.innerBiasGate === null) return { W, R, biases, innerBias: null };
  const recurrent = inParts(g, scope.parameter(`${name}.rb`, [rows, 1], zeros), cell);
  const sums = biases.map((bias, gate) => (gate === cell.innerBiasGate ? bias : g.Add(bias, recurrent[gate]!)));
  return { W, R, biases: sums, innerBias: recurrent[cell.innerBiasGate]! };
}

/** A direction's parameters, ready for use. */
export interface LayerParameters {
  /** Weights of the input, `[gates * hidden, input]`. */
  readonly W: Value;
  /** Weights of the state by part of the cell, `[rows, hidden]` each. */
  readonly R: readonly Value[];
  /** What is added to the input's projection by part, `[rows, 1]` each: its bias, and the recurrent one where that is the same. */
  readonly biases: readonly Value[];
  /** The recurrent bias that is not the same, `[hidden, 1]`; null where there is none. */
  readonly innerBias: Value | null;
}

/** The parts of a value whose first axis has a cell's gates one behind the other. */
export function inParts(g: GraphBuilder, value: Value, { gates, isJoint }: Cell): Value[] {
  return isJoint ? [value] : g.Split(value, Array<number>(gates).fill((value.shape[0] as number) / gates), 0);
}

/**
 * The same layer as the runtime's fused operator, for export. `x` is `[time, batch, input]`; int32 `lengths` `[batch]`, or
 * null where all are full; `initial` states are `[directions, batch, hidden]` each, zeros where there are none. `outputs` is `[time, batch, directions * hidden]`, zero at padding; `final` is `[batch, directions * hidden]`.
 */
export function fusedLayer(
  scope: ConstantScope,
  name: string,
  x: Value,
  lengths: Value | null,
  options: RecurrentOptions,
  initial: readonly Value[] = [],
): LayerResult {
  const { g } = scope;
  const { cell, hidden } = options;
  const [time, batch, input] = x.shape as [Dim, Dim, number];
  const directions = directionsOf(options);
  const rows = cell.gates * hidden;
  const packed = (suffix: string, dims: readonly number[], parts: (direction: string) => Float32Array[]): Value => {
    const data = new Float32Array(dims.reduce((a, b) => a * b, 1));
    let at = 0;
    for (const part of directions.flatMap((direction) => parts(`${name}.${direction}`))) {
      data.set(part, at);
      at += part.length;
    }
    return g.tensor('float32', dims, data, `${name}.${suffix}`);
  };
  const weights = {
    W: packed('W', [directions.length, rows, input], (prefix) => [scope.array(`${prefix}.W`)]),
    R: packed('R', [directions.length, rows, hidden], (prefix) => [scope.array(`${prefix}.R`)]),
    B: packed('B', [directions.length, 2 * rows], (prefix) => [
      scope.array(`${prefix}.b`),
      cell.innerBiasGate !== null ? scope.array(`${prefix}.rb`) : new Float32Array(rows),
    ]),
  };
  const direction = options.bidirectional ? 'bidirectional' : 'forward';
  const { Y, Y_h, finals } = cell.fused(g, x, weights, lengths, hidden, direction, initial);
  const features = directions.length * hidden;
  return {
    outputs: g.Reshape(g.Transpose(Y, [0, 2, 1, 3]), [time, batch, features]),
    final: g.Reshape(g.Transpose(Y_h, [1, 0, 2]), [batch, features]),
    states: finals,
  };
}

/** Reads the packed weights of `fusedLayer` back into one array a parameter, by parameter name. */
export function unpackFused(
  name: string,
  { cell, hidden, bidirectional }: RecurrentOptions,
  input: number,
  packed: { W: Float32Array; R: Float32Array; B: Float32Array },
): Map<string, Float32Array> {
  const rows = cell.gates * hidden;
  const arrays = new Map<string, Float32Array>();
  (bidirectional ? directionNames : directionNames.slice(0, 1)).forEach((direction, at) => {
    const part = (data: Float32Array, size: number, offset = 0, stride = size): Float32Array =>
      data.slice(at * stride + offset, at * stride + offset + size);
    arrays.set(`${name}.${direction}.W`, part(packed.W, rows * input));
    arrays.set(`${name}.${direction}.R`, part(packed.R, rows * hidden));
    arrays.set(`${name}.${direction}.b`, part(packed.B, rows, 0, 2 * rows));
    if (cell.innerBiasGate !== null) arrays.set(`${name}.${direction}.rb`, part(packed.B, rows, rows, 2 * rows));
  });
  return arrays;
}
