/** Many-to-one: a sequence of token ids to a class, through stacked recurrent layers and their last states. */
import { gradientsOf } from '../autodiff/gradients';
import { type CellName, cells } from '../nn/cells/cells';
import { dense, embedding, embeddingName } from '../nn/layers';
import { logOdds } from '../nn/logOdds';
import { type CrossEntropyOptions, softmaxCrossEntropy } from '../nn/losses';
import { updateNames } from '../nn/optimizers';
import { fusedLayer, type Padding, recurrentLayer, unpackFused } from '../nn/recurrent';
import { ConstantScope, InputScope, type ParameterSpec, type Scope } from '../nn/scope';
import { encodeModel } from '../onnx/encode';
import type { Value } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graphBuilder';
import type { TrainingGraph } from './trainingGraph';

/** All that fixes the shape of a text classifier; stored with an exported model. */
export interface TextClassifierSpec {
  /** Rows of the embedding, padding and unknown included. */
  readonly vocabulary: number;
  readonly embedding: number;
  readonly cell: CellName;
  readonly hidden: number;
  readonly layers: number;
  readonly bidirectional: boolean;
  readonly classes: number;
}

export interface TrainingGraphOptions extends CrossEntropyOptions {
  /** Share of elements dropped from the embeddings, between layers and from the text's vector. */
  readonly dropout: number;
  /** Whether the embedding learns. */
  readonly trainEmbedding: boolean;
  /** Whether the embedding is handed in as the rows that the batch touches. */
  readonly sparseEmbedding: boolean;
  /** Whether batches have padding; without, the graph is smaller. */
  readonly padded: boolean;
}

/** Named sizes of the graphs. */
const [time, batch, rows] = ['time', 'batch', 'rows'] as const;

function layerName(layer: number): string {
  return `layer${layer}`;
}

function layerOptions(spec: TextClassifierSpec): Parameters<typeof recurrentLayer>[3] {
  return { cell: cells[spec.cell], hidden: spec.hidden, bidirectional: spec.bidirectional };
}

/** Features of the text's vector. */
function features(spec: TextClassifierSpec): number {
  return spec.hidden * (spec.bidirectional ? 2 : 1);
}

/** Class scores before softmax, `[classes, batch]`, from embedded text `[time, embedding, batch]`. */
function logitsOf(
  scope: Scope,
  spec: TextClassifierSpec,
  embedded: Value,
  padding: Padding | null,
  dropout: number,
): Value {
  let sequence = embedded;
  let final = embedded;
  for (let layer = 0; layer < spec.layers; layer++) {
    if (layer > 0) sequence = scope.dropout(layerName(layer), sequence, dropout);
    const result = recurrentLayer(scope, layerName(layer), sequence, layerOptions(spec), padding);
    sequence = result.outputs;
    final = result.final;
  }
  return dense(scope, 'output', scope.dropout('output', final, dropout), spec.classes);
}

function paddingInputs(g: GraphBuilder, padded: boolean): Padding | null {
  if (!padded) return null;
  return { mask: g.input('mask', 'float32', [time, 1, batch]), last: g.input('last', 'float32', [time, 1, batch]) };
}

/**
 * The loss of a batch and its gradients. Inputs: `ids` int32 `[time, batch]`, `labels` int32 `[batch]`, `normaliser`,
 * with padding `mask` and `last`, dropout masks, and the parameters. Outputs: `loss` and a gradient for each trained
 * parameter.
 */
export function buildTraining(spec: TextClassifierSpec, options: TrainingGraphOptions): TrainingGraph {
  const g = new GraphBuilder('train');
  const ids = g.input('ids', 'int32', [time, batch]);
  const padding = paddingInputs(g, options.padded);
  const scope = new InputScope(g, true, new Map(options.sparseEmbedding ? [[embeddingName, rows]] : []));
  const embedded = embedding(scope, ids, spec.vocabulary, spec.embedding, options.dropout);
  const logits = logitsOf(scope, spec, embedded, padding, options.dropout);
  const labels = g.input('labels', 'int32', [batch]);
  const loss = softmaxCrossEntropy(
    g,
    g.Transpose(logits, [1, 0]),
    labels,
    g.input('normaliser', 'float32', []),
    options,
  );
  const trained = [...scope.parameters.keys()].filter((name) => name !== embeddingName || options.trainEmbedding);
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
    sparse: options.sparseEmbedding ? [{ parameter: embeddingName, rowInputs: [ids.name] }] : [],
  };
}

/**
 * Log-probabilities `[batch, classes]` by the equations that training uses. Inputs: `ids`, `mask`, `last`, and the
 * parameters, the whole embedding included.
 */
export function buildForward(spec: TextClassifierSpec): Uint8Array {
  const g = new GraphBuilder('forward');
  const ids = g.input('ids', 'int32', [time, batch]);
  const padding = paddingInputs(g, true);
  const scope = new InputScope(g, false);
  const logits = logitsOf(scope, spec, embedding(scope, ids, spec.vocabulary, spec.embedding, 0), padding, 0);
  g.output('logProbabilities', g.LogSoftmax(g.Transpose(logits, [1, 0]), 1));
  return encodeModel(g);
}

/**
 * How much each token's vector speaks for a class and not for the others: gradient of the class' log-odds × input, summed
 * over the vector (Shrikumar et al. 2016). Inputs: `embedded` `[time, embedding, batch]`, `classes` int32 `[batch]`, `mask`, `last`, and
 * the parameters but for the embedding. Output: `influence` `[time, batch]`.
 */
export function buildInfluence(spec: TextClassifierSpec): { bytes: Uint8Array; parameters: ParameterSpec[] } {
  const g = new GraphBuilder('influence');
  const embedded = g.input('embedded', 'float32', [time, spec.embedding, batch]);
  const padding = paddingInputs(g, true);
  const scope = new InputScope(g, false);
  const logits = logitsOf(scope, spec, embedded, padding, 0);
  const score = g.ReduceSum(logOdds(g, g.Transpose(logits, [1, 0]), g.input('classes', 'int32', [batch])), [0]);
  const [gradient] = gradientsOf(g, score, [embedded]);
  g.output('influence', g.ReduceSum(g.Mul(gradient!, embedded), [1]));
  return { bytes: encodeModel(g), parameters: [...scope.parameters.values()].map((parameter) => parameter.spec) };
}

/** Names of an exported model's inputs and outputs. */
export const exportedNames = { ids: 'ids', lengths: 'lengths', probabilities: 'probabilities' } as const;

/**
 * The model as a file that any ONNX runtime reads. Inputs: `ids` int64 `[batch, time]`, padded on the right with 0, and
 * `lengths` int32 `[batch]`. Output: `probabilities` float32 `[batch, classes]`.
 */
export function buildExport(
  spec: TextClassifierSpec,
  parameters: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const g = new GraphBuilder('text_classifier');
  const ids = g.input(exportedNames.ids, 'int64', [batch, time]);
  const lengths = g.input(exportedNames.lengths, 'int32', [batch]);
  const scope = new ConstantScope(g, parameters);
  const table = scope.parameter(embeddingName, [spec.vocabulary, spec.embedding]);
  let sequence = g.Gather(table, g.Transpose(ids, [1, 0]), 0);
  let final = sequence;
  for (let layer = 0; layer < spec.layers; layer++) {
    const result = fusedLayer(scope, layerName(layer), sequence, lengths, layerOptions(spec));
    sequence = result.outputs;
    final = result.final;
  }
  const logits = dense(scope, 'output', g.Transpose(final, [1, 0]), spec.classes);
  g.output(exportedNames.probabilities, g.Softmax(g.Transpose(logits, [1, 0]), 1));
  return encodeModel(g, { metadata });
}

/** The parameters of a model that `buildExport` wrote, by name, from its initializers; undefined where one is missing. */
export function readExportedParameters(
  spec: TextClassifierSpec,
  initializer: (name: string) => Float32Array | undefined,
): Map<string, Float32Array> | undefined {
  const parameters = new Map<string, Float32Array>();
  const names = [embeddingName, 'output.W', 'output.b'];
  const sizes = [spec.vocabulary * spec.embedding, spec.classes * features(spec), spec.classes];
  for (const [at, name] of names.entries()) {
    const array = initializer(name);
    if (array === undefined || array.length !== sizes[at]) return undefined;
    parameters.set(name, array);
  }
  const options = layerOptions(spec);
  const directions = spec.bidirectional ? 2 : 1;
  const gateRows = options.cell.gates * spec.hidden;
  for (let layer = 0; layer < spec.layers; layer++) {
    const name = layerName(layer);
    const input = layer === 0 ? spec.embedding : features(spec);
    const [W, R, B] = ['W', 'R', 'B'].map((suffix) => initializer(`${name}.${suffix}`));
    if (W === undefined || R === undefined || B === undefined) return undefined;
    const fits =
      W.length === directions * gateRows * input &&
      R.length === directions * gateRows * spec.hidden &&
      B.length === directions * 2 * gateRows;
    if (!fits) return undefined;
    for (const [parameter, array] of unpackFused(name, options, input, { W, R, B })) parameters.set(parameter, array);
  }
  return parameters;
}
