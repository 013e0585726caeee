/** Undoes broadcasting: the gradient of an operand that was repeated is the sum over its repetitions. */
import { equalShapes, type Shape } from '../onnx/dims';
import type { Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';

/** Sums `gradient` over the axes along which a tensor of `shape` was repeated to reach the gradient's shape. */
export function unbroadcast(g: GraphBuilder, gradient: Value, shape: Shape): Value {
  if (equalShapes(gradient.shape, shape)) return gradient;
  const added = gradient.shape.length - shape.length;
  const repeated = gradient.shape.flatMap((dim, axis) =>
    axis < added || (shape[axis - added] === 1 && dim !== 1) ? [axis] : [],
  );
  // The first axis on its own: whole slices are added up, which runtimes do many times faster than parts of each.
  const [first, ...others] = repeated;
  if (first !== 0 || others.length === 0) return g.Reshape(g.ReduceSum(gradient, repeated), shape);
  return g.Reshape(
    g.ReduceSum(
      g.ReduceSum(gradient, [0]),
      others.map((axis) => axis - 1),
    ),
    shape,
  );
}
