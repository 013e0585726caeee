/** The best tags of a sequence and how sure they are, from the scores of its steps; plain numbers, no runtime. */

/** What a linear-chain CRF adds to the scores of single tags. */
export interface ChainScores {
  /** `[tags, tags]`, row by row; the row is the later tag. */
  readonly transitions: ArrayLike<number>;
  /** Score of the first and of the last tag, `[tags]` each. */
  readonly start: ArrayLike<number>;
  readonly end: ArrayLike<number>;
}

/** Scores of a sequence's steps: tag `k` of step `t` is at `t * tags + k`. */
export interface StepScores {
  readonly scores: ArrayLike<number>;
  readonly tags: number;
  readonly steps: number;
}

/**
 * The path of the highest score (Viterbi 1967); without a chain the best tag of each step. Of equal scores the lower
 * tag is taken.
 */
export function bestPath({ scores, tags, steps }: StepScores, chain: ChainScores | null): Int32Array {
  const path = new Int32Array(steps);
  if (chain === null) {
    for (let t = 0; t < steps; t++) path[t] = indexOfLargest(scores, t * tags, tags);
    return path;
  }
  const from = new Int32Array(steps * tags);
  let best = Float64Array.from({ length: tags }, (_, k) => chain.start[k]! + scores[k]!);
  for (let t = 1; t < steps; t++) {
    const next = new Float64Array(tags);
    for (let k = 0; k < tags; k++) {
      let chosen = 0;
      let highest = -Infinity;
      for (let j = 0; j < tags; j++) {
        const score = best[j]! + chain.transitions[k * tags + j]!;
        if (score > highest) {
          highest = score;
          chosen = j;
        }
      }
      from[t * tags + k] = chosen;
      next[k] = highest + scores[t * tags + k]!;
    }
    best = next;
  }
  for (let k = 0; k < tags; k++) best[k]! += chain.end[k]!;
  path[steps - 1] = indexOfLargest(best, 0, tags);
  for (let t = steps - 1; t > 0; t--) path[t - 1] = from[t * tags + path[t]!]!;
  return path;
}

/** Natural logarithm of the probability that the steps from `first` on have these tags, whatever the other steps have. */
export type LogProbability = (first: number, tags: ArrayLike<number>) => number;

/** Log-probabilities of paths and of their parts under the scores, by the forward and backward algorithm; without a chain steps do not depend on each other. */
export function logProbabilities({ scores, tags, steps }: StepScores, chain: ChainScores | null): LogProbability {
  if (chain === null) {
    const totals = Float64Array.from({ length: steps }, (_, t) => logSumExp(tags, (k) => scores[t * tags + k]!));
    return (first, path) => {
      let sum = 0;
      for (let at = 0; at < path.length; at++) sum += scores[(first + at) * tags + path[at]!]! - totals[first + at]!;
      return sum;
    };
  }
  const { transitions, start, end } = chain;
  const forward = new Float64Array(steps * tags);
  const backward = new Float64Array(steps * tags);
  for (let t = 0; t < steps; t++) {
    for (let k = 0; k < tags; k++) {
      const arriving =
        t === 0 ? start[k]! : logSumExp(tags, (j) => forward[(t - 1) * tags + j]! + transitions[k * tags + j]!);
      forward[t * tags + k] = arriving + scores[t * tags + k]!;
    }
  }
  for (let t = steps - 1; t >= 0; t--) {
    for (let j = 0; j < tags; j++) {
      const later = (t + 1) * tags;
      backward[t * tags + j] =
        t === steps - 1
          ? end[j]!
          : logSumExp(tags, (k) => transitions[k * tags + j]! + scores[later + k]! + backward[later + k]!);
    }
  }
  const total = logSumExp(tags, (k) => forward[(steps - 1) * tags + k]! + end[k]!);
  return (first, path) => {
    let sum = forward[first * tags + path[0]!]! - total;
    for (let at = 1; at < path.length; at++) {
      sum += transitions[path[at]! * tags + path[at - 1]!]! + scores[(first + at) * tags + path[at]!]!;
    }
    return sum + backward[(first + path.length - 1) * tags + path[path.length - 1]!]!;
  };
}

function logSumExp(count: number, term: (at: number) => number): number {
  let largest = -Infinity;
  for (let at = 0; at < count; at++) largest = Math.max(largest, term(at));
  let sum = 0;
  for (let at = 0; at < count; at++) sum += Math.exp(term(at) - largest);
  return largest + Math.log(sum);
}

function indexOfLargest(scores: ArrayLike<number>, from: number, count: number): number {
  let best = 0;
  for (let at = 1; at < count; at++) if (scores[from + at]! > scores[from + best]!) best = at;
  return best;
}
