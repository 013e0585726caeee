/** The architectures by name: the one place from which training gets its graphs, in every thread. */
import {
  buildTraining as buildTextClassifier,
  type TextClassifierSpec,
  type TrainingGraphOptions,
} from './textClassifier';
import type { TrainingGraph } from './trainingGraph';
import { buildTranslatorTraining, type TranslatorTrainingOptions } from './translator';
import type { TranslatorSpec } from './translatorParts';

/** All that fixes a graph of training but for the variant; plain data that goes to another thread as it is. */
export type ModelSetup = TextClassifierSetup | TranslatorSetup;

export interface TextClassifierSetup {
  readonly architecture: 'textClassifier';
  readonly spec: TextClassifierSpec;
  readonly options: Omit<TrainingGraphOptions, 'padded'>;
}

export interface TranslatorSetup {
  readonly architecture: 'translator';
  readonly spec: TranslatorSpec;
  readonly options: Omit<TranslatorTrainingOptions, 'padded'>;
}

/**
 * How a batch is laid out; `full` has no padding, so that its graph can be smaller. Both graphs have the same parameters.
 */
export type Variant = 'padded' | 'full';

/** The graph of training for batches of one variant. */
export function buildTrainingGraph(setup: ModelSetup, variant: Variant): TrainingGraph {
  const padded = variant === 'padded';
  switch (setup.architecture) {
    case 'textClassifier':
      return buildTextClassifier(setup.spec, { ...setup.options, padded });
    case 'translator':
      return buildTranslatorTraining(setup.spec, { ...setup.options, padded });
  }
}
