/** The choice of the next token from a model's probabilities; knows no model. */
import { UserError } from '../errors';
import { type Sentence, sentence } from '../sentence';

/** How a token is chosen. */
export interface SamplingOptions {
  /** Below 1 the probable becomes more so, above 1 less; 0 takes the most probable token. */
  readonly temperature: number;
  /** Only so many of the most probable tokens; 0 for all (Fan et al. 2018). */
  readonly topK: number;
  /** Only the most probable tokens that together reach this share; 1 for all (Holtzman et al. 2020). */
  readonly topP: number;
}

/** @throws UserError naming the option that is out of its range */
export function checkSampling({ temperature, topK, topP }: SamplingOptions): void {
  if (!(temperature >= 0 && temperature <= 100))
    throw outOfRange('temperature', sentence`a number from 0 to 100`, temperature);
  if (!(Number.isSafeInteger(topK) && topK >= 0))
    throw outOfRange('top-k', sentence`a whole number of at least 0`, topK);
  if (!(topP > 0 && topP <= 1)) throw outOfRange('top-p', sentence`a number above 0 and up to 1`, topP);
}

/** The error for an option of generation that is out of its range. */
export function outOfRange(option: string, expected: Sentence, found: number): UserError {
  return new UserError(sentence`The option ${option} must be ${expected}, found ${found}.`);
}

/**
 * The index of a token that is drawn by softmax(log-probabilities / temperature), after top-k and then top-p have left only
 * the most probable ones, the first among equals.
 * @param candidates indices that may be drawn, at least one
 * @param random a number in [0, 1)
 */
export function sampleToken(
  logProbabilities: Float32Array,
  candidates: Int32Array,
  { temperature, topK, topP }: SamplingOptions,
  random: () => number,
): number {
  if (temperature === 0) {
    return candidates.reduce((best, at) => (logProbabilities[at]! > logProbabilities[best]! ? at : best));
  }
  let chosen = candidates;
  if (topK > 0 || topP < 1) {
    chosen = candidates.slice().sort((a, b) => logProbabilities[b]! - logProbabilities[a]! || a - b);
    if (topK > 0) chosen = chosen.subarray(0, topK);
  }
  const largest = chosen.reduce((most, at) => Math.max(most, logProbabilities[at]!), -Infinity);
  const weights = Float64Array.from(chosen, (at) => Math.exp((logProbabilities[at]! - largest) / temperature));
  let total = weights.reduce((sum, weight) => sum + weight, 0);
  if (topP < 1) {
    const share = topP * total;
    total = 0;
    let count = 0;
    while (count < weights.length && total < share) total += weights[count++]!;
    chosen = chosen.subarray(0, count);
  }
  let left = random() * total;
  for (let at = 0; at < chosen.length; at += 1) {
    left -= weights[at]!;
    if (left < 0) return chosen[at]!;
  }
  return chosen.at(-1)!;
}
