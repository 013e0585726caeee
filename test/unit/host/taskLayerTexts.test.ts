/** The words of the hints in experiments of every task. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExperimentInput, experimentSchema } from '../../../src/experiment/experimentSchema';
import { taskLayerTexts } from '../../../src/host/experimentFiles/taskLayerTexts';

const words = {
  ...{ tokens: 'tokens', vocabulary: 'vocabulary', classes: 'classes', tags: 'tags', steps: 'steps' },
  ...{ channels: 'channels', window: 'rows and columns', encoder: 'encoder', decoder: 'decoder' },
  each: (count: string) => `${count} each`,
  parameters: (count: string) => `${count} parameters`,
};
const hints = (experiment: ExperimentInput, known = {}): readonly string[] => {
  const { features, model } = taskLayerTexts(experimentSchema.parse(experiment), known, words);
  return [features.hint, ...model.map(({ hint }) => hint)];
};

test('a tagger has a score for each tag', () => {
  assert.deepEqual(
    hints({
      task: 'tagging',
      data: { train: 'a.conll' },
      features: { vocabulary: 1000, embedding: { size: 10 } },
      model: { cell: 'lstm', hidden: 8, crf: false },
    }),
    // 2 × 4 × 8 × (10 + 8 + 1); 16 weights and a bias each.
    ['[tokens, 10] ≤ 10,000', '[tokens, 16] 1,216', '[tags] 17 each'],
  );
});

test('a language model has a score for each token, by the table of vectors where it is tied', () => {
  const data = { train: 'a.txt' };
  const features = { type: 'bpe', vocabulary: 1000, embedding: { size: 8 } } as const;
  const model = { cell: 'gru', hidden: 8 } as const;
  // 3 × 8 × (8 + 8 + 2); 1000 × (8 + 1), or 1000 biases alone.
  assert.deepEqual(hints({ task: 'languageModel', data, features, model }), [
    '[tokens, 8] ≤ 8,000',
    '[tokens, 8] 432',
    '[tokens, ≤ 1,000] ≤ 9,000',
  ]);
  assert.deepEqual(
    hints({ task: 'languageModel', data, features, model: { ...model, tied: true } }, { vocabulary: 500 }),
    ['[tokens, 8] 4,000', '[tokens, 8] 432', '[tokens, 500] 500'],
  );
});

test('a forecaster reads and writes rows of its columns', () => {
  assert.deepEqual(
    hints({
      task: 'forecasting',
      data: { train: 'a.csv', values: ['a', 'b'] },
      features: { context: 72, horizon: 12 },
      model: { cell: 'rnn', hidden: 4 },
    }),
    // 4 × (2 + 4 + 1); 24 × (4 + 1).
    ['[72, 2]', '[steps, 4] 28', '[12, 2] 120'],
  );
});

test('a classifier of series knows its channels only where they are named', () => {
  const series = { features: { type: 'numbers' }, model: { cell: 'rnn', hidden: 4 } } as const;
  assert.deepEqual(hints({ task: 'classification', data: { train: 'a.ts' }, ...series }, { classes: 3 }), [
    '[steps, channels]',
    '[steps, 4] ≥ 24',
    '[3] 15',
  ]);
  const data = { train: 'a.csv', layout: 'long' as const, channels: ['x', 'y', 'z'] };
  assert.deepEqual(hints({ task: 'classification', data, ...series }), [
    '[steps, 3]',
    '[steps, 4] 32',
    '[classes] 5 each',
  ]);
});

test('a translator has two tables, an encoder, a decoder and a score for each piece', () => {
  assert.deepEqual(
    hints({
      task: 'translation',
      data: { train: 'a.csv' },
      features: { vocabulary: 100, embedding: { size: 4 } },
      model: { cell: 'gru', hidden: 4, attention: 'luong' },
    }),
    // Encoder: 2 × 3 × 4 × (4 + 4 + 2). Decoder: start 4 × (8 + 1), keys 4 × 8, GRU 3 × 4 × (4 + 4 + 2), readout 4 × (8 + 4 + 1).
    ['[tokens, 4] ≤ 800', 'encoder [tokens, 8] 240', 'decoder [tokens, 4] 240', '[≤ 100] ≤ 500'],
  );
});
