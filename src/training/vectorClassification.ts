/** Classification of texts as TF-IDF vectors by a feed-forward network, as a task of training. */
import { type BatchSize, planBatches } from '../data/batches';
import { padRows, type SparseRows, type TfIdfOptions, type TfIdfReader } from '../data/tfIdf';
import type { VectorClassificationExperiment } from '../experiment/vectorClassificationSchema';
import { ClassificationScorer } from '../inference/classificationMetrics';
import type { VectorClassifierMetadata } from '../inference/vectorClassifierMetadata';
import type { VectorClassifierSetup } from '../models/architectures';
import type { ClassificationMetrics, DataSummary, TrainingEvent } from '../protocol';
import { tensor } from '../runtime/session';
import { exportVectorModel } from './exportVectorModel';
import type { NamedTensors, Shard } from './shard';
import type { EpochPlan, ExportedScores, TrainingTask, Watch } from './task';
import { classWeights } from './textClassification';
import { loadVectorData, type VectorData } from './vectorData';
import { VectorEvaluator } from './vectorEvaluator';

/** Texts of an evaluation batch. */
const evaluationBatch = 256;

export class VectorClassification implements TrainingTask<ClassificationMetrics> {
  readonly task = 'classification' as const;
  readonly model: VectorClassifierSetup;
  private readonly reader: TfIdfReader;
  private evaluator: Promise<VectorEvaluator> | null = null;

  private constructor(
    private readonly experiment: VectorClassificationExperiment,
    private readonly source: VectorData,
    private readonly threads: number,
  ) {
    const { data, tfIdf } = source;
    const { model, training } = experiment;
    this.reader = tfIdf.over(data.vocabulary);
    this.model = {
      architecture: 'vectorClassifier',
      spec: { features: tfIdf.size, hidden: model.hidden, classes: data.classes.length },
      options: {
        classWeights: classWeights(experiment, data),
        labelSmoothing: training.labelSmoothing,
        dropout: model.dropout,
      },
    };
  }

  /**
   * Reads the data of an experiment; paths are relative to `folder`.
   * @throws UserError where the data cannot be understood or is too little
   */
  static async open(
    experiment: VectorClassificationExperiment,
    folder: string,
    threads: number,
    emit: (event: TrainingEvent) => void,
    signal: AbortSignal,
  ): Promise<VectorClassification> {
    const source = await loadVectorData(experiment, folder, emit, signal);
    try {
      return new VectorClassification(experiment, source, threads);
    } catch (error) {
      source.data.dispose();
      throw error;
    }
  }

  get hasTest(): boolean {
    return this.source.data.parts.test.examples.length > 0;
  }

  /** One: a step is over before a second thread would have its part. */
  replicas(): number {
    return 1;
  }

  summary(): DataSummary {
    const { data, tfIdf, coverage } = this.source;
    return { ...data.summary(), vocabulary: tfIdf.size, coverage };
  }

  *fingerprint(): Iterable<string | Uint8Array> {
    const { data, tfIdf } = this.source;
    for (const text of [JSON.stringify([this.model.spec, tfIdf.options]), ...data.classes]) yield `${text}\n`;
    for (const spelling of tfIdf.spellings()) yield `${spelling}\n`;
    for (const { examples } of Object.values(data.parts))
      yield new Uint8Array(examples.buffer, examples.byteOffset, examples.byteLength);
  }

  plan(epoch: number): EpochPlan {
    const { data } = this.source;
    const { batchSize, tokens, seed } = this.experiment.training;
    const size: BatchSize = batchSize === undefined ? { tokenBudget: tokens } : { batchSize };
    // Vectors need no padding: batches of a fixed size are not sorted by length.
    const lengths = batchSize === undefined ? data.lengths : new Int32Array(data.lengths.length);
    const batches = planBatches(lengths, data.parts.train.examples, size, { seed, epoch });
    return {
      steps: batches.length,
      shards: (at, replicas) => {
        const batch = batches[at]!;
        const weight = this.totalWeight(batch);
        return cut(batch, replicas).map((examples) => this.shard(examples, weight));
      },
    };
  }

  async evaluate(
    part: 'validation' | 'test',
    parameters: NamedTensors,
    { signal, onProgress }: Watch,
  ): Promise<ClassificationMetrics> {
    const { data } = this.source;
    const { examples } = data.parts[part];
    const evaluator = await this.evaluatorOnce();
    const scorer = new ClassificationScorer(data.classes, this.model.options.classWeights);
    for (let start = 0; start < examples.length; start += evaluationBatch) {
      signal?.throwIfAborted();
      const batch = examples.subarray(start, start + evaluationBatch);
      const labels = batch.map((example) => data.labels[example]!);
      scorer.add(await evaluator.logProbabilities(this.vectors(batch), parameters), labels);
      onProgress?.((start + batch.length) / examples.length);
    }
    return scorer.metrics();
  }

  async export(
    experiment: string,
    parameters: NamedTensors,
    scores: ExportedScores<ClassificationMetrics>,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const { data, tfIdf } = this.source;
    const { classWeights: weights } = this.model.options;
    const { maximumLength, text, label } = this.experiment.data;
    const metadata = {
      task: this.task,
      experiment,
      created: new Date().toISOString(),
      features: writableOptions(tfIdf.options),
      tokenizer: { type: 'words' as const, lowercase: data.tokenizer.lowercase },
      vocabulary: [...tfIdf.words.tokens],
      characters: [...tfIdf.characters.tokens],
      labels: [...data.classes],
      maximumLength,
      columns: { text, label },
      model: { ...this.model.spec, hidden: [...this.model.spec.hidden] },
      classWeights: weights === null ? null : [...weights],
      ...scores,
    };
    const evaluator = await this.evaluatorOnce();
    return exportVectorModel(metadata, tfIdf, parameters, evaluator, data, data.parts.validation.examples, signal);
  }

  async dispose(): Promise<void> {
    this.source.data.dispose();
    await (await this.evaluator)?.dispose();
  }

  private evaluatorOnce(): Promise<VectorEvaluator> {
    this.evaluator ??= VectorEvaluator.create(this.model.spec, this.threads);
    return this.evaluator;
  }

  private vectors(examples: Int32Array): SparseRows {
    return this.reader.rows(Array.from(examples, (example) => this.source.data.tokens(example)));
  }

  /** A part of a batch as the graph's inputs; `normaliser` is the total weight of the whole batch. */
  private shard(examples: Int32Array, normaliser: number): Shard {
    const { data } = this.source;
    const size = examples.length;
    const { width, ids, values } = padRows(this.vectors(examples));
    return {
      variant: 'full',
      feeds: {
        places: tensor('int32', [size, width], ids),
        values: tensor('float32', [size, width], values),
        labels: tensor(
          'int32',
          [size],
          examples.map((example) => data.labels[example]!),
        ),
        normaliser: tensor('float32', [], Float32Array.of(normaliser)),
      },
      sizes: { batch: size },
      tokens: examples.reduce((sum, example) => sum + data.lengths[example]!, 0),
    };
  }

  private totalWeight(examples: Int32Array): number {
    const { classWeights: weights } = this.model.options;
    return examples.reduce((sum, example) => sum + (weights?.[this.source.data.labels[example]!] ?? 1), 0);
  }
}

function writableOptions({ words, characters, sublinear }: TfIdfOptions): VectorClassifierMetadata['features'] {
  return { type: 'tfidf', words: [...words], characters: characters === false ? false : [...characters], sublinear };
}

/** The examples in at most so many parts of about equal size. */
function cut(examples: Int32Array, parts: number): Int32Array[] {
  const size = Math.ceil(examples.length / Math.min(parts, examples.length));
  return Array.from({ length: Math.ceil(examples.length / size) }, (_, at) =>
    examples.slice(at * size, (at + 1) * size),
  );
}
