/** Softmax cross-entropy over a large vocabulary, with as few passes over all its scores as possible. */
import type { Dim } from '../onnx/dims';
import type { Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';

/** The last product of a model and what it is to predict. */
export interface VocabularyScores {
  /** What the scores are made of, a row a token, `[tokens, size]`. */
  readonly rows: Value;
  /** `[vocabulary, size]` */
  readonly W: Value;
  /** `[vocabulary]` */
  readonly b: Value;
}

/** Scores of all tokens of the vocabulary, `[tokens, vocabulary]`: rows Wᵀ + b. */
export function vocabularyLogits(g: GraphBuilder, { rows, W, b }: VocabularyScores): Value {
  return g.Add(g.MatMul(rows, g.Transpose(W, [1, 0])), b);
}

/**
 * Cross-entropy of each token in nats, `[tokens]`: −Σ_v q_v log softmax(logits)_v with q = (1 − ε) one-hot + ε / vocabulary,
 * which is log Σ_v exp(logit_v) − (1 − ε) logit_label − ε mean_v(logit_v). The last two are linear in the row, so that they
 * are products of their own: no tensor of one-hot vectors, and one of the softmax' gradient alone.
 * @param labels `[tokens]` ids, int32 or int64
 */
export function vocabularyLosses(g: GraphBuilder, scores: VocabularyScores, labels: Value, labelSmoothing = 0): Value {
  const { rows, W, b } = scores;
  const [tokens] = rows.shape as [Dim];
  const dtype = rows.dtype as 'float32' | 'float64';
  const logits = vocabularyLogits(g, scores);
  // Any shift near the largest score does; by way of an integer it has no gradient, which would be 0 in sum anyway.
  const shift = g.Cast(g.Cast(g.ReduceMax(logits, [1], 1), 'int64'), dtype);
  const sum = g.ReduceSum(g.Exp(g.Sub(logits, shift)), [1]);
  const logSum = g.Add(g.Log(sum), g.Reshape(shift, [tokens]));
  const wanted = g.Add(g.ReduceSum(g.Mul(rows, g.Gather(W, labels, 0)), [1]), g.Gather(b, labels, 0));
  if (labelSmoothing === 0) return g.Sub(logSum, wanted);
  const size = W.shape[1] as number;
  const meanW = g.Reshape(g.ReduceMean(W, [0]), [size, 1]);
  const mean = g.Add(g.Reshape(g.MatMul(rows, meanW), [tokens]), g.ReduceMean(b, [0]));
  const smooth = g.Add(
    g.Mul(wanted, g.scalar(1 - labelSmoothing, dtype)),
    g.Mul(mean, g.scalar(labelSmoothing, dtype)),
  );
  return g.Sub(logSum, smooth);
}
