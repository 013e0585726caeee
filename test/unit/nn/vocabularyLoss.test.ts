import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { vocabularyLosses } from '../../../src/nn/vocabularyLoss';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';
import { encodeModel } from '../../../src/onnx/encode';
import { Session, tensor } from '../../../src/runtime/session';
import { checkGradient } from '../autodiff/checkGradient';
import { uniform } from './uniform';

const [tokens, size, vocabulary] = [5, 3, 7];
const labels = [6, 0, 3, 3, 1];

/** Losses as their definition has them. */
function byDefinition(rows: Float32Array, W: Float32Array, b: Float32Array, smoothing: number): number[] {
  return labels.map((label, token) => {
    const logits = Array.from({ length: vocabulary }, (_, word) =>
      Array.from({ length: size }, (_x, at) => rows[token * size + at]! * W[word * size + at]!).reduce(
        (a, x) => a + x,
        b[word]!,
      ),
    );
    const logSum = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    return logits.reduce((sum, logit, word) => {
      const target = (word === label ? 1 - smoothing : 0) + smoothing / vocabulary;
      return sum - target * (logit - logSum);
    }, 0);
  });
}

describe('the loss over a vocabulary', () => {
  for (const [smoothing, scale] of [
    [0, 1],
    [0.1, 1],
    // Scores of some hundreds, at which an exponential by itself would overflow.
    [0, 300],
  ] as const) {
    it(`is the smoothed cross-entropy: ε = ${smoothing}, scale ${scale}`, async () => {
      const random = uniform(3);
      const numbers = (count: number): Float32Array =>
        Float32Array.from({ length: count }, () => (2 * random() - 1) * Math.sqrt(scale));
      const [rows, W, b] = [numbers(tokens * size), numbers(vocabulary * size), numbers(vocabulary)];
      const g = new GraphBuilder();
      const scores = {
        rows: g.input('rows', 'float32', ['tokens', size]),
        W: g.input('W', 'float32', [vocabulary, size]),
        b: g.input('b', 'float32', [vocabulary]),
      };
      g.output('losses', vocabularyLosses(g, scores, g.input('labels', 'int32', ['tokens']), smoothing));
      const session = await Session.create(encodeModel(g), { threads: 1 });
      const { losses } = await session.run({
        rows: tensor('float32', [tokens, size], rows),
        W: tensor('float32', [vocabulary, size], W),
        b: tensor('float32', [vocabulary], b),
        labels: tensor('int32', [tokens], Int32Array.from(labels)),
      });
      const expected = byDefinition(rows, W, b, smoothing);
      assert.deepEqual(losses!.dims, [tokens]);
      expected.forEach((loss, at) => {
        assert.ok(Math.abs(Number(losses!.data[at]) - loss) < 2e-5 * scale, `token ${at}`);
      });
      await session.dispose();
    });
  }

  it('has the gradients of central differences', async () => {
    for (const smoothing of [0, 0.1]) {
      await checkGradient(
        (g, [rows, W, b, own]) => vocabularyLosses(g, { rows: rows!, W: W!, b: b! }, own!, smoothing),
        [
          { dims: [tokens, size], shape: ['tokens', size] },
          { dims: [vocabulary, size] },
          { dims: [vocabulary] },
          { dims: [tokens], data: labels, dtype: 'int64', shape: ['tokens'], differentiate: false },
        ],
      );
    }
  });
});
