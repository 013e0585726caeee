/** The words of the hints beside `features` and `model`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experimentSchema } from '../../../src/experiment/experimentSchema';
import { layerTexts } from '../../../src/host/experimentFiles/layerTexts';

const words = {
  time: 'tokens',
  vocabulary: 'vocabulary',
  classes: 'classes',
  parameters: (count: string) => `${count} parameters`,
};
const experiment = experimentSchema.parse({
  task: 'classification',
  data: { train: 'chat.csv' },
  features: { type: 'words', vocabulary: 20_000, embedding: { size: 50 } },
  model: { cell: 'lstm', hidden: 64, layers: 2, bidirectional: true },
});

test('before the data is read, the vocabulary has a limit and the classes are open', () => {
  const { features, model } = layerTexts(experiment, {}, words);
  assert.equal(features.hint, '[tokens, 50] · ≤ 1,000,000 parameters');
  assert.equal(features.detail, '`embedding` [vocabulary × 50]');
  assert.deepEqual(
    model.map(({ hint }) => hint),
    [
      // 2 × 4 × 64 × (50 + 64 + 1), then 2 × 4 × 64 × (128 + 64 + 1).
      '[tokens, 128] · 58,880 parameters',
      '[tokens, 128] · 98,816 parameters',
      '[classes] · classes × 129 parameters',
    ],
  );
  assert.match(model[0]!.detail, /^`layer0\.forward\.W` \[256 × 50\] {2}\n`layer0\.forward\.R` \[256 × 64\] {2}\n/);
});

test('a run tells what only the data knows', () => {
  const { features, model } = layerTexts(experiment, { vocabulary: 1234, classes: 3 }, words);
  assert.equal(features.hint, '[tokens, 50] · 61,700 parameters');
  assert.equal(model.at(-1)?.hint, '[3] · 387 parameters');
});
