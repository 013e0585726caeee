/** The layers of language models, translators and models of number series, with their shapes; builds no graph. */
import type { ForecastingExperiment } from './forecastingSchema';
import type { LanguageModelExperiment } from './languageModelSchema';
import { directionParameters, type LayerShape, type ParameterShape } from './layerShapes';
import type { SeriesClassificationExperiment } from './seriesClassificationSchema';
import type { TranslationExperiment } from './translationSchema';

type Network = Parameters<typeof directionParameters>[1] & {
  readonly layers: number;
  readonly bidirectional?: boolean;
};

/** Stacked recurrent layers; the first one's input may be a size that only the data can tell. */
function recurrentLayers(prefix: string, model: Network, first: number | null): LayerShape[] {
  const directions = model.bidirectional === true ? ['forward', 'backward'] : ['forward'];
  const width = model.hidden * directions.length;
  return Array.from({ length: model.layers }, (_, layer) => ({
    kind: 'recurrent',
    size: width,
    parameters: directions.flatMap((direction) =>
      directionParameters(`${prefix}layer${layer}.${direction}`, model, layer === 0 ? first : width),
    ),
  }));
}

const table = (name: string, rows: number | null, size: number): ParameterShape => ({ name, shape: [rows, size] });

/** A language model: embedding, recurrent layers, and a score for each token of the vocabulary. */
export function languageModelLayers(
  { features, model }: Pick<LanguageModelExperiment, 'features' | 'model'>,
  { vocabulary = null }: { readonly vocabulary?: number | null | undefined } = {},
): readonly LayerShape[] {
  const { size } = features.embedding;
  return [
    { kind: 'embedding', size, parameters: [table('embedding', vocabulary, size)] },
    ...recurrentLayers('', model, size),
    {
      kind: 'output',
      size: vocabulary,
      parameters: [
        ...(model.tied ? [] : [table('output.W', vocabulary, model.hidden)]),
        { name: 'output.b', shape: [vocabulary] },
      ],
    },
  ];
}

/** A forecaster: recurrent layers over the columns, and the next values of all of them. */
export function forecasterLayers({
  data,
  features,
  model,
}: Pick<ForecastingExperiment, 'data' | 'features' | 'model'>): readonly LayerShape[] {
  const channels = [data.values].flat().length;
  return [...recurrentLayers('', model, channels), denseOutput(model, features.horizon * channels)];
}

/** A classifier of number series; how many channels there are, only the data can tell where they are not named. */
export function seriesClassifierLayers(
  { data, model }: Pick<SeriesClassificationExperiment, 'data' | 'model'>,
  { classes = null }: { readonly classes?: number | null | undefined } = {},
): readonly LayerShape[] {
  return [...recurrentLayers('', model, data.channels?.length ?? null), denseOutput(model, classes)];
}

function denseOutput({ hidden, bidirectional }: Omit<Network, 'layers'>, size: number | null): LayerShape {
  const width = hidden * (bidirectional === true ? 2 : 1);
  return {
    kind: 'output',
    size,
    parameters: [
      { name: 'output.W', shape: [size, width] },
      { name: 'output.b', shape: [size, 1] },
    ],
  };
}

/** The layers of a translator by what they are for. */
export interface TranslatorLayers {
  readonly embedding: LayerShape;
  readonly encoder: readonly LayerShape[];
  /** All that the decoder has: its start, its attention, its recurrent layers and its readout. */
  readonly decoder: LayerShape;
  readonly output: LayerShape;
}

/** An encoder–decoder with attention; both vocabularies may be sizes that only the data can tell. */
export function translatorLayers(
  { features, model }: Pick<TranslationExperiment, 'features' | 'model'>,
  { source = null, target = null }: { readonly source?: number | null; readonly target?: number | null } = {},
): TranslatorLayers {
  const { size } = features.embedding;
  const { cell, hidden, layers, bidirectional, attention, inputFeeding } = model;
  const width = hidden * (bidirectional ? 2 : 1);
  const states = cell === 'lstm' ? 2 : 1;
  const [first, ...others] = Array.from({ length: layers }, (_, layer) =>
    directionParameters(`decoder.layer${layer}`, model, layer === 0 ? size : hidden),
  );
  const rows = first![0]!.shape[0]!;
  const start = Array.from({ length: layers }, (_, layer) =>
    Array.from({ length: states }, (__, state): ParameterShape[] => [
      { name: `initial.layer${layer}.state${state}.W`, shape: [hidden, width] },
      { name: `initial.layer${layer}.state${state}.b`, shape: [hidden, 1] },
    ]),
  ).flat(2);
  const isEarly = attention === 'bahdanau';
  return {
    embedding: {
      kind: 'embedding',
      size,
      parameters: features.shared
        ? [table('embedding', source, size)]
        : [table('source.embedding', source, size), table('target.embedding', target, size)],
    },
    encoder: recurrentLayers('encoder.', model, size),
    decoder: {
      kind: 'recurrent',
      size: hidden,
      parameters: [
        ...start,
        table('attention.K', hidden, width),
        ...(isEarly ? [table('attention.Q', hidden, hidden), table('attention.v', 1, hidden)] : []),
        ...first!,
        ...(isEarly ? [table('decoder.C', rows, width)] : []),
        ...(inputFeeding ? [table('decoder.F', rows, hidden)] : []),
        ...others.flat(),
        table('readout.W', hidden, width + hidden),
        { name: 'readout.b', shape: [hidden, 1] },
      ],
    },
    output: {
      kind: 'output',
      size: target,
      parameters: [table('output.W', target, hidden), { name: 'output.b', shape: [target] }],
    },
  };
}
