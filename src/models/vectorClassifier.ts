/** One-to-one: the TF-IDF vector of a text to a class, through a feed-forward network of any number of layers. */
import { gradientsOf } from '../autodiff/gradients';
import { nGramCount } from '../data/nGrams';
import type { TfIdf, TfIdfBlock } from '../data/tfIdf';
import { dense } from '../nn/layers';
import { logOdds } from '../nn/logOdds';
import { type CrossEntropyOptions, softmaxCrossEntropy } from '../nn/losses';
import { updateNames } from '../nn/optimizers';
import { ConstantScope, InputScope, type ParameterSpec, type Scope } from '../nn/scope';
import { sparseDense, type SparseVectors, sparseWeights } from '../nn/sparseDense';
import { encodeModel } from '../onnx/encode';
import type { Value } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graphBuilder';
import type { TrainingGraph } from './trainingGraph';

/** All that fixes the shape of a vector classifier; stored with an exported model. */
export interface VectorClassifierSpec {
  /** N-grams: the length of a vector. */
  readonly features: number;
  /** Sizes of the hidden layers; none is logistic regression. */
  readonly hidden: readonly number[];
  readonly classes: number;
}

export interface VectorTrainingOptions extends CrossEntropyOptions {
  /** Share of elements dropped after each hidden layer. */
  readonly dropout: number;
}

/** Name of the first layer, whose weights have a row for each n-gram. */
const firstLayer = 'features';
/** Name of the weights that have a row for each n-gram. */
export const featureWeights = sparseWeights(firstLayer);

/** Named sizes of the graphs. */
const [batch, entries, rows] = ['batch', 'entries', 'rows'] as const;

/** The layers after the first with their sizes; the last is that of the classes. */
function laterLayers({ hidden, classes }: VectorClassifierSpec): { name: string; size: number }[] {
  if (hidden.length === 0) return [];
  return [...hidden.slice(1).map((size, at) => ({ name: `layer${at + 1}`, size })), { name: 'output', size: classes }];
}

/** Units of the first layer. */
function firstSize({ hidden, classes }: VectorClassifierSpec): number {
  return hidden[0] ?? classes;
}

/** Class scores before softmax, `[classes, batch]`, from the first layer's sums `[size, batch]`. */
function logitsOf(scope: Scope, spec: VectorClassifierSpec, sums: Value, dropout: number): Value {
  let x = sums;
  for (const { name, size } of laterLayers(spec)) {
    x = dense(scope, name, scope.dropout(name, scope.g.Relu(x), dropout), size);
  }
  return x;
}

function vectorInputs(g: GraphBuilder): SparseVectors {
  return {
    places: g.input('places', 'int32', [batch, entries]),
    values: g.input('values', 'float32', [batch, entries]),
  };
}

/** Parameters as inputs; of the first layer's weights, the rows that a batch touches. */
function inputScope(g: GraphBuilder, training: boolean): InputScope {
  return new InputScope(g, training, new Map([[featureWeights, rows]]));
}

function firstSums(scope: Scope, spec: VectorClassifierSpec, vectors: SparseVectors): Value {
  return sparseDense(scope, firstLayer, vectors, spec.features, firstSize(spec));
}

/**
 * The loss of a batch and its gradients. Inputs: `places` int32 and `values` float32 `[batch, entries]`, `labels` int32
 * `[batch]`, `normaliser`, dropout masks, and the parameters. Outputs: `loss` and a gradient for each parameter.
 */
export function buildVectorTraining(spec: VectorClassifierSpec, options: VectorTrainingOptions): TrainingGraph {
  const g = new GraphBuilder('train');
  const vectors = vectorInputs(g);
  const scope = inputScope(g, true);
  const logits = logitsOf(scope, spec, firstSums(scope, spec, vectors), options.dropout);
  const labels = g.input('labels', 'int32', [batch]);
  const normaliser = g.input('normaliser', 'float32', []);
  const loss = softmaxCrossEntropy(g, g.Transpose(logits, [1, 0]), labels, normaliser, options);
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
    parameters: parameters.map(({ spec: parameter }) => parameter),
    trained: [...scope.parameters.keys()],
    dropouts: scope.dropouts,
    sparse: [{ parameter: featureWeights, rowInputs: [vectors.places.name] }],
  };
}

/**
 * Log-probabilities `[batch, classes]` by the equations that training uses. Inputs: `places`, `values`, and the
 * parameters, of the first layer's weights the rows that `places` number.
 */
export function buildVectorForward(spec: VectorClassifierSpec): Uint8Array {
  const g = new GraphBuilder('forward');
  const vectors = vectorInputs(g);
  const scope = inputScope(g, false);
  const logits = logitsOf(scope, spec, firstSums(scope, spec, vectors), 0);
  g.output('logProbabilities', g.LogSoftmax(g.Transpose(logits, [1, 0]), 1));
  return encodeModel(g);
}

/**
 * How much each n-gram speaks for a class: gradient of the class' log-odds × value of the n-gram. Inputs: those of
 * `buildVectorForward` and `classes` int32 `[batch]`. Output: `influence` `[batch, entries]`.
 */
export function buildVectorInfluence(spec: VectorClassifierSpec): { bytes: Uint8Array; parameters: ParameterSpec[] } {
  const g = new GraphBuilder('influence');
  const vectors = vectorInputs(g);
  const scope = inputScope(g, false);
  const logits = logitsOf(scope, spec, firstSums(scope, spec, vectors), 0);
  const score = g.ReduceSum(logOdds(g, g.Transpose(logits, [1, 0]), g.input('classes', 'int32', [batch])), [0]);
  const [gradient] = gradientsOf(g, score, [vectors.values]);
  g.output('influence', g.Mul(gradient!, vectors.values));
  return { bytes: encodeModel(g), parameters: [...scope.parameters.values()].map((parameter) => parameter.spec) };
}

/** Names of an exported model's inputs, which are those of the kinds of n-grams, and of its output. */
export const exportedVectorNames = {
  words: 'words',
  characters: 'characters',
  probabilities: 'probabilities',
} as const;

/** Name of the inverse document frequencies of a kind of n-grams in an exported model. */
export function idfName(kind: TfIdfBlock['kind']): string {
  return `${kind}.idf`;
}

/**
 * The model as a file that any ONNX runtime reads; the vector is made within. Inputs: int64 `words` `[batch, words]` and,
 * with n-grams of characters, `characters` `[batch, characters]` (each word between two boundaries, one after the other),
 * padded on the right with 0. Output: `probabilities` float32 `[batch, classes]`.
 */
export function buildVectorExport(
  spec: VectorClassifierSpec,
  tfIdf: Pick<TfIdf, 'blocks' | 'options'>,
  parameters: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const g = new GraphBuilder('vector_classifier');
  const scope = new ConstantScope(g, parameters);
  const parts = tfIdf.blocks.map((block) => {
    const ids = g.input(exportedVectorNames[block.kind], 'int64', [batch, block.kind]);
    return exportedBlock(g, block, ids, tfIdf.options.sublinear);
  });
  const W = scope.parameter(featureWeights, [spec.features, firstSize(spec)]);
  const b = scope.parameter(`${firstLayer}.b`, [firstSize(spec), 1]);
  const sums = g.Add(g.Transpose(g.MatMul(g.Concat(parts, 1), W), [1, 0]), b);
  const logits = logitsOf(scope, spec, sums, 0);
  g.output(exportedVectorNames.probabilities, g.Softmax(g.Transpose(logits, [1, 0]), 1));
  return encodeModel(g, { metadata });
}

/** The n-grams of one kind as `[batch, n-grams]`: counts, weighted and scaled as `TfIdfReader.rows` has it. */
function exportedBlock(g: GraphBuilder, { kind, nGrams, idf }: TfIdfBlock, ids: Value, sublinear: boolean): Value {
  const [least] = nGrams.range;
  const counts = g.TfIdfVectorizer(ids, Array.from(nGrams.pool), nGrams.counts, least);
  const one = g.scalar(1);
  // 1 + ln(count) where there is a count: min(count, 1) is 1 there, and 0 elsewhere.
  const weighted = sublinear ? g.Mul(g.Min(counts, one), g.Add(one, g.Log(g.Max(counts, one)))) : counts;
  const values = g.Mul(weighted, g.tensor('float32', [nGramCount(nGrams)], idf, idfName(kind)));
  const norm = g.Sqrt(g.ReduceSumSquare(values, [1], 1));
  return g.Div(values, g.Max(norm, g.scalar(1e-12)));
}

/** Parameters with their sizes, as an exported model holds them. */
function parameterSizes(spec: VectorClassifierSpec): Map<string, number> {
  const sizes = new Map([
    [featureWeights, spec.features * firstSize(spec)],
    [`${firstLayer}.b`, firstSize(spec)],
  ]);
  let input = firstSize(spec);
  for (const { name, size } of laterLayers(spec)) {
    sizes.set(`${name}.W`, size * input).set(`${name}.b`, size);
    input = size;
  }
  return sizes;
}

/** The parameters of a model that `buildVectorExport` wrote, by name; undefined where one is missing or of another size. */
export function readVectorParameters(
  spec: VectorClassifierSpec,
  initializer: (name: string) => Float32Array | undefined,
): Map<string, Float32Array> | undefined {
  const parameters = new Map<string, Float32Array>();
  for (const [name, size] of parameterSizes(spec)) {
    const array = initializer(name);
    if (array?.length !== size) return undefined;
    parameters.set(name, array);
  }
  return parameters;
}
