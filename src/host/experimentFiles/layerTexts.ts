/** The layers of an experiment in the short words of a hint and the longer ones of its explanation; knows no editor. */
import {
  countParameters,
  type KnownSizes,
  type LayeredExperiment,
  type LayerShape,
  layerShapes,
  vectorLayerShapes,
} from '../../experiment/layerShapes';
import type { VectorClassificationExperiment } from '../../experiment/vectorClassificationSchema';

/** Words in the user's language. */
export interface LayerWords {
  readonly tokens: string;
  readonly vocabulary: string;
  readonly classes: string;
  /** Says a number of parameters for each class. */
  readonly each: (count: string) => string;
  /** Says a number of parameters. */
  readonly parameters: (count: string) => string;
}

/** What a hint says, and the parameters behind it as Markdown, one a line. */
export interface LayerText {
  readonly hint: string;
  readonly detail: string;
}

/** What the sections `features` and `model` amount to; `model` is the recurrent layers together and the output. */
export interface LayerTexts {
  readonly features: LayerText;
  readonly model: readonly LayerText[];
}

/**
 * Describes every layer by the shape that it hands on and the numbers that it learns, as `[tokens, 128] 84,480`. An editor
 * cuts the hints of a line off after about forty characters, so that a count stands for itself and the detail explains it.
 */
export function layerTexts(experiment: LayeredExperiment, known: KnownSizes, words: LayerWords): LayerTexts {
  const layers = layerShapes(experiment, known);
  const [embedding, output] = [layers.at(0)!, layers.at(-1)!];
  const recurrent = layers.slice(1, -1);
  // Before the data is read, the vocabulary has at most as many tokens as the experiment allows.
  const embedded = countParameters(embedding, known.vocabulary ?? experiment.features.vocabulary);
  const limit = known.vocabulary === undefined ? '≤ ' : '';
  const outputCount = grouped(countParameters(output));
  return {
    features: {
      hint: `${shapeText(words.tokens, embedding.size)} ${limit}${grouped(embedded)}`,
      detail: detailOf([embedding], `${limit}${grouped(embedded)}`, words, words.vocabulary),
    },
    model: [
      {
        hint: `${shapeText(words.tokens, recurrent[0]!.size)} ${countsText(recurrent)}`,
        detail: detailOf(recurrent, countsText(recurrent), words, ''),
      },
      {
        hint: `[${output.size ?? words.classes}] ${output.size === null ? words.each(outputCount) : outputCount}`,
        detail: detailOf([output], output.size === null ? words.each(outputCount) : outputCount, words, words.classes),
      },
    ],
  };
}

/**
 * The same of a classifier of TF-IDF vectors: the length of a vector, then every layer. Before the data is read, there are
 * at most as many n-grams as the experiment allows.
 */
export function vectorLayerTexts(
  experiment: Pick<VectorClassificationExperiment, 'features' | 'model'>,
  known: KnownSizes,
  words: LayerWords,
): LayerTexts {
  const { vocabulary, characters } = experiment.features;
  const limit = known.vocabulary === undefined ? '≤ ' : '';
  const nGrams = known.vocabulary ?? vocabulary * (characters === false ? 1 : 2);
  return {
    features: { hint: `[${limit}${grouped(nGrams)}]`, detail: `${words.vocabulary} ${limit}${grouped(nGrams)}` },
    model: vectorLayerShapes(experiment, { ...known, vocabulary: nGrams }).map((layer, at) => {
      const count = `${at === 0 ? limit : ''}${grouped(countParameters(layer))}`;
      const counted = layer.size === null ? words.each(count) : count;
      return {
        hint: `[${layer.size === null ? words.classes : grouped(layer.size)}] ${counted}`,
        detail: detailOf([layer], counted, words, words.classes),
      };
    }),
  };
}

/** A shape over time, as `[tokens, 128]`. */
export function shapeText(time: string, size: number | null): string {
  return `[${time}, ${String(size)}]`;
}

/** The counts of recurrent layers: all but the first have the same. */
export function countsText([first, ...others]: readonly LayerShape[]): string {
  const start = grouped(countParameters(first!));
  if (others.length === 0) return start;
  return `${start} + ${others.length > 1 ? `${others.length} × ` : ''}${grouped(countParameters(others[0]!))}`;
}

/** The parameters of layers, one a line; `unknown` is the word for a size that only the data can tell. */
export function detailOf(layers: readonly LayerShape[], count: string, words: LayerWords, unknown: string): string {
  const lines = layers
    .flatMap(({ parameters }) => parameters)
    .map(({ name, shape }) => {
      const sizes = shape.map((size) => (size === null ? unknown : grouped(size)));
      return `\`${name}\` [${sizes.join(' × ')}]`;
    });
  return [words.parameters(count), lines.join('  \n')].join('\n\n');
}

/** With groups of three digits, as `234,496`. */
export function grouped(value: number): string {
  return value.toLocaleString('en');
}
