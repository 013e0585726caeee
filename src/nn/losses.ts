/** Losses as graphs. */
import type { Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';

export interface CrossEntropyOptions {
  /** Weight of each class; null for 1. */
  readonly classWeights: readonly number[] | null;
  /** Share ε of the target that is spread evenly over all classes, 0 ≤ ε < 1. */
  readonly labelSmoothing: number;
}

/**
 * Softmax cross-entropy as PyTorch's CrossEntropyLoss defines its weighted mean:
 * −Σ_b Σ_c w_c q_bc log softmax(logits_b)_c / normaliser, where q = (1 − ε) one-hot + ε / classes.
 * @param logits `[examples, classes]`
 * @param labels `[examples]` class indices, int32 or int64
 * @param normaliser scalar Σ_b w_(label of b), over the whole batch where this graph sees only a part of it
 */
export function softmaxCrossEntropy(
  g: GraphBuilder,
  logits: Value,
  labels: Value,
  normaliser: Value,
  { classWeights, labelSmoothing }: CrossEntropyOptions,
): Value {
  const classes = logits.shape[1] as number;
  const dtype = logits.dtype as 'float32' | 'float64';
  let target = g.OneHot(labels, classes, dtype);
  if (labelSmoothing > 0) {
    target = g.Add(g.Mul(target, g.scalar(1 - labelSmoothing, dtype)), g.scalar(labelSmoothing / classes, dtype));
  }
  if (classWeights !== null) target = g.Mul(target, g.constant(dtype, [classes], classWeights));
  const sum = g.ReduceSum(g.Mul(target, g.LogSoftmax(logits, 1)), [0, 1]);
  return g.Div(g.Neg(sum), normaliser);
}
