/** Computes for all time steps at once what a step of a loop computes for one: time becomes the first axis. */
import type { Dim, Shape } from '../onnx/dims';
import type { AnyNode, Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';
import type { Operator, OperatorAttributes } from '../onnx/operators';

/** A value outside of the loop that stands for one inside: the same for every step, or stacked along a first axis. */
export interface Lifted {
  readonly value: Value;
  readonly stacked: boolean;
}

const elementwise: ReadonlySet<Operator> = new Set<Operator>([
  ...(['Abs', 'Add', 'And', 'Cast', 'Div', 'Equal', 'Erf', 'Exp', 'Greater', 'Identity', 'Less', 'Log'] as const),
  ...(['Max', 'Min', 'Mul', 'Neg', 'Not', 'Or', 'Reciprocal', 'Relu', 'Sigmoid', 'Sign', 'Softplus'] as const),
  ...(['Sqrt', 'Sub', 'Tanh', 'Where'] as const),
]);
const reductions: ReadonlySet<Operator> = new Set<Operator>([
  ...(['ReduceLogSumExp', 'ReduceMax', 'ReduceMean', 'ReduceSum', 'ReduceSumSquare'] as const),
]);

/** Whether the operator works element by element, so that it loses nothing by working on all steps at once. */
export function isElementwise(op: Operator): boolean {
  return elementwise.has(op);
}

/** Whether `lift` can compute the node, where `stacked` tells which inputs differ from step to step. */
export function isLiftable(node: AnyNode, stacked: readonly boolean[]): boolean {
  switch (node.op) {
    case 'Concat':
    case 'Split':
    case 'Slice':
    case 'Transpose':
    case 'Reshape':
    case 'Squeeze':
    case 'Unsqueeze':
    case 'Expand':
    case 'Softmax':
    case 'LogSoftmax':
    case 'MatMul':
    case 'OneHot':
      return true;
    case 'Gather':
      return stacked[0] !== stacked[1] && (stacked[0] === true || node.attributes.axis === 0);
    default:
      return isElementwise(node.op) || reductions.has(node.op);
  }
}

/**
 * The node's outputs for all `time` steps, stacked; where no operand is stacked, its outputs as they are. Call it for
 * nodes that `isLiftable` accepts.
 */
export function lift(g: GraphBuilder, node: AnyNode, operands: readonly (Lifted | null)[], time: Dim): Value[] {
  const specs = node.outputs.map(({ dtype, shape }) => ({ dtype, shape }));
  const values = operands.map((operand) => operand?.value ?? null);
  const emit = (
    inputs: readonly (Value | null)[],
    attributes: OperatorAttributes[Operator],
    stacked: boolean,
  ): Value[] =>
    g.emit(
      node.op,
      inputs,
      attributes,
      stacked ? specs.map(({ dtype, shape }) => ({ dtype, shape: [time, ...shape] })) : specs,
    );
  if (!operands.some((operand) => operand?.stacked === true)) return emit(values, node.attributes, false);

  const [x] = operands;
  const shape = specs[0]!.shape;
  const all: Shape = [time, ...shape];
  const aligned = (): Value[] => operands.map((operand) => alignRank(g, operand!, shape.length));
  switch (node.op) {
    case 'Concat':
      return [
        g.Concat(
          operands.map((operand) => repeated(g, operand!, time)),
          node.attributes.axis + 1,
        ),
      ];
    case 'Split': {
      const { axis } = node.attributes;
      return g.Split(
        x!.value,
        specs.map((spec) => spec.shape[axis]!),
        axis + 1,
      );
    }
    case 'Slice': {
      const [start, end, axis] = [1, 2, 3].map((at) => g.numbersOf(node.inputs[at]!)![0]!) as [number, number, number];
      return [g.Slice(x!.value, start, end, axis + 1)];
    }
    case 'Transpose':
      return [g.Transpose(x!.value, [0, ...node.attributes.perm.map((axis) => axis + 1)])];
    case 'Reshape':
    case 'Squeeze':
    case 'Unsqueeze':
      return [g.Reshape(x!.value, all)];
    case 'Expand':
      return [g.Expand(alignRank(g, x!, shape.length), all)];
    case 'Softmax':
      return [g.Softmax(x!.value, node.attributes.axis + 1)];
    case 'LogSoftmax':
      return [g.LogSoftmax(x!.value, node.attributes.axis + 1)];
    case 'MatMul':
      return emit(aligned(), {}, true);
    case 'OneHot':
      return emit(values, node.attributes, true);
    case 'Gather':
      return emit(values, { axis: x!.stacked ? node.attributes.axis + 1 : node.attributes.axis }, true);
    default:
      if (reductions.has(node.op)) {
        const axes = g.numbersOf(node.inputs[1]!)!.map((axis) => axis + 1);
        return emit([x!.value, g.integers(axes)], node.attributes, true);
      }
      return emit(aligned(), node.attributes, true);
  }
}

/** A stacked operand with axes of size 1 after time, so that it broadcasts against stacked results of a larger rank. */
function alignRank(g: GraphBuilder, { value, stacked }: Lifted, rank: number): Value {
  if (!stacked) return value;
  const [time, ...step] = value.shape;
  return g.Reshape(value, [time!, ...Array<number>(Math.max(0, rank - step.length)).fill(1), ...step]);
}

/** The operand once for every step. */
export function repeated(g: GraphBuilder, { value, stacked }: Lifted, time: Dim): Value {
  return stacked ? value : g.Expand(value, [time, ...value.shape]);
}
