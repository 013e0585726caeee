import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gru } from '../../../src/nn/cells/gru';
import { lstm } from '../../../src/nn/cells/lstm';
import { glorotUniform, normal, oneInGate, orthogonal, perGate, zeros } from '../../../src/nn/initializers';
import { uniform } from './uniform';

function moments(data: Float32Array): { mean: number; deviation: number } {
  const mean = data.reduce((a, b) => a + b, 0) / data.length;
  return { mean, deviation: Math.sqrt(data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length) };
}

describe('initializers', () => {
  it('are the same for the same numbers', () => {
    for (const initializer of [glorotUniform, orthogonal, normal(0.1)]) {
      assert.deepEqual(initializer([6, 6], uniform(1)), initializer([6, 6], uniform(1)));
      assert.notDeepEqual(initializer([6, 6], uniform(1)), initializer([6, 6], uniform(2)));
    }
  });

  it('zeros are zeros', () => {
    assert.deepEqual(zeros([2, 3], uniform(1)), new Float32Array(6));
  });

  it("Glorot's numbers fill (-a, a) evenly, a = √(6 / (in + out))", () => {
    const data = glorotUniform([40, 60], uniform(3));
    const bound = Math.sqrt(6 / 100);
    assert.equal(data.length, 2400);
    assert.ok(data.every((x) => Math.abs(x) <= bound));
    assert.ok(Math.max(...data) > 0.99 * bound && Math.min(...data) < -0.99 * bound);
    const { mean, deviation } = moments(data);
    assert.ok(Math.abs(mean) < 0.01, `mean ${mean}`);
    assert.ok(Math.abs(deviation - bound / Math.sqrt(3)) < 0.005, `deviation ${deviation}`);
  });

  it('per gate, the fans are those of one gate', () => {
    const data = perGate(4, glorotUniform)([4 * 10, 20], uniform(5));
    const bound = Math.sqrt(6 / 30);
    assert.ok(data.every((x) => Math.abs(x) <= bound));
    assert.ok(Math.max(...data) > 0.98 * bound, 'wider than the bound of the whole matrix, √(6 / 60)');
  });

  it('normal numbers have the deviation that is asked for', () => {
    const data = normal(0.25)([100, 50], uniform(7));
    const { mean, deviation } = moments(data);
    assert.ok(Math.abs(mean) < 0.01, `mean ${mean}`);
    assert.ok(Math.abs(deviation - 0.25) < 0.01, `deviation ${deviation}`);
    const within = data.filter((x) => Math.abs(x) < 0.25).length / data.length;
    assert.ok(Math.abs(within - 0.6827) < 0.02, `${within} within one deviation`);
    assert.ok(
      normal(1)([2], () => 0).every((x) => Number.isFinite(x)),
      'a uniform 0 does not make an infinite number',
    );
  });

  it('orthogonal matrices have R Rᵀ = I, one for each gate, all different', () => {
    const [gates, n] = [3, 17];
    const data = perGate(gates, orthogonal)([gates * n, n], uniform(11));
    for (let gate = 0; gate < gates; gate++) {
      for (let row = 0; row < n; row++) {
        for (let other = 0; other < n; other++) {
          let dot = 0;
          for (let at = 0; at < n; at++) dot += data[(gate * n + row) * n + at]! * data[(gate * n + other) * n + at]!;
          const expected = row === other ? 1 : 0;
          assert.ok(Math.abs(dot - expected) < 1e-6, `gate ${gate}: row ${row} · row ${other} = ${dot}`);
        }
      }
    }
    assert.notDeepEqual(data.slice(0, n * n), data.slice(n * n, 2 * n * n));
    assert.throws(() => orthogonal([2, 3], uniform(1)), { message: 'An orthogonal matrix is square; found [2, 3].' });
  });

  it('open the forget gate of an LSTM, the third of i, o, f, g, and leave the other biases at zero', () => {
    assert.deepEqual([...oneInGate(1, 3)([6, 1], uniform(1))], [0, 0, 1, 1, 0, 0]);
    assert.deepEqual([...lstm.biasInitializer([8, 1], uniform(1))], [0, 0, 0, 0, 1, 1, 0, 0]);
    assert.deepEqual([...gru.biasInitializer([6, 1], uniform(1))], [0, 0, 0, 0, 0, 0]);
  });
});
