/** The presets: each makes a valid experiment, and each differs from the others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClassificationExperiment } from '../../../src/experiment/classificationSchema';
import { parseExperiment } from '../../../src/experiment/parseExperiment';
import { presets, standardPreset } from '../../../src/experiment/presets';
import { writeStarterExperiment } from '../../../src/experiment/starterExperiment';

const table = { text: 'message', label: 'label', columns: ['message', 'label'], labels: ['fine', 'toxic'] };

for (const features of ['words', 'characters'] as const) {
  for (const preset of presets) {
    test(`${preset.speed} ${preset.cell} on ${features} says what it trains`, () => {
      const text = writeStarterExperiment({ train: 'chat.csv', features, table }, preset);
      const experiment = parseExperiment(text, 'chat.rnn.json').experiment as ClassificationExperiment;
      assert.equal(experiment.model.cell, preset.cell);
      assert.equal(experiment.model.hidden, preset.model.hidden);
      assert.equal(experiment.model.layers, preset.model.layers);
      assert.equal(experiment.features.type, features);
      assert.equal(experiment.features.embedding.size, preset.embedding[features]);
      assert.equal(experiment.training.epochs, preset.training.epochs);
      assert.equal(experiment.training.learningRate, preset.training.learningRate);
      const { earlyStopping } = experiment.training;
      assert.equal(earlyStopping !== false && earlyStopping.patience, preset.training.patience);
    });
  }
}

test('the first preset is the one that is taken without a choice, and all differ', () => {
  assert.equal(presets[0], standardPreset);
  assert.equal(new Set(presets.map(({ speed, cell }) => `${speed} ${cell}`)).size, presets.length);
});
