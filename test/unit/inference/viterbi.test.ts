import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRandom } from '../../../src/data/random';
import { bestPath, type ChainScores, logProbabilities, type StepScores } from '../../../src/inference/viterbi';

const random = createRandom(3, 'scores');
const numbers = (length: number): number[] => Array.from({ length }, () => 3 * random.nextNormal());

interface Case extends StepScores {
  readonly chain: ChainScores | null;
}

const cases: Case[] = Array.from({ length: 60 }, (_, at) => {
  const [tags, steps] = [2 + random.nextInteger(3), 1 + random.nextInteger(5)];
  const chain = { transitions: numbers(tags * tags), start: numbers(tags), end: numbers(tags) };
  return { scores: numbers(steps * tags), tags, steps, chain: at % 4 === 3 ? null : chain };
});

function scoreOf({ scores, tags, chain }: Case, path: readonly number[]): number {
  const steps = path.reduce((sum, tag, step) => sum + scores[step * tags + tag]!, 0);
  if (chain === null) return steps;
  const moves = path.slice(1).reduce((sum, tag, step) => sum + chain.transitions[tag * tags + path[step]!]!, 0);
  return steps + moves + chain.start[path[0]!]! + chain.end[path.at(-1)!]!;
}

function allPaths(tags: number, steps: number): number[][] {
  if (steps === 0) return [[]];
  return allPaths(tags, steps - 1).flatMap((path) => Array.from({ length: tags }, (_, tag) => [...path, tag]));
}

describe('the best path', () => {
  it('is that of an exhaustive search', () => {
    for (const one of cases) {
      const paths = allPaths(one.tags, one.steps);
      const best = paths.reduce((a, b) => (scoreOf(one, b) > scoreOf(one, a) ? b : a));
      assert.deepEqual([...bestPath(one, one.chain)], best);
    }
  });

  it('follows the transitions against the scores of single steps', () => {
    // Step by step tag 1 is best, but it must not follow itself.
    const chain = { transitions: [0, 0, 0, -9], start: [0, 0], end: [0, 0] };
    const scores = [0, 1, 0, 1, 0, 1];
    assert.deepEqual([...bestPath({ scores, tags: 2, steps: 3 }, null)], [1, 1, 1]);
    assert.deepEqual([...bestPath({ scores, tags: 2, steps: 3 }, chain)], [1, 0, 1]);
  });
});

describe('probabilities of paths', () => {
  it('are shares of the sum over all paths, for whole paths and for parts', () => {
    for (const one of cases) {
      const paths = allPaths(one.tags, one.steps);
      const weights = paths.map((path) => Math.exp(scoreOf(one, path)));
      const total = weights.reduce((a, b) => a + b, 0);
      const logProbability = logProbabilities(one, one.chain);
      const [path] = paths.slice(random.nextInteger(paths.length)) as [number[]];
      for (let first = 0; first < one.steps; first++) {
        for (let end = first + 1; end <= one.steps; end++) {
          const part = path.slice(first, end);
          const fitting = weights.filter((_, at) => part.every((tag, step) => paths[at]![first + step] === tag));
          const expected = Math.log(fitting.reduce((a, b) => a + b, 0) / total);
          const found = logProbability(first, part);
          assert.ok(Math.abs(found - expected) < 1e-9, `${found}, expected ${expected}`);
        }
      }
    }
  });
});
