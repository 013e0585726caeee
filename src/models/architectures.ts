/** The architectures by name: the one place from which training gets its graphs, in every thread. */
import { buildTraining as buildTagger, type TaggerSpec, type TaggerTrainingOptions } from './tagger';
import {
  buildTraining as buildLanguageModel,
  type LanguageModelOptions,
  type LanguageModelSpec,
} from './languageModel';
import { buildTraining as buildForecaster, type ForecasterOptions, type ForecasterSpec } from './forecaster';
import {
  buildTraining as buildSeriesClassifier,
  type SeriesClassifierOptions,
  type SeriesClassifierSpec,
} from './seriesClassifier';
import {
  buildTraining as buildTextClassifier,
  type TextClassifierSpec,
  type TrainingGraphOptions,
} from './textClassifier';
import type { TrainingGraph } from './trainingGraph';
import { buildTranslatorTraining, type TranslatorTrainingOptions } from './translator';
import type { TranslatorSpec } from './translatorParts';
import { buildVectorTraining, type VectorClassifierSpec, type VectorTrainingOptions } from './vectorClassifier';

/** All that fixes a graph of training but for the variant; plain data that goes to another thread as it is. */
export type ModelSetup =
  | TextClassifierSetup
  | VectorClassifierSetup
  | SeriesClassifierSetup
  | TaggerSetup
  | TranslatorSetup
  | LanguageModelSetup
  | ForecasterSetup;

export interface SeriesClassifierSetup {
  readonly architecture: 'seriesClassifier';
  readonly spec: SeriesClassifierSpec;
  readonly options: Omit<SeriesClassifierOptions, 'padded'>;
}

export interface ForecasterSetup {
  readonly architecture: 'forecaster';
  readonly spec: ForecasterSpec;
  readonly options: ForecasterOptions;
}

export interface VectorClassifierSetup {
  readonly architecture: 'vectorClassifier';
  readonly spec: VectorClassifierSpec;
  readonly options: VectorTrainingOptions;
}

export interface TextClassifierSetup {
  readonly architecture: 'textClassifier';
  readonly spec: TextClassifierSpec;
  readonly options: Omit<TrainingGraphOptions, 'padded'>;
}

export interface TaggerSetup {
  readonly architecture: 'tagger';
  readonly spec: TaggerSpec;
  readonly options: Omit<TaggerTrainingOptions, 'padded'>;
}

export interface LanguageModelSetup {
  readonly architecture: 'languageModel';
  readonly spec: LanguageModelSpec;
  readonly options: LanguageModelOptions;
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
    case 'vectorClassifier':
      return buildVectorTraining(setup.spec, setup.options);
    case 'tagger':
      return buildTagger(setup.spec, { ...setup.options, padded });
    case 'languageModel':
      // Streams have no padding.
      return buildLanguageModel(setup.spec, setup.options);
    case 'seriesClassifier':
      return buildSeriesClassifier(setup.spec, { ...setup.options, padded });
    case 'forecaster':
      return buildForecaster(setup.spec, setup.options);
    case 'translator':
      return buildTranslatorTraining(setup.spec, { ...setup.options, padded });
  }
}
