import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rules } from '../../../src/autodiff/rules';
import { toTheEnd } from '../../../src/onnx/shapeOperators';
import type { Operator } from '../../../src/onnx/operators';
import { type Build, checkGradient, type CheckOptions, type Input, seededNumbers } from './checkGradient';

interface Case extends CheckOptions {
  readonly name?: string;
  readonly build: Build;
  readonly inputs: readonly Input[];
}

const matrix: Input = { dims: [2, 3] };
const positive: Input = { dims: [2, 3], data: [0.5, 1.5, 2.5, 0.7, 1.1, 3.2] };
const row: Input = { dims: [3] };
const column: Input = { dims: [2, 1] };

/** Every operand pair of a broadcasting operator: equal shapes, a row, a column against a row, a scalar. */
function binary(op: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Min'): Case[] {
  const pairs: [string, Input, Input][] = [
    ['equal shapes', matrix, matrix],
    ['a row', matrix, row],
    ['a row first', row, matrix],
    ['column and row', column, row],
    ['a scalar', matrix, { dims: [] }],
  ];
  const cases = pairs.map(([name, a, b]): Case => ({ name, build: (g, [x, y]) => g[op](x!, y!), inputs: [a, b] }));
  cases.push({ name: 'fan-out', build: (g, [x]) => g[op](x!, g.Mul(x!, g.Mul(x!, x!))), inputs: [positive] });
  return cases;
}

function reduction(op: 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceSumSquare' | 'ReduceLogSumExp'): Case[] {
  const cube: Input = { dims: [2, 3, 2] };
  return [
    { name: 'one axis', build: (g, [x]) => g[op](x!, [1]), inputs: [cube] },
    { name: 'kept', build: (g, [x]) => g.Mul(x!, g[op](x!, [0, 2], 1)), inputs: [cube] },
    { name: 'all', build: (g, [x]) => g[op](x!, [0, 1, 2]), inputs: [cube] },
    { name: 'symbolic', build: (g, [x]) => g[op](x!, [0]), inputs: [{ ...cube, shape: ['T', 3, 2] }] },
  ];
}

const indices = (dims: readonly number[], data: readonly number[]): Input => ({ dims, data, dtype: 'int64' });

const cases: Partial<Record<Operator, Case[]>> = {
  Abs: [{ build: (g, [x]) => g.Abs(x!), inputs: [matrix] }],
  Add: binary('Add'),
  // Two element types: the loss has the smaller one's precision.
  Cast: [
    {
      name: 'down',
      build: (g, [x]) => g.Cast(x!, 'float32'),
      inputs: [{ ...matrix, dtype: 'float64' }],
      dtype: 'float32',
    },
    {
      name: 'up',
      build: (g, [x]) => g.Cast(x!, 'float64'),
      inputs: [{ ...matrix, dtype: 'float32' }],
      dtype: 'float32',
    },
    {
      name: 'there and back',
      build: (g, [x]) => g.Mul(x!, g.Cast(g.Cast(x!, 'float64'), 'float32')),
      inputs: [{ ...matrix, dtype: 'float32' }],
      dtype: 'float32',
    },
    {
      name: 'to integers, where no gradient flows',
      build: (g, [x]) => g.Mul(x!, g.Cast(g.Cast(x!, 'int64'), 'float64')),
      inputs: [{ dims: [3], data: [1.25, -2.5, 3.75] }],
    },
  ],
  Concat: [
    { build: (g, [x, y]) => g.Concat([x!, y!, x!], 1), inputs: [matrix, column] },
    { name: 'symbolic', build: (g, [x, y]) => g.Concat([x!, y!], 0), inputs: [{ ...matrix, shape: ['N', 3] }, matrix] },
  ],
  Div: binary('Div'),
  // The runtime has Erf and Softplus in single precision only.
  Erf: [{ build: (g, [x]) => g.Erf(x!), inputs: [matrix], dtype: 'float32' }],
  Exp: [{ build: (g, [x]) => g.Exp(x!), inputs: [matrix] }],
  Expand: [
    { build: (g, [x]) => g.Expand(x!, [2, 2, 3]), inputs: [row] },
    { name: 'kept axis', build: (g, [x]) => g.Expand(x!, [2, 3]), inputs: [column] },
  ],
  Gather: [
    { build: (g, [x, i]) => g.Gather(x!, i!, 0), inputs: [matrix, indices([2, 2], [1, 0, 1, 1])] },
    {
      name: 'axis 1',
      build: (g, [x, i]) => g.Gather(x!, i!, 1),
      inputs: [{ dims: [2, 3, 2] }, indices([2, 2], [2, 0, 2, 1])],
    },
  ],
  GatherElements: [
    { build: (g, [x, i]) => g.GatherElements(x!, i!, 1), inputs: [matrix, indices([2, 2], [1, 1, 0, 2])] },
  ],
  GatherND: [
    { build: (g, [x, i]) => g.GatherND(x!, i!), inputs: [{ dims: [3, 2, 2] }, indices([3, 2], [0, 1, 2, 0, 0, 1])] },
  ],
  Identity: [{ build: (g, [x]) => g.Identity(x!), inputs: [matrix] }],
  Log: [{ build: (g, [x]) => g.Log(x!), inputs: [positive] }],
  LogSoftmax: [
    { build: (g, [x]) => g.LogSoftmax(x!, 1), inputs: [matrix] },
    { name: 'first axis', build: (g, [x]) => g.LogSoftmax(x!, 0), inputs: [matrix] },
  ],
  MatMul: [
    { build: (g, [a, b]) => g.MatMul(a!, b!), inputs: [matrix, { dims: [3, 4] }] },
    {
      name: 'weight on the left of a batch',
      build: (g, [a, b]) => g.MatMul(a!, b!),
      inputs: [matrix, { dims: [4, 3, 2], shape: ['T', 3, 'B'] }],
    },
    {
      name: 'weight on the right of a batch',
      build: (g, [a, b]) => g.MatMul(a!, b!),
      inputs: [{ dims: [4, 2, 3], shape: ['T', 'B', 3] }, { dims: [3, 2] }],
    },
    { name: 'two batches', build: (g, [a, b]) => g.MatMul(a!, b!), inputs: [{ dims: [2, 2, 3] }, { dims: [2, 3, 2] }] },
    {
      name: 'repeated middle axis',
      build: (g, [a, b]) => g.MatMul(a!, b!),
      inputs: [{ dims: [2, 1, 2, 3] }, { dims: [2, 4, 3, 2] }],
    },
    {
      name: 'both repeated',
      build: (g, [a, b]) => g.MatMul(a!, b!),
      inputs: [{ dims: [2, 1, 2, 3] }, { dims: [3, 3, 2] }],
    },
    { name: 'with itself', build: (g, [a]) => g.MatMul(a!, g.Transpose(a!, [1, 0])), inputs: [matrix] },
  ],
  Max: binary('Max'),
  Min: binary('Min'),
  Mul: binary('Mul'),
  Neg: [{ build: (g, [x]) => g.Neg(x!), inputs: [matrix] }],
  Reciprocal: [{ build: (g, [x]) => g.Reciprocal(x!), inputs: [positive] }],
  ReduceLogSumExp: reduction('ReduceLogSumExp'),
  ReduceMax: reduction('ReduceMax'),
  ReduceMean: reduction('ReduceMean'),
  ReduceSum: reduction('ReduceSum'),
  ReduceSumSquare: reduction('ReduceSumSquare'),
  Relu: [{ build: (g, [x]) => g.Relu(x!), inputs: [matrix] }],
  Reshape: [
    { build: (g, [x]) => g.Reshape(x!, [3, -1]), inputs: [matrix] },
    {
      name: 'symbolic',
      build: (g, [x]) => g.Reshape(x!, [-1, 3]),
      inputs: [{ dims: [2, 2, 3], shape: ['T', 'B', 3] }],
    },
  ],
  ReverseSequence: [
    { build: (g, [x, l]) => g.ReverseSequence(x!, l!), inputs: [{ dims: [3, 2, 2] }, indices([2], [3, 2])] },
  ],
  ScatterElements: [
    {
      name: 'add',
      build: (g, [x, i, u]) => g.ScatterElements(x!, i!, u!, 1, 'add'),
      inputs: [matrix, indices([2, 2], [1, 1, 0, 2]), { dims: [2, 2] }],
    },
    {
      name: 'none',
      build: (g, [x, i, u]) => g.ScatterElements(x!, i!, u!, 1, 'none'),
      inputs: [matrix, indices([2, 2], [1, 2, 0, 2]), { dims: [2, 2] }],
    },
  ],
  ScatterND: [
    {
      name: 'add',
      build: (g, [x, i, u]) => g.ScatterND(x!, i!, u!, 'add'),
      inputs: [{ dims: [3, 2] }, indices([3, 1], [2, 0, 2]), { dims: [3, 2] }],
    },
    {
      name: 'none',
      build: (g, [x, i, u]) => g.ScatterND(x!, i!, u!, 'none'),
      inputs: [{ dims: [3, 2] }, indices([2, 1], [2, 0]), { dims: [2, 2] }],
    },
  ],
  Sigmoid: [{ build: (g, [x]) => g.Sigmoid(x!), inputs: [matrix] }],
  Slice: [
    { build: (g, [x]) => g.Slice(x!, 1, 3, 0), inputs: [{ dims: [4, 2] }] },
    {
      name: 'from the end',
      build: (g, [x]) => g.Slice(x!, -2, toTheEnd, 0),
      inputs: [{ dims: [4, 2], shape: ['T', 2] }],
    },
    { name: 'all but the last', build: (g, [x]) => g.Slice(x!, 0, -1, 0), inputs: [{ dims: [4, 2], shape: ['T', 2] }] },
  ],
  Softmax: [{ build: (g, [x]) => g.Softmax(x!, 1), inputs: [matrix] }],
  Softplus: [{ build: (g, [x]) => g.Softplus(x!), inputs: [matrix], dtype: 'float32' }],
  Split: [
    { build: (g, [x]) => g.Split(x!, [1, 2], 1), inputs: [matrix] },
    { name: 'one piece unused', build: (g, [x]) => g.Split(x!, [1, 2], 1)[1]!, inputs: [matrix] },
  ],
  Sqrt: [{ build: (g, [x]) => g.Sqrt(x!), inputs: [positive] }],
  Squeeze: [{ build: (g, [x]) => g.Squeeze(x!, [1]), inputs: [column] }],
  Sub: binary('Sub'),
  Tanh: [{ build: (g, [x]) => g.Tanh(x!), inputs: [matrix] }],
  Transpose: [
    { build: (g, [x]) => g.Mul(g.Transpose(x!, [2, 0, 1]), g.Transpose(x!, [2, 0, 1])), inputs: [{ dims: [2, 3, 2] }] },
  ],
  Unsqueeze: [{ build: (g, [x]) => g.Unsqueeze(x!, [0, 2]), inputs: [matrix] }],
  Where: [{ build: (g, [x, y]) => g.Where(g.Greater(x!, y!), g.Mul(x!, x!), y!), inputs: [matrix, row] }],
};

/** Scan has tests of its own; a fused operator refuses. */
const elsewhere: readonly Operator[] = ['Scan', 'GRU', 'LSTM', 'RNN'];

describe('gradient rules', () => {
  for (const op of Object.keys(rules) as Operator[]) {
    if (rules[op] === null || elsewhere.includes(op)) continue;
    it(`${op} has a case`, () => {
      assert.ok((cases[op]?.length ?? 0) > 0, `${op} has a rule and no case`);
    });
    for (const { name, build, inputs, ...options } of cases[op] ?? []) {
      it([op, name].filter((part) => part !== undefined).join(', '), () => checkGradient(build, inputs, options));
    }
  }

  it('gives zeros for an input that the loss does not use', () =>
    checkGradient((g, [x]) => g.Mul(x!, x!), [matrix, row]));

  it('keeps the seeded numbers apart from zero and from each other', () => {
    const numbers = seededNumbers(40, 1);
    assert.ok(numbers.every((x) => Math.abs(x) >= 0.1));
    assert.equal(new Set(numbers.map((x) => x.toFixed(3))).size > 38, true);
  });
});
