/** The derivative of MatMul: a factor that was repeated along leading axes gets its sum as one product, not as many. */
import type { Shape } from '../onnx/dims';
import type { Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';
import type { Rule } from './rule';

/**
 * y = a b, so da = dy bᵀ and db = aᵀ dy. Along a leading axis where a factor was repeated, its gradient is a sum of
 * products, which is one product over a longer inner axis: Σ_t dy_t b_tᵀ = [dy_1 … dy_T] [b_1 … b_T]ᵀ.
 */
export const matMulRule: Rule<'MatMul'> = (c) => {
  const [a, b, dy] = [c.input(0), c.input(1), c.gradient(0)];
  return [
    c.needs(0) ? product(c.g, dy, swapLastAxes(c.g, b), a.shape) : null,
    c.needs(1) ? secondGradient(c.g, a, dy, b.shape) : null,
  ];
};

/**
 * aᵀ dy. Where a matrix was repeated along the axes before dy's last two: as (dyᵀ a)ᵀ with all of dy's columns in one product,
 * which is faster than many narrow ones. The rows that this takes are those that the matrix' own gradient takes.
 */
function secondGradient(g: GraphBuilder, a: Value, dy: Value, target: Shape): Value {
  const rank = dy.shape.length;
  if (a.shape.length > 2 || rank === 2) return product(g, swapLastAxes(g, a), dy, target);
  const leading = [...dy.shape.keys()].slice(0, -2);
  const rows = g.Reshape(g.Transpose(dy, [rank - 2, ...leading, rank - 1]), [dy.shape[rank - 2]!, -1]);
  const columns = g.MatMul(g.Transpose(rows, [1, 0]), a);
  return swapLastAxes(g, g.Reshape(columns, [...target.slice(0, -2), target.at(-1)!, target.at(-2)!]));
}

function swapLastAxes(g: GraphBuilder, x: Value): Value {
  const rank = x.shape.length;
  return g.Transpose(
    x,
    [...x.shape.keys()].map((axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis)),
  );
}

/** `left right`, summed over the leading axes that `target` does not have. */
function product(g: GraphBuilder, left: Value, right: Value, target: Shape): Value {
  const rank = Math.max(left.shape.length, right.shape.length) - 2;
  const [l, r] = [withRank(g, left, rank + 2), withRank(g, right, rank + 2)];
  const leading = Array.from({ length: rank }, (_, axis) => (l.shape[axis] === 1 ? r.shape[axis]! : l.shape[axis]!));
  const offset = rank - (target.length - 2);
  const isSummed = (axis: number): boolean => leading[axis] !== 1 && (axis < offset || target[axis - offset] === 1);
  const axes = [...leading.keys()];
  const [summed, kept] = [axes.filter(isSummed), axes.filter((axis) => !isSummed(axis))];
  if (summed.length === 0) return g.Reshape(g.MatMul(l, r), target);
  const rows = g.Transpose(l, [...kept, rank, ...summed, rank + 1]); // [kept, M, summed, inner]
  const columns = g.Transpose(r, [...kept, ...summed, rank, rank + 1]); // [kept, summed, inner, N]
  const flatRows = g.Reshape(rows, [...kept.map((axis) => l.shape[axis]!), l.shape[rank]!, -1]);
  const flatColumns = g.Reshape(columns, [...kept.map((axis) => r.shape[axis]!), -1, r.shape[rank + 1]!]);
  return g.Reshape(g.MatMul(flatRows, flatColumns), target);
}

function withRank(g: GraphBuilder, x: Value, rank: number): Value {
  return g.Reshape(x, [...Array<number>(rank - x.shape.length).fill(1), ...x.shape]);
}
