/** Many-to-many, aligned: a sequence of token ids to a tag for each, through stacked recurrent layers and maybe a CRF. */
import { gradientsOf } from '../autodiff/gradients';
import { type CellName, cells } from '../nn/cells/cells';
import { glorotUniform, zeros } from '../nn/initializers';
import { embedding, embeddingName } from '../nn/layers';
import { updateNames } from '../nn/optimizers';
import { fusedLayer, type Padding, recurrentLayer, type RecurrentOptions } from '../nn/recurrent';
import { ConstantScope, InputScope, type Scope } from '../nn/scope';
import { crfLoss, crfNames, crfParameters, stepCrossEntropy } from '../nn/sequenceLosses';
import { encodeModel } from '../onnx/encode';
import type { Value } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graphBuilder';
import type { TrainingGraph } from './trainingGraph';

/** All that fixes the shape of a tagger; stored with an exported model. */
export interface TaggerSpec {
  /** Rows of the embedding, padding and unknown included. */
  readonly vocabulary: number;
  readonly embedding: number;
  readonly cell: CellName;
  readonly hidden: number;
  readonly layers: number;
  readonly bidirectional: boolean;
  readonly tags: number;
  /** Whether the tags of a sequence are scored together. */
  readonly crf: boolean;
}

export interface TaggerTrainingOptions {
  /** Share of elements dropped from the embeddings, between layers and before the tags' scores. */
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

function layerOptions({ cell, hidden, bidirectional }: TaggerSpec): RecurrentOptions {
  return { cell: cells[cell], hidden, bidirectional };
}

/** Scores of the tags `W h + b`, `[time, tags, batch]`, of `[time, features, batch]`. */
function tagScores(scope: Scope, sequence: Value, tags: number): Value {
  const { g } = scope;
  const W = scope.parameter('output.W', [tags, sequence.shape[1] as number], glorotUniform);
  const b = scope.parameter('output.b', [tags, 1], zeros);
  return g.Add(g.MatMul(W, sequence), b);
}

/** Scores of every step's tags, `[time, tags, batch]`, from embedded tokens `[time, embedding, batch]`. */
function emissionsOf(scope: Scope, spec: TaggerSpec, embedded: Value, padding: Padding | null, dropout: number): Value {
  let sequence = embedded;
  for (let layer = 0; layer < spec.layers; layer++) {
    if (layer > 0) sequence = scope.dropout(layerName(layer), sequence, dropout);
    sequence = recurrentLayer(scope, layerName(layer), sequence, layerOptions(spec), padding).outputs;
  }
  return tagScores(scope, scope.dropout('output', sequence, dropout), spec.tags);
}

function paddingInputs(g: GraphBuilder, padded: boolean): Padding | null {
  if (!padded) return null;
  return { mask: g.input('mask', 'float32', [time, 1, batch]), last: g.input('last', 'float32', [time, 1, batch]) };
}

/**
 * The loss of a batch and its gradients. Inputs: `ids` and `tags` int32 `[time, batch]`, with a CRF `previous` (the tags
 * a step later, the number of tags first), `normaliser`, with padding `mask` and `last`, dropout masks, and the
 * parameters. Outputs: `loss` and a gradient for each trained parameter.
 */
export function buildTraining(spec: TaggerSpec, options: TaggerTrainingOptions): TrainingGraph {
  const g = new GraphBuilder('train');
  const ids = g.input('ids', 'int32', [time, batch]);
  const tags = g.input('tags', 'int32', [time, batch]);
  const padding = paddingInputs(g, options.padded);
  const normaliser = g.input('normaliser', 'float32', []);
  const scope = new InputScope(g, true, new Map(options.sparseEmbedding ? [[embeddingName, rows]] : []));
  const embedded = embedding(scope, ids, spec.vocabulary, spec.embedding, options.dropout);
  const emissions = emissionsOf(scope, spec, embedded, padding, options.dropout);
  const loss = spec.crf
    ? crfLoss(
        g,
        crfParameters(scope, spec.tags),
        emissions,
        tags,
        g.input('previous', 'int32', [time, batch]),
        padding,
        normaliser,
      )
    : stepCrossEntropy(g, emissions, tags, padding, normaliser);
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
 * Scores of every step's tags `emissions` `[batch, time, tags]` by the equations that training uses; meaningless at
 * padding. Inputs: `ids`, `mask`, `last`, and the parameters but for the CRF's, the whole embedding included.
 */
export function buildForward(spec: TaggerSpec): Uint8Array {
  const g = new GraphBuilder('forward');
  const ids = g.input('ids', 'int32', [time, batch]);
  const padding = paddingInputs(g, true);
  const scope = new InputScope(g, false);
  const emissions = emissionsOf(scope, spec, embedding(scope, ids, spec.vocabulary, spec.embedding, 0), padding, 0);
  g.output('emissions', g.Transpose(emissions, [2, 0, 1]));
  return encodeModel(g);
}

/** Names of an exported model's inputs and outputs. */
export const exportedNames = {
  ids: 'ids',
  lengths: 'lengths',
  emissions: 'emissions',
  /** Those of a CRF; without one they are not there. */
  crf: { transitions: 'transitions', start: 'start', end: 'end' },
} as const;

/**
 * The model as a file that any ONNX runtime reads. Inputs: `ids` int64 `[batch, time]`, padded on the right with 0, and
 * `lengths` int32 `[batch]`. Outputs: `emissions` float32 `[batch, time, tags]`, scores before softmax, meaningless at
 * padding; with a CRF what the best path is to be searched with: `transitions` `[tags, tags]` (row: the later tag),
 * `start` and `end` `[tags, 1]`.
 */
export function buildExport(
  spec: TaggerSpec,
  parameters: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const g = new GraphBuilder('tagger');
  const ids = g.input(exportedNames.ids, 'int64', [batch, time]);
  const lengths = g.input(exportedNames.lengths, 'int32', [batch]);
  const scope = new ConstantScope(g, parameters);
  const table = scope.parameter(embeddingName, [spec.vocabulary, spec.embedding]);
  let sequence = g.Gather(table, g.Transpose(ids, [1, 0]), 0);
  for (let layer = 0; layer < spec.layers; layer++) {
    sequence = fusedLayer(scope, layerName(layer), sequence, lengths, layerOptions(spec)).outputs;
  }
  const scores = tagScores(scope, g.Transpose(sequence, [0, 2, 1]), spec.tags);
  g.output(exportedNames.emissions, g.Transpose(scores, [2, 0, 1]));
  if (spec.crf) {
    const crf = crfParameters(scope, spec.tags);
    for (const name of ['transitions', 'start', 'end'] as const) g.output(exportedNames.crf[name], crf[name]);
  }
  return encodeModel(g, { metadata });
}

/** The CRF's scores as plain numbers. */
export interface CrfScores {
  /** `[tags, tags]`, row by row; the row is the later tag. */
  readonly transitions: Float32Array;
  /** `[tags]` each. */
  readonly start: Float32Array;
  readonly end: Float32Array;
}

/** The CRF's scores among named arrays; undefined where one is missing or has another size. */
export function readCrf(tags: number, array: (name: string) => Float32Array | undefined): CrfScores | undefined {
  const [transitions, start, end] = [crfNames.transitions, crfNames.start, crfNames.end].map(array);
  if (transitions?.length !== tags * tags || start?.length !== tags || end?.length !== tags) return undefined;
  return { transitions, start, end };
}
