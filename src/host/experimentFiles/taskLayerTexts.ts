/** The layers of an experiment of any task in the words of hints; knows no editor. */
import { isSeriesClassification, isVectorClassification } from '../../experiment/experimentKinds';
import type { Experiment } from '../../experiment/experimentSchema';
import type { ForecastingExperiment } from '../../experiment/forecastingSchema';
import type { LanguageModelExperiment } from '../../experiment/languageModelSchema';
import { countParameters, type KnownSizes, type LayerShape } from '../../experiment/layerShapes';
import type { SeriesClassificationExperiment } from '../../experiment/seriesClassificationSchema';
import {
  forecasterLayers,
  languageModelLayers,
  seriesClassifierLayers,
  translatorLayers,
} from '../../experiment/taskLayers';
import type { TranslationExperiment } from '../../experiment/translationSchema';
import {
  countsText,
  detailOf,
  grouped,
  type LayerText,
  type LayerTexts,
  layerTexts,
  type LayerWords,
  shapeText,
  vectorLayerTexts,
} from './layerTexts';

/** Words of the tasks beside those of classifiers of texts. */
export interface TaskLayerWords extends LayerWords {
  readonly tags: string;
  readonly steps: string;
  readonly channels: string;
  /** What a forecaster reads and writes, said by rows and columns. */
  readonly window: string;
  readonly encoder: string;
  readonly decoder: string;
}

/** What the sections `features` and `model` of an experiment amount to. */
export function taskLayerTexts(experiment: Experiment, known: KnownSizes, words: TaskLayerWords): LayerTexts {
  switch (experiment.task) {
    case 'classification':
      if (isSeriesClassification(experiment)) return seriesTexts(experiment, known, words);
      return isVectorClassification(experiment)
        ? vectorLayerTexts(experiment, known, words)
        : layerTexts(experiment, known, words);
    case 'tagging':
      return layerTexts(experiment, known, { ...words, classes: words.tags });
    case 'languageModel':
      return languageModelTexts(experiment, known, words);
    case 'forecasting':
      return forecasterTexts(experiment, words);
    case 'translation':
      return translatorTexts(experiment, words);
  }
}

/** A layer whose vocabulary has at most so many tokens before the data is read. */
function limited(time: string, layer: LayerShape, rows: number, limit: string, words: LayerWords): LayerText {
  const count = `${limit}${grouped(countParameters(layer, rows))}`;
  return { hint: `${shapeText(time, layer.size)} ${count}`, detail: detailOf([layer], count, words, words.vocabulary) };
}

function recurrent(time: string, layers: readonly LayerShape[], words: LayerWords, prefix = ''): LayerText {
  const count = countsText(layers);
  return {
    hint: `${prefix}${shapeText(time, layers[0]!.size)} ${count}`,
    detail: detailOf(layers, count, words, ''),
  };
}

function languageModelTexts(
  experiment: LanguageModelExperiment,
  { vocabulary }: KnownSizes,
  words: TaskLayerWords,
): LayerTexts {
  const layers = languageModelLayers(experiment, { vocabulary });
  const rows = vocabulary ?? experiment.features.vocabulary;
  const limit = vocabulary === undefined ? '≤ ' : '';
  const output = layers.at(-1)!;
  const count = `${limit}${grouped(countParameters(output, rows))}`;
  return {
    features: limited(words.tokens, layers[0]!, rows, limit, words),
    model: [
      recurrent(words.tokens, layers.slice(1, -1), words),
      {
        hint: `[${words.tokens}, ${limit}${grouped(rows)}] ${count}`,
        detail: detailOf([output], count, words, words.vocabulary),
      },
    ],
  };
}

function forecasterTexts(experiment: ForecastingExperiment, words: TaskLayerWords): LayerTexts {
  const { context, horizon } = experiment.features;
  const layers = forecasterLayers(experiment);
  const columns = [experiment.data.values].flat().length;
  const output = layers.at(-1)!;
  const count = grouped(countParameters(output));
  return {
    features: { hint: `[${grouped(context)}, ${columns}]`, detail: words.window },
    model: [
      recurrent(words.steps, layers.slice(0, -1), words),
      { hint: `[${grouped(horizon)}, ${columns}] ${count}`, detail: detailOf([output], count, words, '') },
    ],
  };
}

function seriesTexts(
  experiment: SeriesClassificationExperiment,
  { classes }: KnownSizes,
  words: TaskLayerWords,
): LayerTexts {
  const layers = seriesClassifierLayers(experiment, { classes });
  const [first, output] = [layers.at(0)!, layers.at(-1)!];
  const channels = experiment.data.channels?.length;
  const stack = layers.slice(0, -1);
  // Of a first layer over unknown channels, the least is known: one channel.
  const least = channels === undefined ? '≥ ' : '';
  const count = `${least}${countsText(stack)}`;
  const outputCount = grouped(countParameters(output));
  const told = output.size === null ? words.each(outputCount) : outputCount;
  return {
    features: { hint: `[${words.steps}, ${channels ?? words.channels}]`, detail: words.channels },
    model: [
      {
        hint: `${shapeText(words.steps, first.size)} ${count}`,
        detail: detailOf(stack, count, words, words.channels),
      },
      { hint: `[${output.size ?? words.classes}] ${told}`, detail: detailOf([output], told, words, words.classes) },
    ],
  };
}

/** A run tells the vocabulary of one side alone, so that limits stand for both. */
function translatorTexts(experiment: TranslationExperiment, words: TaskLayerWords): LayerTexts {
  const { vocabulary } = experiment.features;
  const { embedding, encoder, decoder, output } = translatorLayers(experiment);
  return {
    features: limited(words.tokens, embedding, vocabulary, '≤ ', words),
    model: [
      recurrent(words.tokens, encoder, words, `${words.encoder} `),
      recurrent(words.tokens, [decoder], words, `${words.decoder} `),
      {
        hint: `[≤ ${grouped(vocabulary)}] ≤ ${grouped(countParameters(output, vocabulary))}`,
        detail: detailOf([output], `≤ ${grouped(countParameters(output, vocabulary))}`, words, words.vocabulary),
      },
    ],
  };
}
