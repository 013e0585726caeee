import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anomalyScores, chooseThreshold, findAlarms, tailScore } from '../../../src/inference/anomalyLikelihood';
import { seeded } from '../../parity/batches';

describe('the tail of the normal distribution', () => {
  // Q(z) from tables: Q(0) = 1/2, Q(1) = 0.158655254, Q(2) = 0.0227501319, Q(-1) = 0.841344746.
  const known: [number, number][] = [
    [0, 0.5],
    [1, 0.158655254],
    [2, 0.0227501319],
    [3, 1.3498980316e-3],
    [-1, 0.841344746],
    [4, 3.1671241833e-5],
    [6, 9.8658764504e-10],
    [10, 7.6198530242e-24],
    [20, 2.7536241186e-89],
  ];
  for (const [z, tail] of known) {
    test(`at ${z}`, () => {
      const found = tailScore(z);
      assert.ok(Math.abs(found + Math.log10(tail)) < 1e-4, `${found}, expected ${-Math.log10(tail)}`);
    });
  }

  test('rises without a step where the formula changes, and without an end', () => {
    assert.ok(Math.abs(tailScore(4 - 1e-9) - tailScore(4)) < 2e-3);
    assert.ok(tailScore(4 - 1e-9) < tailScore(4.01));
    assert.ok(tailScore(100) > 2000 && Number.isFinite(tailScore(1e6)));
  });
});

describe('scores', () => {
  test('are the tail of the short mean under the long window', () => {
    const random = seeded(3);
    const errors = Float64Array.from({ length: 300 }, () => random());
    errors[0] = NaN;
    const windows = { short: 5, long: 120 };
    const scores = anomalyScores(errors, windows);
    assert.ok(scores.subarray(0, 100).every(Number.isNaN));
    for (const row of [100, 119, 120, 200, 299]) {
      const mean = (from: number) => {
        const part = [...errors.subarray(Math.max(0, from), row + 1)].filter((error) => !Number.isNaN(error));
        const middle = part.reduce((sum, error) => sum + error, 0) / part.length;
        const squares = part.reduce((sum, error) => sum + (error - middle) ** 2, 0);
        return { middle, deviation: Math.sqrt(squares / part.length) };
      };
      const usual = mean(row - 119);
      const expected = tailScore((mean(row - 4).middle - usual.middle) / usual.deviation);
      assert.ok(Math.abs(scores[row]! - expected) < 1e-9, `${row}: ${scores[row]!}, expected ${expected}`);
    }
  });

  test('rise where errors rise, and are 0 where errors never change', () => {
    const errors = Float64Array.from({ length: 400 }, (_, row) => (row === 300 ? 50 : row % 2));
    const scores = anomalyScores(errors, { short: 5, long: 200 });
    const highest = scores.reduce(
      (best, score, row) => (score > (Number.isNaN(scores[best]) ? -1 : scores[best]!) ? row : best),
      0,
    );
    assert.ok(highest >= 300 && highest < 305, `${highest}`);
    assert.ok(scores[300]! > 2 && scores[299]! < 1 && scores[310]! < 1);
    const constant = anomalyScores(new Float64Array(200).fill(2), { short: 5, long: 100 });
    assert.equal(constant[150], 0);
  });
});

describe('alarms', () => {
  const scores = Float64Array.of(NaN, 1, 5, 4, 0, 0, 0, 6, 0, 3, NaN, 0);

  test('are rows above the threshold that stand near one another', () => {
    assert.deepEqual(findAlarms(scores, 4, 1), [
      { first: 2, last: 3, peak: 2 },
      { first: 7, last: 7, peak: 7 },
    ]);
    assert.deepEqual(findAlarms(scores, 3, 4), [{ first: 2, last: 9, peak: 7 }]);
    assert.deepEqual(findAlarms(scores, 7, 1), []);
  });

  test('are as many as allowed at the threshold that is chosen', () => {
    assert.equal(chooseThreshold([scores], 2, 1, 0), 4);
    assert.equal(chooseThreshold([scores], 1, 1, 0), 6);
    assert.equal(chooseThreshold([scores], 3, 1, 2), 2);
    assert.equal(chooseThreshold([scores, scores], 2, 1, 0), 6);
    assert.equal(chooseThreshold([scores], 0, 1, 0), 6 * 1.01);
    assert.equal(chooseThreshold([scores], 9, 1, 2), 2);
    assert.equal(chooseThreshold([Float64Array.of(NaN)], 1, 1, 0.5), 0.5);
  });
});
