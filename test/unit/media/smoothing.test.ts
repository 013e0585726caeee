/** The moving mean against values worked out by hand, and kept up as a column grows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Column } from '../../../media/src/column';
import { MovingMean, SmoothedColumn } from '../../../media/src/smoothing';

test('the mean has no bias at its start', () => {
  const mean = new MovingMean(0.5);
  // m: 2, 3.5, 2.25; 1 − wⁿ: 0.5, 0.75, 0.875
  assert.equal(mean.next(4), 4);
  assert.ok(Math.abs(mean.next(5) - 3.5 / 0.75) < 1e-12);
  assert.ok(Math.abs(mean.next(1) - 2.25 / 0.875) < 1e-12);
});

test('a constant stays what it is', () => {
  const mean = new MovingMean(0.99);
  for (let step = 0; step < 1000; step++) assert.ok(Math.abs(mean.next(3) - 3) < 1e-9);
});

test('a growing column is smoothed as a whole one is', () => {
  const values = Array.from({ length: 100 }, (_, index) => Math.sin(index));
  const raw = new Column(values.slice(0, 40));
  const smoothed = new SmoothedColumn(raw);
  assert.equal(smoothed.get(0.8).length, 40);
  raw.append(values, 40);
  const whole = new SmoothedColumn(new Column(values)).get(0.8);
  assert.deepEqual([...smoothed.get(0.8).values], [...whole.values]);
  assert.notDeepEqual([...smoothed.get(0.5).values], [...whole.values]);
  assert.equal(smoothed.get(0), raw);
});
