/** Every operator of the builder with results by plain loops: one long table, so that none is forgotten. */
import type { Value } from '../../../src/onnx/graph';
import type { GraphBuilder } from '../../../src/onnx/graphBuilder';
import type { Operator } from '../../../src/onnx/operators';
import { toTheEnd } from '../../../src/onnx/shapeOperators';
import { tensor, type Tensor } from '../../../src/runtime/session';

/** Inputs of a small graph and what its results hold. */
export interface ValueCase {
  readonly name?: string;
  readonly inputs: readonly Tensor[];
  readonly build: (g: GraphBuilder, inputs: Value[]) => Value | Value[];
  /** Elements of each result, flat. */
  readonly expected: readonly (readonly number[])[];
}

function floats(dims: readonly number[], numbers: readonly number[]): Tensor {
  return tensor('float32', dims, Float32Array.from(numbers));
}
/** An int64 tensor. */
export function integers(dims: readonly number[], numbers: readonly number[]): Tensor {
  return tensor('int64', dims, BigInt64Array.from(numbers, BigInt));
}
function shorts(dims: readonly number[], numbers: readonly number[]): Tensor {
  return tensor('int32', dims, Int32Array.from(numbers));
}
function booleans(dims: readonly number[], numbers: readonly (0 | 1)[]): Tensor {
  return tensor('bool', dims, Uint8Array.from(numbers));
}

const numbers = [-2.5, -1, -0.25, 0.5, 1, 3.5];
const positive = [0.1, 0.5, 1, 2, 4, 7.25];

type Unary =
  'Erf' | 'Exp' | 'Log' | 'Reciprocal' | 'Relu' | 'Sigmoid' | 'Softplus' | 'Sqrt' | 'Tanh' | 'Abs' | 'Neg' | 'Sign';

function unary(op: Unary, reference: (x: number) => number, data: readonly number[] = numbers): ValueCase[] {
  return [{ inputs: [floats([2, 3], data)], build: (g, [x]) => g[op](x!), expected: [data.map(reference)] }];
}

type Binary = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Min' | 'Less' | 'Greater' | 'Equal';

/** A matrix with a row, and a column with a row. */
function binary(op: Binary, reference: (a: number, b: number) => number): ValueCase[] {
  const row = [-1, 0.5, 3.5];
  return [
    {
      name: 'matrix and row',
      inputs: [floats([2, 3], numbers), floats([3], row)],
      build: (g, [a, b]) => g[op](a!, b!),
      expected: [numbers.map((a, at) => reference(a, row[at % 3]!))],
    },
    {
      name: 'column and row',
      inputs: [floats([2, 1], [0.5, 2]), floats([3], row)],
      build: (g, [a, b]) => g[op](a!, b!),
      expected: [[0.5, 2].flatMap((a) => row.map((b) => reference(a, b)))],
    },
  ];
}

type Reduction = 'ReduceLogSumExp' | 'ReduceMax' | 'ReduceMean' | 'ReduceSum' | 'ReduceSumSquare';

function reduction(op: Reduction, reference: (xs: readonly number[]) => number): ValueCase[] {
  const inputs = [floats([2, 3], numbers)];
  const columns = [0, 1, 2].map((column) => reference([numbers[column]!, numbers[column + 3]!]));
  return [
    {
      name: 'rows',
      inputs,
      build: (g, [x]) => g[op](x!, [1]),
      expected: [[0, 3].map((at) => reference(numbers.slice(at, at + 3)))],
    },
    { name: 'columns, kept', inputs, build: (g, [x]) => g[op](x!, [0], 1), expected: [columns] },
    { name: 'all', inputs, build: (g, [x]) => g[op](x!, [0, 1]), expected: [[reference(numbers)]] },
    { name: 'no axes', inputs, build: (g, [x]) => g[op](x!, []), expected: [numbers.map((x) => reference([x]))] },
    { name: 'a scalar', inputs: [floats([], [-3])], build: (g, [x]) => g[op](x!, []), expected: [[reference([-3])]] },
  ];
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
/** Abramowitz & Stegun 7.1.6, summed until nothing changes. */
function erf(x: number): number {
  let [term, total] = [x, x];
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}
const softmax = (xs: readonly number[]): number[] => {
  const total = sum(xs.map(Math.exp));
  return xs.map((x) => Math.exp(x) / total);
};
const cube = Array.from({ length: 12 }, (_, at) => at);

const recurrentInput = [0.5, -1, 0.25, 0.75]; // [time 2, batch 1, input 2]
const matVec = (M: readonly number[], x: readonly number[]): number[] =>
  Array.from({ length: M.length / x.length }, (_, row) => sum(x.map((value, at) => value * M[row * x.length + at]!)));

/** Weights of one direction with one hidden unit, the same numbers for every gate but for a factor. */
function oneUnit(gates: number): { W: number[]; R: number[]; B: number[] } {
  const gate = Array.from({ length: gates }, (_, at) => at + 1);
  return {
    W: gate.flatMap((at) => [0.3 * at, -0.2 * at]),
    R: gate.map((at) => 0.4 - 0.1 * at),
    B: [...gate.map((at) => 0.05 * at), ...gate.map((at) => -0.02 * at)],
  };
}

/** Runs the reference step over the two steps of `recurrentInput`; returns the outputs. */
function overTime(
  gates: number,
  step: (x: number[], h: number, c: number, rh: number[], rb: number[]) => [number, number],
): number[] {
  const { W, R, B } = oneUnit(gates);
  let [h, c] = [0, 0];
  return [0, 1].map((t) => {
    const projected = matVec(W, recurrentInput.slice(2 * t, 2 * t + 2)).map((value, gate) => value + B[gate]!);
    [h, c] = step(
      projected,
      h,
      c,
      R.map((r) => r * h),
      B.slice(gates),
    );
    return h;
  });
}

function recurrent(op: 'LSTM' | 'GRU' | 'RNN', gates: number, expected: number[]): ValueCase[] {
  const { W, R, B } = oneUnit(gates);
  return [
    {
      inputs: [
        floats([2, 1, 2], recurrentInput),
        floats([1, gates, 2], W),
        floats([1, gates, 1], R),
        floats([1, 2 * gates], B),
        shorts([1], [2]),
      ],
      build: (g, [x, w, r, b, lengths]) => {
        const weights = { W: w!, R: r!, B: b! };
        const { Y, Y_h } =
          op === 'RNN'
            ? g.RNN(x!, weights, lengths!, 1, 'forward', 'Relu')
            : g[op](x!, weights, lengths!, 1, 'forward');
        return [Y, Y_h];
      },
      expected: [expected, expected.slice(-1)],
    },
  ];
}

/** Cases of every operator; an operator without one does not compile. */
export const operatorCases: Record<Operator, ValueCase[]> = {
  Abs: unary('Abs', Math.abs),
  Add: binary('Add', (a, b) => a + b),
  And: [
    {
      inputs: [booleans([4], [0, 0, 1, 1]), booleans([4], [0, 1, 0, 1])],
      build: (g, [a, b]) => g.And(a!, b!),
      expected: [[0, 0, 0, 1]],
    },
  ],
  ArgMax: [
    { inputs: [floats([2, 3], [1, 5, 2, 9, 0, 9])], build: (g, [x]) => g.ArgMax(x!, 1), expected: [[1, 0]] },
    {
      name: 'columns',
      inputs: [floats([2, 3], [1, 5, 2, 9, 0, 9])],
      build: (g, [x]) => g.ArgMax(x!, 0),
      expected: [[1, 0, 1]],
    },
  ],
  Cast: [
    { inputs: [floats([3], [-1.75, 0, 2.5])], build: (g, [x]) => g.Cast(x!, 'int64'), expected: [[-1, 0, 2]] },
    {
      name: 'to booleans',
      inputs: [floats([3], [-1.75, 0, 2.5])],
      build: (g, [x]) => g.Cast(x!, 'bool'),
      expected: [[1, 0, 1]],
    },
  ],
  Concat: [
    {
      inputs: [floats([2, 1], [1, 2]), floats([2, 2], [3, 4, 5, 6])],
      build: (g, [a, b]) => g.Concat([a!, b!, a!], 1),
      expected: [[1, 3, 4, 1, 2, 5, 6, 2]],
    },
  ],
  Div: binary('Div', (a, b) => a / b),
  Equal: binary('Equal', (a, b) => Number(a === b)),
  Erf: unary('Erf', erf),
  Exp: unary('Exp', Math.exp),
  Expand: [
    {
      inputs: [floats([2, 1], [1, 2])],
      build: (g, [x]) => g.Expand(x!, [2, 2, 3]),
      expected: [[1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2]],
    },
  ],
  GRU: recurrent(
    'GRU',
    3,
    overTime(3, (x, h, _, rh, rb) => {
      const [z, r] = [sigmoid(x[0]! + rh[0]! + rb[0]!), sigmoid(x[1]! + rh[1]! + rb[1]!)];
      const n = Math.tanh(x[2]! + r * (rh[2]! + rb[2]!));
      return [(1 - z) * n + z * h, 0];
    }),
  ),
  Gather: [
    {
      inputs: [floats([3, 2], [1, 2, 3, 4, 5, 6]), shorts([3], [2, 0, 2])],
      build: (g, [x, i]) => g.Gather(x!, i!, 0),
      expected: [[5, 6, 1, 2, 5, 6]],
    },
    {
      name: 'second axis by a matrix',
      inputs: [floats([2, 3], [1, 2, 3, 4, 5, 6]), integers([2, 1], [2, 0])],
      build: (g, [x, i]) => g.Gather(x!, i!, 1),
      expected: [[3, 1, 6, 4]],
    },
  ],
  GatherElements: [
    {
      inputs: [floats([2, 3], [1, 2, 3, 4, 5, 6]), integers([2, 2], [2, 0, 1, 1])],
      build: (g, [x, i]) => g.GatherElements(x!, i!, 1),
      expected: [[3, 1, 5, 5]],
    },
  ],
  GatherND: [
    {
      inputs: [floats([2, 3, 2], cube), integers([2, 2], [1, 2, 0, 1])],
      build: (g, [x, i]) => g.GatherND(x!, i!),
      expected: [[10, 11, 2, 3]],
    },
  ],
  Greater: binary('Greater', (a, b) => Number(a > b)),
  Identity: [{ inputs: [floats([2], [3, 4])], build: (g, [x]) => g.Identity(x!), expected: [[3, 4]] }],
  LSTM: recurrent(
    'LSTM',
    4,
    overTime(4, (x, _, c, rh, rb) => {
      const [i, o, f, g] = [0, 1, 2, 3].map((gate) => x[gate]! + rh[gate]! + rb[gate]!) as [
        number,
        number,
        number,
        number,
      ];
      const next = sigmoid(f) * c + sigmoid(i) * Math.tanh(g);
      return [sigmoid(o) * Math.tanh(next), next];
    }),
  ),
  Less: binary('Less', (a, b) => Number(a < b)),
  Log: unary('Log', Math.log, positive),
  LogSoftmax: [
    {
      inputs: [floats([2, 3], numbers)],
      build: (g, [x]) => g.LogSoftmax(x!, 1),
      expected: [[0, 3].flatMap((at) => softmax(numbers.slice(at, at + 3)).map(Math.log))],
    },
  ],
  MatMul: [
    {
      inputs: [floats([2, 3], [1, 2, 3, 4, 5, 6]), floats([3, 2], [1, 0, -1, 2, 0.5, 1])],
      build: (g, [a, b]) => g.MatMul(a!, b!),
      expected: [[0.5, 7, 2, 16]],
    },
    {
      name: 'matrix and batch',
      inputs: [floats([1, 2], [2, -1]), floats([3, 2, 2], cube)],
      build: (g, [a, b]) => g.MatMul(a!, b!),
      expected: [[-2, -1, 2, 3, 6, 7]],
    },
  ],
  Max: binary('Max', Math.max),
  Min: binary('Min', Math.min),
  Mul: binary('Mul', (a, b) => a * b),
  Neg: unary('Neg', (x) => -x),
  Not: [{ inputs: [booleans([2], [0, 1])], build: (g, [x]) => g.Not(x!), expected: [[1, 0]] }],
  OneHot: [
    { inputs: [shorts([3], [2, 0, 1])], build: (g, [x]) => g.OneHot(x!, 3), expected: [[0, 0, 1, 1, 0, 0, 0, 1, 0]] },
    {
      name: 'double precision',
      inputs: [integers([2], [1, 0])],
      build: (g, [x]) => g.OneHot(x!, 2, 'float64'),
      expected: [[0, 1, 1, 0]],
    },
  ],
  Or: [
    {
      inputs: [booleans([4], [0, 0, 1, 1]), booleans([4], [0, 1, 0, 1])],
      build: (g, [a, b]) => g.Or(a!, b!),
      expected: [[0, 1, 1, 1]],
    },
  ],
  RNN: recurrent(
    'RNN',
    1,
    overTime(1, (x, _h, _c, rh, rb) => [Math.max(0, x[0]! + rh[0]! + rb[0]!), 0]),
  ),
  Reciprocal: unary('Reciprocal', (x) => 1 / x),
  ReduceLogSumExp: reduction('ReduceLogSumExp', (xs) => Math.log(sum(xs.map(Math.exp)))),
  ReduceMax: reduction('ReduceMax', (xs) => Math.max(...xs)),
  ReduceMean: reduction('ReduceMean', (xs) => sum(xs) / xs.length),
  ReduceSum: reduction('ReduceSum', sum),
  ReduceSumSquare: reduction('ReduceSumSquare', (xs) => sum(xs.map((x) => x * x))),
  Relu: unary('Relu', (x) => Math.max(0, x)),
  Reshape: [{ inputs: [floats([2, 3], numbers)], build: (g, [x]) => g.Reshape(x!, [-1, 2]), expected: [numbers] }],
  ReverseSequence: [
    {
      inputs: [floats([3, 2, 1], [1, 2, 3, 4, 5, 6]), integers([2], [3, 2])],
      build: (g, [x, lengths]) => g.ReverseSequence(x!, lengths!),
      expected: [[5, 4, 3, 2, 1, 6]],
    },
  ],
  Scan: [
    {
      name: 'a running sum',
      inputs: [floats([2], [10, 20]), floats([3, 2], [1, 2, 3, 4, 5, 6])],
      build: (g, [h, xs]) => {
        const { states, outputs } = g.Scan([h!], [xs!], (body, [state], [x]) => {
          const next = body.Add(state!, x!);
          return { states: [next], outputs: [next] };
        });
        return [...states, ...outputs];
      },
      expected: [
        [19, 32],
        [11, 22, 14, 26, 19, 32],
      ],
    },
    {
      name: 'from the end',
      inputs: [floats([2], [10, 20]), floats([3, 2], [1, 2, 3, 4, 5, 6])],
      build: (g, [h, xs]) => {
        const step = (body: GraphBuilder, [state]: Value[], [x]: Value[]) => {
          const next = body.Sub(x!, state!);
          return { states: [next], outputs: [next, next] };
        };
        const { states, outputs } = g.Scan([h!], [xs!], step, { reverseInputs: [true], reverseOutputs: [true, false] });
        return [...states, ...outputs];
      },
      // 5 - 10, 3 + 5, 1 - 8 and 6 - 20, 4 + 14, 2 - 18.
      expected: [
        [-7, -16],
        [-7, -16, 8, 18, -5, -14],
        [-5, -14, 8, 18, -7, -16],
      ],
    },
  ],
  ScatterElements: [
    {
      name: 'add',
      inputs: [floats([2, 3], [1, 2, 3, 4, 5, 6]), integers([2, 2], [1, 1, 0, 2]), floats([2, 2], [10, 20, 30, 40])],
      build: (g, [x, i, u]) => g.ScatterElements(x!, i!, u!, 1, 'add'),
      expected: [[1, 32, 3, 34, 5, 46]],
    },
    {
      name: 'none',
      inputs: [floats([2, 2], [1, 2, 3, 4]), integers([1, 2], [1, 0]), floats([1, 2], [10, 20])],
      build: (g, [x, i, u]) => g.ScatterElements(x!, i!, u!, 0, 'none'),
      expected: [[1, 20, 10, 4]],
    },
  ],
  ScatterND: [
    {
      name: 'add',
      inputs: [
        floats([3, 2], [1, 2, 3, 4, 5, 6]),
        integers([3, 1], [2, 0, 2]),
        floats([3, 2], [10, 20, 30, 40, 50, 60]),
      ],
      build: (g, [x, i, u]) => g.ScatterND(x!, i!, u!, 'add'),
      expected: [[31, 42, 3, 4, 65, 86]],
    },
    {
      name: 'none',
      inputs: [floats([3], [1, 2, 3]), integers([1, 1], [1]), floats([1], [9])],
      build: (g, [x, i, u]) => g.ScatterND(x!, i!, u!, 'none'),
      expected: [[1, 9, 3]],
    },
  ],
  Shape: [{ inputs: [floats([2, 3, 2], cube)], build: (g, [x]) => g.Shape(x!), expected: [[2, 3, 2]] }],
  Sigmoid: unary('Sigmoid', sigmoid),
  Sign: unary('Sign', Math.sign, [-2, 0, 3, -0.1, 0.1, 0]),
  Slice: [
    { inputs: [floats([4], [1, 2, 3, 4])], build: (g, [x]) => g.Slice(x!, 1, 3, 0), expected: [[2, 3]] },
    {
      name: 'from the end',
      inputs: [floats([2, 3], numbers)],
      build: (g, [x]) => g.Slice(x!, -2, toTheEnd, 1),
      expected: [[-1, -0.25, 1, 3.5]],
    },
    {
      name: 'before the end',
      inputs: [floats([4], [1, 2, 3, 4])],
      build: (g, [x]) => g.Slice(x!, 0, -1, 0),
      expected: [[1, 2, 3]],
    },
  ],
  Softmax: [
    {
      inputs: [floats([2, 3], numbers)],
      build: (g, [x]) => g.Softmax(x!, 1),
      expected: [[0, 3].flatMap((at) => softmax(numbers.slice(at, at + 3)))],
    },
    {
      name: 'first axis',
      inputs: [floats([3, 1], [1, 2, 3])],
      build: (g, [x]) => g.Softmax(x!, 0),
      expected: [softmax([1, 2, 3])],
    },
  ],
  Softplus: unary('Softplus', (x) => Math.log(1 + Math.exp(x))),
  Split: [
    {
      inputs: [floats([2, 3], numbers)],
      build: (g, [x]) => g.Split(x!, [1, 2], 1),
      expected: [
        [-2.5, 0.5],
        [-1, -0.25, 1, 3.5],
      ],
    },
  ],
  Sqrt: unary('Sqrt', Math.sqrt, positive),
  Squeeze: [
    { inputs: [floats([1, 3, 1], [1, 2, 3])], build: (g, [x]) => g.Squeeze(x!, [-1, 0]), expected: [[1, 2, 3]] },
  ],
  Sub: binary('Sub', (a, b) => a - b),
  Tanh: unary('Tanh', Math.tanh),
  TfIdfVectorizer: [
    {
      name: 'runs of one and two',
      inputs: [integers([3, 4], [2, 3, 2, 3, 3, 3, 3, 0, 1, 0, 0, 0])],
      // 2, 3, then 2 3, 3 3.
      build: (g, [ids]) => g.TfIdfVectorizer(ids!, [2, 3, 2, 3, 3, 3], [2, 2], 1),
      expected: [[2, 2, 2, 0, 0, 3, 0, 2, 0, 0, 0, 0]],
    },
    {
      name: 'runs of two in a row of one',
      inputs: [integers([1, 1], [2])],
      build: (g, [ids]) => g.TfIdfVectorizer(ids!, [2, 3], [0, 1], 2),
      expected: [[0]],
    },
  ],
  Transpose: [
    {
      inputs: [floats([2, 3, 2], cube)],
      build: (g, [x]) => g.Transpose(x!, [2, 0, 1]),
      expected: [[0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]],
    },
  ],
  Unsqueeze: [{ inputs: [floats([3], [1, 2, 3])], build: (g, [x]) => g.Unsqueeze(x!, [0, 2]), expected: [[1, 2, 3]] }],
  Where: [
    {
      inputs: [booleans([2, 1], [1, 0]), floats([3], [1, 2, 3]), floats([], [9])],
      build: (g, [condition, a, b]) => g.Where(condition!, a!, b!),
      expected: [[1, 2, 3, 9, 9, 9]],
    },
  ],
};
