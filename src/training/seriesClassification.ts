/** Classification of number series by a recurrent network, as a task of training. */
import { planBatches, planEvaluationBatches } from '../data/batches';
import { readLabelledSeries, type TableLayout } from '../data/series/readSeries';
import { assembleSeries, type SeriesBatch, SeriesDataset } from '../data/series/seriesDataset';
import type { LabelledSeries, SeriesTable } from '../data/series/labelledSeries';
import type { SeriesClassificationExperiment } from '../experiment/seriesClassificationSchema';
import { openSeriesSource } from '../files/seriesSource';
import { ClassificationScorer } from '../inference/classificationMetrics';
import { loadModel } from '../inference/loadModel';
import { encodeMetadata } from '../inference/metadataFormat';
import { SeriesClassifier } from '../inference/seriesClassifier';
import type { SeriesClassifierSetup } from '../models/architectures';
import { buildExport, buildForward } from '../models/seriesClassifier';
import type { ClassificationMetrics, DataSummary, TrainingEvent } from '../protocol';
import { Session, tensor, type Tensor } from '../runtime/session';
import { told } from '../sentence';
import { compareWithGate } from './gate';
import { paddingTensors } from './paddingTensors';
import { worthwhileReplicas } from './replicaCount';
import type { NamedTensors, Shard } from './shard';
import { spread } from './spread';
import type { EpochPlan, ExportedScores, TrainingTask, Watch } from './task';
import { classWeights, deal } from './textClassification';

/** Padded steps of an evaluation batch. */
const stepBudget = 16_384;
/** Series that the gate compares in one padded batch. */
const gateExamples = 32;

export class SeriesClassification implements TrainingTask<ClassificationMetrics> {
  readonly task = 'classification' as const;
  private forward: Promise<Session> | null = null;

  private constructor(
    private readonly experiment: SeriesClassificationExperiment,
    private readonly data: SeriesDataset,
    readonly model: SeriesClassifierSetup,
    private readonly threads: number,
  ) {}

  /**
   * Reads the data of an experiment; paths are relative to `folder`.
   * @throws UserError where the data cannot be understood or is too little
   */
  static async open(
    experiment: SeriesClassificationExperiment,
    folder: string,
    threads: number,
    emit: (event: TrainingEvent) => void,
    signal: AbortSignal,
  ): Promise<SeriesClassification> {
    const data = await loadSeriesData(experiment, folder, signal);
    for (const warning of data.warnings) emit({ type: 'warning', ...told(warning) });
    return new SeriesClassification(experiment, data, modelSetup(experiment, data), threads);
  }

  get hasTest(): boolean {
    return this.data.parts.test.length > 0;
  }

  replicas(available: number): number {
    return worthwhileReplicas(available, this.experiment.training.batchSize);
  }

  summary(): DataSummary {
    return this.data.summary();
  }

  *fingerprint(): Iterable<string | Uint8Array> {
    const { classes, parts, series, scaling } = this.data;
    for (const text of [JSON.stringify(this.model.spec), JSON.stringify(scaling), ...classes]) yield `${text}\n`;
    for (const part of Object.values(parts)) yield new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    for (const { values } of series) yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }

  plan(epoch: number): EpochPlan {
    const { data, experiment } = this;
    const { batchSize, tokens, seed } = experiment.training;
    const size = batchSize === undefined ? { tokenBudget: tokens } : { batchSize };
    const batches = planBatches(data.lengths, data.parts.train, size, { seed, epoch });
    return {
      steps: batches.length,
      shards: (at, replicas) => {
        const parts = deal(batches[at]!, replicas).map((examples) => data.batch(examples));
        const normaliser = this.totalWeight(parts);
        return parts.map((part) => this.toShard(part, normaliser));
      },
    };
  }

  async evaluate(
    part: 'validation' | 'test',
    parameters: NamedTensors,
    { signal, onProgress }: Watch,
  ): Promise<ClassificationMetrics> {
    const { data } = this;
    const examples = data.parts[part];
    const scorer = new ClassificationScorer(data.classes, this.model.options.classWeights);
    let done = 0;
    for (const chosen of planEvaluationBatches(data.lengths, examples, { tokenBudget: stepBudget })) {
      signal?.throwIfAborted();
      const batch = data.batch(chosen);
      scorer.add(await this.logProbabilities(batch, parameters), batch.labels);
      done += chosen.length;
      onProgress?.(done / examples.length);
    }
    return scorer.metrics();
  }

  async export(
    experiment: string,
    parameters: NamedTensors,
    scores: ExportedScores<ClassificationMetrics>,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const { data, model } = this;
    const { classWeights } = model.options;
    const { maximumLength, missing } = this.experiment.data;
    const metadata = encodeMetadata({
      task: this.task,
      features: { type: 'numbers' },
      experiment,
      created: new Date().toISOString(),
      channels: [...data.channels],
      labels: [...data.classes],
      scaling: data.scaling,
      reading: { maximumLength, missing, table: tableLayout(this.experiment.data) },
      model: model.spec,
      classWeights: classWeights === null ? null : [...classWeights],
      ...scores,
    });
    const arrays = new Map(Object.entries(parameters).map(([name, { data: array }]) => [name, array]));
    const bytes = buildExport(model.spec, data.scaling, arrays, metadata);
    await this.checkExport(bytes, parameters, signal);
    return bytes;
  }

  async dispose(): Promise<void> {
    await (await this.forward)?.dispose();
  }

  /** Compares a padded batch, single series and a series of length 1. */
  private async checkExport(bytes: Uint8Array, parameters: NamedTensors, signal?: AbortSignal): Promise<void> {
    const { data, model } = this;
    const exported = await loadModel(bytes, 'model.onnx', 1);
    if (!(exported instanceof SeriesClassifier)) throw new Error('The exported model is no classifier of series.');
    try {
      const chosen = Array.from(spread(data.parts.validation, gateExamples), (example) => data.series[example]!);
      const shortest = { ...chosen[0]!, values: chosen[0]!.values.slice(0, model.spec.channels), length: 1 };
      for (const group of [chosen, ...chosen.slice(0, 4).map((one) => [one]), [shortest]] as LabelledSeries[][]) {
        signal?.throwIfAborted();
        const batch = assembleSeries(group, model.spec.channels, data.scaling);
        const expected = (await this.logProbabilities(batch, parameters)).map(Math.exp);
        const found = await exported.probabilities(group);
        compareWithGate(
          expected,
          Float32Array.from(found.flatMap((row) => [...row])),
          `a probability, on series of up to ${batch.time} steps`,
        );
      }
    } finally {
      await exported.dispose();
    }
  }

  /** Log-probabilities `[batch, classes]` of a batch, by the equations of training. */
  private async logProbabilities(
    { time, size, series, lengths }: Omit<SeriesBatch, 'labels'>,
    parameters: NamedTensors,
  ): Promise<Float32Array> {
    const { spec } = this.model;
    this.forward ??= Session.create(buildForward(spec), { threads: this.threads });
    const feeds: Record<string, Tensor> = {
      ...parameters,
      series: tensor('float32', [time, spec.channels, size], series),
      ...paddingTensors(time, size, lengths),
    };
    const session = await this.forward;
    const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
    return ((await session.run(used))['logProbabilities'] as Tensor<'float32'>).data;
  }

  private toShard({ time, size, series, lengths, labels, steps }: SeriesBatch, normaliser: number): Shard {
    const isPadded = lengths.some((length) => length !== time);
    return {
      variant: isPadded ? 'padded' : 'full',
      feeds: {
        series: tensor('float32', [time, this.model.spec.channels, size], series),
        labels: tensor('int32', [size], labels),
        normaliser: tensor('float32', [], Float32Array.of(normaliser)),
        ...(isPadded ? paddingTensors(time, size, lengths) : {}),
      },
      sizes: { time, batch: size },
      tokens: steps,
    };
  }

  private totalWeight(parts: readonly SeriesBatch[]): number {
    const { classWeights } = this.model.options;
    return parts.reduce(
      (sum, { labels }) => labels.reduce((part, label) => part + (classWeights?.[label] ?? 1), sum),
      0,
    );
  }
}

/**
 * The series of an experiment, divided as its runs divide them; paths are relative to `folder`.
 * @throws UserError where the data cannot be understood or is too little
 */
export async function loadSeriesData(
  { data: options, features, training }: SeriesClassificationExperiment,
  folder: string,
  signal: AbortSignal,
): Promise<SeriesDataset> {
  const read = async (path: string): Promise<SeriesTable> => {
    signal.throwIfAborted();
    return readLabelledSeries(await openSeriesSource(path, folder), tableLayout(options));
  };
  return SeriesDataset.create({
    train: await read(options.train),
    validation: typeof options.validation === 'number' ? options.validation : await read(options.validation),
    test: typeof options.test === 'number' ? options.test : await read(options.test),
    missing: options.missing,
    maximumLength: options.maximumLength,
    standardize: features.standardize,
    seed: training.seed,
    name: options.train,
  });
}

/** How tables of an experiment's series are laid out. */
function tableLayout({ layout, label, series, time, channels }: SeriesClassificationExperiment['data']): TableLayout {
  if (layout === 'wide') return { layout, label };
  return {
    layout,
    label,
    series,
    ...(time === undefined ? {} : { time }),
    ...(channels === undefined ? {} : { channels }),
  };
}

function modelSetup({ model, training }: SeriesClassificationExperiment, data: SeriesDataset): SeriesClassifierSetup {
  const { cell, activation, hidden, layers, bidirectional, summary, dropout } = model;
  return {
    architecture: 'seriesClassifier',
    spec: {
      channels: data.channels.length,
      cell: cell === 'rnn' && activation === 'relu' ? 'rnn-relu' : cell,
      hidden,
      layers,
      bidirectional,
      summary,
      classes: data.classes.length,
    },
    options: {
      classWeights: classWeights({ training }, data),
      labelSmoothing: training.labelSmoothing,
      dropout,
    },
  };
}
