/** How certain a classifier is of a class, as a number that can be explained. */
import type { Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';

/** What takes a logit out of a sum of exponentials. */
const unreachable = 1e9;

/**
 * Log-odds ln p / (1 - p) of chosen classes, `[batch]`: what an explanation is about, and not the logit, since softmax
 * leaves open a shift that all logits share.
 * @param logits `[batch, classes]`
 * @param chosen class of each example, int32 `[batch]`
 */
export function logOdds(g: GraphBuilder, logits: Value, chosen: Value): Value {
  const isChosen = g.OneHot(chosen, logits.shape[1] as number);
  const own = g.ReduceSum(g.Mul(logits, isChosen), [1]);
  const others = g.ReduceLogSumExp(g.Sub(logits, g.Mul(isChosen, g.scalar(unreachable))), [1]);
  return g.Sub(own, others);
}
