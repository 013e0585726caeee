/** Forecasting of number series by a recurrent network, as a task of training. */
import { planBatches } from '../data/batches';
import { weeksOf } from '../data/series/times';
import { filledIn } from '../data/series/missingValues';
import { readValueSeries } from '../data/series/valueSeries';
import { type WindowBatch, WindowDataset } from '../data/series/windowDataset';
import type { ForecastingExperiment } from '../experiment/forecastingSchema';
import { openDataFile } from '../files/dataSource';
import { anomalyScores, chooseThreshold } from '../inference/anomalyLikelihood';
import type { Forecaster } from '../inference/forecaster';
import type { ForecasterMetadata } from '../inference/forecasterMetadata';
import { ForecastScorer } from '../inference/forecastMetrics';
import { loadModel, ofTask } from '../inference/loadModel';
import { encodeMetadata } from '../inference/metadataFormat';
import type { ForecasterSetup } from '../models/architectures';
import { buildExport, buildForward } from '../models/forecaster';
import type { RegressionLoss } from '../nn/regressionLosses';
import type { DataSummary, ForecastMetrics, TrainingEvent } from '../protocol';
import { Session, tensor, type Tensor } from '../runtime/session';
import { told } from '../sentence';
import { compareWithGate } from './gate';
import { paddingTensors } from './paddingTensors';
import { worthwhileReplicas } from './replicaCount';
import type { NamedTensors, Shard } from './shard';
import { spread } from './spread';
import type { EpochPlan, ExportedScores, TrainingTask, Watch } from './task';
import { deal } from './textClassification';

/** Rows of all windows of an evaluation batch together. */
const rowBudget = 32_768;
/** Windows that the gate compares in one batch. */
const gateWindows = 32;

export class Forecasting implements TrainingTask<ForecastMetrics> {
  readonly task = 'forecasting' as const;
  private readonly lengths: Int32Array;
  private forward: Promise<Session> | null = null;

  private constructor(
    private readonly experiment: ForecastingExperiment,
    private readonly data: WindowDataset,
    readonly model: ForecasterSetup,
    private readonly threads: number,
  ) {
    this.lengths = data.lengths;
  }

  /**
   * Reads the data of an experiment; paths are relative to `folder`.
   * @throws UserError where the data cannot be understood or is too little
   */
  static async open(
    experiment: ForecastingExperiment,
    folder: string,
    threads: number,
    emit: (event: TrainingEvent) => void,
    signal: AbortSignal,
  ): Promise<Forecasting> {
    const { data: options, features } = experiment;
    const paths = [options.train].flat();
    const series = [];
    for (const path of paths) {
      signal.throwIfAborted();
      const file = await openDataFile(path, folder);
      series.push(await readValueSeries(file, columnsOf(experiment), options.missing));
    }
    const filled = series.reduce((sum, one) => sum + one.filled, 0);
    if (filled > 0) {
      emit({ type: 'warning', ...told(filledIn(filled)) });
    }
    const channels = columnsOf(experiment).values.length;
    const data = WindowDataset.create(series, channels, {
      ...features,
      validation: options.validation,
      test: options.test,
    });
    return new Forecasting(experiment, data, modelSetup(experiment, channels), threads);
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
    const { series, parts, scaling } = this.data;
    for (const text of [JSON.stringify(this.model.spec), JSON.stringify(scaling)]) yield `${text}\n`;
    for (const part of Object.values(parts)) yield new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    for (const { values } of series) yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }

  plan(epoch: number): EpochPlan {
    const { data, experiment } = this;
    const { batchSize, tokens, seed } = experiment.training;
    const size = batchSize === undefined ? { tokenBudget: tokens } : { batchSize };
    const batches = planBatches(this.lengths, data.parts.train, size, { seed, epoch });
    const { channels, horizon } = this.model.spec;
    return {
      steps: batches.length,
      shards: (at, replicas) => {
        const batch = batches[at]!;
        const normaliser = batch.length * channels * horizon;
        return deal(batch, replicas).map((windows) => this.toShard(data.batch(windows), normaliser));
      },
    };
  }

  async evaluate(
    part: 'validation' | 'test',
    parameters: NamedTensors,
    { signal, onProgress }: Watch,
  ): Promise<ForecastMetrics> {
    const scorer = new ForecastScorer(this.model.options.loss);
    const windows = this.data.parts[part];
    await this.forEachBatch(
      windows,
      parameters,
      (forecasts, { targets }) => {
        scorer.add(forecasts, targets);
      },
      { signal, ...(onProgress === undefined ? {} : { onProgress }) },
    );
    return scorer.metrics();
  }

  async export(
    experiment: string,
    parameters: NamedTensors,
    scores: ExportedScores<ForecastMetrics>,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const { data, model } = this;
    const { data: options, features, anomalies } = this.experiment;
    const metadata: Omit<ForecasterMetadata, 'version'> = {
      task: this.task,
      experiment,
      created: new Date().toISOString(),
      columns: columnsOf(this.experiment),
      reading: { missing: options.missing, context: features.context },
      scaling: { mean: [...data.scaling.mean], deviation: [...data.scaling.deviation] },
      model: model.spec,
      loss: model.options.loss,
      errors: await this.validationErrors(parameters, signal),
      anomalies: { short: anomalies.short, long: anomalies.long, threshold: 0 },
      ...scores,
    };
    const arrays = new Map(Object.entries(parameters).map(([name, { data: array }]) => [name, array]));
    const build = (threshold: number): Uint8Array =>
      buildExport(
        model.spec,
        data.scaling,
        arrays,
        encodeMetadata({ ...metadata, anomalies: { ...metadata.anomalies, threshold } }),
      );
    const exported = ofTask(await loadModel(build(0), 'model.onnx', this.threads), 'forecasting', 'model.onnx');
    try {
      await this.checkExport(exported, parameters);
      return build(await this.threshold(exported, signal));
    } finally {
      await exported.dispose();
    }
  }

  async dispose(): Promise<void> {
    await (await this.forward)?.dispose();
  }

  /** The threshold of anomalies by what the rows before the test part would have given. */
  private async threshold(exported: Forecaster, signal?: AbortSignal): Promise<number> {
    const { alarmsPerWeek, minimumScore, ...windows } = this.experiment.anomalies;
    const scores: Float64Array[] = [];
    let weeks = 0;
    for (const [at, series] of this.data.series.entries()) {
      const { errors } = await exported.errors(series, undefined, signal);
      const before = this.data.testStarts[at]!;
      scores.push(anomalyScores(errors, windows).subarray(0, before));
      weeks += weeksOf(series.times?.slice(0, before) ?? null, before);
    }
    return chooseThreshold(scores, Math.floor(weeks * alarmsPerWeek), windows.short, minimumScore);
  }

  /** Root mean square of the standardised errors on the validation part, `[horizon][channels]`. */
  private async validationErrors(parameters: NamedTensors, signal?: AbortSignal): Promise<number[][]> {
    const { channels, horizon } = this.model.spec;
    const squares = new Float64Array(horizon * channels);
    const { validation } = this.data.parts;
    const add = (forecasts: Float32Array, { targets, size }: WindowBatch): void => {
      targets.forEach((target, at) => (squares[Math.floor(at / size)]! += (target - forecasts[at]!) ** 2));
    };
    await this.forEachBatch(validation, parameters, add, { signal });
    return Array.from({ length: horizon }, (_, step) =>
      Array.from(squares.subarray(step * channels, (step + 1) * channels), (sum) => Math.sqrt(sum / validation.length)),
    );
  }

  /** Compares a batch of windows of different lengths, single windows and a window of length 1. */
  private async checkExport(exported: Forecaster, parameters: NamedTensors): Promise<void> {
    const { channels, horizon } = this.model.spec;
    const { context } = this.experiment.features;
    const { scaling } = this.data;
    const chosen = spread(this.data.parts.validation, gateWindows);
    const { window, size } = this.data.batch(chosen);
    const windows = Array.from({ length: size }, (_, column) => ({
      length: Math.max(1, context - (column % 3)),
      standard: Float32Array.from({ length: context * channels }, (_, at) => window[at * size + column]!),
    }));
    const shortest = { ...windows[0]!, length: 1 };
    for (const group of [windows, ...windows.slice(0, 4).map((one) => [one]), [shortest]]) {
      const time = Math.max(...group.map(({ length }) => length));
      const input = new Float32Array(time * channels * group.length);
      for (const [column, { length, standard }] of group.entries()) {
        for (let at = 0; at < length * channels; at++) input[at * group.length + column] = standard[at]!;
      }
      const lengths = Int32Array.from(group, ({ length }) => length);
      const expected = await this.forecasts(input, time, lengths, parameters);
      const raw = group.map(({ length, standard }) => ({
        length,
        values: standard
          .subarray(0, length * channels)
          .map((value, at) => value * scaling.deviation[at % channels]! + scaling.mean[at % channels]!),
      }));
      const found = await exported.forecasts(raw);
      const standardFound = new Float32Array(expected.length);
      found.forEach((row, column) => {
        row.forEach((value, at) => {
          const channel = at % channels;
          standardFound[at * group.length + column] = (value - scaling.mean[channel]!) / scaling.deviation[channel]!;
        });
      });
      compareWithGate(expected, standardFound, `a forecast of ${horizon} rows, on windows of up to ${time} rows`);
    }
  }

  private async forEachBatch(
    windows: Int32Array,
    parameters: NamedTensors,
    take: (forecasts: Float32Array, batch: WindowBatch) => void,
    { signal, onProgress }: Watch = {},
  ): Promise<void> {
    const { context } = this.experiment.features;
    const count = Math.max(1, Math.floor(rowBudget / context));
    for (let start = 0; start < windows.length; start += count) {
      signal?.throwIfAborted();
      const batch = this.data.batch(windows.subarray(start, start + count));
      const lengths = new Int32Array(batch.size).fill(context);
      take(await this.forecasts(batch.window, context, lengths, parameters), batch);
      onProgress?.(Math.min(1, (start + count) / windows.length));
    }
  }

  /** Standardised forecasts `[horizon, channels, batch]` by the equations of training. */
  private async forecasts(
    window: Float32Array,
    time: number,
    lengths: Int32Array,
    parameters: NamedTensors,
  ): Promise<Float32Array> {
    const { spec } = this.model;
    this.forward ??= Session.create(buildForward(spec), { threads: this.threads });
    const session = await this.forward;
    const feeds: Record<string, Tensor> = {
      ...parameters,
      window: tensor('float32', [time, spec.channels, lengths.length], window),
      ...paddingTensors(time, lengths.length, lengths),
    };
    const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
    return ((await session.run(used))['forecasts'] as Tensor<'float32'>).data;
  }

  private toShard({ size, window, targets }: WindowBatch, normaliser: number): Shard {
    const { channels, horizon } = this.model.spec;
    const { context } = this.experiment.features;
    return {
      variant: 'full',
      feeds: {
        window: tensor('float32', [context, channels, size], window),
        targets: tensor('float32', [horizon, channels, size], targets),
        normaliser: tensor('float32', [], Float32Array.of(normaliser)),
      },
      sizes: { time: context, batch: size },
      tokens: size * context,
    };
  }
}

function columnsOf({ data }: ForecastingExperiment): ForecasterMetadata['columns'] {
  return { time: data.time ?? null, values: [data.values].flat() };
}

function modelSetup({ model, features, training }: ForecastingExperiment, channels: number): ForecasterSetup {
  const { cell, activation, hidden, layers, bidirectional, dropout } = model;
  const loss: RegressionLoss =
    training.loss === 'mse' ? { type: 'mse' } : { type: 'huber', delta: training.huberDelta };
  return {
    architecture: 'forecaster',
    spec: {
      channels,
      horizon: features.horizon,
      cell: cell === 'rnn' && activation === 'relu' ? 'rnn-relu' : cell,
      hidden,
      layers,
      bidirectional,
    },
    options: { loss, dropout },
  };
}
