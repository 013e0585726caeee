import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gradientsOf } from '../../../src/autodiff/gradients';
import { encodeModel } from '../../../src/onnx/encode';
import type { Value } from '../../../src/onnx/graph';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';
import { Session, tensor } from '../../../src/runtime/session';
import { checkGradient, type Input } from './checkGradient';

/** Runs a graph over `x`, float64 `[3]`. */
async function evaluate(build: (g: GraphBuilder, x: Value) => Value[], x: readonly number[]): Promise<number[][]> {
  const g = new GraphBuilder();
  const results = build(g, g.input('x', 'float64', [3]));
  results.forEach((result, at) => g.output(`y${at}`, result));
  const session = await Session.create(encodeModel(g), { threads: 1 });
  const outputs = await session.run({ x: tensor('float64', [3], Float64Array.from(x)) });
  await session.dispose();
  return results.map((_, at) => Array.from(outputs[`y${at}`]!.data, Number));
}

const sequence: Input = { dims: [3, 2], shape: ['T', 2] };

describe('gradients', () => {
  it('of x², exp and a sum are those of the textbook', async () => {
    const x = [0.5, -1, 2];
    const [dx] = await evaluate((g, value) => {
      const loss = g.ReduceSum(g.Add(g.Mul(value, value), g.Exp(value)), [0]);
      return gradientsOf(g, loss, [value]);
    }, x);
    x.forEach((value, at) => {
      assert.ok(Math.abs(dx![at]! - (2 * value + Math.exp(value))) < 1e-12);
    });
  });

  it('of gradients are second derivatives', async () => {
    const x = [0.5, -1, 2];
    const [hessian] = await evaluate((g, value) => {
      const cube = g.Mul(g.Mul(value, value), value);
      const [first] = gradientsOf(g, g.ReduceSum(cube, [0]), [value]);
      return gradientsOf(g, g.ReduceSum(first!, [0]), [value]);
    }, x);
    x.forEach((value, at) => {
      assert.ok(Math.abs(hessian![at]! - 6 * value) < 1e-12);
    });
  });

  it('of two losses of one graph do not disturb each other, through a loop too', () =>
    checkGradient(
      (g, [xs, w]) => {
        const { states, outputs } = g.Scan([w!], [xs!], (body, [state], [x]) => {
          const next = body.Tanh(body.Mul(body.Add(state!, x!), w!));
          return { states: [next], outputs: [next] };
        });
        const other = g.ReduceSum(g.Exp(outputs[0]!), [0, 1]);
        gradientsOf(g, other, [xs!, w!]);
        return [...states, ...outputs];
      },
      [sequence, { dims: [2] }],
    ));

  it('of a loss that is an input are 1, and 0 for what it does not use', async () => {
    const g = new GraphBuilder();
    const [loss, other] = [g.input('loss', 'float32', []), g.input('other', 'float32', [2])];
    const gradients = gradientsOf(g, loss, [loss, other]);
    gradients.forEach((gradient, at) => g.output(`y${at}`, gradient));
    const session = await Session.create(encodeModel(g), { threads: 1 });
    const { y0, y1 } = await session.run({
      loss: tensor('float32', [], Float32Array.of(3)),
      other: tensor('float32', [2], new Float32Array(2)),
    });
    await session.dispose();
    assert.deepEqual([...y0!.data], [1]);
    assert.deepEqual([...y1!.data], [0, 0]);
  });

  it('are refused for a loss with axes, and for integers', () => {
    const g = new GraphBuilder();
    const [x, ids] = [g.input('x', 'float32', [2]), g.input('ids', 'int64', [2])];
    assert.throws(() => gradientsOf(g, x, [x]), { message: 'The loss is a scalar; found float32 [2] "x".' });
    const loss = g.ReduceSum(x, [0]);
    assert.throws(() => gradientsOf(g, loss, [x, ids]), {
      message: 'gradient: expected a floating-point tensor, found int64 [2] "ids".',
    });
    assert.throws(() => gradientsOf(g, g.scalar(1, 'int64'), [x]), {
      message: /^gradient: expected a floating-point tensor, found int64 \[\] /,
    });
  });

  it('are refused through a fused layer', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['T', 'B', 2]);
    const weights = {
      W: g.input('W', 'float32', [1, 9, 2]),
      R: g.input('R', 'float32', [1, 9, 3]),
      B: g.input('b', 'float32', [1, 18]),
    };
    const { Y_h } = g.GRU(x, weights, g.input('lengths', 'int32', ['B']), 3, 'forward');
    assert.throws(() => gradientsOf(g, g.ReduceSum(Y_h, [0, 1, 2]), [x]), {
      message: 'GRU is for inference; build the layer as a Scan to differentiate it.',
    });
  });
});

describe('the gradient of a loop over less common bodies', () => {
  const matrix: Input = { dims: [2, 2] };
  const steps: Input = { dims: [4, 2, 2], shape: ['T', 2, 'B'] };

  it('holds for a captured tensor that is a state or an output as it is', () =>
    checkGradient(
      (g, [xs, w, h]) => {
        const { states, outputs } = g.Scan([h!], [xs!], (body, [state], [x]) => ({
          states: [w!],
          outputs: [body.Mul(state!, x!), w!],
        }));
        return [...states, ...outputs];
      },
      [{ dims: [3, 2, 2] }, matrix, matrix],
    ));

  it('holds for reductions, joins and cuts inside', () =>
    checkGradient(
      (g, [xs, w, h]) => {
        const { states, outputs } = g.Scan([h!], [xs!], (body, [state], [x]) => {
          const [a, b] = body.Split(body.Concat([body.MatMul(w!, state!), x!], 0), [1, 3], 0);
          const share = body.Softmax(body.Slice(b!, 0, 2, 0), 0);
          const level = body.ReduceLogSumExp(b!, [0], 1);
          const next = body.Mul(body.Tanh(body.Sub(share, level)), body.Add(a!, body.ReduceMax(x!, [0], 1)));
          return { states: [next], outputs: [body.ReduceMean(next, [0])] };
        });
        return [...states, ...outputs];
      },
      [steps, matrix, { dims: [2, 2], shape: [2, 'B'] }],
    ));

  it('holds for a choice that depends on the state', () =>
    checkGradient(
      (g, [xs, w, h]) =>
        g.Scan([h!], [xs!], (body, [state], [x]) => {
          const larger = body.Greater(state!, x!);
          return {
            states: [body.Where(larger, body.Mul(state!, w!), body.Sub(body.Sqrt(body.Exp(x!)), w!))],
            outputs: [],
          };
        }).states[0]!,
      [{ dims: [4, 2, 2] }, matrix, matrix],
    ));

  it('holds for scattered and gathered elements inside', () =>
    checkGradient(
      (g, [xs, at, h]) => {
        const { states, outputs } = g.Scan([h!], [xs!, at!], (body, [state], [x, index]) => {
          const memory = body.ScatterElements(state!, index!, body.Tanh(x!), 0, 'add');
          return { states: [body.Mul(memory, memory)], outputs: [body.GatherElements(memory, index!, 0)] };
        });
        return [...states, ...outputs];
      },
      [{ dims: [3, 2] }, { dims: [3, 2], data: [0, 2, 1, 1, 2, 0], dtype: 'int64' }, { dims: [3] }],
    ));

  it('holds for two loops in a row with one weight', () =>
    checkGradient(
      (g, [xs, w, h]) => {
        const layer = (sequence: Value, reverse: boolean): Value =>
          g.Scan(
            [h!],
            [sequence],
            (body, [state], [x]) => {
              const next = body.Tanh(body.Add(body.MatMul(w!, state!), x!));
              return { states: [next], outputs: [next] };
            },
            { reverseInputs: [reverse], reverseOutputs: [reverse] },
          ).outputs[0]!;
        return layer(layer(xs!, false), true);
      },
      [steps, matrix, { dims: [2, 2], shape: [2, 'B'] }],
    ));

  it('holds for a gradient penalty: the derivative of a loop, differentiated again', () =>
    checkGradient(
      (g, [xs, w, h]) => {
        const { states } = g.Scan([h!], [xs!], (body, [state], [x]) => ({
          states: [body.Tanh(body.Add(body.Mul(state!, w!), x!))],
          outputs: [],
        }));
        const [dx] = gradientsOf(g, g.ReduceSum(states[0]!, [0]), [xs!]);
        return g.ReduceSumSquare(dx!, [0, 1]);
      },
      [sequence, { dims: [2] }, { dims: [2] }],
    ));
});
