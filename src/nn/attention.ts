/** Attention of a decoder over the outputs of an encoder; knows neither cells nor loops. */
import type { Dim } from '../onnx/dims';
import type { Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';
import { glorotUniform } from './initializers';
import type { Scope } from './scope';

/** How a decoder's state is compared with what the encoder has read. */
export type AttentionName = 'bahdanau' | 'luong';
export const attentionNames = ['bahdanau', 'luong'] as const satisfies readonly AttentionName[];

/** What is prepared of a source text once and read at every step. */
export interface Memory {
  /**
   * Projected outputs to compare states with: `[source, size, batch]` for Bahdanau, `[batch, size, source]` for Luong.
   */
  readonly keys: Value;
  /** The encoder's outputs, `[batch, source, features]`. */
  readonly values: Value;
  /** Added to the scores: 0 at real places, a large negative number at padding, `[batch, 1, source]`; null without padding. */
  readonly penalty: Value | null;
}

/** What a step reads. */
export interface Attended {
  /** Weighted mean of the encoder's outputs, `[features, batch]`. */
  readonly context: Value;
  /** Weights that sum to 1 over the source, `[batch, 1, source]`. */
  readonly weights: Value;
}

/** A score at which a softmax in float32 is exactly 0, and whose sum with any score is still finite. */
const excluded = -1e9;

/** The penalty of a mask `[source, 1, batch]` that is 1 at real places and 0 at padding. */
export function paddingPenalty(g: GraphBuilder, mask: Value): Value {
  const dtype = mask.dtype as 'float32' | 'float64';
  return g.Mul(g.Sub(g.scalar(1, dtype), g.Transpose(mask, [2, 1, 0])), g.scalar(excluded, dtype));
}

/** What the attention reads of the encoder's outputs `[source, features, batch]`, computed once for all steps. */
export function prepareMemory(
  scope: Scope,
  attention: AttentionName,
  outputs: Value,
  size: number,
  mask: Value | null,
): Memory {
  const { g } = scope;
  const [, features] = outputs.shape as [Dim, number, Dim];
  const projected = g.MatMul(scope.parameter('attention.K', [size, features], glorotUniform), outputs);
  return {
    keys: attention === 'bahdanau' ? projected : g.Transpose(projected, [2, 1, 0]),
    values: g.Transpose(outputs, [2, 0, 1]),
    penalty: mask === null ? null : paddingPenalty(g, mask),
  };
}

/**
 * Attention of one step, built in `g`, which may be the body of a loop. `state` is the decoder's, `[size, batch]`.
 * Bahdanau (2015): score = vᵀ tanh(Q state + K output). Luong's general form (2015): score = stateᵀ K output.
 */
export function attend(
  scope: Scope,
  g: GraphBuilder,
  attention: AttentionName,
  { keys, values, penalty }: Memory,
  state: Value,
): Attended {
  const [size, batch] = state.shape as [number, Dim];
  const features = values.shape[2] as number;
  let scores: Value;
  if (attention === 'bahdanau') {
    const Q = scope.parameter('attention.Q', [size, size], glorotUniform);
    const v = scope.parameter('attention.v', [1, size], glorotUniform);
    scores = g.Transpose(g.MatMul(v, g.Tanh(g.Add(keys, g.MatMul(Q, state)))), [2, 1, 0]);
  } else {
    scores = g.MatMul(g.Reshape(g.Transpose(state, [1, 0]), [batch, 1, size]), keys);
  }
  const weights = g.Softmax(penalty === null ? scores : g.Add(scores, penalty), 2);
  const context = g.Reshape(g.MatMul(weights, values), [batch, features]);
  return { context: g.Transpose(context, [1, 0]), weights };
}
