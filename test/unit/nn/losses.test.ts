import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CrossEntropyOptions, softmaxCrossEntropy } from '../../../src/nn/losses';
import { encodeModel } from '../../../src/onnx/encode';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';
import { Session, tensor } from '../../../src/runtime/session';
import { checkGradient } from '../autodiff/checkGradient';

// Softmax of (0, ln 3) is (1/4, 3/4); of (ln 2, ln 6) the same; of (ln 4, 0) it is (4/5, 1/5).
const logits = [0, Math.log(3), Math.log(2), Math.log(6), Math.log(4), 0];
const labels = [1, 0, 0];
const plain: CrossEntropyOptions = { classWeights: null, labelSmoothing: 0 };

async function loss(options: CrossEntropyOptions, normaliser: number, shift = 0): Promise<number> {
  const g = new GraphBuilder();
  const [x, y] = [g.input('logits', 'float64', ['B', 2]), g.input('labels', 'int32', ['B'])];
  g.output('loss', softmaxCrossEntropy(g, x, y, g.input('normaliser', 'float64', []), options));
  const session = await Session.create(encodeModel(g), { threads: 1 });
  const { loss: found } = await session.run({
    logits: tensor(
      'float64',
      [3, 2],
      Float64Array.from(logits, (logit) => logit + shift),
    ),
    labels: tensor('int32', [3], Int32Array.from(labels)),
    normaliser: tensor('float64', [], Float64Array.of(normaliser)),
  });
  await session.dispose();
  return Number(found!.data[0]);
}

function assertClose(found: number, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(found - expected) < tolerance, `${found}, expected ${expected}`);
}

describe('softmax cross-entropy', () => {
  it('is the mean of -ln p of the labels', async () => {
    assertClose(await loss(plain, 3), -(Math.log(3 / 4) + Math.log(1 / 4) + Math.log(4 / 5)) / 3);
  });

  it('does not change when all logits are shifted, even far', async () => {
    assertClose(await loss(plain, 3, 1e4), await loss(plain, 3), 1e-9);
  });

  it('weighs each example by its class and divides by the sum of the weights', async () => {
    const found = await loss({ classWeights: [3, 0.5], labelSmoothing: 0 }, 0.5 + 3 + 3);
    assertClose(found, -(0.5 * Math.log(3 / 4) + 3 * Math.log(1 / 4) + 3 * Math.log(4 / 5)) / 6.5);
  });

  it('spreads a share of the target over all classes', async () => {
    // ε = 0.2 and two classes: 0.9 of the label, 0.1 of the other.
    const expected =
      -(0.9 * Math.log(3 / 4) + 0.1 * Math.log(1 / 4)) -
      (0.9 * Math.log(1 / 4) + 0.1 * Math.log(3 / 4)) -
      (0.9 * Math.log(4 / 5) + 0.1 * Math.log(1 / 5));
    assertClose(await loss({ classWeights: null, labelSmoothing: 0.2 }, 3), expected / 3);
  });

  it('with both, weighs each class where it stands in the target', async () => {
    const [w0, w1] = [3, 0.5];
    const expected =
      -(0.9 * w1 * Math.log(3 / 4) + 0.1 * w0 * Math.log(1 / 4)) -
      (0.9 * w0 * Math.log(1 / 4) + 0.1 * w1 * Math.log(3 / 4)) -
      (0.9 * w0 * Math.log(4 / 5) + 0.1 * w1 * Math.log(1 / 5));
    assertClose(await loss({ classWeights: [w0, w1], labelSmoothing: 0.2 }, 6.5), expected / 6.5);
  });

  it('has the gradient that central differences give', () =>
    checkGradient(
      (g, [x, y]) => {
        const normaliser = g.scalar(4.5, 'float64');
        return softmaxCrossEntropy(g, x!, y!, normaliser, { classWeights: [2, 1, 0.5], labelSmoothing: 0.1 });
      },
      [
        { dims: [3, 3], shape: ['B', 3] },
        { dims: [3], shape: ['B'], data: [2, 0, 1], dtype: 'int32' },
      ],
    ));
});
