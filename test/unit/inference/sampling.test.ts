import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../src/data/random';
import { checkSampling, sampleToken, type SamplingOptions } from '../../../src/inference/sampling';

const probabilities = [0.4, 0.3, 0.2, 0.1];
const logProbabilities = Float32Array.from(probabilities, Math.log);
const all = Int32Array.of(0, 1, 2, 3);
const plain: SamplingOptions = { temperature: 1, topK: 0, topP: 1 };

/** Shares of each token in many draws. */
function shares(options: Partial<SamplingOptions>, candidates = all): number[] {
  const random = createRandom(1, 'test');
  const counts = [0, 0, 0, 0];
  const draws = 20_000;
  for (let draw = 0; draw < draws; draw++) {
    const drawn = sampleToken(logProbabilities, candidates, { ...plain, ...options }, () => random.nextFloat());
    counts[drawn]! += 1 / draws;
  }
  return counts;
}

function near(found: readonly number[], expected: readonly number[]): void {
  found.forEach((share, at) => {
    assert.ok(Math.abs(share - expected[at]!) < 0.015, `${found.join(', ')} for ${expected.join(', ')}`);
  });
}

test('tokens are drawn by their probabilities', () => {
  near(shares({}), probabilities);
});

test('a temperature of a half squares them', () => {
  const squares = probabilities.map((p) => p ** 2);
  const sum = squares.reduce((a, b) => a + b);
  near(
    shares({ temperature: 0.5 }),
    squares.map((square) => square / sum),
  );
});

test('a temperature of 0 takes the most probable candidate', () => {
  near(shares({ temperature: 0 }), [1, 0, 0, 0]);
  assert.equal(
    sampleToken(logProbabilities, Int32Array.of(3, 2), { ...plain, temperature: 0 }, () => 0.99),
    2,
  );
});

test('top-k leaves the k most probable', () => {
  near(shares({ topK: 2 }), [4 / 7, 3 / 7, 0, 0]);
  near(shares({ topK: 9 }), probabilities);
});

test('top-p leaves the fewest that reach the share', () => {
  near(shares({ topP: 0.65 }), [4 / 7, 3 / 7, 0, 0]);
  near(shares({ topP: 0.01 }), [1, 0, 0, 0]);
  near(shares({ topK: 3, topP: 0.75 }), [4 / 7, 3 / 7, 0, 0]);
});

test('only candidates are drawn', () => {
  near(shares({}, Int32Array.of(1, 3)), [0, 0.75, 0, 0.25]);
});

test('options out of their range are told', () => {
  const fails = (options: Partial<SamplingOptions>, sentence: string) => {
    assert.throws(() => {
      checkSampling({ ...plain, ...options });
    }, new RegExp(sentence));
  };
  fails({ temperature: -1 }, 'The option temperature must be a number from 0 to 100, found -1\\.');
  fails({ topK: 1.5 }, 'The option top-k must be a whole number of at least 0, found 1.5\\.');
  fails({ topP: 0 }, 'The option top-p must be a number above 0 and up to 1, found 0\\.');
  fails({ topP: NaN }, 'found NaN');
});
