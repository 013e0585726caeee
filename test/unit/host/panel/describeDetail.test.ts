/** Each task's detail has what its view shows, and nothing of another's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDetail } from '../../../../src/host/panel/describeDetail';
import { tagStyles, TagStyles } from '../../../../src/host/tagging/tagLegend';
import { parseHostMessage } from '../../../../src/panelMessages';
import type { TaggingMetrics } from '../../../../src/protocol';
import { makeScores } from './fakeHost';

const styles = new TagStyles();
const styleOf = (type: string) => tagStyles[styles.placeOf(type)]!;
const half = { precision: 0.5, recall: 0.5, f1: 0.5 };
const tagging: TaggingMetrics = {
  ...{ loss: 0.4, accuracy: 0.9, ...half },
  perType: [
    { label: 'day', ...half, support: 3 },
    { label: 'person', ...half, support: 12 },
  ],
};

test('a classifier has its confusion, of the test part where there is one', () => {
  const detail = describeDetail('classification', makeScores(0.9), makeScores(0.8), styleOf);
  assert.deepEqual([detail.part, detail.scores?.confusion[0]?.[0], detail.tags], ['test', 80, null]);
  assert.deepEqual([detail.validation?.accuracy, detail.test?.accuracy], [0.9, 0.8]);
  assert.equal(describeDetail('classification', makeScores(0.9), null, styleOf).part, 'validation');
});

test('a tagger has its types, the most frequent first, in the colours that Tag Selection gives them', () => {
  const detail = describeDetail('tagging', tagging, null, styleOf);
  assert.deepEqual(
    detail.tags?.perType.map(({ type, style, support }) => [type, style.color, support]),
    [
      ['person', 'Orange', 12],
      ['day', 'Blue', 3],
    ],
  );
  assert.deepEqual([detail.tags.accuracy, detail.scores, detail.part], [0.9, null, 'validation']);
  const message = { type: 'detail', run: '/runs/reminders-1', ...detail };
  assert.deepEqual(parseHostMessage(structuredClone(message)), message);
});

test('other tasks have their scores alone, and none before the first epoch', () => {
  const model = describeDetail('languageModel', { loss: 1, perplexity: 2.7, bitsPerCharacter: 1.4 }, null, styleOf);
  assert.deepEqual(model.validation, { loss: 1, perplexity: 2.7, bitsPerCharacter: 1.4 });
  assert.deepEqual([model.scores, model.tags, model.test], [null, null, null]);
  const none = describeDetail('forecasting', null, null, styleOf);
  assert.deepEqual([none.task, none.validation, none.test], ['forecasting', null, null]);
});
