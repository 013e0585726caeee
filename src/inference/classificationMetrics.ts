/** Scores of a classifier from its log-probabilities. */
import type { ClassificationMetrics } from '../protocol';

/** Counts predictions as they come; a part of the data is scored in constant memory. */
export class ClassificationScorer {
  private readonly confusion: number[][];
  private lossSum = 0;
  private weightSum = 0;

  /** @param classWeights weight of each class in the loss; null for 1 */
  constructor(
    private readonly classes: readonly string[],
    private readonly classWeights: readonly number[] | null,
  ) {
    this.confusion = classes.map(() => classes.map(() => 0));
  }

  /** @param logProbabilities `[examples, classes]`, row by row */
  add(logProbabilities: Float32Array, labels: Int32Array): void {
    const count = this.classes.length;
    labels.forEach((label, example) => {
      const row = logProbabilities.subarray(example * count, (example + 1) * count);
      const weight = this.classWeights?.[label] ?? 1;
      this.lossSum -= weight * row[label]!;
      this.weightSum += weight;
      this.confusion[label]![indexOfLargest(row)]! += 1;
    });
  }

  metrics(): ClassificationMetrics {
    const { classes, confusion } = this;
    const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
    const perClass = classes.map((label, at) => {
      const hits = confusion[at]![at]!;
      const support = sum(confusion[at]!);
      const predicted = sum(confusion.map((row) => row[at]!));
      const precision = predicted === 0 ? 0 : hits / predicted;
      const recall = support === 0 ? 0 : hits / support;
      const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
      return { label, precision, recall, f1, support };
    });
    const total = sum(perClass.map(({ support }) => support));
    const hits = sum(confusion.map((row, at) => row[at]!));
    // As scikit-learn: a class that is neither in the truth nor in the predictions does not count in the mean.
    const present = perClass.filter(({ support }, at) => support > 0 || confusion.some((row) => row[at]! > 0));
    return {
      loss: this.weightSum === 0 ? 0 : this.lossSum / this.weightSum,
      accuracy: total === 0 ? 0 : hits / total,
      macroF1: present.length === 0 ? 0 : sum(present.map(({ f1 }) => f1)) / present.length,
      perClass,
      confusion,
    };
  }
}

/** Index of the largest element, the first of equal ones. */
export function indexOfLargest(row: Float32Array): number {
  let best = 0;
  for (let at = 1; at < row.length; at++) if (row[at]! > row[best]!) best = at;
  return best;
}
