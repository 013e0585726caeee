/** Classification of texts by a recurrent network, as a task of training. */
import { assembleBatch, type Batch, planBatches } from '../data/batches';
import { balancedWeights } from '../data/classStatistics';
import type { Dataset } from '../data/dataset';
import type { WordVectors } from '../data/wordVectors';
import { UserError } from '../errors';
import { listed, sentence } from '../sentence';
import type { ClassificationExperiment } from '../experiment/classificationSchema';
import type { TextClassifierSetup } from '../models/architectures';
import type { TextClassifierSpec } from '../models/textClassifier';
import type { ClassificationMetrics, DataSummary, TrainingEvent } from '../protocol';
import { tensor } from '../runtime/session';
import { Evaluator } from './evaluator';
import { applyVectors, loadExperimentData } from './experimentData';
import { exportModel } from './exportModel';
import { paddingTensors } from './paddingTensors';
import { worthwhileReplicas } from './replicaCount';
import type { NamedTensors, Shard } from './shard';
import type { EpochPlan, ExportedScores, TrainingTask, Watch } from './task';
import type { Weights } from './weights';

export class TextClassification implements TrainingTask<ClassificationMetrics> {
  readonly task = 'classification' as const;
  private evaluator: Promise<Evaluator> | null = null;

  private constructor(
    private readonly experiment: ClassificationExperiment,
    readonly data: Dataset,
    private readonly vectors: WordVectors | null,
    readonly model: TextClassifierSetup,
    private readonly threads: number,
  ) {}

  /**
   * Reads the data of an experiment; paths are relative to `folder`.
   * @throws UserError where the data cannot be understood or is too little
   */
  static async open(
    experiment: ClassificationExperiment,
    folder: string,
    threads: number,
    emit: (event: TrainingEvent) => void,
    signal: AbortSignal,
  ): Promise<TextClassification> {
    const { data, vectors } = await loadExperimentData(experiment, folder, emit, signal);
    try {
      return new TextClassification(experiment, data, vectors, modelSetup(experiment, data), threads);
    } catch (error) {
      data.dispose();
      throw error;
    }
  }

  get hasTest(): boolean {
    return this.data.parts.test.examples.length > 0;
  }

  replicas(available: number): number {
    return worthwhileReplicas(available, this.experiment.training.batchSize);
  }

  start(weights: Weights): void {
    applyVectors(weights, this.vectors);
  }

  summary(): DataSummary {
    return this.data.summary(this.vectors?.foundShare ?? null);
  }

  *fingerprint(): Iterable<string | Uint8Array> {
    const { classes, vocabulary, parts } = this.data;
    for (const text of [JSON.stringify(this.model.spec), ...classes, ...vocabulary.tokens]) yield `${text}\n`;
    for (const { examples } of Object.values(parts))
      yield new Uint8Array(examples.buffer, examples.byteOffset, examples.byteLength);
  }

  plan(epoch: number): EpochPlan {
    const { data, experiment } = this;
    const { batchSize, tokens, seed } = experiment.training;
    const size = batchSize === undefined ? { tokenBudget: tokens } : { batchSize };
    const batches = planBatches(data.lengths, data.parts.train.examples, size, { seed, epoch });
    return {
      steps: batches.length,
      shards: (at, replicas) => {
        const parts = deal(batches[at]!, replicas).map((examples) => assembleBatch(data, examples));
        const normaliser = this.totalWeight(parts);
        return parts.map((part) => toShard(part, normaliser));
      },
    };
  }

  async evaluate(part: 'validation' | 'test', parameters: NamedTensors, watch: Watch): Promise<ClassificationMetrics> {
    return (await this.evaluatorOnce()).evaluate(this.data, this.data.parts[part].examples, parameters, watch);
  }

  async export(
    experiment: string,
    parameters: NamedTensors,
    scores: ExportedScores<ClassificationMetrics>,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const { data, model } = this;
    const { classWeights } = model.options;
    const { maximumLength, text, label } = this.experiment.data;
    const metadata = {
      task: this.task,
      experiment,
      created: new Date().toISOString(),
      tokenizer: data.tokenizer,
      vocabulary: [...data.vocabulary.tokens],
      labels: [...data.classes],
      maximumLength,
      columns: { text, label },
      model: model.spec,
      classWeights: classWeights === null ? null : [...classWeights],
      ...scores,
    };
    return exportModel(metadata, parameters, await this.evaluatorOnce(), data, data.parts.validation.examples, signal);
  }

  async dispose(): Promise<void> {
    this.data.dispose();
    await (await this.evaluator)?.dispose();
  }

  private evaluatorOnce(): Promise<Evaluator> {
    const { spec, options } = this.model;
    this.evaluator ??= Evaluator.create(spec, this.data.classes, options.classWeights, this.threads);
    return this.evaluator;
  }

  private totalWeight(parts: readonly Batch[]): number {
    const { classWeights } = this.model.options;
    return parts.reduce(
      (sum, { labels }) => labels.reduce((part, label) => part + (classWeights?.[label] ?? 1), sum),
      0,
    );
  }
}

/** The examples for each replica: dealt out like cards, so that lengths spread evenly. */
export function deal(examples: Int32Array, replicas: number): Int32Array[] {
  const count = Math.min(replicas, examples.length);
  return Array.from({ length: count }, (_, at) => examples.filter((_example, place) => place % count === at));
}

/** A part of a batch as the graph's inputs; `normaliser` is the total weight of the whole batch. */
export function toShard({ time, size, ids, lengths, labels, tokens }: Batch, normaliser: number): Shard {
  const isPadded = lengths.some((length) => length !== time);
  return {
    variant: isPadded ? 'padded' : 'full',
    feeds: {
      ids: tensor('int32', [time, size], ids),
      labels: tensor('int32', [size], labels),
      normaliser: tensor('float32', [], Float32Array.of(normaliser)),
      ...(isPadded ? paddingTensors(time, size, lengths) : {}),
    },
    sizes: { time, batch: size },
    tokens,
  };
}

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

function modelSetup(experiment: ClassificationExperiment, data: Dataset): TextClassifierSetup {
  const { features, model, training } = experiment;
  const { trainable, updates } = features.embedding;
  return {
    architecture: 'textClassifier',
    spec: classifierSpec(experiment, data),
    options: {
      classWeights: classWeights(experiment, data),
      labelSmoothing: training.labelSmoothing,
      dropout: model.dropout,
      trainEmbedding: trainable,
      sparseEmbedding: updates === 'sparse',
    },
  };
}

/** The weight of each class in the loss, in the order of the classes; null for 1 each. */
export function classWeights(
  { training }: Pick<ClassificationExperiment, 'training'>,
  data: Pick<Dataset, 'classes' | 'classCounts'>,
): number[] | null {
  const { classWeights: setting } = training;
  if (setting === 'none') return null;
  if (setting === 'balanced') return Array.from(balancedWeights(data.classCounts('train').map(({ count }) => count)));
  const unknown = Object.keys(setting).find((label) => !data.classes.includes(label));
  if (unknown !== undefined) {
    throw new UserError(
      sentence`training.classWeights names the class ${JSON.stringify(unknown)}, which the data does not have; its classes are ${listed(data.classes)}.`,
    );
  }
  return data.classes.map((label) => (Object.hasOwn(setting, label) ? setting[label]! : 1));
}
