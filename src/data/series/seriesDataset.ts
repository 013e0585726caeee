/** A labelled set of number series ready for training: parts, classes, scaling; knows no files and no model. */
import { UserError } from '../../errors';
import { listed, type Sentence, sentence } from '../../sentence';
import { type ClassCount, countClasses } from '../classStatistics';
import { orderClasses } from '../loadDataset';
import type { DatasetSummary } from '../dataset';
import { type PartName, type Parts, splitExamples } from '../split';
import type { LabelledSeries, SeriesTable } from './labelledSeries';
import { filledIn, type MissingRule, settleMissing } from './missingValues';
import { type ChannelScaling, learnScaling, noScaling, standardize } from './standardizer';

export interface SeriesDatasetOptions {
  /** What to divide, and what the parts are that have series of their own. */
  readonly train: SeriesTable;
  readonly validation: SeriesTable | number;
  readonly test: SeriesTable | number;
  readonly missing: MissingRule;
  /** Steps that are kept of a series. */
  readonly maximumLength: number;
  readonly standardize: boolean;
  readonly seed: number;
  /** Name of the training data, for messages. */
  readonly name: string;
}

/** A batch of standardised series, 0 at padding. */
export interface SeriesBatch {
  /** Steps of the longest series. */
  readonly time: number;
  readonly size: number;
  /** `[time, channels, batch]` */
  readonly series: Float32Array;
  readonly lengths: Int32Array;
  readonly labels: Int32Array;
  /** Real (unpadded) steps. */
  readonly steps: number;
}

export class SeriesDataset {
  private constructor(
    readonly channels: readonly string[],
    readonly classes: readonly string[],
    readonly parts: Parts,
    readonly series: readonly LabelledSeries[],
    /** Steps of each series. */
    readonly lengths: Int32Array,
    /** Class index of each series. */
    readonly labels: Int32Array,
    readonly scaling: ChannelScaling,
    /** Sentences for the user about what is doubtful in the data. */
    readonly warnings: readonly Sentence[],
  ) {}

  /** Divides the series, settles missing values, and learns the scaling on the training part. */
  static create(options: SeriesDatasetOptions): SeriesDataset {
    const { train, validation, test, seed } = options;
    const tables = [train, validation, test].filter((table) => typeof table !== 'number');
    checkChannels(tables);
    const { series, warnings } = prepare(tables, options);
    const names = [...new Set(series.map(({ label }) => label))];
    const { classes } = orderClasses(names);
    const labels = Int32Array.from(series, ({ label }) => classes.indexOf(label));
    const ends = tables.map((_, at) => tables.slice(0, at + 1).reduce((sum, table) => sum + table.series.length, 0));
    const range = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, at) => from + at);
    const split = splitExamples({
      labels,
      examples: range(0, ends[0]!),
      classes,
      validation: typeof validation === 'number' ? validation : 0,
      test: typeof test === 'number' ? test : 0,
      seed,
    });
    const parts = {
      train: split.train,
      validation: typeof validation === 'number' ? split.validation : range(ends[0]!, ends[1]!),
      test: typeof test === 'number' ? split.test : range(ends.at(-2)!, ends.at(-1)!),
    };
    checkParts(parts, labels, classes, series, options);
    const channels = train.channels.length;
    const pieces = Array.from(parts.train, (example) => series[example]!.values);
    const scaling = options.standardize ? learnScaling(pieces, channels) : noScaling(channels);
    const lengths = Int32Array.from(series, ({ length }) => length);
    return new SeriesDataset(train.channels, classes, parts, series, lengths, labels, scaling, warnings);
  }

  /** The series of a finished model's evaluation, all in the part `test`. UserError for a label that it does not know. */
  static forEvaluation(
    table: SeriesTable,
    model: { readonly classes: readonly string[]; readonly scaling: ChannelScaling },
    options: Pick<SeriesDatasetOptions, 'missing' | 'maximumLength'>,
  ): SeriesDataset {
    const { series, warnings } = prepare([table], options);
    for (const { label, place } of series) {
      if (model.classes.includes(label)) continue;
      throw new UserError(
        sentence`The model does not know the label "${label}"; its labels are ${listed(model.classes.map((name) => `"${name}"`))}.`,
        place,
      );
    }
    const none = new Int32Array(0);
    return new SeriesDataset(
      table.channels,
      model.classes,
      { train: none, validation: none, test: Int32Array.from(series.keys()) },
      series,
      Int32Array.from(series, ({ length }) => length),
      Int32Array.from(series, ({ label }) => model.classes.indexOf(label)),
      model.scaling,
      warnings,
    );
  }

  classCounts(part: PartName): ClassCount[] {
    return countClasses(this.labels, this.parts[part], this.classes);
  }

  /** The series as a batch of new arrays that nothing else holds. */
  batch(examples: Int32Array): SeriesBatch {
    const chosen = Array.from(examples, (example) => this.series[example]!);
    const assembled = assembleSeries(chosen, this.channels.length, this.scaling);
    return { ...assembled, labels: Int32Array.from(examples, (example) => this.labels[example]!) };
  }

  summary(): DatasetSummary {
    const { train, validation, test } = this.parts;
    const perPart = [this.classCounts('train'), this.classCounts('validation'), this.classCounts('test')];
    return {
      classes: this.classes.map((label, index) => ({
        label,
        count: perPart.reduce((sum, counts) => sum + counts[index]!.count, 0),
      })),
      examples: { train: train.length, validation: validation.length, test: test.length },
      vocabulary: 0,
      coverage: 1,
      duplicatesAcrossParts: 0,
      vectorsFound: null,
    };
  }
}

/** Series as measured, `values` `[length, channels]`, to the standardised tensor of a batch. */
export function assembleSeries(
  chosen: readonly { readonly values: Float32Array; readonly length: number }[],
  channels: number,
  scaling: ChannelScaling,
): Omit<SeriesBatch, 'labels'> {
  const size = chosen.length;
  const lengths = Int32Array.from(chosen, ({ length }) => length);
  const time = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const series = new Float32Array(time * channels * size);
  for (const [column, { values, length }] of chosen.entries()) {
    for (let at = 0; at < length * channels; at++) {
      series[at * size + column] = standardize(scaling, values[at]!, at % channels);
    }
  }
  return { time, size, series, lengths, steps: lengths.reduce((sum, length) => sum + length, 0) };
}

function checkChannels([first, ...others]: readonly SeriesTable[]): void {
  for (const { channels, series } of others) {
    if (channels.length === first!.channels.length) continue;
    throw new UserError(
      sentence`The series have ${channels.length} channels where the training data has ${first!.channels.length}.`,
      series[0]!.place,
    );
  }
}

function prepare(
  tables: readonly SeriesTable[],
  { missing, maximumLength }: Pick<SeriesDatasetOptions, 'missing' | 'maximumLength'>,
): { series: LabelledSeries[]; warnings: Sentence[] } {
  let [cut, filled] = [0, 0];
  const series = tables.flatMap((table) =>
    table.series.map((found): LabelledSeries => {
      const length = Math.min(found.length, maximumLength);
      if (length < found.length) cut++;
      const values = found.values.subarray(0, length * table.channels.length);
      filled += settleMissing(values, table.channels, missing, () => found.place);
      return { ...found, values, length };
    }),
  );
  const warnings = [
    ...(cut > 0
      ? [sentence`${cut} series are longer than data.maximumLength (${maximumLength}) and were cut off.`]
      : []),
    ...(filled > 0 ? [filledIn(filled)] : []),
  ];
  return { series, warnings };
}

function checkParts(
  parts: Parts,
  labels: Int32Array,
  classes: readonly string[],
  series: readonly LabelledSeries[],
  { name }: SeriesDatasetOptions,
): void {
  const file = name;
  if (classes.length < 2) {
    throw new UserError(sentence`Every series has the label "${classes[0]!}"; a classifier needs two classes.`, {
      file,
    });
  }
  const trained = new Set(Array.from(parts.train, (example) => labels[example]!));
  const untrained = series.find((_, example) => !trained.has(labels[example]!));
  if (untrained !== undefined) {
    throw new UserError(
      sentence`The label "${untrained.label}" does not occur in the training data; add series of it or remove it.`,
      untrained.place,
    );
  }
  if (parts.validation.length === 0) {
    throw new UserError(
      sentence`There are no series for validation; add series, raise data.validation, or name a file there.`,
      { file },
    );
  }
}
