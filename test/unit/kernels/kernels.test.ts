import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Heap } from '../../../src/kernels/heap';
import { compileKernels, loadKernels } from '../../../src/kernels/kernels';
import { buildAddition, buildCut, buildUpdate, type OptimizerSettings } from '../../../src/nn/optimizers';
import type { InPlaceGraph } from '../../../src/onnx/graph';
import { encodeModel } from '../../../src/onnx/encode';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';
import { Session, tensor, type Tensor } from '../../../src/runtime/session';
import { uniform } from '../nn/uniform';

const momentum = { momentum: 0.9, weightDecay: 0.01 };
const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };
const optimizers: readonly OptimizerSettings[] = [
  { type: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 },
  { type: 'sgd', nesterov: false, ...momentum },
  { type: 'sgd', nesterov: true, ...momentum },
  { type: 'rmsprop', alpha: 0.99, epsilon: 1e-8, ...momentum },
  { type: 'rmsprop', alpha: 0.99, epsilon: 1e-8, momentum: 0, weightDecay: 0 },
  { type: 'adam', ...adam },
  { type: 'adamw', ...adam },
  { type: 'adamw', ...adam, weightDecay: 0 },
];

const sources: Readonly<Record<string, InPlaceGraph>> = {
  ...Object.fromEntries(optimizers.map((settings) => [JSON.stringify(settings), buildUpdate(settings)])),
  'a cut': buildCut(0.25),
  'an addition': buildAddition(),
};

/** Inputs of a graph by name: vectors of `count` numbers, and scalars. */
function inputsOf({ graph }: InPlaceGraph, count: number, seed: number): Map<string, Float32Array> {
  const random = uniform(seed);
  return new Map(
    graph.inputs.map(({ name, shape }) => [
      name,
      Float32Array.from({ length: shape.length === 0 ? 1 : count }, () => random() - (name === 'square' ? 0 : 0.5)),
    ]),
  );
}

/** What the runtime makes of the inputs, by the name of the input that is written over. */
async function byRuntime(
  source: InPlaceGraph,
  inputs: ReadonlyMap<string, Float32Array>,
): Promise<Map<string, Float32Array>> {
  const session = await Session.create(encodeModel(source.graph), { threads: 1 });
  const feeds = source.graph.inputs.map(({ name, shape }) => {
    const data = inputs.get(name)!;
    return [name, tensor('float32', shape.length === 0 ? [] : [data.length], data)];
  });
  const wanted = Object.fromEntries(feeds) as Record<string, Tensor>;
  const results = await session.run(Object.fromEntries(session.inputNames.map((name) => [name, wanted[name]!])));
  await session.dispose();
  return new Map(Object.entries(source.into).map(([output, input]) => [input, results[output]!.data as Float32Array]));
}

describe('a kernel gives what the runtime does, to the last bit', () => {
  for (const [name, source] of Object.entries(sources)) {
    for (const shared of [false, true]) {
      test(`${name}, ${shared ? 'in shared memory' : 'in memory of its own'}`, async () => {
        const heap = new Heap(shared);
        const { run } = loadKernels(compileKernels(heap, { it: source }));
        // Nothing, less than four, and numbers that are left over after fours.
        for (const count of [0, 1, 3, 4, 103]) {
          const inputs = inputsOf(source, count, count + 1);
          const blocks = source.graph.inputs.map(({ shape }) => (shape.length === 0 ? null : heap.allocate(count + 2)));
          const values = source.graph.inputs.map((input, at) => {
            const block = blocks[at] ?? null;
            if (block === null) return inputs.get(input.name)![0]!;
            const view = heap.view(block);
            view.set(inputs.get(input.name)!);
            view.fill(7, count);
            return block.offset;
          });
          run.it(count, ...values);
          const expected = count === 0 ? new Map<string, Float32Array>() : await byRuntime(source, inputs);
          source.graph.inputs.forEach((input, at) => {
            const block = blocks[at] ?? null;
            if (block === null) return;
            const found = heap.view(block);
            const wanted = expected.get(input.name) ?? inputs.get(input.name)!;
            assert.deepEqual(found.slice(0, count), wanted, `${input.name} of ${count}`);
            assert.deepEqual([...found.slice(count)], [7, 7], `${input.name} after ${count}`);
          });
        }
      });
    }
  }
});

test('rows of a table in a range are worked on one by one, and the others stay', () => {
  const heap = new Heap(false);
  const { run, runRows } = loadKernels(compileKernels(heap, { update: buildUpdate(optimizers[5]!) }));
  const [rows, width] = [10, 5];
  const tables = ['weight', 'mean', 'square'].map(() => heap.allocate(rows * width));
  const whole = ['weight', 'mean', 'square'].map(() => heap.allocate(rows * width));
  const chosen = Int32Array.of(7, 0, 3);
  const gradient = heap.allocate(chosen.length * width);
  const numbers = heap.putIntegers('rows', chosen);
  const random = uniform(3);
  for (const [at, block] of tables.entries()) {
    heap.view(block).forEach((_, place, array) => (array[place] = random()));
    heap.view(whole[at]!).set(heap.view(block));
  }
  heap.view(gradient).forEach((_, place, array) => (array[place] = random() - 0.5));
  const scalars = [0.1, 0.2, 1e-3, 0.5];
  const [weight, mean, square] = tables.map(({ offset }) => offset);
  // Row 7 is not among those from 0 to 7.
  runRows.update(numbers.offset, 3, width, 0, 7, weight!, gradient.offset, mean!, square!, ...scalars);
  chosen.forEach((row, at) => {
    if (row === 7) return;
    const bytes = width * Float32Array.BYTES_PER_ELEMENT;
    const [w, m, s] = whole.map(({ offset }) => offset + row * bytes);
    run.update(width, w!, gradient.offset + at * bytes, m!, s!, ...scalars);
  });
  tables.forEach((block, at) => {
    assert.deepEqual(heap.view(block), heap.view(whole[at]!));
  });
});

test('the sum of squares has double precision', () => {
  const heap = new Heap(false);
  const { sumOfSquares } = loadKernels(compileKernels(heap, {}));
  for (const count of [0, 1, 6, 1001]) {
    const block = heap.allocate(count);
    const random = uniform(count);
    heap.view(block).forEach((_, at, array) => (array[at] = random() * 10 ** (at % 7)));
    const expected = heap.view(block).reduce((sum, x) => sum + x * x, 0);
    const found = sumOfSquares(count, block.offset);
    assert.ok(Math.abs(found - expected) <= 1e-14 * expected, `${found}, expected ${expected}`);
  }
});

test('a number that is none stays none', () => {
  const heap = new Heap(false);
  const { run, sumOfSquares } = loadKernels(compileKernels(heap, { cut: buildCut(1) }));
  const block = heap.allocate(5);
  heap.view(block).set([NaN, Infinity, -Infinity, 0.5, NaN]);
  run.cut(5, block.offset);
  assert.deepEqual([...heap.view(block)], [NaN, 1, -1, 0.5, NaN]);
  assert.ok(Number.isNaN(sumOfSquares(5, block.offset)));
});

test('an operator that kernels do not have is a mistake of ours', () => {
  const graph = new GraphBuilder('sine');
  const x = graph.input('x', 'float32', ['n']);
  graph.output('y', graph.Tanh(x));
  assert.throws(() => compileKernels(new Heap(false), { it: { graph, into: { y: 'x' } } }), /A kernel cannot do Tanh/u);
});

describe('a heap', () => {
  test('grows, and keeps what it holds', () => {
    for (const shared of [false, true]) {
      const heap = new Heap(shared);
      const first = heap.allocate(3);
      heap.view(first).set([1, 2, 3]);
      const second = heap.allocate(1_000_000);
      assert.deepEqual([...heap.view(first)], [1, 2, 3]);
      assert.ok(heap.view(second).every((number) => number === 0));
      assert.equal(second.offset % 64, 0);
    }
  });

  test('keeps memory under a key until more is needed', () => {
    const heap = new Heap(false);
    const first = heap.grown('a', 100);
    assert.deepEqual(heap.grown('a', 50), { offset: first.offset, length: 50 });
    const more = heap.grown('a', 101);
    assert.notEqual(more.offset, first.offset);
    assert.deepEqual(heap.grown('a', 151), { offset: more.offset, length: 151 });
  });

  test('that would be too large is refused in a sentence', () => {
    const heap = new Heap(false);
    assert.throws(() => heap.allocate(2 ** 31), {
      name: 'UserError',
      message: /^The model is too large: its weights.*4 GB.*features\.vocabulary/u,
    });
    heap.view(heap.allocate(4)).fill(1);
  });
});
