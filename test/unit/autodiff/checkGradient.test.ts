import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gradientsOf } from '../../../src/autodiff/gradients';
import type { Value } from '../../../src/onnx/graph';
import type { GraphBuilder } from '../../../src/onnx/graphBuilder';
import { type Build, checkGradient, type Input } from './checkGradient';

const square: Build = (g, [x]) => g.Mul(x!, x!);
const inputs: readonly Input[] = [{ dims: [2, 3] }];

type Dtype = 'float32' | 'float64';

/** A differentiation that changes what `gradientsOf` finds. */
function changed(change: (g: GraphBuilder, gradient: Value, dtype: Dtype) => Value): typeof gradientsOf {
  return (g, loss, wrt) => gradientsOf(g, loss, wrt).map((found) => change(g, found, found.dtype as Dtype));
}

describe('the check of gradients', () => {
  for (const dtype of ['float64', 'float32'] as const) {
    it(`accepts the gradient of x² in ${dtype}`, () => checkGradient(square, inputs, { dtype }));

    it(`catches one that is a hundredth too large in ${dtype}`, async () => {
      const differentiate = changed((g, found) => g.Mul(found, g.scalar(1.01, dtype)));
      await assert.rejects(checkGradient(square, inputs, { dtype, differentiate }), {
        name: 'AssertionError',
        message: /^∂loss\/∂x0\[0\]: -?\d+\.\d+, by central differences -?\d+\.\d+$/,
      });
    });
  }

  it('catches one that is wrong in its last element only', async () => {
    const differentiate = changed((g, found) => g.Add(found, g.constant('float64', [2, 3], [0, 0, 0, 0, 0, 1e-4])));
    await assert.rejects(checkGradient(square, inputs, { differentiate }), /^AssertionError.*: ∂loss\/∂x0\[5\]: /s);
  });

  it('catches a gradient of zeros, of the other sign, and of another shape', async () => {
    const wrong: [typeof gradientsOf, RegExp][] = [
      [changed((g, found) => g.zeros(found.shape, 'float64')), /∂loss\/∂x0\[0\]: 0, by/],
      [changed((g, found) => g.Neg(found)), /∂loss\/∂x0\[0\]: /],
      [changed((g, found) => g.Transpose(found, [1, 0])), /the gradient of x0 has its shape/],
    ];
    for (const [differentiate, message] of wrong) {
      await assert.rejects(checkGradient(square, inputs, { differentiate }), { name: 'AssertionError', message });
    }
  });

  it('catches a contribution that is lost where a value is used twice', async () => {
    // Of x² = x · x with only one of the two factors differentiated.
    const differentiate = changed((g, found) => g.Mul(found, g.scalar(0.5, 'float64')));
    await assert.rejects(checkGradient(square, inputs, { differentiate }), /∂loss\/∂x0\[0\]: /);
  });
});
