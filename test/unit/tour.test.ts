/** A tour of the core: a small network is built, differentiated, trained, and used. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { gradientsOf } from '../../src/autodiff/gradients';
import { gru } from '../../src/nn/cells/gru';
import { dense } from '../../src/nn/layers';
import { softmaxCrossEntropy } from '../../src/nn/losses';
import { updateNames } from '../../src/nn/optimizers';
import { recurrentLayer } from '../../src/nn/recurrent';
import { InputScope } from '../../src/nn/scope';
import { encodeModel } from '../../src/onnx/encode';
import { GraphBuilder } from '../../src/onnx/graphBuilder';
import { type Feeds, Session, tensor } from '../../src/runtime/session';
import { Updates } from './training/updates';
import { uniform } from './nn/uniform';

const floats = (dims: readonly number[], x: Iterable<number>) => tensor('float32', dims, Float32Array.from(x));
const run = (session: Session, feeds: Feeds) =>
  session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!])));

it('a GRU learns to remember the first symbol of a sequence', async () => {
  // The forward pass, written once: symbols [time, 1, batch] through 6 units to two classes.
  const g = new GraphBuilder('first symbol');
  const scope = new InputScope(g, true);
  const input = g.input('symbols', 'float32', ['time', 1, 'batch']);
  const { final } = recurrentLayer(scope, 'layer', input, { cell: gru, hidden: 6, bidirectional: false }, null);
  const logits = g.Transpose(dense(scope, 'output', final, 2), [1, 0]);
  const [labels, count] = [g.input('labels', 'int32', ['batch']), g.input('count', 'float32', [])];
  const loss = softmaxCrossEntropy(g, logits, labels, count, { classWeights: null, labelSmoothing: 0 });
  g.output('loss', loss);
  g.output('classes', g.ArgMax(logits, 1));
  // Its derivative is more nodes of the same graph: back-propagation through time is a second loop.
  const parameters = [...scope.parameters.values()].map(({ spec, value }) => ({ ...spec, value, sparse: false }));
  const values = parameters.map(({ value }) => value);
  gradientsOf(g, loss, values).forEach((gradient, at) => g.output(updateNames.gradient(values[at]!.name), gradient));
  const model = await Session.create(encodeModel(g), { threads: 1 });
  // All 32 sequences of five symbols, 1 or -1; the class is 1 where the first symbol is.
  const symbols = Array.from({ length: 5 * 32 }, (_, at) => (((at % 32) >> Math.floor(at / 32)) & 1 ? 1 : -1));
  const classes = Int32Array.from({ length: 32 }, (_, at) => (symbols[at] === 1 ? 1 : 0));
  const batch = {
    symbols: floats([5, 1, 32], symbols),
    labels: tensor('int32', [32], classes),
    count: floats([], [32]),
  };
  const random = uniform(1);
  const initial = new Map(parameters.map(({ name, shape, initialize: start }) => [name, start(shape, random)]));
  // The optimizer is one more graph, which changes the weights where they are.
  const sgd = { type: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 } as const;
  const updates = new Updates(parameters, initial, sgd, { norm: 1 });
  const losses: number[] = [];
  for (let step = 1; step <= 150; step++) {
    const result = await run(model, { ...updates.feeds(), ...batch });
    losses.push(Number(result['loss']!.data[0]));
    updates.apply((name) => result[updateNames.gradient(name)]!, step, 0.5);
  }
  assert.ok(losses[0]! > 0.6 && losses.at(-1)! < 0.01, `the loss went from ${losses[0]!} to ${losses.at(-1)!}`);
  // It holds for sequences that are longer than those it has seen: eight symbols, two sequences.
  const longer = floats([8, 1, 2], [1, -1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1]);
  const answer = await run(model, {
    ...updates.feeds(),
    ...batch,
    symbols: longer,
    labels: tensor('int32', [2], new Int32Array(2)),
  });
  assert.deepEqual(answer['classes']!.data, BigInt64Array.of(1n, 0n));
});
