/** A forecast that is cut to its last rows keeps its anomalies at their rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastRows } from '../../../src/inference/lastRows';
import type { ForecastResult } from '../../../src/protocol';

const row = (line: number) => ({ line, time: null, values: [line], forecast: null, score: null, anomaly: false });
const result: ForecastResult = {
  columns: ['level'],
  time: null,
  threshold: 2,
  rows: Array.from({ length: 10 }, (_, at) => row(at + 2)),
  next: [],
  alarms: [
    { first: 1, last: 2, peak: 1, cause: 1 },
    { first: 4, last: 6, peak: 5, cause: 3 },
    { first: 8, last: 8, peak: 8, cause: 7 },
  ],
};

test('the last rows come with the anomalies that reach into them', () => {
  const cut = lastRows(result, 5);
  assert.deepEqual([cut.skipped, cut.rows.length, cut.rows[0]!.line], [5, 5, 7]);
  assert.deepEqual(cut.alarms, [
    { first: 0, last: 1, peak: 0, cause: 0 },
    { first: 3, last: 3, peak: 3, cause: 2 },
  ]);
});

test('a short forecast stays as it is', () => {
  assert.equal(lastRows(result, 10), result);
});
