/** What the panel knows of a forecast, and what its chart shows of it. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { ForecastCurves } from '../../../media/src/forecastCurves';
import { ForecastModel } from '../../../media/src/forecastModel';
import { forecastLooks, forecastScene, headingOf } from '../../../media/src/forecastScene';
import { extentOf } from '../../../media/src/scene';
import { setTexts } from '../../../media/src/texts';
import type { ForecastSeries, HostMessage, PanelMessage, PanelTexts } from '../../../src/panelMessages';
import { panelTextKeys } from '../../../src/panelTexts';

/** Rows of a straight line with a jump at row 12, forecast from row 4 on. */
function makeSeries(change: Partial<ForecastSeries> = {}): ForecastSeries {
  const rows = Array.from({ length: 20 }, (_, row) => row);
  const channel = (name: string, size: number) => ({
    name,
    values: Float64Array.from(rows, (row) => (row === 12 ? row + size : row)),
    forecast: Float64Array.from(rows, (row) => (row < 4 ? NaN : row)),
    low: Float64Array.from(rows, (row) => (row < 4 ? NaN : row - 2)),
    high: Float64Array.from(rows, (row) => (row < 4 ? NaN : row + 2)),
  });
  return {
    files: ['sea.csv', 'lake.csv'],
    lines: Float64Array.from(rows, (row) => row + 2),
    times: null,
    channels: [channel('level', 5), channel('wind', 9)],
    alarms: [
      { first: 5, last: 5, cause: 5, score: 3 },
      { first: 12, last: 14, cause: 11, score: 7 },
    ],
    skipped: 0,
    parts: { validation: 10, test: 15 },
    ...change,
  };
}

const theme = {
  charts: ['blue', 'orange', 'green', 'purple', 'red', 'yellow'],
  ...{ foreground: 'white', muted: 'grey', grid: 'grey', background: 'black', font: '11px sans' },
};
const run = (color: string) => ({ color, dash: [6, 3], slot: 1 });

beforeEach(() => {
  const texts = Object.fromEntries(panelTextKeys.map((key) => [key, `${key} {0}`])) as PanelTexts;
  setTexts(texts, 'en');
});

describe('the curves of a forecast', () => {
  test('know the anomaly at a row, or near it', () => {
    const curves = new ForecastCurves(makeSeries());
    // Between its cause and its last row it is there; the nearer one wins.
    assert.deepEqual(
      [11, 13, 14].map((row) => curves.anomalyAt(row, 0)),
      [1, 1, 1],
    );
    assert.deepEqual([curves.anomalyAt(8, 2), curves.anomalyAt(8, 3), curves.anomalyAt(7, 2)], [-1, 1, 0]);
  });

  test('know the channel that was furthest off, and the parts that have rows', () => {
    const curves = new ForecastCurves(makeSeries());
    assert.equal(curves.strangestChannel(12), 1);
    assert.deepEqual(
      curves.parts.map(({ name, start, end }) => [name, start, end]),
      [
        ['train', 0, 10],
        ['validation', 10, 15],
        ['test', 15, 20],
      ],
    );
    const cut = new ForecastCurves(makeSeries({ skipped: 30, parts: { validation: -12, test: 4 } }));
    assert.deepEqual(
      cut.parts.map(({ name, start, end }) => [name, start, end]),
      [
        ['validation', 0, 4],
        ['test', 4, 20],
      ],
    );
    assert.deepEqual(new ForecastCurves(makeSeries({ parts: null })).parts, []);
  });

  test('name a row by its time, else by its number in the file', () => {
    assert.equal(headingOf(new ForecastCurves(makeSeries({ skipped: 30 })), 4), 'row 35 · line 6');
    const times = Array.from({ length: 20 }, (_, row) => `day ${row}`);
    assert.equal(headingOf(new ForecastCurves(makeSeries({ times })), 4), 'day 4 · line 6');
  });
});

describe('the chart of a forecast', () => {
  test('marks the anomalies at the values of its channel, and holds band and marks', () => {
    const scene = forecastScene(new ForecastCurves(makeSeries()), 1, 1, forecastLooks(run('blue'), theme));
    assert.deepEqual(scene.marks, [
      { x: 5, y: 5, color: 'red', isBelow: false },
      { x: 11, y: 11, color: 'red', isBelow: false },
    ]);
    const low = makeSeries();
    low.channels[1]!.values[5] = -3;
    const below = forecastScene(new ForecastCurves(low), 1, 1, forecastLooks(run('blue'), theme));
    assert.deepEqual(below.marks[0], { x: 5, y: -3, color: 'red', isBelow: true });
    // A mark needs room on its side of the value: a tenth of what the values take.
    assert.equal(extentOf(below, 4, 6).low, -3 - 0.1 * (8 + 3));
    assert.deepEqual(scene.bands[1], { from: 11.5, to: 14.5, label: '', color: 'red' });
    assert.deepEqual(
      scene.boundaries.map(({ x }) => x),
      [0, 10, 15],
    );
    assert.deepEqual(extentOf(scene, 4, 12), { low: 2, high: 21 });
    assert.deepEqual(
      scene.readout(12).map(({ value, aside }) => [value, aside]),
      [
        ['21.0', undefined],
        ['12.0', 'fromTo 10.0'],
      ],
    );
    assert.deepEqual(
      scene.readout(2).map(({ value }) => value),
      ['2.00'],
    );
    assert.deepEqual(scene.readout(20), []);
  });

  test('has marks of another colour than the run, and round numbers of rows without times', () => {
    assert.deepEqual(forecastLooks(run('red'), theme).anomaly, 'yellow');
    const scene = forecastScene(new ForecastCurves(makeSeries()), 0, 1, forecastLooks(run('blue'), theme));
    const rows = scene.axis!.marks(0, 19, 4);
    assert.deepEqual(rows, [4, 9, 14, 19]);
    assert.deepEqual(scene.axis!.labels(rows), ['5', '10', '15', '20']);
  });
});

describe('the model of a forecast', () => {
  const row = { id: '/runs/sea-1', status: 'finished', hasModel: true, seconds: 9 } as const;
  const done = (file = 0): Extract<HostMessage, { type: 'forecast' }> => ({
    ...{ type: 'forecast', run: row.id, file },
    state: { kind: 'done', series: makeSeries() },
  });
  let told: PanelMessage[];
  let model: ForecastModel;
  beforeEach(() => {
    told = [];
    model = new ForecastModel({ tell: (message) => told.push(message), changed: () => undefined });
  });

  test('asks once for each time that the run was trained, and not before there is a model', () => {
    model.seek({ ...row, hasModel: false });
    assert.deepEqual([told, model.progress.kind], [[], 'none']);
    model.seek(row);
    model.seek(row);
    assert.deepEqual(told, [{ type: 'forecast', run: row.id, file: 0 }]);
    // While it is resumed its old model stays; afterwards it has a new one.
    model.seek({ ...row, status: 'running', seconds: 12 });
    assert.equal(told.length, 1);
    model.seek({ ...row, seconds: 20 });
    assert.equal(told.length, 2);
  });

  test('takes the answers to its last question only', () => {
    const kind = (): string => model.progress.kind;
    model.seek(row);
    model.receive({ ...done(), run: '/runs/other-1' });
    assert.deepEqual(model.progress, { kind: 'working', fraction: 0 });
    model.receive(done());
    assert.equal(kind(), 'done');
    assert.deepEqual([model.files, model.version], [['sea.csv', 'lake.csv'], 1]);
    model.chooseFile(1);
    model.receive(done(0));
    assert.equal(kind(), 'working');
    model.receive(done(1));
    assert.equal(model.version, 2);
    model.forget();
    model.receive(done(1));
    assert.deepEqual([kind(), model.files], ['none', []]);
  });
});
