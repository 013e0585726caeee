/** A forecast as the panel gets it: columns by channel, anomalies, and the parts that the training divided the rows into. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExperiment } from '../../../../src/experiment/parseExperiment';
import { forecastSeries } from '../../../../src/host/panel/forecastSeries';
import { parseHostMessage } from '../../../../src/panelMessages';
import type { ForecastResult } from '../../../../src/protocol';
import { makeReport } from './fakeHost';

const { experiment } = parseExperiment(
  `{"task": "forecasting", "data": {"train": "sea.csv", "validation": 0.2, "test": 0.3},
    "features": {"context": 4, "horizon": 2, "stride": 3}}`,
  'sea.rnn.json',
);
assert.ok(experiment.task === 'forecasting');

const step = (value: number) => ({
  values: [value, -value],
  low: [value - 1, -value - 1],
  high: [value + 1, 1 - value],
});
const result: ForecastResult = {
  columns: ['level', 'wind'],
  time: 'when',
  threshold: 2,
  rows: Array.from({ length: 40 }, (_, at) => ({
    line: at + 2,
    time: `day ${at}`,
    values: [at, -at],
    forecast: at < 4 ? null : step(at + 0.5),
    score: at < 4 ? null : at / 10,
    anomaly: at === 30,
  })),
  next: [],
  alarms: [{ first: 30, last: 31, peak: 31, cause: 29 }],
};
/** 40 rows: 20 to train, 8 to validate, 12 to test; windows of 4 rows with 2 after them, of the training every third. */
const trained = { ...makeReport().data, examples: { train: 5, validation: 7, test: 11 } };
const files = ['sea.csv'];

test('columns, anomalies and parts arrive as they were found', () => {
  const series = forecastSeries(result, { files, experiment, trained });
  const message = { type: 'forecast', run: '/runs/sea-1', file: 0, state: { kind: 'done', series } };
  assert.deepEqual(parseHostMessage(structuredClone(message)), message);
  assert.deepEqual([series.lines[0], series.lines[39], series.times?.[5]], [2, 41, 'day 5']);
  const [level, wind] = series.channels;
  assert.equal(level?.name, 'level');
  assert.ok([level.forecast, level.low, level.high].every((column) => Number.isNaN(column[3])));
  assert.deepEqual([level.values[4], level.forecast[4], level.low[4], level.high[4]], [4, 4.5, 3.5, 5.5]);
  assert.deepEqual([wind?.values[4], wind?.forecast[4], wind?.low[4], wind?.high[4]], [-4, -4.5, -5.5, -3.5]);
  assert.deepEqual(series.alarms, [{ first: 30, last: 31, cause: 29, score: 3.1 }]);
  assert.deepEqual([series.skipped, series.parts], [0, { validation: 20, test: 28 }]);
});

test('the parts of a series that was cut are counted from its first row', () => {
  const cut = { ...result, rows: result.rows.slice(25), skipped: 25, alarms: [] };
  const series = forecastSeries(cut, { files, experiment, trained });
  assert.deepEqual([series.skipped, series.parts], [25, { validation: -5, test: 3 }]);
});

test('parts are not told of data that has grown since, or of which the training left no report', () => {
  const grown = { ...result, rows: [...result.rows, ...result.rows.slice(0, 5)] };
  assert.equal(forecastSeries(grown, { files, experiment, trained }).parts, null);
  assert.equal(forecastSeries(result, { files, experiment, trained: null }).parts, null);
});
