/** Losses of forecasts as graphs. */
import type { Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';

/** Squared errors, or Huber's: squared up to `delta` and straight beyond, so that outliers pull less. */
export type RegressionLoss = { readonly type: 'mse' } | { readonly type: 'huber'; readonly delta: number };

/**
 * Σ loss(e) / normaliser over all errors. mse: e². huber (Huber 1964, as PyTorch's HuberLoss): e² / 2 where |e| ≤ δ, else
 * δ (|e| − δ / 2).
 * @param normaliser scalar: how many errors the whole batch has, where this graph sees only a part of it
 */
export function regressionLoss(g: GraphBuilder, errors: Value, normaliser: Value, loss: RegressionLoss): Value {
  const axes = errors.shape.map((_, axis) => axis);
  if (loss.type === 'mse') return g.Div(g.ReduceSumSquare(errors, axes), normaliser);
  const dtype = errors.dtype as 'float32' | 'float64';
  const size = g.Abs(errors);
  const delta = g.scalar(loss.delta, dtype);
  const squared = g.Mul(g.Mul(errors, errors), g.scalar(0.5, dtype));
  const straight = g.Mul(delta, g.Sub(size, g.scalar(loss.delta / 2, dtype)));
  return g.Div(g.ReduceSum(g.Where(g.Greater(size, delta), straight, squared), axes), normaliser);
}
