/** The words of the hints beside `features` and `model`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classificationSchema } from '../../../src/experiment/classificationSchema';
import { vectorClassificationSchema } from '../../../src/experiment/vectorClassificationSchema';
import { layerTexts, vectorLayerTexts } from '../../../src/host/experimentFiles/layerTexts';

const words = {
  tokens: 'tokens',
  vocabulary: 'vocabulary',
  classes: 'classes',
  each: (count: string) => `${count} each`,
  parameters: (count: string) => `${count} parameters`,
};
const experiment = classificationSchema.parse({
  task: 'classification',
  data: { train: 'chat.csv' },
  features: { type: 'words', vocabulary: 20_000, embedding: { size: 50 } },
  model: { cell: 'lstm', hidden: 64, layers: 2, bidirectional: true },
});

test('before the data is read, the vocabulary has a limit and the classes are open', () => {
  const { features, model } = layerTexts(experiment, {}, words);
  assert.equal(features.hint, '[tokens, 50] ≤ 1,000,000');
  assert.equal(features.detail, '≤ 1,000,000 parameters\n\n`embedding` [vocabulary × 50]');
  assert.deepEqual(
    model.map(({ hint }) => hint),
    // 2 × 4 × 64 × (50 + 64 + 1), then 2 × 4 × 64 × (128 + 64 + 1).
    ['[tokens, 128] 58,880 + 98,816', '[classes] 129 each'],
  );
  assert.match(model[0]!.detail, /^58,880 \+ 98,816 parameters\n\n`layer0\.forward\.W` \[256 × 50\] {2}\n`layer0/);
  assert.match(model[0]!.detail, /`layer1\.backward\.b` \[256 × 1\]$/);
});

test('many layers are told as one and the number of the others', () => {
  const deep = { ...experiment, model: { ...experiment.model, layers: 4 } };
  assert.equal(layerTexts(deep, {}, words).model[0]?.hint, '[tokens, 128] 58,880 + 3 × 98,816');
});

test('a run tells what only the data knows', () => {
  const { features, model } = layerTexts(experiment, { vocabulary: 1234, classes: 3 }, words);
  assert.equal(features.hint, '[tokens, 50] 61,700');
  assert.equal(model.at(-1)?.hint, '[3] 387');
});

test('TF-IDF vectors are told by their length, and every layer after them', () => {
  const vectors = vectorClassificationSchema.parse({
    data: { train: 'chat.csv' },
    features: { type: 'tfidf', vocabulary: 1000 },
    model: { hidden: [20, 10] },
  });
  const open = vectorLayerTexts(vectors, {}, words);
  assert.equal(open.features.hint, '[≤ 2,000]');
  assert.deepEqual(
    open.model.map(({ hint }) => hint),
    ['[20] ≤ 40,020', '[10] 210', '[classes] 11 each'],
  );
  const { features, model } = vectorLayerTexts(vectors, { vocabulary: 1500, classes: 2 }, words);
  assert.equal(features.detail, 'vocabulary 1,500');
  assert.equal(model[0]?.detail, '30,020 parameters\n\n`features.W` [1,500 × 20]  \n`features.b` [20 × 1]');
  assert.equal(model[2]?.hint, '[2] 22');
});
