import assert from 'node:assert/strict';
import test from 'node:test';
import { assembleBatch, planBatches, planEvaluationBatches } from '../../../src/data/batches';
import { createRandom } from '../../../src/data/random';

const random = createRandom(5, 'lengths');
const lengths = Int32Array.from({ length: 1000 }, () => 1 + random.nextInteger(60));
const examples = Int32Array.from({ length: 900 }, (_, index) => index + 50);
const flat = (batches: Int32Array[]) => batches.flatMap((batch) => [...batch]).sort((a, b) => a - b);
const padded = (batch: Int32Array) => batch.length * Math.max(...Array.from(batch, (example) => lengths[example]!));

test('each example comes once an epoch; seed and epoch alone decide the order', () => {
  const plan = planBatches(lengths, examples, { batchSize: 32 }, { seed: 1, epoch: 1 });
  assert.equal(plan.length, Math.ceil(900 / 32));
  assert.deepEqual(flat(plan), [...examples]);
  assert.deepEqual(plan, planBatches(lengths, examples, { batchSize: 32 }, { seed: 1, epoch: 1 }));
  assert.notDeepEqual(plan, planBatches(lengths, examples, { batchSize: 32 }, { seed: 1, epoch: 2 }));
  assert.notDeepEqual(plan, planBatches(lengths, examples, { batchSize: 32 }, { seed: 2, epoch: 1 }));
});

test('bucketing leaves little padding and shuffles the lengths over the epoch', () => {
  const plan = planBatches(lengths, examples, { batchSize: 32 }, { seed: 1, epoch: 1 });
  const real = examples.reduce((sum, example) => sum + lengths[example]!, 0);
  assert.ok(real / plan.reduce((sum, batch) => sum + padded(batch), 0) > 0.9);
  const longest = plan.map((batch) => padded(batch) / batch.length);
  assert.notDeepEqual(
    longest,
    [...longest].sort((a, b) => a - b),
  );
});

test('a token budget counts padding; only a single longer example may exceed it', () => {
  const plan = planBatches(lengths, examples, { tokenBudget: 256 }, { seed: 1, epoch: 1 });
  assert.deepEqual(flat(plan), [...examples]);
  for (const batch of plan) assert.ok(padded(batch) <= 256);
  const tight = planEvaluationBatches(Int32Array.of(3, 9, 1, 2), Int32Array.of(0, 1, 2, 3), { tokenBudget: 4 });
  assert.deepEqual(tight, [Int32Array.of(2, 3), Int32Array.of(0), Int32Array.of(1)]);
});

test('evaluation goes from short to long and keeps the order of equal lengths', () => {
  const plan = planEvaluationBatches(Int32Array.of(2, 1, 2, 1, 5), Int32Array.of(4, 3, 2, 1, 0), { batchSize: 2 });
  assert.deepEqual(plan, [Int32Array.of(3, 1), Int32Array.of(2, 0), Int32Array.of(4)]);
  assert.deepEqual(planEvaluationBatches(lengths, new Int32Array(0), { batchSize: 2 }), []);
});

test('a batch is time-major and padded on the right', () => {
  const rows = [[5, 6, 7], [8], [9, 10]];
  const source = {
    lengths: Int32Array.of(3, 1, 2),
    labels: Int32Array.of(0, 1, 1),
    readTokens(example: number, target: Int32Array) {
      target.set(rows[example]!);
      return rows[example]!.length;
    },
  };
  const batch = assembleBatch(source, Int32Array.of(2, 0, 1));
  assert.deepEqual(
    { ...batch, ids: [...batch.ids] },
    {
      examples: Int32Array.of(2, 0, 1),
      time: 3,
      size: 3,
      ids: [9, 5, 8, 10, 6, 0, 0, 7, 0],
      lengths: Int32Array.of(2, 3, 1),
      labels: Int32Array.of(1, 0, 1),
      tokens: 6,
    },
  );
});
