/** Windows of number series with what follows them: parts in time, scaling, batches; knows no files and no model. */
import { UserError } from '../../errors';
import { sentence } from '../../sentence';
import type { DatasetSummary } from '../dataset';
import type { PartName, Parts } from '../split';
import { partStarts } from './partStarts';
import { type ChannelScaling, learnScaling, noScaling, standardize } from './standardizer';
import type { ValueSeries } from './valueSeries';

export interface WindowOptions {
  /** Rows that a forecast is made from, and rows that are forecast. */
  readonly context: number;
  readonly horizon: number;
  /** Rows from one training window to the next. */
  readonly stride: number;
  /** Shares of the rows; the test part stands at the end, the validation part before it. */
  readonly validation: number;
  readonly test: number;
  readonly standardize: boolean;
}

/** Standardised windows and targets. */
export interface WindowBatch {
  readonly size: number;
  /** `[context, channels, batch]` */
  readonly window: Float32Array;
  /** `[horizon, channels, batch]` */
  readonly targets: Float32Array;
}

/**
 * A window is named by the row that its targets begin with, counted over all series one after the other. A window belongs
 * to the part in which all its targets stand; its context may reach back into the part before.
 */
export class WindowDataset {
  private constructor(
    readonly series: readonly ValueSeries[],
    readonly channels: number,
    readonly parts: Parts,
    readonly scaling: ChannelScaling,
    /** First rows after the validation part, by series. */
    readonly testStarts: readonly number[],
    private readonly size: Pick<WindowOptions, 'context' | 'horizon'>,
    private readonly offsets: readonly number[],
  ) {}

  /** @throws UserError for a series that is too short for a window in each part */
  static create(series: readonly ValueSeries[], channels: number, options: WindowOptions): WindowDataset {
    const { context, horizon, stride, test } = options;
    const parts: Record<PartName, number[]> = { train: [], validation: [], test: [] };
    const [pieces, testStarts, offsets]: [Float32Array[], number[], number[]] = [[], [], []];
    let offset = 0;
    for (const one of series) {
      const { validation: validationStart, test: testStart } = partStarts(one.rows, options);
      const ranges: Record<PartName, [number, number]> = {
        train: [0, validationStart],
        validation: [validationStart, testStart],
        test: [testStart, one.rows],
      };
      for (const [part, [from, until]] of Object.entries(ranges) as [PartName, [number, number]][]) {
        const before = parts[part].length;
        const step = part === 'train' ? stride : 1;
        for (let row = Math.max(from, context); row + horizon <= until; row += step) parts[part].push(offset + row);
        if (parts[part].length > before || (part === 'test' && test === 0)) continue;
        throw new UserError(
          sentence`The series has ${one.rows} rows, too few for a window of ${context} rows and ${horizon} after it in each of the parts for training, validation and test; give more rows or lower features.context and features.horizon.`,
          { file: one.name },
        );
      }
      pieces.push(one.values.subarray(0, validationStart * channels));
      testStarts.push(testStart);
      offsets.push(offset);
      offset += one.rows;
    }
    const scaling = options.standardize ? learnScaling(pieces, channels) : noScaling(channels);
    const ordered = Object.fromEntries(
      Object.entries(parts).map(([name, rows]) => [name, Int32Array.from(rows)]),
    ) as unknown as Parts;
    return new WindowDataset(series, channels, ordered, scaling, testStarts, { context, horizon }, offsets);
  }

  /** All windows of finished series as the part `test`. */
  static forEvaluation(
    series: ValueSeries,
    channels: number,
    scaling: ChannelScaling,
    size: Pick<WindowOptions, 'context' | 'horizon'>,
  ): WindowDataset {
    const count = series.rows - size.context - size.horizon + 1;
    if (count < 1) {
      throw new UserError(
        sentence`The series has ${series.rows} rows, the model needs ${size.context + size.horizon} at least.`,
        { file: series.name },
      );
    }
    const none = new Int32Array(0);
    const rows = Int32Array.from({ length: count }, (_, at) => size.context + at);
    return new WindowDataset([series], channels, { train: none, validation: none, test: rows }, scaling, [], size, [0]);
  }

  /** Rows of each window by its name, as the batches are planned by; all are the same. */
  get lengths(): Int32Array {
    const rows = this.series.reduce((sum, one) => sum + one.rows, 0);
    return new Int32Array(rows).fill(this.size.context);
  }

  /** Windows and targets in new arrays that nothing else holds. */
  batch(windows: Int32Array): WindowBatch {
    const { channels, scaling } = this;
    const { context, horizon } = this.size;
    const size = windows.length;
    const window = new Float32Array(context * channels * size);
    const targets = new Float32Array(horizon * channels * size);
    for (const [column, name] of windows.entries()) {
      const at = this.offsets.findLastIndex((offset) => offset <= name);
      const { values } = this.series[at]!;
      const start = (name - this.offsets[at]! - context) * channels;
      for (let place = 0; place < (context + horizon) * channels; place++) {
        const value = standardize(scaling, values[start + place]!, place % channels);
        if (place < context * channels) window[place * size + column] = value;
        else targets[(place - context * channels) * size + column] = value;
      }
    }
    return { size, window, targets };
  }

  summary(): DatasetSummary {
    const { train, validation, test } = this.parts;
    return {
      classes: [],
      examples: { train: train.length, validation: validation.length, test: test.length },
      vocabulary: 0,
      coverage: 1,
      duplicatesAcrossParts: 0,
      vectorsFound: null,
    };
  }
}
