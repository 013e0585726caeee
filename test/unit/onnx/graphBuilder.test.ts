import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderShape } from '../../../src/onnx/dims';
import type { Value } from '../../../src/onnx/graph';
import { addScanOutput, type FusedWeights, GraphBuilder } from '../../../src/onnx/graphBuilder';
import { checkRefusals, checkTypes, type Declare, type RefusedCase, type TypedCase } from './buildingTables';

const reductions = ['ReduceLogSumExp', 'ReduceMax', 'ReduceMean', 'ReduceSum', 'ReduceSumSquare'] as const;
const fused = { LSTM: 4, GRU: 3, RNN: 1 } as const;

/** Weights of a fused operator with `gates` for `directions`, hidden 5 and input 3. */
function fusedWeights(x: Declare, gates: number, directions: number): FusedWeights {
  return {
    W: x('float32', directions, gates * 5, 3),
    R: x('float32', directions, gates * 5, 5),
    B: x('float32', directions, 2 * gates * 5),
  };
}

describe('the result of an operator along axes or a product', () => {
  checkTypes([
    ['MatMul', (g, x) => g.MatMul(x('float32', 2, 3), x('float32', 3, 'B')), 'float32 [2, B]'],
    [
      'MatMul of batches',
      (g, x) => g.MatMul(x('float64', 'T', 1, 2, 3), x('float64', 'B', 3, 4)),
      'float64 [T, B, 2, 4]',
    ],
    ['Softmax', (g, x) => g.Softmax(x('float32', 'B', 3), -1), 'float32 [B, 3]'],
    ['LogSoftmax', (g, x) => g.LogSoftmax(x('float32', 'B', 3), 0), 'float32 [B, 3]'],
    ['ArgMax', (g, x) => g.ArgMax(x('float32', 'T', 3, 'B'), 1), 'int64 [T, B]'],
    ...reductions.flatMap((op): TypedCase[] => [
      [op, (g, x) => g[op](x('float32', 'T', 3, 'B'), [-1, 0]), 'float32 [3]'],
      [`${op}, axes kept,`, (g, x) => g[op](x('float32', 'T', 3, 'B'), [0], 1), 'float32 [1, 3, B]'],
      [`${op} over no axes`, (g, x) => g[op](x('float32', 'T'), []), 'float32 [T]'],
    ]),
  ]);
});

describe('an operator along axes or a product', () => {
  checkRefusals([
    [
      'MatMul of integers',
      (g, x) => g.MatMul(x('int32', 2, 3), x('int32', 3, 4)),
      'MatMul: expected a floating-point tensor, found int32 [2, 3] "x".',
    ],
    [
      'MatMul with other inner sizes',
      (g, x) => g.MatMul(x('float32', 2, 3), x('float32', 4, 3)),
      'MatMul: float32 [2, 3] "x" and float32 [4, 3] "x1" do not multiply.',
    ],
    [
      'MatMul of a vector',
      (g, x) => g.MatMul(x('float32', 2, 3), x('float32', 3)),
      'MatMul: float32 [2, 3] "x" and float32 [3] "x1" do not multiply.',
    ],
    [
      'MatMul of two element types',
      (g, x) => g.MatMul(x('float32', 2, 3), x('float64', 3, 2)),
      'MatMul: float32 [2, 3] "x" and float64 [3, 2] "x1" do not multiply.',
    ],
    [
      'MatMul of batches that do not broadcast',
      (g, x) => g.MatMul(x('float32', 'T', 2, 3), x('float32', 'B', 3, 2)),
      'MatMul: float32 [T, 2, 3] "x" and float32 [B, 3, 2] "x1" do not multiply.',
    ],
    ...(['Softmax', 'LogSoftmax'] as const).flatMap((op): RefusedCase[] => [
      [
        `${op} of integers`,
        (g, x) => g[op](x('int64', 2), 0),
        `${op}: expected a floating-point tensor, found int64 [2] "x".`,
      ],
      [`${op} along no axis`, (g, x) => g[op](x('float32', 2), -2), `${op}: float32 [2] "x" has no axis -2.`],
    ]),
    ['ArgMax along no axis', (g, x) => g.ArgMax(x('float32', 2), 0.5), 'ArgMax: float32 [2] "x" has no axis 0.5.'],
    ['ArgMax of booleans', (g, x) => g.ArgMax(x('bool', 2), 0), 'ArgMax: expected numbers, found bool [2] "x".'],
    ...reductions.flatMap((op): RefusedCase[] => [
      [
        `${op} of integers`,
        (g, x) => g[op](x('int64', 2), [0]),
        `${op}: expected a floating-point tensor, found int64 [2] "x".`,
      ],
      [`${op} along no axis`, (g, x) => g[op](x('float32', 2), [1]), `${op}: float32 [2] "x" has no axis 1.`],
      [`${op} twice`, (g, x) => g[op](x('float32', 2, 3), [1, -1]), `${op}: [1, -1] names an axis twice.`],
    ]),
  ]);
});

describe('a fused recurrent operator', () => {
  for (const [op, gates] of Object.entries(fused) as [keyof typeof fused, number][]) {
    const build = (g: GraphBuilder, x: Value, weights: FusedWeights, lengths: Value, both: boolean) => {
      const direction = both ? 'bidirectional' : 'forward';
      return op === 'RNN' ? g.RNN(x, weights, lengths, 5, direction, 'Tanh') : g[op](x, weights, lengths, 5, direction);
    };
    for (const both of [false, true]) {
      it(`${op} gives outputs and last states, ${both ? 'both directions' : 'one direction'}`, () => {
        const g = new GraphBuilder();
        const directions = both ? 2 : 1;
        const declare: Declare = (dtype, ...shape) => g.input(`x${g.inputs.length}`, dtype, shape);
        const { Y, Y_h } = build(
          g,
          declare('float32', 'T', 'B', 3),
          fusedWeights(declare, gates, directions),
          declare('int32', 'B'),
          both,
        );
        assert.equal(renderShape(Y.shape), `[T, ${directions}, B, 5]`);
        assert.equal(renderShape(Y_h.shape), `[${directions}, B, 5]`);
      });
    }

    checkRefusals([
      [
        `${op} with weights of another number of gates`,
        (g, x) => build(g, x('float32', 'T', 'B', 3), fusedWeights(x, gates + 1, 1), x('int32', 'B'), false),
        `${op}: expected float32 [1, ${gates * 5}, 3], found float32 [1, ${(gates + 1) * 5}, 3] "x1".`,
      ],
      [
        `${op} with int64 lengths`,
        (g, x) => build(g, x('float32', 'T', 'B', 3), fusedWeights(x, gates, 1), x('int64', 'B'), false),
        `${op}: expected int32 [B], found int64 [B] "x4".`,
      ],
      [
        `${op} in double precision`,
        (g, x) => build(g, x('float64', 'T', 'B', 3), fusedWeights(x, gates, 1), x('int32', 'B'), false),
        `${op}: expected float32 [time, batch, input], found float64 [T, B, 3] "x".`,
      ],
      [
        `${op} of a matrix`,
        (g, x) => build(g, x('float32', 'T', 3), fusedWeights(x, gates, 1), x('int32', 3), false),
        `${op}: expected float32 [time, batch, input], found float32 [T, 3] "x".`,
      ],
    ]);
  }
});

describe('a Scan', () => {
  checkRefusals([
    [
      'a loop over nothing',
      (g, x) => g.Scan([x('float32', 2)], [], (_, states) => ({ states, outputs: [] })),
      'Scan: expected at least one scanned input with a time axis.',
    ],
    [
      'a loop over a scalar',
      (g, x) => g.Scan([], [x('float32')], () => ({ states: [], outputs: [] })),
      'Scan: expected at least one scanned input with a time axis.',
    ],
    [
      'two lengths',
      (g, x) => g.Scan([], [x('float32', 'T', 2), x('float32', 'S', 2)], () => ({ states: [], outputs: [] })),
      'Scan: float32 [S, 2] "x1" has not the length T of the others.',
    ],
    [
      'a step that loses a state',
      (g, x) => g.Scan([x('float32', 2)], [x('float32', 'T', 2)], () => ({ states: [], outputs: [] })),
      'Scan: expected 1 states of the step.',
    ],
    [
      'a step that changes the shape of a state',
      (g, x) =>
        g.Scan([x('float32', 2)], [x('float32', 'T', 3, 2)], (body, [state], [now]) => {
          const sum = body.Add(state!, now!);
          return { states: [sum], outputs: [] };
        }),
      'Scan: the step makes float32 [3, 2] "add3" of float32 [2] "x".',
    ],
    [
      'a step that changes the element type of a state',
      (g, x) =>
        g.Scan([x('float32', 2)], [x('float32', 'T', 2)], (body, [state]) => ({
          states: [body.Cast(state!, 'float64')],
          outputs: [],
        })),
      'Scan: the step makes float64 [2] "cast3" of float32 [2] "x".',
    ],
    [
      'an output of another graph',
      (g, x) =>
        g.Scan([], [x('float32', 'T', 2)], () => ({
          states: [],
          outputs: [new GraphBuilder('other').scalar(1)],
        })),
      'Identity: float32 [] "constant0" belongs to another graph (other).',
    ],
  ]);

  it('gives states as they were and outputs stacked over time', () => {
    const g = new GraphBuilder();
    const [h, xs] = [g.input('h', 'float32', [2, 'B']), g.input('xs', 'float32', ['T', 2, 'B'])];
    const { states, outputs } = g.Scan([h], [xs], (body, [state], [x]) => {
      assert.equal(renderShape(x!.shape), '[2, B]');
      return { states: [body.Add(state!, x!)], outputs: [body.Greater(x!, state!), h] };
    });
    assert.deepEqual(
      [...states, ...outputs].map((value) => `${value.dtype} ${renderShape(value.shape)}`),
      ['float32 [2, B]', 'bool [T, 2, B]', 'float32 [T, 2, B]'],
    );
    assert.deepEqual(states[0]!.producer!.attributes, {
      num_scan_inputs: 1,
      scan_input_directions: [0],
      scan_output_directions: [0, 0],
    });
  });

  it('copies a result that is an input, comes from outside or is a result already', () => {
    const g = new GraphBuilder();
    const [h, xs] = [g.input('h', 'float32', [2]), g.input('xs', 'float32', ['T', 2])];
    const outside = g.Identity(h);
    const { outputs } = g.Scan([h], [xs], (_, [state], [x]) => ({ states: [state!], outputs: [x!, h, outside, x!] }));
    const body = outputs[0]!.producer!.body!;
    assert.equal(new Set(body.outputs.map(({ value }) => value)).size, 5);
    for (const { value } of body.outputs) {
      assert.equal(value.graph, body);
      assert.equal(value.producer!.op, 'Identity');
    }
  });

  it('can stack one more value of its body afterwards', () => {
    const g = new GraphBuilder();
    const [h, xs] = [g.input('h', 'float32', [2]), g.input('xs', 'float32', ['T', 2])];
    let product = h;
    const { states } = g.Scan(
      [h],
      [xs],
      (body, [state], [x]) => {
        product = body.Mul(state!, x!);
        return { states: [body.Tanh(product)], outputs: [] };
      },
      { reverseInputs: [true] },
    );
    const scan = states[0]!.producer!;
    assert.equal(scan.op, 'Scan');
    const added = addScanOutput(scan, product);
    assert.equal(added, scan.outputs[1]);
    assert.equal(renderShape(added.shape), '[T, 2]');
    assert.deepEqual(scan.attributes, { num_scan_inputs: 1, scan_input_directions: [1], scan_output_directions: [0] });
  });
});
