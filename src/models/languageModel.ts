/**
 * One-to-many: each token's successor from all tokens before it, through stacked recurrent layers whose states go in and
 * come out, so that a text of any length is read window by window.
 */
import { gradientsOf } from '../autodiff/gradients';
import { type CellName, cells } from '../nn/cells/cells';
import { glorotUniform, normal, zeros } from '../nn/initializers';
import { embedding, embeddingName } from '../nn/layers';
import { softmaxCrossEntropy } from '../nn/losses';
import { updateNames } from '../nn/optimizers';
import { fusedLayer, recurrentLayer, type RecurrentOptions } from '../nn/recurrent';
import { ConstantScope, InputScope, type Scope } from '../nn/scope';
import { vocabularyLogits, vocabularyLosses, type VocabularyScores } from '../nn/vocabularyLoss';
import { multiplyDims, type Shape } from '../onnx/dims';
import { encodeModel } from '../onnx/encode';
import type { Value } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graphBuilder';
import type { TrainingGraph } from './trainingGraph';

/** All that fixes the shape of a language model; stored with an exported model. */
export interface LanguageModelSpec {
  /** Rows of the embedding, padding and unknown included. */
  readonly vocabulary: number;
  readonly embedding: number;
  readonly cell: CellName;
  readonly hidden: number;
  readonly layers: number;
  /** Whether the output's matrix is the embedding (Press & Wolf 2017), which then has the size of the hidden state. */
  readonly tied: boolean;
}

export interface LanguageModelOptions {
  /** Share of elements dropped between layers and before the output. */
  readonly dropout: number;
  /** Share ε of the target that is spread evenly over all tokens, 0 ≤ ε < 1. */
  readonly labelSmoothing: number;
}

/** Named sizes of the graphs. */
const [time, batch] = ['time', 'batch'] as const;

/**
 * Names of the graphs' states, of all layers one upon the other: `[layers, hidden, batch]` in training and evaluation,
 * `[layers, batch, hidden]` in an exported model.
 */
export function stateNames({ cell }: Pick<LanguageModelSpec, 'cell'>): readonly string[] {
  return cells[cell].states === 2 ? ['h', 'c'] : ['h'];
}

/** Name of the output with the states after the last step. */
export function nextStateName(state: string): string {
  return `next${state.toUpperCase()}`;
}

function layerOptions(spec: LanguageModelSpec): RecurrentOptions {
  return { cell: cells[spec.cell], hidden: spec.hidden, bidirectional: false };
}

/** The states of each layer, from states of all layers along the first axis. */
function cutStates(g: GraphBuilder, { layers }: LanguageModelSpec, states: readonly Value[]): Value[][] {
  const byState = states.map((state) => g.Split(state, Array<number>(layers).fill(1), 0));
  return Array.from({ length: layers }, (_, layer) => byState.map((parts) => parts[layer]!));
}

/** What scores each next token, `[time * batch]` rows; hands out the states after the last step. */
function scoresOf(scope: Scope, spec: LanguageModelSpec, ids: Value, dropout: number): VocabularyScores {
  const { g } = scope;
  const shape: Shape = [spec.layers, spec.hidden, batch];
  const initial = stateNames(spec).map((name) => g.input(name, 'float32', shape));
  const before = cutStates(g, spec, initial);
  let sequence = embedding(scope, ids, spec.vocabulary, spec.embedding, 0);
  const after = before.map((states, layer) => {
    if (layer > 0) sequence = scope.dropout(`layer${layer}`, sequence, dropout);
    const own = states.map((state) => g.Reshape(state, [spec.hidden, batch]));
    const result = recurrentLayer(scope, `layer${layer}`, sequence, layerOptions(spec), null, own);
    sequence = result.outputs;
    return result.states;
  });
  stateNames(spec).forEach((name, at) => {
    const finals = after.map((states) => g.Reshape(states[at]!, [1, spec.hidden, batch]));
    g.output(nextStateName(name), g.Concat(finals, 0));
  });
  return projection(scope, spec, g.Transpose(scope.dropout('output', sequence, dropout), [0, 2, 1]));
}

/** The last product, one over all steps of `x` `[…, hidden]`. */
function projection(
  scope: Scope,
  { vocabulary, embedding: size, hidden, tied }: LanguageModelSpec,
  x: Value,
): VocabularyScores {
  const { g } = scope;
  const rows = g.Reshape(x, [multiplyDims(...x.shape.slice(0, -1)), hidden]);
  const W = tied
    ? scope.parameter(embeddingName, [vocabulary, size], normal(1 / Math.sqrt(size)))
    : scope.parameter('output.W', [vocabulary, hidden], glorotUniform);
  return { rows, W, b: scope.parameter('output.b', [vocabulary], zeros) };
}

/**
 * The loss of a window of parallel streams and its gradients, which end at the window's start (truncated back-propagation
 * through time). Inputs: `ids` and `targets` int32 `[time, batch]`, `normaliser` (tokens of the whole batch), the states,
 * dropout masks and the parameters. Outputs: `loss`, a gradient for each parameter, and the states after the window.
 */
export function buildTraining(spec: LanguageModelSpec, options: LanguageModelOptions): TrainingGraph {
  const g = new GraphBuilder('train');
  const ids = g.input('ids', 'int32', [time, batch]);
  const targets = g.input('targets', 'int32', [time, batch]);
  const scope = new InputScope(g, true);
  const scores = scoresOf(scope, spec, ids, options.dropout);
  const labels = g.Reshape(targets, [scores.rows.shape[0]!]);
  const normaliser = g.input('normaliser', 'float32', []);
  const loss = lossOf(g, scores, labels, normaliser, options);
  const parameters = [...scope.parameters.values()];
  const gradients = gradientsOf(
    g,
    loss,
    parameters.map(({ value }) => value),
  );
  g.output('loss', loss);
  gradients.forEach((gradient, at) => g.output(updateNames.gradient(parameters[at]!.spec.name), gradient));
  return {
    bytes: encodeModel(g),
    parameters: parameters.map((parameter) => parameter.spec),
    trained: [...scope.parameters.keys()],
    dropouts: scope.dropouts,
    sparse: [],
  };
}

/** Largest vocabulary whose one-hot targets cost less than the further products of a loss without them, as measured. */
const largestOneHot = 256;

/** The mean of the cross-entropy over all tokens, by the cheaper of two forms of it. */
function lossOf(
  g: GraphBuilder,
  scores: VocabularyScores,
  labels: Value,
  normaliser: Value,
  { labelSmoothing }: LanguageModelOptions,
): Value {
  if ((scores.W.shape[0] as number) > largestOneHot) {
    return g.Div(g.ReduceSum(vocabularyLosses(g, scores, labels, labelSmoothing), [0]), normaliser);
  }
  const logits = vocabularyLogits(g, scores);
  return softmaxCrossEntropy(g, logits, labels, normaliser, { classWeights: null, labelSmoothing });
}

/** Names of the evaluation graph's outputs beside the states. */
export const forwardNames = { logProbabilities: 'logProbabilities', nats: 'nats' } as const;

/**
 * The equations of training without dropout. Inputs: `ids` and `targets` int32 `[time, batch]`, the states and the
 * parameters. Outputs: `logProbabilities` `[time, batch, vocabulary]` of each next token, `nats` `[time, batch]`, which is
 * minus that of the target, and the states after the last step.
 */
export function buildForward(spec: LanguageModelSpec): Uint8Array {
  const g = new GraphBuilder('forward');
  const ids = g.input('ids', 'int32', [time, batch]);
  const targets = g.input('targets', 'int32', [time, batch]);
  const logits = vocabularyLogits(g, scoresOf(new InputScope(g, false), spec, ids, 0));
  const logProbabilities = g.LogSoftmax(logits, 1);
  const picked = g.GatherElements(logProbabilities, g.Reshape(targets, [logProbabilities.shape[0]!, 1]), 1);
  g.output(forwardNames.nats, g.Neg(g.Reshape(picked, [time, batch])));
  g.output(forwardNames.logProbabilities, g.Reshape(logProbabilities, [time, batch, spec.vocabulary]));
  return encodeModel(g);
}

/** Names of an exported model's inputs and outputs beside the states. */
export const exportedNames = { ids: 'ids', logProbabilities: 'logProbabilities' } as const;

/**
 * The model as a file that any ONNX runtime reads, for one token or many at a time. Inputs: `ids` int64 `[batch, time]`,
 * and the states `h` (for an LSTM also `c`) `[layers, batch, hidden]`, zeros at a text's start. Outputs: `logProbabilities`
 * float32 `[batch, time, vocabulary]` of the token after each, and `nextH` (and `nextC`), the states to go on from.
 */
export function buildExport(
  spec: LanguageModelSpec,
  parameters: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const g = new GraphBuilder('language_model');
  const ids = g.input(exportedNames.ids, 'int64', [batch, time]);
  const shape: Shape = [spec.layers, batch, spec.hidden];
  const initial = stateNames(spec).map((name) => g.input(name, 'float32', shape));
  const scope = new ConstantScope(g, parameters);
  const table = scope.parameter(embeddingName, [spec.vocabulary, spec.embedding]);
  let sequence = g.Gather(table, g.Transpose(ids, [1, 0]), 0);
  const after = cutStates(g, spec, initial).map((states, layer) => {
    const result = fusedLayer(scope, `layer${layer}`, sequence, null, layerOptions(spec), states);
    sequence = result.outputs;
    return result.states;
  });
  const W = spec.tied ? table : scope.parameter('output.W', [spec.vocabulary, spec.hidden]);
  const rows = g.Reshape(g.Transpose(sequence, [1, 0, 2]), [multiplyDims(batch, time), spec.hidden]);
  const scores = g.MatMul(rows, g.Transpose(W, [1, 0]));
  const logits = g.Add(scores, scope.parameter('output.b', [spec.vocabulary]));
  g.output(exportedNames.logProbabilities, g.Reshape(g.LogSoftmax(logits, 1), [batch, time, spec.vocabulary]));
  stateNames(spec).forEach((name, at) => {
    const finals = after.map((states) => states[at]!);
    g.output(nextStateName(name), g.Concat(finals, 0));
  });
  return encodeModel(g, { metadata });
}
