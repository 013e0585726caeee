/** Numbers as the panel shows them, and the ends and marks of its axes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearRange, logMarks, logRange, stepAxisEnd } from '../../../media/src/axisRange';
import { formatClock, formatCompact, formatCount, formatNumber, formatTicks } from '../../../media/src/numbers';

test('numbers have three significant digits', () => {
  assert.deepEqual([0.3123, 12345, 0.00001, -2.5, 0, 999.7, NaN].map(formatNumber), [
    '0.312',
    '12,300',
    '1.00e-5',
    '−2.50',
    '0',
    '1,000',
    '–',
  ]);
  assert.deepEqual([184_321, 1_234_567, 950, 12.34, 999_900].map(formatCompact), [
    '184k',
    '1.23M',
    '950',
    '12.3',
    '1.00M',
  ]);
  assert.equal(formatCount(1_234_567), '1,234,567');
});

test('times are clocks', () => {
  assert.deepEqual([0, 42, 725, 3725].map(formatClock), ['0:00', '0:42', '12:05', '1:02:05']);
});

test('the labels of an axis tell its marks apart', () => {
  assert.deepEqual(formatTicks([0, 0.00025, 0.0005]), ['0', '2.5e−4', '5e−4']);
  assert.deepEqual(formatTicks([0, 0.00075, 0.0015]), ['0', '0.00075', '0.00150']);
  assert.deepEqual(formatTicks([0.85, 0.9, 0.95]), ['0.85', '0.90', '0.95']);
  assert.deepEqual(formatTicks([0, 50_000, 100_000]), ['0', '50k', '100k']);
  assert.deepEqual(formatTicks([0, 0.0002, 0.0004]), ['0', '2e−4', '4e−4']);
});

test('axes hold their data and end at round numbers', () => {
  assert.deepEqual(linearRange(0.1, 0.78), [0.05, 0.85]);
  assert.deepEqual(linearRange(Infinity, -Infinity), [0, 1]);
  assert.deepEqual(logRange(0.3, 4), [0.2, 5]);
  assert.deepEqual(logRange(1, 1), [0.5, 2]);
  assert.deepEqual(logRange(0, 100), [1e-4, 100]);
  assert.deepEqual(logMarks(0.2, 5), [0.2, 0.5, 1, 2, 5]);
  assert.deepEqual(logMarks(0.01, 100), [0.01, 0.1, 1, 10, 100]);
});

test('the step axis stays still while a curve grows a little', () => {
  const ends = [1, 16, 1000, 1001, 1020, 1025, 100_000].map(stepAxisEnd);
  assert.deepEqual(ends, [1, 16, 1024, 1024, 1024, 1088, 102_400]);
});
