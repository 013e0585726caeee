/** Losses of one label for each step of a sequence: by themselves, or scored together by a linear-chain CRF. */
import type { Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';
import { toTheEnd } from '../onnx/shapeOperators';
import { zeros } from './initializers';
import type { Padding } from './recurrent';
import type { Scope } from './scope';

/** Names of a CRF's parameters. */
export const crfNames = { transitions: 'crf.transitions', start: 'crf.start', end: 'crf.end' } as const;

/** What a linear-chain CRF adds to the scores of single labels. */
export interface CrfParameters {
  /** Score of a label after another, `[labels, labels]`: the row is the later one. */
  readonly transitions: Value;
  /** Score of a sequence's first and of its last label, each `[labels, 1]`. */
  readonly start: Value;
  readonly end: Value;
}

/** The parameters of a CRF; all start at zero, where it is a softmax at each step. */
export function crfParameters(scope: Scope, labels: number): CrfParameters {
  return {
    transitions: scope.parameter(crfNames.transitions, [labels, labels], zeros),
    start: scope.parameter(crfNames.start, [labels, 1], zeros),
    end: scope.parameter(crfNames.end, [labels, 1], zeros),
  };
}

/**
 * Softmax cross-entropy of every real step: −Σ_t Σ_b log softmax(emissions_tb)_label / normaliser.
 * @param emissions `[time, labels, batch]`
 * @param labels int32 `[time, batch]`
 * @param padding null where all steps are real
 * @param normaliser scalar; the real steps of the whole batch for their mean
 */
export function stepCrossEntropy(
  g: GraphBuilder,
  emissions: Value,
  labels: Value,
  padding: Padding | null,
  normaliser: Value,
): Value {
  const chosen = oneHotSteps(g, labels, emissions.shape[1] as number, padding, emissions.dtype as 'float32');
  return g.Div(g.Neg(sumOf(g, g.Mul(chosen, g.LogSoftmax(emissions, 1)))), normaliser);
}

/**
 * Negative log-likelihood of label sequences under a linear-chain CRF (Lafferty, McCallum & Pereira 2001), summed over
 * the batch and divided by the normaliser. With emissions x and labels y of T steps,
 * log p(y) = start_y1 + Σ_t x_t,yt + Σ_t>1 transitions_yt,y(t−1) + end_yT − log Z,
 * where log Z comes of the forward algorithm: α_1 = start + x_1, α_t,k = x_t,k + ln Σ_j exp(transitions_k,j + α_(t−1),j),
 * log Z = ln Σ_k exp(α_T,k + end_k).
 * @param emissions `[time, labels, batch]`
 * @param labels int32 `[time, batch]`
 * @param previous int32 `[time, batch]`: the label of the step before; the number of labels at the first step
 * @param padding null where all sequences have the full length
 * @param normaliser scalar; the number of sequences of the whole batch for their mean
 */
export function crfLoss(
  g: GraphBuilder,
  crf: CrfParameters,
  emissions: Value,
  labels: Value,
  previous: Value,
  padding: Padding | null,
  normaliser: Value,
): Value {
  const count = emissions.shape[1] as number;
  const dtype = emissions.dtype as 'float32';
  const chosen = oneHotSteps(g, labels, count, padding, dtype);
  // The start is one more label to come from, so that every step of the chosen path is scored in one product.
  const arrivals = g.MatMul(
    g.Concat([crf.transitions, crf.start], 1),
    oneHotSteps(g, previous, count + 1, null, dtype),
  );
  const atLast = (steps: Value): Value =>
    padding === null
      ? g.Reshape(g.Slice(steps, -1, toTheEnd, 0), steps.shape.slice(1))
      : g.ReduceSum(g.Mul(steps, padding.last), [0]);
  const path = g.Add(sumOf(g, g.Mul(chosen, g.Add(emissions, arrivals))), sumOf(g, g.Mul(atLast(chosen), crf.end)));
  const logZ = g.ReduceLogSumExp(g.Add(atLast(forwardScores(g, crf, emissions)), crf.end), [0]);
  return g.Div(g.Sub(sumOf(g, logZ), path), normaliser);
}

/**
 * α of the forward algorithm at every step, `[time, labels, batch]`. Padding comes after all that is read, so that the
 * loop needs no mask.
 */
function forwardScores(g: GraphBuilder, { transitions, start }: CrfParameters, emissions: Value): Value {
  const [, labels, batch] = emissions.shape as [unknown, number, string];
  const moves = g.Reshape(transitions, [labels, labels, 1]);
  // The state is the score of arriving at each label of the step to come.
  const { outputs } = g.Scan([g.Expand(start, [labels, batch])], [emissions], (body, [arriving], [now]) => {
    const scores = body.Add(arriving!, now!);
    const next = body.ReduceLogSumExp(body.Add(moves, body.Unsqueeze(scores, [0])), [1]);
    return { states: [next], outputs: [scores] };
  });
  return outputs[0]!;
}

/** One-hot labels `[time, labels, batch]`, zero at padding. */
function oneHotSteps(
  g: GraphBuilder,
  labels: Value,
  count: number,
  padding: Padding | null,
  dtype: 'float32' | 'float64',
): Value {
  const steps = g.Transpose(g.OneHot(labels, count, dtype), [0, 2, 1]);
  return padding === null ? steps : g.Mul(steps, padding.mask);
}

function sumOf(g: GraphBuilder, x: Value): Value {
  return g.ReduceSum(x, [...x.shape.keys()]);
}
