/** Tables of graphs that can be built, with the type of their result, and of those that cannot, with the message. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { renderShape } from '../../../src/onnx/dims';
import type { DType } from '../../../src/onnx/dtypes';
import type { Value } from '../../../src/onnx/graph';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';

/** Declares an input: `x('float32', ['T', 2])`, named `x`, `x1`, `x2`, … in the order of the calls. */
export type Declare = (dtype: DType, ...shape: readonly (number | string)[]) => Value;

/** What is built, and the element type and shape of the result: `float32 [T, 2]`. */
export type TypedCase = readonly [name: string, build: (g: GraphBuilder, x: Declare) => Value, type: string];

/** What cannot be built, and the message that the line which tries gets. */
export type RefusedCase = readonly [name: string, build: (g: GraphBuilder, x: Declare) => unknown, message: string];

function declareIn(g: GraphBuilder): Declare {
  return (dtype, ...shape) => g.input(g.inputs.length === 0 ? 'x' : `x${g.inputs.length}`, dtype, shape);
}

/** One test for each case of results' types. */
export function checkTypes(cases: readonly TypedCase[]): void {
  for (const [name, build, type] of cases) {
    it(`${name} is ${type}`, () => {
      const g = new GraphBuilder();
      const value = build(g, declareIn(g));
      assert.equal(`${value.dtype} ${renderShape(value.shape)}`, type);
    });
  }
}

/** One test for each case of refusals. */
export function checkRefusals(cases: readonly RefusedCase[]): void {
  for (const [name, build, message] of cases) {
    it(`refuses ${name}`, () => {
      const g = new GraphBuilder();
      assert.throws(() => build(g, declareIn(g)), { name: 'Error', message });
    });
  }
}
