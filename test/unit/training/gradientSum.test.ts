import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Heap } from '../../../src/kernels/heap';
import { compileKernels } from '../../../src/kernels/kernels';
import { buildAddition } from '../../../src/nn/optimizers';
import { tensor } from '../../../src/runtime/session';
import { GradientSum } from '../../../src/training/gradientSum';
import { RowNumbers } from '../../../src/training/rowNumbers';
import type { Shard } from '../../../src/training/shard';

const shardOf = (rows: readonly number[]): Shard => ({
  variant: 'full',
  feeds: { ids: tensor('int32', [rows.length], Int32Array.from(rows)) },
  sizes: {},
  tokens: rows.length,
});

for (const shared of [false, true]) {
  test(`three shards add up row by row, step after step, ${shared ? 'in shared memory' : 'in memory of its own'}`, () => {
    const heap = new Heap(shared);
    const shapes = new Map([
      ['table', [10, 3]],
      ['bias', [2]],
    ]);
    const sum = new GradientSum(heap, shapes, compileKernels(heap, { addition: buildAddition() }));
    const numbers = new RowNumbers([{ parameter: 'table', rowInputs: ['ids'], rows: 10 }]);
    const steps = [
      [
        [7, 2, 7],
        [2, 5],
        [5, 9, 7, 1],
      ],
      [[1], [1], [0, 1, 2, 3, 4, 5, 6]],
      [[3, 3], [8]],
    ];
    for (const lists of steps) {
      const shards = lists.map(shardOf);
      const touched = numbers.renumber(shards);
      const expected = new Map<number, number>();
      let bias = 0;
      const places = shards.map((_, at) => sum.ofShard(at, touched));
      places.forEach((gradients, shard) => {
        const rows = touched.get('table')!.shards[shard]!;
        assert.deepEqual([...rows], [...new Set(lists[shard])]);
        const ids = shards[shard]!.feeds['ids']!.data as Int32Array;
        assert.deepEqual(
          Array.from(ids, (id) => rows[id]),
          lists[shard],
        );
        for (const { name, block } of gradients) {
          const view = heap.view(block);
          if (name === 'bias') view.fill(shard + 1);
          else rows.forEach((row, at) => view.fill(100 * shard + row, 3 * at, 3 * at + 3));
        }
        bias += shard + 1;
        for (const row of rows) expected.set(row, (expected.get(row) ?? 0) + 100 * shard + row);
      });
      const [table, biases] = sum.sum(shards.length, touched);
      const { all } = touched.get('table')!;
      assert.deepEqual(new Set(all), new Set(expected.keys()));
      assert.deepEqual(table!.dims, [all.length, 3]);
      assert.deepEqual(
        [...heap.view(table!.block)],
        [...all].flatMap((row) => Array<number>(3).fill(expected.get(row)!)),
      );
      assert.deepEqual([...heap.view(biases!.block)], [bias, bias]);
    }
  });
}
