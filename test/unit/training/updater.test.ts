import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Heap } from '../../../src/kernels/heap';
import type { ClipSettings } from '../../../src/nn/optimizers';
import { tensor } from '../../../src/runtime/session';
import { RowNumbers } from '../../../src/training/rowNumbers';
import type { Shard } from '../../../src/training/shard';
import { gradientTensors, UpdatePlanner } from '../../../src/training/updatePlan';
import { Updater, updaterSetup } from '../../../src/training/updater';
import { Weights } from '../../../src/training/weights';
import { uniform } from '../nn/uniform';

const shardOf = (rows: readonly number[]): Shard => ({
  variant: 'full',
  feeds: { ids: tensor('int32', [rows.length], Int32Array.from(rows)) },
  sizes: {},
  tokens: rows.length,
});

const shapes = { table: [10, 3], bias: [2], weight: [7, 9] };
const optimizer = { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;

/** Weights, drawn by one seed, and what updates them in shares. */
function trainingOf(shared: boolean, clip: ClipSettings = {}) {
  const heap = new Heap(shared);
  const parameters = Object.entries(shapes).map(([name, shape]) => ({ name, shape, initialize: drawn }));
  const weights = new Weights(heap, parameters, Object.keys(shapes), optimizer);
  weights.initialize(() => uniform(5));
  const planner = new UpdatePlanner(heap, weights);
  const numbers = new RowNumbers([{ parameter: 'table', rowInputs: ['ids'], rows: 10 }]);
  return { heap, weights, planner, numbers, updater: new Updater(updaterSetup(heap, optimizer, clip)) };
}

function drawn(shape: readonly number[], random: () => number): Float32Array {
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, random);
}

/** Rows that the shards of three steps read. */
const steps = [
  [
    [7, 2, 7],
    [2, 5],
    [5, 9, 7, 1],
  ],
  [[1], [1], [0, 1, 2, 3, 4, 5, 6]],
  [[3, 3], [8]],
];

const sharesOf = (count: number) => Array.from({ length: count }, (_, index) => ({ index, count }));

for (const shared of [false, true]) {
  for (const count of [1, 2, 3, 7]) {
    const memory = shared ? 'shared memory' : 'memory of its own';
    test(`shards add up row by row in ${count} shares, step after step, in ${memory}`, () => {
      const { heap, planner, numbers, updater } = trainingOf(shared);
      for (const lists of steps) {
        const shards = lists.map(shardOf);
        const touched = numbers.renumber(shards);
        const expected = new Map<number, number>();
        let bias = 0;
        const plan = planner.plan(shards.length, touched);
        const { buffer } = heap.memory;
        shards.forEach(({ feeds }, shard) => {
          const rows = touched.get('table')!.shards[shard]!;
          assert.deepEqual([...rows], [...new Set(lists[shard])]);
          const ids = Array.from(feeds['ids']!.data as Int32Array, (id) => rows[id]);
          assert.deepEqual(ids, lists[shard]);
          const gradients = gradientTensors(plan, shard, buffer);
          gradients['bias']!.data.fill(shard + 1);
          gradients['weight']!.data.fill(shard + 1);
          rows.forEach((row, at) => gradients['table']!.data.fill(100 * shard + row, 3 * at, 3 * at + 3));
          bias += shard + 1;
          for (const row of rows) expected.set(row, (expected.get(row) ?? 0) + 100 * shard + row);
        });
        const squares = sharesOf(count).reduce((sum, share) => sum + updater.sum(plan, share, buffer).before, 0);
        const [table, biases, weight] = plan.map(({ sum }) => heap.view(sum));
        const { all } = touched.get('table')!;
        assert.deepEqual(new Set(all), new Set(expected.keys()));
        const wanted = [...all].flatMap((row) => Array<number>(3).fill(expected.get(row)!));
        assert.deepEqual([...table!], wanted);
        assert.deepEqual([...biases!], [bias, bias]);
        assert.deepEqual([...weight!], Array(63).fill(bias));
        assert.equal(
          squares,
          wanted.reduce((sum, number) => sum + number ** 2, 65 * bias ** 2),
        );
      }
    });
  }
}

test('an update in shares is the whole update, to the last bit', () => {
  const clip = { value: 0.4, norm: 1 };
  const [whole, shared] = [1, 3].map((count) => {
    const { heap, weights, planner, numbers, updater } = trainingOf(true, clip);
    steps.forEach((lists, at) => {
      const shards = lists.map(shardOf);
      const plan = planner.plan(shards.length, numbers.renumber(shards));
      const { buffer } = heap.memory;
      shards.forEach((_, shard) => {
        const random = uniform(10 * at + shard);
        for (const { data } of Object.values(gradientTensors(plan, shard, buffer))) {
          data.forEach((__, place) => (data[place] = random() - 0.5));
        }
      });
      for (const share of sharesOf(count)) updater.sum(plan, share, buffer);
      for (const share of sharesOf(count)) updater.update(plan, share, { step: at + 1, learningRate: 0.01 }, 3);
    });
    return [...weights.all().keys()].map((name) => [name, weights.array(name).slice()] as const);
  });
  assert.deepEqual(shared, whole);
  const start = trainingOf(false).weights.array('weight');
  assert.ok(whole!.find(([name]) => name === 'weight')![1].every((number, at) => number !== start[at]));
});
