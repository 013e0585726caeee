import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { beamSearch, type Expand, lengthPenaltyOf } from '../../../src/inference/beamSearch';
import { createRandom } from '../../../src/data/random';

/** Begins with 0, ends with 1; log-probabilities are a function of all tokens so far. */
function language(vocabulary: number, seed: number): (tokens: readonly number[]) => Float32Array {
  return (tokens) => {
    const random = createRandom(seed, 'language', ...tokens);
    const weights = Float64Array.from({ length: vocabulary }, (_, token) =>
      token === 0 ? 0 : Math.exp(2 * random.nextNormal()),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return Float32Array.from(weights, (weight) => (weight === 0 ? -1e9 : Math.log(weight / sum)));
  };
}

/** The language as a search sees it; counts the steps. */
function expanding(next: (tokens: readonly number[]) => Float32Array): { expand: Expand<string>; steps: () => number } {
  let sequences: number[][] = [[]];
  let steps = 0;
  return {
    steps: () => steps,
    expand: (parents, tokens) => {
      steps += 1;
      sequences = parents.map((parent, at) => (steps === 1 ? [] : [...sequences[parent]!, tokens[at]!]));
      const rows = sequences.map((sequence) => Array.from(next(sequence)));
      return Promise.resolve({
        logProbabilities: Float32Array.from(rows.flat()),
        details: sequences.map((sequence) => `after ${sequence.join(' ')}`),
      });
    },
  };
}

/** The best of all sequences that end within the greatest length or reach it. */
function exhaustive(
  next: (tokens: readonly number[]) => Float32Array,
  vocabulary: number,
  maximumLength: number,
  alpha: number,
): { tokens: number[]; score: number } {
  let best = { tokens: [] as number[], score: -Infinity };
  const visit = (tokens: number[], logProbability: number): void => {
    const row = next(tokens);
    const offer = (found: number[], sum: number): void => {
      const score = sum / lengthPenaltyOf(tokens.length + 1, alpha);
      if (score > best.score) best = { tokens: found, score };
    };
    offer(tokens, logProbability + row[1]!);
    for (let token = 2; token < vocabulary; token++) {
      const longer = [...tokens, token];
      if (longer.length === maximumLength) offer(longer, logProbability + row[token]!);
      else visit(longer, logProbability + row[token]!);
    }
  };
  visit([], 0);
  return best;
}

describe('beam search', () => {
  for (const lengthPenalty of [0, 0.6, 1, 2]) {
    it(`finds what looking at everything finds, where nothing falls off the beam: α = ${lengthPenalty}`, async () => {
      for (let seed = 1; seed <= 40; seed++) {
        const vocabulary = 5;
        const maximumLength = 5;
        const next = language(vocabulary, seed);
        const { expand } = expanding(next);
        const options = { lengthPenalty, maximumLength, vocabulary, beginId: 0, endId: 1 };
        const found = await beamSearch(expand, { ...options, beam: 3 ** maximumLength });
        const expected = exhaustive(next, vocabulary, maximumLength, lengthPenalty);
        assert.deepEqual(found.tokens, expected.tokens, `seed ${seed}`);
        assert.ok(Math.abs(found.score - expected.score) < 1e-5);
      }
    });
  }

  it('of width 1 takes the most probable token at each step, and ends where the end is the better choice', async () => {
    const rows: Readonly<Record<string, number[]>> = {
      '': [0, 0.1, 0.6, 0.3],
      '2': [0, 0.2, 0.3, 0.5],
      '2 3': [0, 0.9, 0.05, 0.05],
    };
    const next = (tokens: readonly number[]): Float32Array =>
      Float32Array.from(rows[tokens.join(' ')] ?? [0, 0.98, 0.01, 0.01], Math.log);
    const { expand } = expanding(next);
    const options = { beam: 1, lengthPenalty: 0, maximumLength: 10, vocabulary: 4, beginId: 0, endId: 1 };
    const found = await beamSearch(expand, options);
    assert.deepEqual(found.tokens, [2, 3]);
    assert.ok(Math.abs(found.logProbability - Math.log(0.6 * 0.5 * 0.9)) < 1e-6);
    assert.deepEqual(found.details, ['after ', 'after 2', 'after 2 3']);
  });

  it('stops when nothing on the beam can become better', async () => {
    const next = (tokens: readonly number[]): Float32Array =>
      Float32Array.from(tokens.length === 0 ? [0, 0.9, 0.1] : [0, 0.5, 0.5], Math.log);
    const { expand, steps } = expanding(next);
    const options = { beam: 2, lengthPenalty: 0, maximumLength: 50, vocabulary: 3, beginId: 0, endId: 1 };
    assert.deepEqual((await beamSearch(expand, options)).tokens, []);
    assert.equal(steps(), 1);
  });

  it('gives an unfinished sequence where none ends, of the greatest length', async () => {
    const next = (): Float32Array => Float32Array.from([0, 0, 0.75, 0.25], (p) => (p === 0 ? -1e9 : Math.log(p)));
    const { expand } = expanding(next);
    const options = { beam: 3, lengthPenalty: 1, maximumLength: 4, vocabulary: 4, beginId: 0, endId: 1 };
    assert.deepEqual((await beamSearch(expand, options)).tokens, [2, 2, 2, 2]);
  });

  it('stops when asked to', async () => {
    const { expand } = expanding(language(5, 1));
    const options = { beam: 2, lengthPenalty: 1, maximumLength: 5, vocabulary: 5, beginId: 0, endId: 1 };
    await assert.rejects(beamSearch(expand, { ...options, signal: AbortSignal.abort(new Error('enough')) }), /enough/);
  });

  it("has GNMT's length penalty", () => {
    assert.equal(lengthPenaltyOf(1, 0.7), 1);
    assert.equal(lengthPenaltyOf(7, 1), 2);
    assert.equal(lengthPenaltyOf(9, 0), 1);
  });
});
