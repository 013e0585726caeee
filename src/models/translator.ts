/** Many-to-many, unaligned: a sentence to a sentence, as the graphs of training and of its evaluation. */
import { gradientsOf } from '../autodiff/gradients';
import { type Memory, prepareMemory } from '../nn/attention';
import { updateNames } from '../nn/optimizers';
import type { Padding } from '../nn/recurrent';
import { InputScope, type Scope } from '../nn/scope';
import { vocabularyLogits, vocabularyLosses, type VocabularyScores } from '../nn/vocabularyLoss';
import { type Dim, multiplyDims } from '../onnx/dims';
import { encodeModel } from '../onnx/encode';
import type { Value } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graphBuilder';
import type { SparseTable, TrainingGraph } from './trainingGraph';
import {
  decoderStep,
  embedded,
  encode,
  firstReadout,
  initialStates,
  outputParameters,
  projectIds,
  projectTokens,
  readoutOf,
  tableNames,
  type TranslatorSpec,
  writable,
} from './translatorParts';

export interface TranslatorTrainingOptions {
  /** Share of elements dropped from embedded tokens, between layers and from the readout. */
  readonly dropout: number;
  /** Share ε of the target that is spread evenly over all tokens. */
  readonly labelSmoothing: number;
  /** Whether some inputs of the decoder are its own last predictions, as the input `teacher` says. */
  readonly scheduledSampling: boolean;
  /** Whether tables of vectors are handed in as the rows that the batch touches. */
  readonly sparseEmbedding: boolean;
  /** Whether source texts have padding; without, the graph is smaller. */
  readonly padded: boolean;
}

/** Named sizes of the graphs: tokens of a source text, steps of the decoder, texts, and real target tokens. */
const [source, target, batch, tokens] = ['source', 'target', 'batch', 'tokens'] as const;

/** Inputs of the graphs beside parameters and masks. */
export const translatorInputs = {
  source: 'source',
  target: 'target',
  labels: 'labels',
  places: 'places',
  teacher: 'teacher',
  normaliser: 'normaliser',
} as const;

export function sourcePadding(g: GraphBuilder, padded: boolean): Padding | null {
  if (!padded) return null;
  return { mask: g.input('mask', 'float32', [source, 1, batch]), last: g.input('last', 'float32', [source, 1, batch]) };
}

interface Decoded {
  /** `[target, hidden, batch]` */
  readonly readouts: Value;
  /** `[target, batch, 1, source]` */
  readonly weights: Value;
}

/** Reads the source and runs the decoder over the target's tokens, shifted by one. */
function decodeTaught(
  scope: Scope,
  spec: TranslatorSpec,
  options: Pick<TranslatorTrainingOptions, 'dropout' | 'scheduledSampling' | 'padded'>,
): Decoded {
  const { g } = scope;
  const { dropout } = options;
  const padding = sourcePadding(g, options.padded);
  const read = embedded(scope, spec, 'source', g.input(translatorInputs.source, 'int32', [source, batch]), dropout);
  const encoded = encode(scope, spec, read, padding, dropout);
  const memory = prepareMemory(scope, spec.attention, encoded.outputs, spec.hidden, padding?.mask ?? null);
  const states = initialStates(scope, spec, encoded.finals);
  const taught = embedded(scope, spec, 'target', g.input(translatorInputs.target, 'int32', [target, batch]), dropout);
  const masks = Array.from({ length: spec.layers }, (_, layer) =>
    layer === 0 ? null : scope.dropoutMask(`decoder.layer${layer}`, [spec.hidden, batch], dropout),
  );
  return options.scheduledSampling
    ? decodeSampled(scope, spec, memory, states, taught, masks)
    : decodeForced(scope, spec, memory, states, taught, masks);
}

/** The decoder with the right token at every step. Without input feeding all readouts are one product after the loop. */
function decodeForced(
  scope: Scope,
  spec: TranslatorSpec,
  memory: Memory,
  initial: readonly Value[],
  taught: Value,
  masks: readonly (Value | null)[],
): Decoded {
  const { g } = scope;
  const start = spec.inputFeeding ? [...initial, firstReadout(g, spec, batch)] : initial;
  const { outputs } = g.Scan(start, [projectTokens(scope, g, spec, taught)], (body, before, [projected]) => {
    const states = before.slice(0, initial.length);
    const readout = before[initial.length] ?? null;
    const step = decoderStep(scope, body, spec, memory, { states, readout }, projected!, masks);
    if (!spec.inputFeeding) return { states: step.states, outputs: [step.summary, step.weights] };
    const next = readoutOf(scope, body, spec, step.summary);
    return { states: [...step.states, next], outputs: [next, step.weights] };
  });
  const [made, weights] = outputs as [Value, Value];
  return { readouts: spec.inputFeeding ? made : readoutOf(scope, g, spec, made), weights };
}

/**
 * The decoder with scheduled sampling (Bengio et al. 2015): where `teacher` `[target, 1, batch]` is 0, a step reads the
 * token that its last step found the most probable. No gradient passes the choice of that token.
 */
function decodeSampled(
  scope: Scope,
  spec: TranslatorSpec,
  memory: Memory,
  initial: readonly Value[],
  taught: Value,
  masks: readonly (Value | null)[],
): Decoded {
  const { g } = scope;
  const teacher = g.input(translatorInputs.teacher, 'float32', [target, 1, batch]);
  const scores = outputParameters(scope, spec);
  const start = [...initial, firstReadout(g, spec, batch)];
  const projectedTokens = projectTokens(scope, g, spec, taught);
  const { outputs } = g.Scan(start, [projectedTokens, teacher], (body, before, [projected, isTaught]) => {
    const readout = before[initial.length]!;
    const rows = body.Transpose(readout, [1, 0]);
    const own = body.ArgMax(writable(body, spec, vocabularyLogits(body, { rows, ...scores })), 1);
    const sampled = projectIds(scope, body, spec, own);
    const one = body.scalar(1);
    const input = body.Add(body.Mul(projected!, isTaught!), body.Mul(sampled, body.Sub(one, isTaught!)));
    const states = before.slice(0, initial.length);
    const step = decoderStep(scope, body, spec, memory, { states, readout }, input, masks);
    const next = readoutOf(scope, body, spec, step.summary);
    return { states: [...step.states, next], outputs: [next, step.weights] };
  });
  return { readouts: outputs[0]!, weights: outputs[1]! };
}

/** The rows of real target tokens, `[tokens, hidden]`, of readouts `[target, hidden, batch]`. */
function realRows(g: GraphBuilder, readouts: Value): Value {
  const [steps, hidden, texts] = readouts.shape as [Dim, number, Dim];
  const rows = g.Reshape(g.Transpose(readouts, [0, 2, 1]), [multiplyDims(steps, texts), hidden]);
  return g.Gather(rows, g.input(translatorInputs.places, 'int32', [tokens]), 0);
}

function targetScores(
  scope: Scope,
  spec: TranslatorSpec,
  readouts: Value,
): { scores: VocabularyScores; labels: Value } {
  const { g } = scope;
  const rows = realRows(g, readouts);
  const labels = g.input(translatorInputs.labels, 'int32', [tokens]);
  return { scores: { rows, ...outputParameters(scope, spec) }, labels };
}

/** The tables that are handed in as rows, with the inputs that number them. */
function sparseTables(spec: TranslatorSpec, options: TranslatorTrainingOptions): SparseTable[] {
  if (!options.sparseEmbedding) return [];
  const names = tableNames(spec);
  // The decoder may choose any token of the target's vocabulary, so that all rows must be there.
  const sides = options.scheduledSampling
    ? spec.shared
      ? []
      : (['source'] as const)
    : (['source', 'target'] as const);
  const tables = new Map<string, string[]>();
  for (const side of sides) {
    tables.set(names[side], [...(tables.get(names[side]) ?? []), translatorInputs[side]]);
  }
  return [...tables].map(([parameter, rowInputs]) => ({ parameter, rowInputs }));
}

/**
 * The loss of a batch and its gradients. Inputs: `source` int32 `[source, batch]`; `target` int32 `[target, batch]`, which
 * starts with the token of the beginning; `places` int32 `[tokens]`, the real steps among `target * batch`; `labels`
 * int32 `[tokens]`, the tokens to predict there; `normaliser`; with padding `mask` and `last`; with scheduled sampling
 * `teacher`; dropout masks and parameters.
 */
export function buildTranslatorTraining(spec: TranslatorSpec, options: TranslatorTrainingOptions): TrainingGraph {
  const g = new GraphBuilder('train');
  const sparse = sparseTables(spec, options);
  const scope = new InputScope(g, true, new Map(sparse.map(({ parameter }, at) => [parameter, `rows${at}`])));
  const { readouts } = decodeTaught(scope, spec, options);
  const dropped = scope.dropout('output', readouts, options.dropout);
  const { scores, labels } = targetScores(scope, spec, dropped);
  const losses = vocabularyLosses(g, scores, labels, options.labelSmoothing);
  const loss = g.Div(g.ReduceSum(losses, [0]), g.input(translatorInputs.normaliser, 'float32', []));
  const trained = [...scope.parameters.keys()];
  const gradients = gradientsOf(
    g,
    loss,
    trained.map((name) => scope.parameters.get(name)!.value),
  );
  g.output('loss', loss);
  gradients.forEach((gradient, at) => g.output(updateNames.gradient(trained[at]!), gradient));
  return {
    bytes: encodeModel(g),
    parameters: [...scope.parameters.values()].map(({ spec: parameter }) => parameter),
    trained,
    dropouts: scope.dropouts,
    sparse,
  };
}

/**
 * What the model makes of given targets, by the equations that training uses. Inputs as in training, without dropout and
 * sampling. Outputs: `losses` `[tokens]` in nats, `largest` `[tokens]`, the log-probability of the most probable token at
 * each place, and `attention` `[target, batch, source]`.
 */
export function buildTranslatorForward(spec: TranslatorSpec): Uint8Array {
  const g = new GraphBuilder('forward');
  const scope = new InputScope(g, false);
  const { readouts, weights } = decodeTaught(scope, spec, { dropout: 0, scheduledSampling: false, padded: true });
  const { scores, labels } = targetScores(scope, spec, readouts);
  g.output('losses', vocabularyLosses(g, scores, labels));
  g.output('largest', g.ReduceMax(writable(g, spec, g.LogSoftmax(vocabularyLogits(g, scores), 1)), [1]));
  g.output('attention', g.Squeeze(weights, [2]));
  return encodeModel(g);
}
