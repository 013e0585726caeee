/** What a recurrent cell is: parameters and one pure step. */
import type { Value } from '../../onnx/graph';
import type { FusedResult, FusedWeights, GraphBuilder } from '../../onnx/graphBuilder';
import type { Direction } from '../../onnx/operators';
import type { Initializer } from '../initializers';

/** The cell's recurrent parameters, as a step uses them. */
export interface StepWeights {
  /** `[gates * hidden, hidden]` */
  readonly R: Value;
  /** `[gates * hidden, batch]`, or 1 in place of the batch; null where the cell has one bias only, which is part of the projected input. */
  readonly recurrentBias: Value | null;
}

/** A cell; gates are stacked in ONNX's order. States are feature-major: `[hidden, batch]`. */
export interface Cell {
  readonly gates: number;
  /** Number of states; the first is the output. */
  readonly states: number;
  readonly hasRecurrentBias: boolean;
  /** Whether states may grow without end, so that they must not run on through padding. */
  readonly isUnbounded: boolean;
  /** Starting value of the input bias `[gates * hidden, 1]`. */
  readonly biasInitializer: Initializer;
  /** The next states from the states before and the input's projection `W x + b` `[gates * hidden, batch]`. */
  step(g: GraphBuilder, states: readonly Value[], projected: Value, weights: StepWeights): Value[];
  /**
   * Changes the projections `[time, gates * hidden, batch]` so that states stay exactly zero through padding: before a
   * sequence, and for an unbounded cell after it; `mask` `[time, 1, batch]` is 1 at real steps and 0 at padding.
   */
  holdAtZero(g: GraphBuilder, projected: Value, mask: Value): Value;
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

/** `projected` with `amount` added to the rows of one gate at padding. */
export function shiftGateAtPadding(
  g: GraphBuilder,
  projected: Value,
  mask: Value,
  gate: { readonly index: number; readonly gates: number },
  amount: number,
): Value {
  const rows = projected.shape[1] as number;
  const hidden = rows / gate.gates;
  const amounts = Array.from({ length: rows }, (_, row) => (Math.floor(row / hidden) === gate.index ? amount : 0));
  const padding = g.Sub(g.scalar(1, mask.dtype as 'float32' | 'float64'), mask);
  return g.Add(projected, g.Mul(padding, g.constant(mask.dtype as 'float32' | 'float64', [rows, 1], amounts)));
}
