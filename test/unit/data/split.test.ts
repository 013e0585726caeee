import assert from 'node:assert/strict';
import test from 'node:test';
import { balancedWeights, countClasses } from '../../../src/data/classStatistics';
import { countAcrossParts, firstOccurrences, hashText } from '../../../src/data/duplicates';
import { splitExamples } from '../../../src/data/split';

const classes = ['a', 'b', 'c', 'd'];
/** 100 of a, 10 of b, 3 of c, 2 of d, mixed. */
const labels = Int32Array.from({ length: 115 }, (_, index) =>
  index < 100 ? 0 : index < 110 ? 1 : index < 113 ? 2 : 3,
);
const examples = Int32Array.from(labels, (_, index) => index);
const split = (seed: number, validation = 0.1, share = 0.1, used = examples) =>
  splitExamples({ labels, examples: used, classes, validation, test: share, seed });

test('a split keeps the shares of the classes and loses no example', () => {
  const parts = split(1);
  const counts = (part: Int32Array) => countClasses(labels, part, classes).map(({ count }) => count);
  assert.deepEqual(counts(parts.validation), [10, 1, 1, 0]);
  assert.deepEqual(counts(parts.test), [10, 1, 1, 0]);
  assert.deepEqual(counts(parts.train), [80, 8, 1, 2]);
  const all = [...parts.train, ...parts.validation, ...parts.test].sort((a, b) => a - b);
  assert.deepEqual(all, [...examples]);
  assert.deepEqual(
    [...parts.validation],
    [...parts.validation].sort((a, b) => a - b),
  );
});

test('a split depends on the seed alone, and on each class by itself', () => {
  assert.deepEqual(split(1), split(1));
  assert.notDeepEqual(split(1).validation, split(2).validation);
  const withoutB = split(1, 0.1, 0.1, examples.filter((example) => labels[example] !== 1)); // prettier-ignore
  assert.deepEqual([...withoutB.test], [...split(1).test].filter((example) => labels[example] !== 1)); // prettier-ignore
});

test('shares of nothing and of too much', () => {
  assert.equal(split(1, 0, 0).train.length, 115);
  assert.deepEqual(
    countClasses(labels, split(1, 0.5, 0.4).train, classes).map(({ count }) => count),
    [10, 1, 1, 1],
  );
  assert.throws(() => split(1, 0.5, 0.5), RangeError);
});

test('balanced weights follow n / (classes · count)', () => {
  assert.deepEqual([...balancedWeights([6, 2, 0, 4])], [0.5, 1.5, 0, 0.75]);
  assert.deepEqual(countClasses(Int32Array.of(0, 1, 1, 0), Int32Array.of(1, 2, 3), ['x', 'y']), [
    { label: 'x', count: 1, share: 1 / 3 },
    { label: 'y', count: 2, share: 2 / 3 },
  ]);
});

test('equal texts are found by their hashes and counted across parts', () => {
  const texts = ['a', 'b', 'a', '', 'ba', 'b', 'a'];
  const high = new Int32Array(texts.length);
  const low = new Int32Array(texts.length);
  const hash = new Int32Array(2);
  for (const [index, text] of texts.entries()) {
    hashText(text, hash);
    high[index] = hash[0]!;
    low[index] = hash[1]!;
  }
  const first = firstOccurrences([low, high]);
  assert.deepEqual([...first], [0, 1, 0, 3, 4, 1, 0]);
  assert.equal(countAcrossParts(first, [Int32Array.of(0, 2, 3, 5), Int32Array.of(1, 4), Int32Array.of(6)]), 5);
  assert.equal(countAcrossParts(first, [Int32Array.of(0, 2, 6), Int32Array.of(1, 3, 4, 5)]), 0);
  const other = Int32Array.of(0, 0, 1, 0, 0, 0, 1);
  assert.deepEqual([...firstOccurrences([low, high, other])], [0, 1, 2, 3, 4, 1, 2]);
});
