import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LabelledSeries, SeriesTable } from '../../../../src/data/series/labelledSeries';
import { SeriesDataset, type SeriesDatasetOptions } from '../../../../src/data/series/seriesDataset';
import { WindowDataset } from '../../../../src/data/series/windowDataset';
import { UserError } from '../../../../src/errors';
import { english } from '../../../../src/sentence';

/** Series of one channel, labelled in turn. */
function table(lists: readonly (readonly number[])[], labels = ['a', 'b'], channels = 1): SeriesTable {
  return {
    channels: Array.from({ length: channels }, (_, at) => String(at + 1)),
    series: lists.map((values, at): LabelledSeries => ({
      values: Float32Array.from(values),
      length: values.length / channels,
      label: labels[at % labels.length]!,
      place: { file: 'x.ts', line: at + 1 },
    })),
  };
}

const options = (train: SeriesTable, more: Partial<SeriesDatasetOptions> = {}): SeriesDatasetOptions => ({
  ...{ train, validation: table([[1], [2]]), test: table([[3], [4]]) },
  ...{ missing: 'refuse', maximumLength: 10, standardize: true, seed: 1, name: 'x.ts' },
  ...more,
});

describe('a labelled set of series', () => {
  test('learns the scaling on the training part alone', () => {
    const data = SeriesDataset.create(options(table([[1, 3], [5, 7], [1, 3, 5, 7], [4]])));
    // Mean of 1 3 5 7 1 3 5 7 4 is 4; the squares of the distances are 9 1 1 9 9 1 1 9 0.
    assert.deepEqual(data.scaling, { mean: [4], deviation: [Math.fround(Math.sqrt(40 / 9))] });
    const { time, size, series, lengths, labels, steps } = data.batch(Int32Array.of(0, 2));
    assert.deepEqual([time, size, [...lengths], [...labels], steps], [4, 2, [2, 4], [0, 0], 6]);
    const unit = 1 / Math.fround(Math.sqrt(40 / 9));
    const expected = [-3, -3, -1, -1, 0, 1, 0, 3].map((x) => Math.fround(x * unit));
    series.forEach((value, at) => {
      assert.ok(Math.abs(value - expected[at]!) < 1e-6, `${at}: ${value}`);
    });
  });

  test('leaves a channel that never changes at 0, and numbers as they are where it is told to', () => {
    assert.deepEqual(SeriesDataset.create(options(table([[5, 5], [5]]))).scaling, { mean: [5], deviation: [1] });
    const plain = SeriesDataset.create(options(table([[5, 9], [5]]), { standardize: false }));
    assert.deepEqual([...plain.batch(Int32Array.of(0)).series], [5, 9]);
  });

  test('cuts long series off and says so', () => {
    const data = SeriesDataset.create(options(table([[1, 2, 3], [4]]), { maximumLength: 2 }));
    assert.deepEqual([...data.lengths.subarray(0, 2)], [2, 1]);
    assert.deepEqual(data.warnings.map(english), ['1 series are longer than data.maximumLength (2) and were cut off.']);
  });

  test('refuses what no classifier can learn from', () => {
    const wrong: [SeriesDatasetOptions, RegExp][] = [
      [options(table([[1], [2]], ['a']), { validation: table([[1]]), test: 0 }), /needs two classes/u],
      [
        options(table([[1], [2]]), { test: table([[1], [2], [3]], ['a', 'b', 'c']) }),
        /label "c" does not occur in the tr/u,
      ],
      [
        options(table([[1], [2]]), { validation: table([[1, 2]], ['a'], 2) }),
        /have 2 channels where the training data has 1/u,
      ],
      [options(table([[1], [NaN]])), /Channel "1" has no value at step 1; fill it in, or set data\.missing/u],
      [options(table([[1], [2]]), { validation: 0.1 }), /no series for validation/u],
    ];
    for (const [given, expected] of wrong) {
      assert.throws(
        () => SeriesDataset.create(given),
        (error: unknown) => error instanceof UserError && expected.test(error.sentence),
      );
    }
  });

  test('is refused for evaluation where the model does not know a label', () => {
    const model = { classes: ['a', 'c'], scaling: { mean: [0], deviation: [1] } };
    assert.throws(
      () => SeriesDataset.forEvaluation(table([[1], [2]]), model, { missing: 'refuse', maximumLength: 9 }),
      (error: unknown) =>
        error instanceof UserError &&
        error.sentence === 'x.ts:2: The model does not know the label "b"; its labels are "a", "c".',
    );
  });
});

describe('windows', () => {
  const series = {
    name: 's.csv',
    rows: 20,
    values: Float32Array.from({ length: 40 }, (_, at) => at),
    times: null,
    lines: Int32Array.from({ length: 20 }, (_, at) => at + 2),
    filled: 0,
  };
  const sizes = { context: 3, horizon: 2, stride: 1, validation: 0.2, test: 0.25, standardize: false };

  test('belong to the part in which all that follows them stands', () => {
    const { parts, testStarts } = WindowDataset.create([series], 2, sizes);
    // 20 rows: 11 to train on, 4 to validate, 5 to test.
    assert.deepEqual([...parts.train], [3, 4, 5, 6, 7, 8, 9]);
    assert.deepEqual([...parts.validation], [11, 12, 13]);
    assert.deepEqual([...parts.test], [15, 16, 17, 18]);
    assert.deepEqual(testStarts, [15]);
    const strided = WindowDataset.create([series], 2, { ...sizes, stride: 3 });
    assert.deepEqual([...strided.parts.train], [3, 6, 9]);
    assert.equal(strided.parts.validation.length, 3);
  });

  test('hold the rows before and the rows after, of the right series', () => {
    const other = { ...series, values: series.values.map((value) => value + 1000) };
    const data = WindowDataset.create([series, other], 2, sizes);
    const { window, targets, size } = data.batch(Int32Array.of(4, 20 + 3));
    assert.equal(size, 2);
    assert.deepEqual([...window], [2, 1000, 3, 1001, 4, 1002, 5, 1003, 6, 1004, 7, 1005]);
    assert.deepEqual([...targets], [8, 1006, 9, 1007, 10, 1008, 11, 1009]);
  });

  test('are standardised by the training rows', () => {
    const data = WindowDataset.create([series], 2, { ...sizes, standardize: true });
    // The first column is 0, 2 … 20 in the 11 training rows: mean 10, variance 40.
    assert.deepEqual(data.scaling.mean, [10, 11]);
    assert.deepEqual(data.scaling.deviation, [Math.fround(Math.sqrt(40)), Math.fround(Math.sqrt(40))]);
  });

  test('are refused where a series is too short', () => {
    assert.throws(
      () => WindowDataset.create([series], 2, { ...sizes, context: 15 }),
      (error: unknown) =>
        error instanceof UserError && error.sentence.startsWith('s.csv: The series has 20 rows, too few'),
    );
  });
});
