/** The presets: each makes a valid experiment, and each differs from the others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClassificationExperiment } from '../../../src/experiment/classificationSchema';
import { isVectorClassification } from '../../../src/experiment/experimentKinds';
import { parseExperiment } from '../../../src/experiment/parseExperiment';
import { presets, standardPreset, vectorPreset } from '../../../src/experiment/presets';
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

test('the preset of TF-IDF says what it trains', () => {
  const text = writeStarterExperiment({ train: 'chat.csv', features: 'characters', table }, vectorPreset);
  const { experiment } = parseExperiment(text, 'chat.rnn.json');
  assert.ok(isVectorClassification(experiment));
  assert.deepEqual(experiment.model, vectorPreset.model);
  assert.deepEqual(experiment.features.words, [1, 2]);
  assert.deepEqual(experiment.features.characters, [2, 4]);
  assert.equal(experiment.training.learningRate, vectorPreset.training.learningRate);
  assert.match(
    text,
    /\/\/ Sizes of the hidden layers; \[\] for none, which is logistic regression\.\n {4}"hidden": \[32\]/,
  );
});

test('the first preset is the one that is taken without a choice, and all differ', () => {
  assert.equal(presets[0], standardPreset);
  assert.equal(new Set(presets.map(({ speed, cell }) => `${speed} ${cell}`)).size, presets.length);
});
