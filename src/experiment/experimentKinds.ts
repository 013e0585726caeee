/** Tells experiments apart whose task alone does not say what they read; imports types alone. */
import type { ClassificationExperiment } from './classificationSchema';
import type { Experiment } from './experimentSchema';
import type { SeriesClassificationExperiment } from './seriesClassificationSchema';

/** Whether an experiment classifies number series. */
export function isSeriesClassification(experiment: Experiment): experiment is SeriesClassificationExperiment {
  return experiment.task === 'classification' && experiment.features.type === 'numbers';
}

/** Whether an experiment classifies texts as sequences of tokens. */
export function isTextClassification(experiment: Experiment): experiment is ClassificationExperiment {
  return experiment.task === 'classification' && !isSeriesClassification(experiment);
}
