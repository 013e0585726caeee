/** From an experiment and its data to a model's shape and a trainer's settings. */
import { availableParallelism } from 'node:os';
import { balancedWeights } from '../data/classStatistics';
import type { Dataset } from '../data/dataset';
import { UserError } from '../errors';
import type { ClassificationExperiment } from '../experiment/classificationSchema';
import type { TextClassifierSpec } from '../models/textClassifier';
import type { TrainerSetup } from './trainer';

export function classifierSpec({ features, model }: ClassificationExperiment, data: Dataset): TextClassifierSpec {
  return {
    vocabulary: data.vocabulary.size,
    embedding: features.embedding.size,
    cell: model.cell === 'rnn' && model.activation === 'relu' ? 'rnn-relu' : model.cell,
    hidden: model.hidden,
    layers: model.layers,
    bidirectional: model.bidirectional,
    classes: data.classes.length,
  };
}

/** Fewest examples of a batch that make a replica worth its keep. */
const examplesPerReplica = 8;

export function trainerSetup(
  experiment: ClassificationExperiment,
  data: Dataset,
  threads: number | undefined,
): Omit<TrainerSetup, 'replicaScript'> {
  const { features, model, training } = experiment;
  const { embedding } = features;
  const available = threads ?? training.threads ?? availableParallelism();
  const most =
    training.batchSize === undefined ? available : Math.max(1, Math.floor(training.batchSize / examplesPerReplica));
  return {
    model: {
      spec: classifierSpec(experiment, data),
      options: {
        classWeights: classWeights(experiment, data),
        labelSmoothing: training.labelSmoothing,
        dropout: model.dropout,
        trainEmbedding: embedding.trainable,
        sparseEmbedding: embedding.updates === 'sparse',
      },
      seed: training.seed,
    },
    optimizer: training.optimizer,
    clip: training.clip,
    replicas: training.replicas ?? Math.min(available, most),
    threads: available,
  };
}

/** The weight of each class in the loss, in the order of the classes; null for 1 each. */
function classWeights({ training }: ClassificationExperiment, data: Dataset): number[] | null {
  const { classWeights: setting } = training;
  if (setting === 'none') return null;
  if (setting === 'balanced') return Array.from(balancedWeights(data.classCounts('train').map(({ count }) => count)));
  const unknown = Object.keys(setting).find((label) => !data.classes.includes(label));
  if (unknown !== undefined) {
    throw new UserError(
      `training.classWeights names the class ${JSON.stringify(unknown)}, which the data does not have; its classes are ${data.classes.join(', ')}.`,
    );
  }
  return data.classes.map((label) => (Object.hasOwn(setting, label) ? setting[label]! : 1));
}
