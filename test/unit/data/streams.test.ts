import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Streams } from '../../../src/data/streams';

const tokens = Int32Array.from({ length: 12 }, (_, at) => at + 10);

test('streams are stretches that follow one another, read side by side', () => {
  const streams = new Streams(tokens, 3);
  assert.deepEqual([streams.length, streams.longest], [3, 4]);
  const first = streams.window(0, 2, [0, 1, 2]);
  // 11 pairs: the streams begin at 10, 14 and 18 (4 + 4 + 3 pairs).
  assert.deepEqual([...first.ids], [10, 14, 18, 11, 15, 19]);
  assert.deepEqual([...first.targets], [11, 15, 19, 12, 16, 20]);
  assert.deepEqual([...streams.window(2, 4, [2, 0]).targets], [21, 13, -1, 14]);
});

test('every token but the first is a target once, whatever the number of streams', () => {
  for (let count = 1; count <= 11; count++) {
    const streams = new Streams(tokens, count);
    const all = [...Array(count).keys()];
    const targets = [];
    for (let from = 0; from < streams.longest; from += 2) {
      targets.push(...streams.window(from, Math.min(streams.longest, from + 2), all).targets);
    }
    assert.deepEqual(
      targets.filter((target) => target >= 0).sort((a, b) => a - b),
      [...tokens.slice(1)],
    );
  }
});
