/** Numbers of a training in few characters, and the smoothed loss. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clock, MovingMean, shortNumber } from '../../../src/host/progressText';

test('numbers have three digits that matter', () => {
  const numbers = [0, 0.31249, 1, 12.345, 999.6, 123456, 1e6, 0.00012345, -0.5, Infinity, -Infinity, NaN];
  assert.deepEqual(numbers.map(shortNumber), [
    '0.00',
    '0.312',
    '1.00',
    '12.3',
    '1000',
    '123456',
    '1.0e+6',
    '1.2e-4',
    '-0.500',
    '∞',
    '−∞',
    'NaN',
  ]);
});

test('seconds read as on a clock, and none where there is no estimate', () => {
  assert.deepEqual([0, 41.6, 725, 3729].map(clock), ['0:00', '0:42', '12:05', '1:02:09']);
  assert.deepEqual([null, undefined, NaN, Infinity, -1].map(clock), Array<undefined>(5).fill(undefined));
});

test('the mean starts at the first value and passes over what is no number', () => {
  const mean = new MovingMean(0.5);
  assert.equal(mean.add(NaN), NaN);
  assert.equal(mean.add(4), 4);
  // Weights 0.25 and 0.5, by hand: (0.25 · 4 + 0.5 · 1) / 0.75.
  assert.equal(mean.add(1), 2);
  assert.equal(mean.add(Infinity), 2);
  assert.equal(new MovingMean(0).add(7), 7);
});
