import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gradientsOf } from '../../../src/autodiff/gradients';
import type { Cell } from '../../../src/nn/cells/cell';
import { cells } from '../../../src/nn/cells/cells';
import { inParts } from '../../../src/nn/recurrent';
import { encodeModel } from '../../../src/onnx/encode';
import type { AnyNode, Node, Value } from '../../../src/onnx/graph';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';
import { Session, tensor, type Tensor } from '../../../src/runtime/session';
import { checkGradient, type Input, seededNumbers } from './checkGradient';

const [hidden, batch] = [3, 2];

/** Inputs of a cell: projected sequence, recurrent weights, inner bias, initial states. */
function cellInputs({ gates, states }: Cell, time: number, size = hidden): Input[] {
  return [
    { dims: [time, gates * size, batch], shape: ['T', gates * size, 'B'] },
    { dims: [gates * size, size] },
    { dims: [size, 1] },
    ...Array.from({ length: states }, () => ({ dims: [size, batch], shape: [size, 'B'] })),
  ];
}

describe('back-propagation through time', () => {
  for (const [name, cell] of Object.entries(cells)) {
    for (const time of [1, 2, 5]) {
      it(`${name} over ${time} steps agrees with central differences`, () =>
        checkGradient(
          (g, [xs, R, bias, ...initial]) => {
            const { states, outputs } = g.Scan(initial, [xs!], (body, before, [x]) => {
              const next = cell.step(body, before, inParts(body, x!, cell), {
                R: inParts(g, R!, cell),
                innerBias: bias!,
              });
              return { states: next, outputs: [next[0]!] };
            });
            return [...states, ...outputs];
          },
          cellInputs(cell, time),
        ));

      it(`${name} over ${time} steps equals the unrolled cell`, () => compareUnrolled(cell, time, hidden));
    }
    it(`${name} with a large state equals the unrolled cell`, () => compareUnrolled(cell, 3, large));
  }
});

describe('the gradient of a loop', () => {
  it('reaches captured tensors that are not weights of a product', () =>
    checkGradient(
      (g, [xs, w, h]) =>
        g.Scan([h!], [xs!], (body, [state], [x]) => {
          const next = body.Tanh(body.Add(body.Mul(state!, w!), body.Mul(x!, body.Exp(w!))));
          return { states: [next], outputs: [] };
        }).states[0]!,
      [{ dims: [4, 2, 3] }, { dims: [2, 3] }, { dims: [2, 3] }],
    ));

  it('passes through scans that read and write from the end', () =>
    checkGradient(
      (g, [xs, w, h]) => {
        const { states, outputs } = g.Scan(
          [h!],
          [xs!],
          (body, [state], [x]) => {
            const next = body.Tanh(body.Add(body.MatMul(w!, state!), body.Mul(x!, x!)));
            return { states: [next], outputs: [body.Mul(next, x!)] };
          },
          { reverseInputs: [true], reverseOutputs: [true] },
        );
        return [...states, ...outputs];
      },
      [{ dims: [4, 3, 2] }, { dims: [3, 3] }, { dims: [3, 2] }],
    ));

  it('holds for several scanned inputs, a state that is only carried, and outputs that nobody reads', () =>
    checkGradient(
      (g, [xs, ys, h, carried]) => {
        const { states, outputs } = g.Scan([h!, carried!], [xs!, ys!], (body, [state, fixed], [x, y]) => {
          const next = body.Sigmoid(body.Sub(body.Mul(state!, y!), body.Mul(x!, fixed!)));
          return { states: [next, fixed!], outputs: [x!, body.Exp(next), body.Mul(y!, y!)] };
        });
        return [states[0]!, outputs[1]!];
      },
      [{ dims: [3, 2] }, { dims: [3, 2] }, { dims: [2] }, { dims: [2] }],
    ));

  it('holds for a loop inside of a loop', () =>
    checkGradient(
      (g, [xs, memory, w, h]) =>
        g.Scan([h!], [xs!], (body, [state], [x]) => {
          const inner = body.Scan([state!], [memory!], (deep, [s], [m]) => {
            const next = deep.Tanh(deep.Add(deep.MatMul(w!, s!), deep.Mul(m!, x!)));
            return { states: [next], outputs: [] };
          });
          return { states: [inner.states[0]!], outputs: [inner.states[0]!] };
        }).outputs[0]!,
      [{ dims: [3, 2, 2] }, { dims: [2, 2, 2] }, { dims: [2, 2] }, { dims: [2, 2] }],
    ));

  it('holds for attention over a captured memory', () =>
    checkGradient(
      (g, [queries, memory, w, h]) => {
        const { outputs } = g.Scan([h!], [queries!], (body, [state], [q]) => {
          // memory [batch, source, features]; state [batch, features]
          const scores = body.MatMul(memory!, body.Unsqueeze(body.Add(state!, q!), [2]));
          const weights = body.Softmax(scores, 1);
          const context = body.Squeeze(body.MatMul(body.Transpose(weights, [0, 2, 1]), memory!), [1]);
          const next = body.Tanh(body.MatMul(context, w!));
          return { states: [next], outputs: [next] };
        });
        return outputs[0]!;
      },
      [{ dims: [3, 2, 3] }, { dims: [2, 4, 3] }, { dims: [3, 3] }, { dims: [2, 3] }],
    ));

  it('holds for an embedding that is gathered inside', () =>
    checkGradient(
      (g, [ids, table, h]) =>
        g.Scan([h!], [ids!], (body, [state], [id]) => ({
          states: [body.Tanh(body.Add(state!, body.Gather(table!, id!, 0)))],
          outputs: [],
        })).states[0]!,
      [{ dims: [3, 2], data: [0, 2, 2, 1, 0, 0], dtype: 'int64' }, { dims: [3, 2] }, { dims: [2, 2] }],
    ));

  it('takes the sum over time of a recurrent weight as one product after the loop', () => {
    const { gradient, forward, backward } = lstmGraph(hidden);
    assert.equal(gradient.producer!.op, 'MatMul');
    assert.deepEqual(
      gradient.producer!.inputs.map((input) => input!.shape),
      [
        [4 * hidden, 'B*T'],
        ['B*T', hidden],
      ],
    );
    // σ(i), σ(o), σ(f), tanh(g), tanh(c'), h and c: seven tensors of the size of a state.
    assert.equal(forward.outputs.length - 2, 7);
    assert.ok(operatorsOf(backward).filter((op) => op === 'Mul').length <= 6, operatorsOf(backward).join(' '));
    assert.equal(operatorsOf(backward).filter((op) => op === 'MatMul').length, 1);
    assert.ok(!operatorsOf(backward).includes('Sub'), 'slopes of activations are computed ahead of the loop');
  });

  it('finds the slopes of large states step by step, so that none is held for all steps', () => {
    const { forward, backward } = lstmGraph(large);
    assert.equal(forward.outputs.length - 2, 7);
    assert.ok(operatorsOf(backward).includes('Sub'));
    // What the forward loop stored but h, which the weights' products alone need.
    assert.equal(backward.attributes.num_scan_inputs, 6);
  });
});

/** A state so large that a step's element-wise work stays within the loop. */
const large = 256;

/** The gradient of an LSTM's recurrent weights, with the loops of both directions. */
function lstmGraph(size: number): { gradient: Value; forward: Node<'Scan'>; backward: Node<'Scan'> } {
  const g = new GraphBuilder();
  const xs = g.input('xs', 'float32', ['T', 4 * size, 'B']);
  const R = g.input('R', 'float32', [4 * size, size]);
  const zero = g.zeros([size, 'B']);
  const { states } = g.Scan([zero, zero], [xs], (body, before, now) => ({
    states: cells.lstm.step(body, before, now, { R: [R], innerBias: null }),
    outputs: [],
  }));
  const [gradient] = gradientsOf(g, g.ReduceSum(states[0]!, [0, 1]), [R]);
  const [forward, backward] = g.nodes.filter((node): node is Node<'Scan'> => node.op === 'Scan');
  return { gradient: gradient!, forward: forward!, backward: backward! };
}

function operatorsOf(scan: AnyNode): string[] {
  const live = new Set<Value>(scan.body!.outputs.map(({ value }) => value));
  return [...scan.body!.nodes].reverse().flatMap((node) => {
    if (!node.outputs.some((output) => live.has(output))) return [];
    for (const input of node.inputs) if (input !== null) live.add(input);
    return [node.op];
  });
}

type BuildCell = (g: GraphBuilder, xs: Value, R: Value, bias: Value, initial: Value[]) => Value[];

/** Values and gradients of a loop are those of the same steps one after the other. */
async function compareUnrolled(cell: Cell, time: number, size: number): Promise<void> {
  const inputs = cellInputs(cell, time, size);
  const scan = await valuesAndGradients(inputs, (g, xs, R, innerBias, initial) => {
    const { states, outputs } = g.Scan(initial, [xs], (body, before, [x]) => {
      const next = cell.step(body, before, inParts(body, x!, cell), { R: inParts(g, R, cell), innerBias });
      return { states: next, outputs: [next[0]!] };
    });
    return [outputs[0]!, ...states];
  });
  const unrolled = await valuesAndGradients(inputs, (g, xs, R, innerBias, initial) => {
    let states = initial;
    const outputs: Value[] = [];
    for (let t = 0; t < time; t++) {
      const x = g.Squeeze(g.Slice(xs, t, t + 1, 0), [0]);
      states = cell.step(g, states, inParts(g, x, cell), { R: inParts(g, R, cell), innerBias });
      outputs.push(g.Unsqueeze(states[0]!, [0]));
    }
    return [g.Concat(outputs, 0), ...states];
  });
  assert.deepEqual(Object.keys(scan), Object.keys(unrolled));
  for (const [output, { data, dims }] of Object.entries(unrolled)) {
    assert.deepEqual(scan[output]!.dims, dims);
    const numbers = data as Float64Array;
    const tolerance =
      1e-12 *
      Math.max(
        1,
        numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 0),
      );
    numbers.forEach((expected, at) => {
      const found = Number(scan[output]!.data[at]);
      assert.ok(Math.abs(found - expected) <= tolerance, `${output}[${at}]: ${found}, unrolled ${expected}`);
    });
  }
}

async function valuesAndGradients(cellInputs: readonly Input[], build: BuildCell): Promise<Record<string, Tensor>> {
  const g = new GraphBuilder();
  const inputs = cellInputs.map(({ dims }, at) => g.input(`x${at}`, 'float64', dims));
  const [xs, R, bias, ...initial] = inputs;
  const results = build(g, xs!, R!, bias!, initial);
  const loss = results
    .map((result) => g.ReduceSum(g.Mul(result, g.Exp(result)), [...result.shape.keys()]))
    .reduce((a, b) => g.Add(a, b));
  results.forEach((result, at) => g.output(`result${at}`, result));
  gradientsOf(g, loss, inputs).forEach((gradient, at) => g.output(`gradient${at}`, gradient));
  const session = await Session.create(encodeModel(g), { threads: 1 });
  const feeds = Object.fromEntries(
    inputs.map(({ name, shape }, at) => {
      const dims = shape as number[];
      const numbers = seededNumbers(
        dims.reduce((a, b) => a * b, 1),
        at + 1,
      );
      // The larger the state, the smaller the weights, so that it does not grow from step to step.
      const scale = at === 1 ? hidden / dims[1]! : 1;
      return [
        name,
        tensor(
          'float64',
          dims,
          Float64Array.from(numbers, (number) => number * scale),
        ),
      ];
    }),
  );
  const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
  const outputs = await session.run(used);
  await session.dispose();
  return outputs;
}
