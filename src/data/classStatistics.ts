/** How examples spread over classes, and the weights that even it out. */

export interface ClassCount {
  readonly label: string;
  readonly count: number;
  /** Share of the examples counted, 0…1. */
  readonly share: number;
}

/** Counts per class of the given examples; `labels` holds the class index of every example of the data set. */
export function countClasses(labels: Int32Array, examples: Int32Array, classes: readonly string[]): ClassCount[] {
  const counts = classes.map(() => 0);
  for (const example of examples) counts[labels[example]!]! += 1;
  return classes.map((label, index) => ({
    label,
    count: counts[index]!,
    share: examples.length === 0 ? 0 : counts[index]! / examples.length,
  }));
}

/**
 * Weights that make all classes count alike, as scikit-learn's `class_weight='balanced'` defines them:
 * examples / (classes · examples of the class). A class without examples gets 0.
 */
export function balancedWeights(counts: readonly number[]): Float32Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Float32Array.from(counts, (count) => (count === 0 ? 0 : total / (counts.length * count)));
}
