/** Columns give the extent of any stretch as a walk over it does, and find steps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Column } from '../../../media/src/column';

test('the extent of a stretch is that of a walk over it', () => {
  let state = 7;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const values = Array.from({ length: 5000 }, () => (random() < 0.05 ? NaN : random() * 200 - 100));
  const column = new Column();
  for (let start = 0; start < values.length; start += 333) column.append(values.slice(start, start + 333));
  assert.deepEqual([...column.values], values);
  for (let round = 0; round < 1000; round++) {
    const [from, to] = [random(), random()].map((share) => Math.floor(share * 5001)).sort((a, b) => a - b) as [
      number,
      number,
    ];
    const numbers = values.slice(from, to).filter((value) => !Number.isNaN(value));
    const extent = { low: Infinity, high: -Infinity };
    column.widen(extent, from, to);
    assert.deepEqual(extent, { low: Math.min(...numbers), high: Math.max(...numbers) }, `${from}…${to}`);
  }
});

test('a stretch without a number widens nothing', () => {
  const extent = { low: 2, high: 3 };
  new Column([NaN, NaN]).widen(extent, 0, 2);
  new Column([9]).widen(extent, 1, 1);
  assert.deepEqual(extent, { low: 2, high: 3 });
});

test('steps are found by value', () => {
  const steps = new Column([1, 2, 5, 10]);
  assert.deepEqual(
    [0, 1, 3, 5, 11].map((step) => steps.lowerBound(step)),
    [0, 0, 2, 2, 4],
  );
  assert.deepEqual(
    [-4, 3, 4, 7, 8, 99].map((step) => steps.nearest(step)),
    [0, 1, 2, 2, 3, 3],
  );
  assert.equal(new Column().nearest(1), -1);
  assert.equal(steps.last, 10);
  assert.equal(steps.at(4), undefined);
});

test('values can be added from an index on', () => {
  const column = new Column([1]);
  column.append([7, 8, 9], 1);
  assert.deepEqual([...column.values], [1, 8, 9]);
});
