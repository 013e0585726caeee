/** The described layers of language models, translators and models of number series against the graphs of training. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forecastingSchema } from '../../../src/experiment/forecastingSchema';
import { languageModelSchema } from '../../../src/experiment/languageModelSchema';
import type { LayerShape, ParameterShape } from '../../../src/experiment/layerShapes';
import { seriesClassificationSchema } from '../../../src/experiment/seriesClassificationSchema';
import {
  forecasterLayers,
  languageModelLayers,
  seriesClassifierLayers,
  translatorLayers,
} from '../../../src/experiment/taskLayers';
import { translationSchema } from '../../../src/experiment/translationSchema';
import { buildTraining as buildForecaster } from '../../../src/models/forecaster';
import { buildTraining as buildLanguageModel } from '../../../src/models/languageModel';
import { buildTraining as buildSeries } from '../../../src/models/seriesClassifier';
import { buildTranslatorTraining } from '../../../src/models/translator';

type Parameters = readonly Pick<ParameterShape, 'name' | 'shape'>[];

const lines = (parameters: Parameters): string[] =>
  parameters.map(({ name, shape }) => `${name} ${shape.join('×')}`).sort();
const equal = (described: readonly LayerShape[], built: Parameters): void => {
  assert.deepEqual(lines(described.flatMap(({ parameters }) => parameters)), lines(built));
};

for (const cell of ['rnn', 'gru', 'lstm'] as const) {
  for (const layers of [1, 3]) {
    for (const tied of [false, true]) {
      test(`a language model: ${layers} ${cell}${tied ? ', tied' : ''}`, () => {
        const [hidden, size] = [5, tied ? 5 : 4];
        const features = { type: 'bpe', embedding: { size } };
        const experiment = languageModelSchema.parse({
          task: 'languageModel',
          data: { train: 'a.txt' },
          features,
          model: { cell, layers, hidden, tied },
        });
        const spec = { vocabulary: 11, embedding: size, cell, hidden, layers, tied };
        const { parameters } = buildLanguageModel(spec, { dropout: 0, labelSmoothing: 0 });
        equal(languageModelLayers(experiment, { vocabulary: 11 }), parameters);
      });
    }

    for (const bidirectional of [false, true]) {
      const stack = { cell, layers, hidden: 5, bidirectional };
      test(`models of number series: ${layers} ${cell}${bidirectional ? ' in both directions' : ''}`, () => {
        const forecasting = forecastingSchema.parse({
          task: 'forecasting',
          data: { train: 'a.csv', values: ['a', 'b'] },
          features: { horizon: 3 },
          model: stack,
        });
        const loss = { type: 'mse' } as const;
        equal(
          forecasterLayers(forecasting),
          buildForecaster({ ...stack, channels: 2, horizon: 3 }, { loss, dropout: 0 }).parameters,
        );
        const series = seriesClassificationSchema.parse({
          data: { train: 'a.csv', layout: 'long', channels: ['a', 'b', 'c'] },
          features: { type: 'numbers' },
          model: stack,
        });
        const options = { classWeights: null, labelSmoothing: 0, dropout: 0, padded: false };
        equal(
          seriesClassifierLayers(series, { classes: 4 }),
          buildSeries({ ...stack, channels: 3, classes: 4, summary: 'last' }, options).parameters,
        );
      });
    }
  }
}

for (const cell of ['gru', 'lstm'] as const) {
  for (const attention of ['bahdanau', 'luong'] as const) {
    for (const [layers, bidirectional, inputFeeding, shared] of [
      [1, true, false, false],
      [2, false, true, true],
    ] as const) {
      test(`a translator: ${layers} ${cell}, ${attention}${inputFeeding ? ', input feeding' : ''}`, () => {
        const model = { cell, layers, hidden: 5, bidirectional, attention, inputFeeding };
        const experiment = translationSchema.parse({
          task: 'translation',
          data: { train: 'a.csv' },
          features: { shared, embedding: { size: 4 } },
          model,
        });
        const [source, target] = [11, shared ? 11 : 13];
        const spec = { ...model, sourceVocabulary: source, targetVocabulary: target, shared, embedding: 4 };
        const options = {
          dropout: 0,
          labelSmoothing: 0,
          scheduledSampling: false,
          sparseEmbedding: false,
          padded: true,
        };
        const { embedding, encoder, decoder, output } = translatorLayers(experiment, { source, target });
        equal([embedding, ...encoder, decoder, output], buildTranslatorTraining(spec, options).parameters);
      });
    }
  }
}
