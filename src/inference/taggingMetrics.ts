/** Scores of a tagger from its predictions: tokens, and spans as conlleval counts them. */
import { tagSpans } from '../data/tagSpans';
import type { ClassScores, TaggingMetrics } from '../protocol';

interface Counts {
  correct: number;
  predicted: number;
  true: number;
}

/** Counts predictions as they come; a part of the data is scored in constant memory. */
export class TaggingScorer {
  private readonly types = new Map<string, Counts>();
  private tokens = 0;
  private rightTokens = 0;
  private lossSum = 0;
  private lossCount = 0;

  /** @param crf whether the loss is of a sequence's tags together, else of a token's tag */
  constructor(private readonly crf: boolean) {}

  /**
   * Adds a sequence.
   * @param logProbability natural logarithm of the probability of all its true tags
   */
  add(truth: readonly string[], predicted: readonly string[], logProbability: number): void {
    this.tokens += truth.length;
    this.rightTokens += truth.filter((tag, at) => tag === predicted[at]).length;
    this.lossSum -= logProbability;
    this.lossCount += this.crf ? 1 : truth.length;
    const key = (start: number, end: number, type: string): string => `${start} ${end} ${type}`;
    const trueSpans = tagSpans(truth);
    const known = new Set(trueSpans.map(({ start, end, type }) => key(start, end, type)));
    for (const { type } of trueSpans) this.countsOf(type).true++;
    for (const { start, end, type } of tagSpans(predicted)) {
      const counts = this.countsOf(type);
      counts.predicted++;
      if (known.has(key(start, end, type))) counts.correct++;
    }
  }

  metrics(): TaggingMetrics {
    const perType = [...this.types]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([label, counts]): ClassScores => ({ label, ...scoresOf(counts), support: counts.true }));
    const all: Counts = { correct: 0, predicted: 0, true: 0 };
    for (const counts of this.types.values()) {
      for (const name of ['correct', 'predicted', 'true'] as const) all[name] += counts[name];
    }
    return {
      loss: this.lossCount === 0 ? 0 : this.lossSum / this.lossCount,
      accuracy: this.tokens === 0 ? 0 : this.rightTokens / this.tokens,
      ...scoresOf(all),
      perType,
    };
  }

  private countsOf(type: string): Counts {
    let counts = this.types.get(type);
    if (counts === undefined) {
      counts = { correct: 0, predicted: 0, true: 0 };
      this.types.set(type, counts);
    }
    return counts;
  }
}

function scoresOf(counts: Counts): { precision: number; recall: number; f1: number } {
  const precision = counts.predicted === 0 ? 0 : counts.correct / counts.predicted;
  const recall = counts.true === 0 ? 0 : counts.correct / counts.true;
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}
