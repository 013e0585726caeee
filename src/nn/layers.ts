/** Layers without memory: embedding and dense. Sequences are feature-major, `[time, features, batch]`. */
import type { Dim } from '../onnx/dims';
import type { Value } from '../onnx/graph';
import { glorotUniform, normal, zeros } from './initializers';
import type { Scope } from './scope';

/** Name of the embedding's parameter. */
export const embeddingName = 'embedding';

/**
 * Vectors of token ids: `[time, batch]` integers to `[time, size, batch]`. The ids number the rows of the table that the
 * graph is given, which in training may be only those that the batch touches. Starts as N(0, 1/size).
 */
export function embedding(scope: Scope, ids: Value, vocabulary: number, size: number, dropout: number): Value {
  const { g } = scope;
  const table = scope.parameter(embeddingName, [vocabulary, size], normal(1 / Math.sqrt(size)));
  const vectors = scope.dropout('embedding', g.Gather(table, ids, 0), dropout);
  return g.Transpose(vectors, [0, 2, 1]);
}

/** `W x + b` for column vectors: `[input, batch]` to `[output, batch]`. */
export function dense(scope: Scope, name: string, x: Value, output: number): Value {
  const { g } = scope;
  const [input] = x.shape as [number, Dim];
  const W = scope.parameter(`${name}.W`, [output, input], glorotUniform);
  const b = scope.parameter(`${name}.b`, [output, 1], zeros);
  return g.Add(g.MatMul(W, x), b);
}
