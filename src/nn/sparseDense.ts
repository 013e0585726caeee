/** A dense layer over sparse vectors: it sees only the rows of its weights that the vectors' places touch. */
import type { Value } from '../onnx/graph';
import { glorotUniform, zeros } from './initializers';
import type { Scope } from './scope';

/** Sparse vectors `[batch, features]`, each as a list of places and values; equal places add up. */
export interface SparseVectors {
  /** Places, int32 `[batch, entries]`: they number the rows of the weights that the graph is given. */
  readonly places: Value;
  /** float32 `[batch, entries]` */
  readonly values: Value;
}

/** Name of the layer's weights, which are a table with a row for each feature. */
export function sparseWeights(name: string): string {
  return `${name}.W`;
}

/**
 * `Wᵀ x + b` for each vector: `[output, batch]`. Over `R` given rows of `W` it is one product of `[batch, R]`, whose
 * gradient for `W` has those rows alone.
 */
export function sparseDense(
  scope: Scope,
  name: string,
  { places, values }: SparseVectors,
  features: number,
  output: number,
): Value {
  const { g } = scope;
  const W = scope.parameter(sparseWeights(name), [features, output], glorotUniform);
  const b = scope.parameter(`${name}.b`, [output, 1], zeros);
  const blank = g.zeros([places.shape[0]!, W.shape[0]!]);
  const x = g.ScatterElements(blank, places, values, 1, 'add');
  return g.Add(g.Transpose(g.MatMul(x, W), [1, 0]), b);
}
