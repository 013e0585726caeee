/** Tells experiments of one task apart by their features; knows types alone, so that an editor loads no schema for it. */
import type { VectorClassificationExperiment } from './vectorClassificationSchema';

/** Whether an experiment classifies texts as TF-IDF vectors. */
export function isVectorClassification<E extends { readonly task: string }>(
  experiment: E,
): experiment is Extract<E, VectorClassificationExperiment> {
  return (
    experiment.task === 'classification' &&
    'features' in experiment &&
    (experiment.features as { readonly type?: unknown }).type === 'tfidf'
  );
}
