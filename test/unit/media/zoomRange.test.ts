/** A zoom stays inside of the data and never closes in on less than a few steps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { multiples, roundStep } from '../../../media/src/axisRange';
import { movedRange, scaledRange, zoomedTo } from '../../../media/src/zoomRange';

test('a zoom is kept inside of the whole, and all of it is no zoom', () => {
  assert.deepEqual(zoomedTo(20, 50, [0, 100], 8), [20, 50]);
  assert.deepEqual(zoomedTo(-10, 20, [0, 100], 8), [0, 30]);
  assert.deepEqual(zoomedTo(90, 130, [0, 100], 8), [60, 100]);
  assert.deepEqual(zoomedTo(50, 51, [0, 100], 8), [50, 58]);
  assert.equal(zoomedTo(-10, 130, [0, 100], 8), null);
  assert.equal(zoomedTo(2, 3, [0, 5], 8), null);
});

test('ranges are scaled around a step and moved as far as the whole goes', () => {
  assert.deepEqual(scaledRange([20, 40], 0.5, 30), [25, 35]);
  assert.deepEqual(scaledRange([20, 40], 2, 20), [20, 60]);
  assert.deepEqual(movedRange([20, 40], 0.5, [0, 100]), [30, 50]);
  assert.deepEqual(movedRange([20, 40], -2, [0, 100]), [0, 20]);
  assert.deepEqual(movedRange([70, 90], 1, [0, 100]), [80, 100]);
});

test('an axis of numbers has round steps', () => {
  assert.deepEqual([0.2, 1, 3, 26, 51, 700].map(roundStep), [1, 1, 5, 50, 100, 1000]);
  assert.deepEqual(multiples(7, 31, 10), [10, 20, 30]);
  assert.deepEqual(multiples(11, 19, 10), []);
});
