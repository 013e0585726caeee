import assert from 'node:assert/strict';
import test from 'node:test';
import { createRandom, Random, splitMix64 } from '../../../src/data/random';

test('SplitMix64 gives the published numbers for the seed 1234567', () => {
  const outputs: bigint[] = [];
  let state = 1234567n;
  for (let count = 0; count < 3; count += 1) {
    const step = splitMix64(state);
    state = step.state;
    outputs.push(step.output);
  }
  assert.deepEqual(outputs, [6457827717110365317n, 3203168211198807973n, 9817491932198370423n]);
});

test('xoshiro128** gives the numbers of the reference code for the state 1, 2, 3, 4', () => {
  const random = new Random([1, 2, 3, 4]);
  const outputs = Array.from({ length: 10 }, () => random.nextUint32());
  assert.deepEqual(
    outputs,
    [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804],
  );
});

test('equal seeds and streams give equal numbers, different ones do not', () => {
  const first = (...stream: (string | number)[]) => createRandom(1, ...stream).nextUint32();
  assert.equal(first('split', 'a'), first('split', 'a'));
  const others = [
    first(),
    first('split'),
    first('spli', 't'),
    first('split', 'a'),
    first('split', 0),
    first('split', '0'),
  ];
  assert.equal(new Set(others).size, others.length);
  assert.notEqual(createRandom(2).nextUint32(), first());
  assert.throws(() => createRandom(0.5), /whole number/u);
});

test('floats, integers and normals have their ranges and moments', () => {
  const random = createRandom(7, 'moments');
  const count = 20_000;
  const faces = new Int32Array(6);
  let sum = 0;
  let square = 0;
  let mean = 0;
  for (let index = 0; index < count; index += 1) {
    const value = random.nextFloat();
    assert.ok(value >= 0 && value < 1);
    mean += value / count;
    faces[random.nextInteger(6)]! += 1;
    const normal = random.nextNormal();
    sum += normal / count;
    square += (normal * normal) / count;
  }
  assert.ok(Math.abs(mean - 0.5) < 0.01, `mean of floats is ${mean}`);
  assert.ok(Math.abs(sum) < 0.03, `mean of normals is ${sum}`);
  assert.ok(Math.abs(square - 1) < 0.04, `variance of normals is ${square}`);
  for (const face of faces) assert.ok(Math.abs(face / count - 1 / 6) < 0.01, `a face came ${face} times`);
  assert.throws(() => random.nextInteger(0), RangeError);
});

test('a shuffle keeps all items and reaches every order', () => {
  const random = createRandom(3, 'shuffle');
  const orders = new Set<string>();
  for (let round = 0; round < 200; round += 1) orders.add(random.shuffle(['a', 'b', 'c']).join(''));
  assert.deepEqual([...orders].sort(), ['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  assert.deepEqual([...random.shuffle(Int32Array.of(1, 2, 3, 4))].sort(), [1, 2, 3, 4]);
});
