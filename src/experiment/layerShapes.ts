/** The layers that a classifier or tagger of texts has, with the shapes of what they hand on and of their parameters; builds no graph. */
import type { ClassificationExperiment } from './classificationSchema';
import type { VectorClassificationExperiment } from './vectorClassificationSchema';
import type { TaggingExperiment } from './taggingSchema';

/** One parameter; a size that only the data can tell is null. */
export interface ParameterShape {
  /** As in the training graph and in checkpoints. */
  readonly name: string;
  readonly shape: readonly (number | null)[];
}

/** One layer; a recurrent one with all its directions. */
export interface LayerShape {
  readonly kind: 'embedding' | 'recurrent' | 'dense' | 'output';
  /** Numbers that it hands on for each step, or for each text in the case of the output; null where the data tells. */
  readonly size: number | null;
  readonly parameters: readonly ParameterShape[];
}

/** What the data tells, once it has been read. */
export interface KnownSizes {
  /** Tokens of the vocabulary, padding and unknown included. */
  readonly vocabulary?: number | undefined;
  readonly classes?: number | undefined;
}

/** Gates of each cell, and whether it has a bias for the recurrent part alone. */
const cells = {
  rnn: { gates: 1, hasRecurrentBias: false },
  gru: { gates: 3, hasRecurrentBias: true },
  lstm: { gates: 4, hasRecurrentBias: false },
} as const;

/** The experiments that have these layers. */
export type LayeredExperiment =
  Pick<ClassificationExperiment, 'features' | 'model'> | Pick<TaggingExperiment, 'features' | 'model'>;

/** The layers in the order in which a text passes them: embedding, recurrent layers, output. */
export function layerShapes(
  { features, model }: LayeredExperiment,
  { vocabulary, classes }: KnownSizes = {},
): readonly LayerShape[] {
  const { size } = features.embedding;
  const directions = model.bidirectional ? ['forward', 'backward'] : ['forward'];
  const width = model.hidden * directions.length;
  const recurrent = Array.from({ length: model.layers }, (_, layer): LayerShape => {
    const input = layer === 0 ? size : width;
    const parameters = directions.flatMap((direction) =>
      directionParameters(`layer${layer}.${direction}`, model, input),
    );
    return { kind: 'recurrent', size: width, parameters };
  });
  return [
    { kind: 'embedding', size, parameters: [{ name: 'embedding', shape: [vocabulary ?? null, size] }] },
    ...recurrent,
    {
      kind: 'output',
      size: classes ?? null,
      parameters: [
        { name: 'output.W', shape: [classes ?? null, width] },
        { name: 'output.b', shape: [classes ?? null, 1] },
        ...('crf' in model && model.crf ? crfParameters(classes ?? null) : []),
      ],
    },
  ];
}

/** The layers of a classifier of TF-IDF vectors: hidden layers and the output, each with a weight for each number before it. */
export function vectorLayerShapes(
  { model }: Pick<VectorClassificationExperiment, 'model'>,
  { vocabulary, classes }: KnownSizes = {},
): readonly LayerShape[] {
  const sizes = [...model.hidden, classes ?? null];
  return sizes.map((size, layer) => {
    const last = layer === sizes.length - 1;
    const input = layer === 0 ? (vocabulary ?? null) : sizes[layer - 1]!;
    const name = layer === 0 ? 'features' : last ? 'output' : `layer${layer}`;
    return {
      kind: last ? 'output' : 'dense',
      size,
      parameters: [
        // The first layer's weights are a table with a row for each n-gram.
        { name: `${name}.W`, shape: layer === 0 ? [input, size] : [size, input] },
        { name: `${name}.b`, shape: [size, 1] },
      ],
    };
  });
}

/** What a CRF learns beside the scores of single tags. */
function crfParameters(tags: number | null): ParameterShape[] {
  return [
    { name: 'crf.transitions', shape: [tags, tags] },
    { name: 'crf.start', shape: [tags, 1] },
    { name: 'crf.end', shape: [tags, 1] },
  ];
}

/** The parameters of one direction of a recurrent layer; its input may be a size that only the data can tell. */
export function directionParameters(
  prefix: string,
  { cell, hidden }: { readonly cell: keyof typeof cells; readonly hidden: number },
  input: number | null,
): ParameterShape[] {
  const { gates, hasRecurrentBias } = cells[cell];
  const rows = gates * hidden;
  return [
    { name: `${prefix}.W`, shape: [rows, input] },
    { name: `${prefix}.R`, shape: [rows, hidden] },
    { name: `${prefix}.b`, shape: [rows, 1] },
    ...(hasRecurrentBias ? [{ name: `${prefix}.rb`, shape: [rows, 1] }] : []),
  ];
}

/** Numbers in a layer's parameters, unknown sizes taken as `unknown`. */
export function countParameters({ parameters }: LayerShape, unknown = 1): number {
  const count = ({ shape }: ParameterShape) => shape.reduce<number>((product, size) => product * (size ?? unknown), 1);
  return parameters.reduce((sum, parameter) => sum + count(parameter), 0);
}
