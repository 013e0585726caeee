/** Compares the gradients that autodiff builds with central differences of the same graph. */
import assert from 'node:assert/strict';
import { gradientsOf } from '../../../src/autodiff/gradients';
import type { NumericDType } from '../../../src/onnx/dtypes';
import { encodeModel } from '../../../src/onnx/encode';
import type { Value } from '../../../src/onnx/graph';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';
import { Session, tensor, type Tensor } from '../../../src/runtime/session';

export interface Input {
  readonly dims: readonly number[];
  /** Elements; default: seeded numbers in (-1, 1) that keep away from each other. */
  readonly data?: readonly number[];
  readonly dtype?: NumericDType;
  /** Symbolic shape to declare; default: the numbers of `dims`. */
  readonly shape?: readonly (number | string)[];
  /** Set to false for an input whose gradient is not checked. */
  readonly differentiate?: boolean;
}

export interface CheckOptions {
  /** Element type of the differentiated inputs; float32 where the runtime has no float64 kernel. */
  readonly dtype?: 'float32' | 'float64';
  /** What is checked; default: `gradientsOf`. */
  readonly differentiate?: typeof gradientsOf;
}

export type Build = (g: GraphBuilder, inputs: Value[]) => Value | Value[];

const tolerances = { float64: { step: 1e-6, relative: 1e-6 }, float32: { step: 1e-2, relative: 2e-3 } } as const;

/** Distinct numbers in (-1, 1), none near 0, the same for the same seed. */
export function seededNumbers(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, at) => {
    const x = Math.sin(seed * 12.9898 + at * 78.233) * 43758.5453;
    const fraction = x - Math.floor(x);
    return (fraction < 0.5 ? -1 : 1) * (0.1 + 0.85 * Math.abs(2 * fraction - 1));
  });
}

/**
 * Builds the graph, reduces its results to a scalar with fixed random weights, and compares ∂scalar/∂input with central
 * differences for every element of every differentiated input.
 */
export async function checkGradient(build: Build, inputs: readonly Input[], options: CheckOptions = {}): Promise<void> {
  const dtype = options.dtype ?? 'float64';
  const g = new GraphBuilder('check');
  const values = declare(g, inputs, dtype);
  const results = [build(g, values)].flat();
  const terms = results.map((result, at) => {
    const weights = g.input(`weights${at}`, result.dtype, result.shape);
    return { weights, sum: g.ReduceSum(g.Mul(result, weights), [...result.shape.keys()]) };
  });
  const loss = terms.map(({ sum }) => g.Cast(sum, dtype)).reduce((a, b) => g.Add(a, b));
  const wrt = values.filter((_, at) => inputs[at]!.differentiate !== false && isFloatInput(inputs[at]!));
  const gradients = (options.differentiate ?? gradientsOf)(g, loss, wrt);
  g.output('loss', loss);
  results.forEach((result, at) => g.output(`result${at}`, result));
  gradients.forEach((gradient, at) => g.output(`gradient${at}`, gradient));
  const session = await Session.create(encodeModel(g), { threads: 1 });
  const feeds: Record<string, Tensor> = {};
  inputs.forEach((input, at) => {
    const count = input.dims.reduce((a, b) => a * b, 1);
    feeds[`x${at}`] = toTensor(input.dtype ?? dtype, input.dims, input.data ?? seededNumbers(count, at + 1));
  });
  const shapes = await resultShapes(build, inputs, dtype, feeds);
  shapes.forEach((dims, at) => {
    const count = dims.reduce((a, b) => a * b, 1);
    feeds[`weights${at}`] = toTensor(terms[at]!.weights.dtype as NumericDType, dims, seededNumbers(count, 100 + at));
  });
  const outputs = await session.run(feeds);
  const lossAt = async (): Promise<number> => Number((await session.run(feeds, ['loss']))['loss']!.data[0]);
  for (const [at, value] of wrt.entries()) {
    const analytic = outputs[`gradient${at}`]!;
    const x = feeds[value.name]!;
    assert.deepEqual(analytic.dims, x.dims, `the gradient of ${value.name} has its shape`);
    const data = x.data as Float64Array;
    const { step, relative } = tolerances[dtype];
    for (let element = 0; element < data.length; element++) {
      const original = data[element]!;
      data[element] = original + step;
      const above = await lossAt();
      data[element] = original - step;
      const below = await lossAt();
      data[element] = original;
      const numeric = (above - below) / (2 * step);
      const found = Number(analytic.data[element]);
      const scale = Math.max(1, Math.abs(numeric), Math.abs(found));
      assert.ok(
        Math.abs(numeric - found) <= relative * scale,
        `∂loss/∂${value.name}[${element}]: ${found}, by central differences ${numeric}`,
      );
    }
  }
  await session.dispose();
}

function isFloatInput(input: Input): boolean {
  return input.dtype === undefined || input.dtype === 'float32' || input.dtype === 'float64';
}

function toTensor(dtype: NumericDType, dims: readonly number[], numbers: readonly number[]): Tensor {
  const arrays = {
    float32: Float32Array,
    float64: Float64Array,
    int32: Int32Array,
    uint8: Uint8Array,
    bool: Uint8Array,
  };
  if (dtype === 'int64') return tensor('int64', dims, BigInt64Array.from(numbers, BigInt));
  return { dtype, dims, data: arrays[dtype].from(numbers) };
}

/** The run-time shapes of the results, which their weights must have. */
async function resultShapes(
  build: Build,
  inputs: readonly Input[],
  dtype: 'float32' | 'float64',
  feeds: Record<string, Tensor>,
): Promise<(readonly number[])[]> {
  const g = new GraphBuilder('shapes');
  const results = [build(g, declare(g, inputs, dtype))].flat();
  results.forEach((result, at) => g.output(`result${at}`, result));
  const session = await Session.create(encodeModel(g), { threads: 1 });
  const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
  const outputs = await session.run(used);
  await session.dispose();
  return results.map((_, at) => outputs[`result${at}`]!.dims);
}

function declare(g: GraphBuilder, inputs: readonly Input[], dtype: 'float32' | 'float64'): Value[] {
  return inputs.map((input, at) => g.input(`x${at}`, input.dtype ?? dtype, input.shape ?? input.dims));
}
