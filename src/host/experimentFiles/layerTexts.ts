/** The layers of an experiment in the short words of a hint and the longer ones of its explanation; knows no editor. */
import type { ClassificationExperiment } from '../../experiment/classificationSchema';
import { countParameters, type KnownSizes, type LayerShape, layerShapes } from '../../experiment/layerShapes';

/** Words in the user's language. */
export interface LayerWords {
  readonly time: string;
  readonly vocabulary: string;
  readonly classes: string;
  /** Says a number of parameters. */
  readonly parameters: (count: string) => string;
}

/** What a hint says, and the parameters behind it, one a line as Markdown. */
export interface LayerText {
  readonly hint: string;
  readonly detail: string;
}

/** What the sections `features` and `model` amount to. */
export interface LayerTexts {
  readonly features: LayerText;
  readonly model: readonly LayerText[];
}

/** Describes every layer: the shape that it hands on and how many numbers it learns. */
export function layerTexts(
  experiment: Pick<ClassificationExperiment, 'features' | 'model'>,
  known: KnownSizes,
  words: LayerWords,
): LayerTexts {
  const [embedding, ...layers] = layerShapes(experiment, known) as [LayerShape, ...LayerShape[]];
  const size = String(embedding.size);
  // Before the data is read, the vocabulary has at most as many tokens as the experiment allows.
  const rows = known.vocabulary ?? experiment.features.vocabulary;
  const count = `${known.vocabulary === undefined ? '≤ ' : ''}${grouped(countParameters(embedding, rows))}`;
  return {
    features: {
      hint: `[${words.time}, ${size}] · ${words.parameters(count)}`,
      detail: detailOf(embedding, words.vocabulary),
    },
    model: layers.map((layer) => {
      const isOutput = layer.kind === 'output';
      const shape = isOutput ? `[${layer.size ?? words.classes}]` : `[${words.time}, ${String(layer.size)}]`;
      const numbers = isOutput && layer.size === null ? perClass(layer, words) : grouped(countParameters(layer));
      return { hint: `${shape} · ${words.parameters(numbers)}`, detail: detailOf(layer, words.classes) };
    }),
  };
}

function perClass(layer: LayerShape, words: LayerWords): string {
  return `${words.classes} × ${grouped(countParameters(layer, 1))}`;
}

function detailOf({ parameters }: LayerShape, unknown: string): string {
  return parameters
    .map(
      ({ name, shape }) =>
        `\`${name}\` [${shape.map((size) => (size === null ? unknown : grouped(size))).join(' × ')}]`,
    )
    .join('  \n');
}

/** With groups of three digits, as `234,496`. */
function grouped(value: number): string {
  return value.toLocaleString('en');
}
