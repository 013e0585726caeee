/** Standardisation of channels inside of a graph. */
import type { Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';

/** Mean and standard deviation of each channel, in float32; a channel that never changes has the deviation 1. */
export interface Scaling {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** (x − mean) / deviation over the last axis; the constants are named, so that a reader of the file sees what they are. */
export function standardized(g: GraphBuilder, x: Value, { mean, deviation }: Scaling): Value {
  const constant = (name: string, numbers: readonly number[]): Value =>
    g.tensor('float32', [numbers.length], Float32Array.from(numbers), name);
  return g.Div(g.Sub(x, constant('scaling.mean', mean)), constant('scaling.deviation', deviation));
}

/** y · deviation + mean, the opposite of `standardized`. */
export function restored(g: GraphBuilder, y: Value, { mean, deviation }: Scaling): Value {
  const constant = (name: string, numbers: readonly number[]): Value =>
    g.tensor('float32', [numbers.length], Float32Array.from(numbers), name);
  return g.Add(g.Mul(y, constant('restoring.deviation', deviation)), constant('restoring.mean', mean));
}
