/** From the errors of a forecast to the scores of anomalies, and from scores to alarms; pure. */

/** Rows of the two windows. */
export interface LikelihoodWindows {
  readonly short: number;
  readonly long: number;
}

/** Errors that are needed before there is a score. */
const fewestErrors = ({ short, long }: LikelihoodWindows): number => Math.min(long, Math.max(100, 4 * short));

/**
 * The score of each row: −log₁₀ of the anomaly likelihood's tail (Ahmad et al. 2017, "Unsupervised real-time anomaly
 * detection for streaming data"): Q((m − μ) / σ), where m is the mean of the last `short` errors, and μ and σ are mean
 * and standard deviation of the last `long` errors, those included. 2 is a probability of one in a hundred. On this scale
 * probabilities near 0 stay apart.
 * @param errors by row; NaN where there was no forecast
 * @returns by row; NaN where there are too few errors to know what is usual
 */
export function anomalyScores(errors: Float64Array, windows: LikelihoodWindows): Float64Array {
  const { short, long } = windows;
  const scores = new Float64Array(errors.length).fill(NaN);
  const [recent, usual] = [new RollingSums(errors, short), new RollingSums(errors, long)];
  for (let row = 0; row < errors.length; row++) {
    recent.add(row);
    usual.add(row);
    if (Number.isNaN(errors[row]!) || usual.count < fewestErrors(windows)) continue;
    const deviation = Math.sqrt(usual.variance);
    const distance = recent.mean - usual.mean;
    // Errors that never change say nothing of what is usual.
    scores[row] = deviation > 1e-12 ? tailScore(distance / deviation) : 0;
  }
  return scores;
}

/** Sums over the last rows. */
class RollingSums {
  count = 0;
  private sum = 0;
  private squares = 0;

  constructor(
    private readonly errors: Float64Array,
    private readonly rows: number,
  ) {}

  get mean(): number {
    return this.sum / this.count;
  }
  get variance(): number {
    return Math.max(0, this.squares / this.count - this.mean ** 2);
  }

  add(row: number): void {
    this.change(row, 1);
    if (row >= this.rows) this.change(row - this.rows, -1);
  }

  private change(row: number, sign: 1 | -1): void {
    const error = this.errors[row]!;
    if (Number.isNaN(error)) return;
    this.count += sign;
    this.sum += sign * error;
    this.squares += sign * error * error;
  }
}

/**
 * −log₁₀ Q(z), the upper tail of the standard normal distribution. Below 4 by erfc as Abramowitz & Stegun 7.1.26 have it
 * (error below 1.5e-7, with 1 % of the tail at 4), beyond by the continued fraction 26.2.14 of the same book.
 */
export function tailScore(z: number): number {
  if (z >= 4) {
    let fraction = z;
    for (let term = 40; term >= 1; term--) fraction = z + term / fraction;
    return (z * z) / 2 / Math.LN10 + Math.log10(fraction * Math.sqrt(2 * Math.PI));
  }
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const half = (series * Math.exp(-x * x)) / 2;
  return -Math.log10(z >= 0 ? half : 1 - half);
}

/** Rows above a threshold that belong together. */
export interface Alarm {
  /** First and last row, from 0. */
  readonly first: number;
  readonly last: number;
  /** Row of the highest score. */
  readonly peak: number;
}

/** Rows with at least the threshold's score; those with at most `gap` rows from one to the next are one alarm. */
export function findAlarms(scores: Float64Array, threshold: number, gap: number): Alarm[] {
  const alarms: Alarm[] = [];
  for (let row = 0; row < scores.length; row++) {
    // Not <: NaN is below every threshold.
    if (!(scores[row]! >= threshold)) continue;
    const open = alarms.at(-1);
    if (open === undefined || row - open.last > gap) alarms.push({ first: row, last: row, peak: row });
    else alarms[alarms.length - 1] = { ...open, last: row, peak: scores[row]! > scores[open.peak]! ? row : open.peak };
  }
  return alarms;
}

/**
 * The lowest threshold down to which no threshold gives more than `allowed` alarms, and at least `lowest`.
 * @param series scores by series
 */
export function chooseThreshold(series: readonly Float64Array[], allowed: number, gap: number, lowest: number): number {
  const candidates = [...new Set(series.flatMap((scores) => [...scores].filter((score) => score >= lowest)))];
  candidates.sort((a, b) => b - a);
  let threshold: number | null = null;
  for (const candidate of candidates) {
    const count = series.reduce((sum, scores) => sum + findAlarms(scores, candidate, gap).length, 0);
    // With no alarm allowed, the threshold stands just above all that was seen.
    if (count > allowed) return threshold ?? candidate * 1.01;
    threshold = candidate;
  }
  return lowest;
}
