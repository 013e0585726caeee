/** Numbers, times and sizes as a person reads them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatAmount,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatShare,
} from '../../../src/cli/format';

test('numbers have three significant digits and thousands separators', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [0.31249, '0.312'],
    [1, '1.00'],
    [12.345, '12.3'],
    [999.4, '999'],
    [999.6, '1,000'],
    [12_345.6, '12,300'],
    [1_234_567, '1,230,000'],
    [-2.5, '−2.50'],
    [0.001, '0.00100'],
    [0.00001, '1.00e-5'],
    [NaN, 'NaN'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
  ];
  for (const [value, text] of cases) {
    assert.equal(formatNumber(value), text);
  }
});

test('counts are exact', () => {
  assert.equal(formatCount(0), '0');
  assert.equal(formatCount(999), '999');
  assert.equal(formatCount(1_234_567), '1,234,567');
  assert.equal(formatAmount(1, 'class', 'classes'), '1 class');
  assert.equal(formatAmount(2000, 'class', 'classes'), '2,000 classes');
});

test('durations use the two units that matter', () => {
  const cases: [number, string][] = [
    [0.42, '0.4 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [185, '3 min 05 s'],
    [3599.6, '1 h 00 min'],
    [7620, '2 h 07 min'],
    [97_200, '1 d 3 h'],
    [NaN, 'unknown'],
    [Infinity, 'unknown'],
  ];
  for (const [seconds, text] of cases) {
    assert.equal(formatDuration(seconds), text);
  }
});

test('shares and sizes', () => {
  assert.equal(formatShare(0.9874), '98.7 %');
  assert.equal(formatBytes(512), '512 bytes');
  assert.equal(formatBytes(1_234_567), '1.23 MB');
  assert.equal(formatBytes(999_600), '1.00 MB');
});
