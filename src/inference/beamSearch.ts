/** Beam search for the most probable sequence, whatever makes the probabilities; knows neither texts nor graphs. */

/** What comes next after each of several sequences. */
export interface Expansion<Detail> {
  /** Log-probabilities of the next token, `[sequences * vocabulary]`. */
  readonly logProbabilities: Float32Array;
  /** What is kept with the next token of each sequence, as where the model looked. */
  readonly details: readonly Detail[];
}

/** Makes the next step of sequences: each goes on from a sequence of the last step (by place) with one more token. */
export type Expand<Detail> = (parents: readonly number[], tokens: readonly number[]) => Promise<Expansion<Detail>>;

export interface SearchOptions {
  /** Sequences that are followed at a time. */
  readonly beam: number;
  /** α of the length penalty; 0 for none. */
  readonly lengthPenalty: number;
  /** Most tokens of a sequence, its end counted. */
  readonly maximumLength: number;
  readonly vocabulary: number;
  readonly beginId: number;
  readonly endId: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Found<Detail> {
  /** Tokens without beginning and end. */
  readonly tokens: readonly number[];
  /** Of each token, and of the end where it was reached. */
  readonly details: readonly Detail[];
  /** Log-probability of the whole in nats. */
  readonly logProbability: number;
  /** Log-probability divided by the length penalty. */
  readonly score: number;
}

interface Hypothesis<Detail> {
  readonly tokens: readonly number[];
  readonly details: readonly Detail[];
  readonly logProbability: number;
}

/** ((5 + length) / 6)^α, by which GNMT divides log-probabilities (Wu et al. 2016). */
export function lengthPenaltyOf(length: number, alpha: number): number {
  return ((5 + length) / 6) ** alpha;
}

/**
 * The sequence of the best score that the beam meets: one that ends, or one of the greatest length. It stops as soon as no
 * sequence on the beam can become better than the best that has ended.
 * @throws the signal's reason when it aborts
 */
export async function beamSearch<Detail>(expand: Expand<Detail>, options: SearchOptions): Promise<Found<Detail>> {
  const { beam, lengthPenalty, maximumLength, vocabulary, endId } = options;
  const ended: { best: Found<Detail> | null } = { best: null };
  const offer = ({ tokens, details, logProbability }: Hypothesis<Detail>, length: number): void => {
    const score = logProbability / lengthPenaltyOf(length, lengthPenalty);
    if (ended.best === null || score > ended.best.score) ended.best = { tokens, details, logProbability, score };
  };
  let alive: Hypothesis<Detail>[] = [{ tokens: [], details: [], logProbability: 0 }];
  let parents: number[] = [0];
  let next: number[] = [options.beginId];
  for (let length = 1; length <= maximumLength; length++) {
    options.signal?.throwIfAborted();
    const { logProbabilities, details } = await expand(parents, next);
    const rows = alive.map((_, at) => logProbabilities.subarray(at * vocabulary, (at + 1) * vocabulary));
    alive.forEach((hypothesis, at) => {
      const logProbability = hypothesis.logProbability + rows[at]![endId]!;
      offer({ ...hypothesis, details: [...hypothesis.details, details[at]!], logProbability }, length);
    });
    const chosen = mostProbable(alive, rows, beam, endId);
    alive = chosen.map(({ parent, token, logProbability }) => ({
      tokens: [...alive[parent]!.tokens, token],
      details: [...alive[parent]!.details, details[parent]!],
      logProbability,
    }));
    parents = chosen.map(({ parent }) => parent);
    next = chosen.map(({ token }) => token);
    if (length === maximumLength) for (const hypothesis of alive) offer(hypothesis, length);
    // A longer sequence is at most as probable, and its penalty at most that of the greatest length.
    const bound = (alive[0]?.logProbability ?? -Infinity) / lengthPenaltyOf(maximumLength, lengthPenalty);
    if (ended.best !== null && bound <= ended.best.score) break;
  }
  return ended.best!;
}

interface Candidate {
  readonly parent: number;
  readonly token: number;
  readonly logProbability: number;
}

/** The most probable ways to go on without an end, the best first; of equal ones the earlier sequence and token. */
function mostProbable(
  alive: readonly { readonly logProbability: number }[],
  rows: readonly Float32Array[],
  count: number,
  endId: number,
): Candidate[] {
  const chosen: Candidate[] = [];
  rows.forEach((row, parent) => {
    const before = alive[parent]!.logProbability;
    for (let token = 0; token < row.length; token++) {
      if (token === endId) continue;
      const logProbability = before + row[token]!;
      if (chosen.length === count && !(logProbability > chosen[count - 1]!.logProbability)) continue;
      let place = chosen.length;
      while (place > 0 && logProbability > chosen[place - 1]!.logProbability) place--;
      chosen.splice(place, 0, { parent, token, logProbability });
      if (chosen.length > count) chosen.pop();
    }
  });
  return chosen;
}
