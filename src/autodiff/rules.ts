/** The derivative of every operator of the builder: from the gradients of a node's outputs to those of its inputs. */
import { addDims, type Dim, multiplyDims, type Shape } from '../onnx/dims';
import type { Value } from '../onnx/graph';
import type { Operator } from '../onnx/operators';
import { toTheEnd } from '../onnx/shapeOperators';
import { matMulRule } from './matMulRule';
import type { Rule, RuleContext } from './rule';

type FloatDType = 'float32' | 'float64';

function number(context: RuleContext, value: number): Value {
  return context.g.scalar(value, context.gradient(0).dtype as FloatDType);
}

/** `dy * slope`: everything that does not depend on `dy` stays one factor, so that it can be computed ahead of a loop. */
function chain(context: RuleContext, slope: Value): Value {
  return context.g.Mul(context.gradient(0), slope);
}

function mask(context: RuleContext, condition: Value): Value {
  return context.g.Cast(condition, context.gradient(0).dtype);
}

/** Derivative of `max`/`min`: 1 for the chosen operand, 1/2 for both where they are equal (as PyTorch). */
function chosen(context: RuleContext, larger: 'first' | 'second'): (Value | null)[] {
  const { g } = context;
  const [a, b] = [context.input(0), context.input(1)];
  const tie = g.Mul(mask(context, g.Equal(a, b)), number(context, 0.5));
  const slope = (x: Value, y: Value): Value => g.Add(mask(context, g.Greater(x, y)), tie);
  const [forA, forB] = larger === 'first' ? [slope(a, b), slope(b, a)] : [slope(b, a), slope(a, b)];
  return [chain(context, forA), chain(context, forB)];
}

/** The axes of a reduction, and its result's gradient with those axes kept at size 1. */
function reduction(context: RuleContext): { kept: Shape; gradient: Value } {
  const axes = context.g.numbersOf(context.input(1))!;
  const kept = context.input(0).shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return { kept, gradient: context.g.Reshape(context.gradient(0), kept) };
}

/** The value of a dimension as a floating-point scalar. */
function asFloat(context: RuleContext, shape: Shape): Value {
  const { g } = context;
  const count = multiplyDims(...shape);
  if (typeof count === 'number') return number(context, count);
  return g.Reshape(g.Cast(g.sizesOf([count]), context.gradient(0).dtype), []);
}

function zerosLike(context: RuleContext, at: number): Value {
  const x = context.input(at);
  return context.g.zeros(x.shape, x.dtype as FloatDType);
}

/** `dy` of a slice at its place in zeros of the shape that was cut. */
function padWithZeros(c: RuleContext, shape: Shape, start: number, end: number, axis: number): Value {
  const { g } = c;
  const dy = c.gradient(0);
  const size = shape[axis]!;
  const before = start < 0 ? addDims(size, start) : start;
  const after = addDims(size, multiplyDims(-1, addDims(before, dy.shape[axis]!)));
  const zeros = (length: Dim): Value =>
    g.zeros(
      shape.map((dim, at) => (at === axis ? length : dim)),
      dy.dtype as FloatDType,
    );
  const parts = [
    ...(before === 0 ? [] : [zeros(before)]),
    dy,
    ...(end >= toTheEnd || after === 0 ? [] : [zeros(after)]),
  ];
  return g.Concat(parts, axis);
}

function reshaped(context: RuleContext): (Value | null)[] {
  return [context.g.Reshape(context.gradient(0), context.input(0).shape)];
}

function fused(op: string): () => never {
  return () => {
    throw new Error(`${op} is for inference; build the layer as a Scan to differentiate it.`);
  };
}

/** One rule for each operator; null where no gradient flows: results are integers or booleans, or constant by pieces. */
export const rules: { readonly [O in Operator]: Rule<O> | null } = {
  // d|x| = sign(x)
  Abs: (c) => [chain(c, c.g.Sign(c.input(0)))],
  Add: (c) => [c.gradient(0), c.gradient(0)],
  And: null,
  ArgMax: null,
  Cast: (c) => [c.g.Cast(c.gradient(0), c.input(0).dtype)],
  Concat: (c) => {
    const { axis } = c.attributes;
    const sizes = Array.from({ length: c.inputCount }, (_, at) => c.input(at).shape[axis]!);
    return c.g.Split(c.gradient(0), sizes, axis);
  },
  // d(a/b) = da / b - db * (a/b) / b
  Div: (c) => {
    const { g } = c;
    const inverse = g.Reciprocal(c.input(1));
    return [c.needs(0) ? chain(c, inverse) : null, c.needs(1) ? chain(c, g.Neg(g.Mul(c.output(0), inverse))) : null];
  },
  Equal: null,
  // d erf(x) = 2/√π · exp(-x²)
  Erf: (c) => {
    const { g } = c;
    const x = c.input(0);
    return [chain(c, g.Mul(g.Exp(g.Neg(g.Mul(x, x))), number(c, 2 / Math.sqrt(Math.PI))))];
  },
  // d exp(x) = exp(x)
  Exp: (c) => [chain(c, c.output(0))],
  Expand: (c) => [c.gradient(0)],
  GRU: fused('GRU'),
  Gather: (c) => {
    const { g } = c;
    const { axis } = c.attributes;
    const [x, indices, dy] = [c.input(0), c.input(1), c.gradient(0)];
    const rank = indices.shape.length;
    // The gathered axes first, in dy as in x; then every index tuple has one element.
    const others = x.shape.map((_, at) => at).filter((at) => at !== axis);
    const gathered = indices.shape.map((_, at) => axis + at);
    const rest = dy.shape.map((_, at) => at).filter((at) => at < axis || at >= axis + rank);
    const zeros = g.zeros([x.shape[axis]!, ...others.map((at) => x.shape[at]!)], x.dtype as FloatDType);
    const tuples = g.Reshape(g.Cast(indices, 'int64'), [...indices.shape, 1]);
    const sum = g.ScatterND(zeros, tuples, g.Transpose(dy, [...gathered, ...rest]), 'add');
    const order = [axis, ...others];
    return [
      g.Transpose(
        sum,
        x.shape.map((_, at) => order.indexOf(at)),
      ),
    ];
  },
  GatherElements: (c) => [c.g.ScatterElements(zerosLike(c, 0), c.input(1), c.gradient(0), c.attributes.axis, 'add')],
  GatherND: (c) => [c.g.ScatterND(zerosLike(c, 0), c.input(1), c.gradient(0), 'add')],
  Greater: null,
  Identity: (c) => [c.gradient(0)],
  LSTM: fused('LSTM'),
  Less: null,
  // d ln(x) = 1/x
  Log: (c) => [chain(c, c.g.Reciprocal(c.input(0)))],
  // d log softmax(x)_i = dx_i - Σ_j softmax(x)_j dx_j
  LogSoftmax: (c) => {
    const { g } = c;
    const total = g.ReduceSum(c.gradient(0), [c.attributes.axis], 1);
    return [g.Sub(c.gradient(0), g.Mul(total, g.Exp(c.output(0))))];
  },
  MatMul: matMulRule,
  Max: (c) => chosen(c, 'first'),
  Min: (c) => chosen(c, 'second'),
  Mul: (c) => [c.needs(0) ? chain(c, c.input(1)) : null, c.needs(1) ? chain(c, c.input(0)) : null],
  Neg: (c) => [c.g.Neg(c.gradient(0))],
  Not: null,
  OneHot: null,
  Or: null,
  RNN: fused('RNN'),
  // d(1/x) = -1/x²
  Reciprocal: (c) => [chain(c, c.g.Neg(c.g.Mul(c.output(0), c.output(0))))],
  // d ln Σ exp(x) = softmax(x)
  ReduceLogSumExp: (c) => {
    const { kept, gradient } = reduction(c);
    const softmax = c.g.Exp(c.g.Sub(c.input(0), c.g.Reshape(c.output(0), kept)));
    return [c.g.Mul(gradient, softmax)];
  },
  // The gradient goes to the largest element, in equal parts where several are.
  ReduceMax: (c) => {
    const { g } = c;
    const { kept, gradient } = reduction(c);
    const largest = mask(c, g.Equal(c.input(0), g.Reshape(c.output(0), kept)));
    const axes = g.numbersOf(c.input(1))!;
    return [g.Mul(g.Div(gradient, g.ReduceSum(largest, axes, 1)), largest)];
  },
  ReduceMean: (c) => {
    const { gradient } = reduction(c);
    const axes = c.g.numbersOf(c.input(1))!;
    const count = asFloat(
      c,
      axes.map((axis) => c.input(0).shape[axis]!),
    );
    return [c.g.Expand(c.g.Div(gradient, count), c.input(0).shape)];
  },
  ReduceSum: (c) => [c.g.Expand(reduction(c).gradient, c.input(0).shape)],
  // d Σ x² = 2x
  ReduceSumSquare: (c) => [c.g.Mul(reduction(c).gradient, c.g.Add(c.input(0), c.input(0)))],
  // d relu(x) = 1 where x > 0, else 0
  Relu: (c) => [chain(c, mask(c, c.g.Greater(c.output(0), number(c, 0))))],
  Reshape: reshaped,
  ReverseSequence: (c) => [c.g.ReverseSequence(c.gradient(0), c.input(1))],
  // The walk differentiates a Scan itself (scanGradient), since the result reaches beyond the node's own inputs.
  Scan: null,
  ScatterElements: (c) => {
    const { axis, reduction: kind } = c.attributes;
    const [indices, dy] = [c.input(1), c.gradient(0)];
    const kept = kind === 'add' ? dy : c.g.ScatterElements(dy, indices, zerosLike(c, 2), axis, 'none');
    return [kept, null, c.g.GatherElements(dy, indices, axis)];
  },
  ScatterND: (c) => {
    const [indices, dy] = [c.input(1), c.gradient(0)];
    const kept = c.attributes.reduction === 'add' ? dy : c.g.ScatterND(dy, indices, zerosLike(c, 2), 'none');
    return [kept, null, c.g.GatherND(dy, indices)];
  },
  Shape: null,
  // d σ(x) = σ(x)(1 - σ(x))
  Sigmoid: (c) => {
    const y = c.output(0);
    return [chain(c, c.g.Mul(y, c.g.Sub(number(c, 1), y)))];
  },
  Sign: null,
  // The cut-off parts get zeros.
  Slice: (c) => {
    const { g } = c;
    const [[start], [end], [axis]] = [1, 2, 3].map((at) => g.numbersOf(c.input(at))!) as [number[], number[], number[]];
    return [padWithZeros(c, c.input(0).shape, start!, end!, axis!)];
  },
  // d softmax(x)_i = softmax(x)_i (dx_i - Σ_j softmax(x)_j dx_j)
  Softmax: (c) => {
    const { g } = c;
    const [y, dy] = [c.output(0), c.gradient(0)];
    const total = g.ReduceSum(g.Mul(dy, y), [c.attributes.axis], 1);
    return [g.Mul(g.Sub(dy, total), y)];
  },
  // d ln(1 + exp(x)) = σ(x)
  Softplus: (c) => [chain(c, c.g.Sigmoid(c.input(0)))],
  Split: (c) => {
    const gradients = Array.from({ length: c.outputCount }, (_, at) => c.gradient(at));
    return [c.g.Concat(gradients, c.attributes.axis)];
  },
  // d √x = 1 / (2√x)
  Sqrt: (c) => [chain(c, c.g.Div(number(c, 0.5), c.output(0)))],
  Squeeze: reshaped,
  Sub: (c) => [c.gradient(0), c.needs(1) ? c.g.Neg(c.gradient(0)) : null],
  TfIdfVectorizer: null,
  // d tanh(x) = 1 - tanh²(x)
  Tanh: (c) => {
    const y = c.output(0);
    return [chain(c, c.g.Sub(number(c, 1), c.g.Mul(y, y)))];
  },
  Transpose: (c) => {
    const { perm } = c.attributes;
    return [
      c.g.Transpose(
        c.gradient(0),
        perm.map((_, axis) => perm.indexOf(axis)),
      ),
    ];
  },
  Unsqueeze: reshaped,
  Where: (c) => {
    const zero = number(c, 0);
    return [
      null,
      c.needs(1) ? c.g.Where(c.input(0), c.gradient(0), zero) : null,
      c.needs(2) ? c.g.Where(c.input(0), zero, c.gradient(0)) : null,
    ];
  },
};
