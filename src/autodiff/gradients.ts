/** Reverse-mode differentiation: adds to a graph the nodes that compute a scalar's gradients. */
import { requireFloat, type Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';
import { scanGradient } from './scanGradient';
import { dependents, Gradients, walkBack } from './walk';

/**
 * ∂loss/∂value for each of `wrt`, in its shape and element type; zeros where the loss does not depend on it. `loss` is a
 * scalar of `g`. A Scan that the gradient passes through gains stacked outputs that its backward Scan reads.
 */
export function gradientsOf(g: GraphBuilder, loss: Value, wrt: readonly Value[]): Value[] {
  if (loss.shape.length !== 0) throw new Error(`The loss is a scalar; found ${loss.toString()}.`);
  for (const value of [loss, ...wrt]) requireFloat('gradient', value);
  const nodes = [...g.nodes];
  const gradients = new Gradients(g);
  gradients.add(loss, g.scalar(1, loss.dtype as 'float32' | 'float64'));
  walkBack({
    g,
    nodes,
    gradients,
    active: dependents(nodes, wrt),
    resolve: (value) => value,
    scan: scanGradient,
  });
  return wrt.map((value) => gradients.get(value) ?? g.zeros(value.shape, value.dtype as 'float32' | 'float64'));
}
