/** What a recurrent cell is: parameters and one pure step. */
import type { Value } from '../../onnx/graph';
import type { FusedResult, FusedWeights, GraphBuilder } from '../../onnx/graphBuilder';
import type { Direction } from '../../onnx/operators';
import type { Initializer } from '../initializers';

/** The cell's recurrent parameters, as a step uses them. */
export interface StepWeights {
  /** By part, `[rows, hidden]` each. */
  readonly R: readonly Value[];
  /** `[hidden, batch]`, or 1 in place of the batch: the bias of `innerBiasGate`; null where the cell has none. */
  readonly innerBias: Value | null;
}

/**
 * A cell; gates are in ONNX's order, in parts: one of all gates stacked, or one for each. States are feature-major:
 * `[hidden, batch]`.
 */
export interface Cell {
  readonly gates: number;
  /** Whether all gates are one part, so that one product makes them all, but has to be taken apart. */
  readonly isJoint: boolean;
  /** Number of states; the first is the output. */
  readonly states: number;
  /**
   * The gate whose recurrent bias acts within the step, where no input bias can stand for it, so that the cell has two biases
   * a gate; null where one is enough.
   */
  readonly innerBiasGate: number | null;
  /** Whether states may grow without end, so that they must not run on through padding. */
  readonly isUnbounded: boolean;
  /** Starting value of the input bias `[gates * hidden, 1]`. */
  readonly biasInitializer: Initializer;
  /** The next states from the states before and the input's projections `W x + b` by part, `[rows, batch]` each. */
  step(g: GraphBuilder, states: readonly Value[], projected: readonly Value[], weights: StepWeights): Value[];
  /**
   * Changes the projections, `[time, rows, batch]` each, so that states stay exactly zero through padding: before a
   * sequence, and for an unbounded cell after it; `mask` `[time, 1, batch]` is 1 at real steps and 0 at padding.
   */
  holdAtZero(g: GraphBuilder, projected: readonly Value[], mask: Value): Value[];
  /** The same layer as the runtime's fused operator; `lengths` null where all are full, `initial` empty for zeros. */
  fused(
    g: GraphBuilder,
    x: Value,
    weights: FusedWeights,
    lengths: Value | null,
    hidden: number,
    direction: Direction,
    initial?: readonly Value[],
  ): FusedResult;
}

/** A pre-activation at which float32 sigmoids are exactly 0 or 1. */
export const saturated = 1e4;

/** A part's projections with `amount` added to the rows of one of its gates at padding. */
export function shiftGateAtPadding(
  g: GraphBuilder,
  projected: Value,
  mask: Value,
  gate: { readonly index: number; readonly gates: number },
  amount: number,
): Value {
  const dtype = mask.dtype as 'float32' | 'float64';
  const rows = projected.shape[1] as number;
  const hidden = rows / gate.gates;
  const amounts = Array.from({ length: rows }, (_, row) => (Math.floor(row / hidden) === gate.index ? amount : 0));
  const padding = g.Sub(g.scalar(1, dtype), mask);
  return g.Add(projected, g.Mul(padding, g.constant(dtype, [rows, 1], amounts)));
}
