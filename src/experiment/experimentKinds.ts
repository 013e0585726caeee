/** Tells experiments of one task apart by their features; knows types alone, so that an editor loads no schema for it. */
import type { ClassificationExperiment } from './classificationSchema';
import type { SeriesClassificationExperiment } from './seriesClassificationSchema';
import type { VectorClassificationExperiment } from './vectorClassificationSchema';

/** Whether an experiment classifies texts as TF-IDF vectors. */
export function isVectorClassification<E extends { readonly task: string }>(
  experiment: E,
): experiment is Extract<E, VectorClassificationExperiment> {
  return experiment.task === 'classification' && featuresType(experiment) === 'tfidf';
}

/** Whether an experiment classifies number series. */
export function isSeriesClassification<E extends { readonly task: string }>(
  experiment: E,
): experiment is Extract<E, SeriesClassificationExperiment> {
  return experiment.task === 'classification' && featuresType(experiment) === 'numbers';
}

/** Whether an experiment classifies texts, as sequences of tokens or as TF-IDF vectors. */
export function isTextClassification<E extends { readonly task: string }>(
  experiment: E,
): experiment is Extract<E, ClassificationExperiment | VectorClassificationExperiment> {
  return experiment.task === 'classification' && featuresType(experiment) !== 'numbers';
}

function featuresType(experiment: object): unknown {
  return 'features' in experiment ? (experiment.features as { readonly type?: unknown }).type : undefined;
}
