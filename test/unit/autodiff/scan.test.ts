import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gradientsOf } from '../../../src/autodiff/gradients';
import { cells } from '../../../src/nn/cells/cells';
import { encodeModel } from '../../../src/onnx/encode';
import type { AnyNode, Value } from '../../../src/onnx/graph';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';
import { Session, tensor, type Tensor } from '../../../src/runtime/session';
import { checkGradient, type Input, seededNumbers } from './checkGradient';

const [hidden, batch] = [3, 2];

/** Inputs of a cell: projected sequence, recurrent weights, recurrent bias, initial states. */
function cellInputs(gates: number, states: number, time: number): Input[] {
  return [
    { dims: [time, gates * hidden, batch], shape: ['T', gates * hidden, 'B'] },
    { dims: [gates * hidden, hidden] },
    { dims: [gates * hidden, 1] },
    ...Array.from({ length: states }, () => ({ dims: [hidden, batch], shape: [hidden, 'B'] })),
  ];
}

describe('back-propagation through time', () => {
  for (const [name, cell] of Object.entries(cells)) {
    for (const time of [1, 2, 5]) {
      it(`${name} over ${time} steps agrees with central differences`, () =>
        checkGradient(
          (g, [xs, R, bias, ...initial]) => {
            const { states, outputs } = g.Scan(initial, [xs!], (body, before, [x]) => {
              const next = cell.step(body, before, x!, { R: R!, recurrentBias: bias! });
              return { states: next, outputs: [next[0]!] };
            });
            return [...states, ...outputs];
          },
          cellInputs(cell.gates, cell.states, time),
        ));

      it(`${name} over ${time} steps equals the unrolled cell`, async () => {
        const scan = await valuesAndGradients(cell.gates, cell.states, time, (g, xs, R, bias, initial) => {
          const { states, outputs } = g.Scan(initial, [xs], (body, before, [x]) => {
            const next = cell.step(body, before, x!, { R, recurrentBias: bias });
            return { states: next, outputs: [next[0]!] };
          });
          return [outputs[0]!, ...states];
        });
        const unrolled = await valuesAndGradients(cell.gates, cell.states, time, (g, xs, R, bias, initial) => {
          let states = initial;
          const outputs: Value[] = [];
          for (let t = 0; t < time; t++) {
            const x = g.Squeeze(g.Slice(xs, t, t + 1, 0), [0]);
            states = cell.step(g, states, x, { R, recurrentBias: bias });
            outputs.push(g.Unsqueeze(states[0]!, [0]));
          }
          return [g.Concat(outputs, 0), ...states];
        });
        assert.deepEqual(Object.keys(scan), Object.keys(unrolled));
        for (const [output, { data, dims }] of Object.entries(unrolled)) {
          assert.deepEqual(scan[output]!.dims, dims);
          (data as Float64Array).forEach((expected, at) => {
            const found = Number(scan[output]!.data[at]);
            assert.ok(Math.abs(found - expected) <= 1e-12, `${output}[${at}]: ${found}, unrolled ${expected}`);
          });
        }
      });
    }
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
    const g = new GraphBuilder();
    const xs = g.input('xs', 'float32', ['T', 4 * hidden, 'B']);
    const R = g.input('R', 'float32', [4 * hidden, hidden]);
    const zero = g.zeros([hidden, 'B']);
    const { states } = g.Scan([zero, zero], [xs], (body, before, [x]) => {
      const next = cells.lstm.step(body, before, x!, { R, recurrentBias: null });
      return { states: next, outputs: [] };
    });
    const [gradient] = gradientsOf(g, g.ReduceSum(states[0]!, [0, 1]), [R]);
    assert.equal(gradient!.producer!.op, 'MatMul');
    assert.deepEqual(
      gradient!.producer!.inputs.map((input) => input!.shape),
      [
        [4 * hidden, 'B*T'],
        ['B*T', hidden],
      ],
    );
    const [forward, backward] = g.nodes.filter((node) => node.op === 'Scan');
    // σ(i), σ(o), σ(f), tanh(g), tanh(c'), h and c: seven tensors of the size of a state.
    assert.equal(forward!.outputs.length - 2, 7);
    assert.ok(operatorsOf(backward!).filter((op) => op === 'Mul').length <= 6, operatorsOf(backward!).join(' '));
    assert.equal(operatorsOf(backward!).filter((op) => op === 'MatMul').length, 1);
    assert.ok(!operatorsOf(backward!).includes('Sub'), 'slopes of activations are computed ahead of the loop');
  });
});

function operatorsOf(scan: AnyNode): string[] {
  const live = new Set<Value>(scan.body!.outputs.map(({ value }) => value));
  return [...scan.body!.nodes].reverse().flatMap((node) => {
    if (!node.outputs.some((output) => live.has(output))) return [];
    for (const input of node.inputs) if (input !== null) live.add(input);
    return [node.op];
  });
}

type BuildCell = (g: GraphBuilder, xs: Value, R: Value, bias: Value, initial: Value[]) => Value[];

async function valuesAndGradients(
  gates: number,
  states: number,
  time: number,
  build: BuildCell,
): Promise<Record<string, Tensor>> {
  const g = new GraphBuilder();
  const inputs = cellInputs(gates, states, time).map(({ dims }, at) => g.input(`x${at}`, 'float64', dims));
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
      return [name, tensor('float64', dims, Float64Array.from(numbers))];
    }),
  );
  const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
  const outputs = await session.run(used);
  await session.dispose();
  return outputs;
}
