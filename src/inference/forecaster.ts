/** A forecaster from the bytes of a model file alone: a series as measured in, forecasts and the scores of anomalies out. */
import { standardize } from '../data/series/standardizer';
import { readValueSeries, type ValueSeries } from '../data/series/valueSeries';
import type { DataFile } from '../data/source';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { exportedNames, readExportedParameters } from '../models/forecaster';
import type { ForecastMetrics, ForecastResult, ForecastStep } from '../protocol';
import type { Session } from '../runtime/session';
import { tensor, type Tensor } from '../runtime/session';
import { anomalyScores, findAlarms } from './anomalyLikelihood';
import { ForecastScorer } from './forecastMetrics';
import type { ForecasterMetadata } from './forecasterMetadata';
import { type ModelFile, openSession } from './modelFile';

/** Rows of all windows of a batch together. */
const rowBudget = 65_536;
/** Standard deviations on either side of a forecast between which 95 % of the values are expected. */
const bandWidth = 1.96;

/** A window as measured. */
interface Window {
  /** `[length, channels]` */
  readonly values: Float32Array;
  readonly length: number;
}

/** Standardised errors of forecasts. */
export interface ForecastErrors {
  /** By row, the mean square of the errors of all forecasts for it, over channels and distances; NaN where there is none. */
  readonly errors: Float64Array;
  /** Forecasts of the next row for each row, `[rows, channels]` in the data's units; NaN where there is none. */
  readonly forecasts: Float32Array;
  /** Forecasts after the last row, `[horizon, channels]`. */
  readonly next: Float32Array;
}

export class Forecaster {
  readonly task = 'forecasting';

  private constructor(
    readonly metadata: ForecasterMetadata,
    private readonly session: Session,
  ) {}

  /** @throws UserError naming `file` where the weights do not fit the description */
  static async create(file: ModelFile, metadata: ForecasterMetadata): Promise<Forecaster> {
    return new Forecaster(metadata, await openSession(file, (find) => readExportedParameters(metadata.model, find)));
  }

  /** Reads a series with the model's columns; UserError where it has others or is too short. */
  async read(file: Pick<DataFile, 'name' | 'open'>): Promise<ValueSeries> {
    const { columns, reading } = this.metadata;
    const { missing, context } = reading;
    const series = await readValueSeries(file, columns, missing);
    if (series.rows < context) {
      throw new UserError(sentence`The series has ${series.rows} rows, the model needs ${context} at least.`, {
        file: file.name,
      });
    }
    return series;
  }

  /**
   * Forecasts, bands and anomalies of every row, and the rows after the last one.
   * @throws the signal's reason when it aborts
   */
  async forecast(
    series: ValueSeries,
    onProgress?: (fraction: number) => void,
    signal?: AbortSignal,
  ): Promise<ForecastResult> {
    const { columns, anomalies, model } = this.metadata;
    const { channels, horizon } = model;
    const { errors, forecasts, next } = await this.errors(series, onProgress, signal);
    const scores = anomalyScores(errors, anomalies);
    const { threshold, short } = anomalies;
    const alarms = findAlarms(scores, threshold, short).map((alarm) => ({
      ...alarm,
      cause: rowOfLargest(errors, Math.max(0, alarm.first - short + 1), alarm.last),
    }));
    const rows = Array.from({ length: series.rows }, (_, row) => {
      const forecast = [...forecasts.subarray(row * channels, (row + 1) * channels)];
      const score = scores[row]!;
      return {
        line: series.lines[row]!,
        time: series.times?.[row] ?? null,
        values: [...series.values.subarray(row * channels, (row + 1) * channels)],
        forecast: forecast.some(Number.isNaN) ? null : this.step(forecast, 0),
        score: Number.isNaN(score) ? null : score,
        anomaly: score >= threshold,
      };
    });
    return {
      columns: columns.values,
      time: columns.time,
      threshold,
      rows,
      next: Array.from({ length: horizon }, (_, at) =>
        this.step([...next.subarray(at * channels, (at + 1) * channels)], at),
      ),
      alarms,
    };
  }

  /** The errors of the forecasts from all windows of a series. */
  async errors(
    series: ValueSeries,
    onProgress?: (fraction: number) => void,
    signal?: AbortSignal,
  ): Promise<ForecastErrors> {
    const { scaling } = this.metadata;
    const { context } = this.metadata.reading;
    const { channels, horizon } = this.metadata.model;
    const { rows, values } = series;
    const [sums, counts] = [new Float64Array(rows), new Float64Array(rows)];
    const forecasts = new Float32Array(rows * channels).fill(NaN);
    let next: Float32Array = new Float32Array(horizon * channels);
    for await (const { origin, forecast } of this.forecastAll(series, onProgress, signal)) {
      if (origin === rows) next = forecast;
      else forecasts.set(forecast.subarray(0, channels), origin * channels);
      for (let at = 0; at < forecast.length; at++) {
        const row = origin + Math.floor(at / channels);
        if (row >= rows) break;
        const channel = at % channels;
        const error =
          standardize(scaling, values[row * channels + channel]!, channel) -
          standardize(scaling, forecast[at]!, channel);
        sums[row]! += error * error;
        counts[row]! += 1;
      }
    }
    const errors = sums.map((sum, row) => (row < context || counts[row] === 0 ? NaN : sum / counts[row]!));
    return { errors, forecasts, next };
  }

  /** Scores over all windows of a series whose targets are known. */
  async evaluate(
    series: ValueSeries,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<{ windows: number; metrics: ForecastMetrics }> {
    const { scaling, loss } = this.metadata;
    const { context } = this.metadata.reading;
    const { channels, horizon } = this.metadata.model;
    if (series.rows < context + horizon) {
      throw new UserError(
        sentence`The series has ${series.rows} rows, the model needs ${context + horizon} at least.`,
        {
          file: series.name,
        },
      );
    }
    const scorer = new ForecastScorer(loss);
    let windows = 0;
    for await (const { origin, forecast } of this.forecastAll(series, onProgress, signal)) {
      if (origin + horizon > series.rows) continue;
      windows++;
      const standard = (numbers: Float32Array) =>
        numbers.map((value, at) => standardize(scaling, value, at % channels));
      const truth = series.values.subarray(origin * channels, (origin + horizon) * channels);
      scorer.add(standard(forecast), standard(truth));
    }
    return { windows, metrics: scorer.metrics() };
  }

  /** Forecasts `[windows][horizon * channels]` in the data's units; every window has at least one row. */
  async forecasts(windows: readonly Window[]): Promise<Float32Array[]> {
    const { channels, horizon } = this.metadata.model;
    const time = Math.max(...windows.map(({ length }) => length));
    const input = new Float32Array(windows.length * time * channels);
    windows.forEach(({ values }, row) => {
      input.set(values, row * time * channels);
    });
    const lengths = Int32Array.from(windows, ({ length }) => length);
    const results = await this.session.run({
      [exportedNames.window]: tensor('float32', [windows.length, time, channels], input),
      [exportedNames.lengths]: tensor('int32', [windows.length], lengths),
    });
    const { data } = results[exportedNames.forecasts] as Tensor<'float32'>;
    const size = horizon * channels;
    return windows.map((_, row) => data.slice(row * size, (row + 1) * size));
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }

  /** The forecast from before each row for which there is a whole context, and from the end. */
  private async *forecastAll(
    { values, rows }: ValueSeries,
    onProgress?: (fraction: number) => void,
    signal?: AbortSignal,
  ): AsyncGenerator<{ origin: number; forecast: Float32Array }> {
    const { context } = this.metadata.reading;
    const { channels } = this.metadata.model;
    const size = Math.max(1, Math.floor(rowBudget / context));
    for (let start = context; start <= rows; start += size) {
      signal?.throwIfAborted();
      const origins = Array.from({ length: Math.min(size, rows + 1 - start) }, (_, at) => start + at);
      const windows = origins.map((origin) => ({
        values: values.subarray((origin - context) * channels, origin * channels),
        length: context,
      }));
      const found = await this.forecasts(windows);
      for (const [at, origin] of origins.entries()) yield { origin, forecast: found[at]! };
      onProgress?.((start + origins.length - context) / (rows + 1 - context));
      // Lets a cancellation in.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private step(forecast: readonly number[], distance: number): ForecastStep {
    const { errors, scaling } = this.metadata;
    const reach = forecast.map((_, channel) => bandWidth * errors[distance]![channel]! * scaling.deviation[channel]!);
    return {
      values: forecast,
      low: forecast.map((value, channel) => value - reach[channel]!),
      high: forecast.map((value, channel) => value + reach[channel]!),
    };
  }
}

/** The row of the largest error from one row to another, both included. */
function rowOfLargest(errors: Float64Array, first: number, last: number): number {
  let found = last;
  for (let row = last - 1; row >= first; row--) if (errors[row]! >= errors[found]!) found = row;
  return found;
}
