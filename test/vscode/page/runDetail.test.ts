/** The lower part of the panel's page for each task but classification: forecasts, spans and scores, in every kind of theme. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { describeDetail } from '../../../src/host/panel/describeDetail';
import { describeRun } from '../../../src/host/panel/describeRun';
import { tagStyles, TagStyles } from '../../../src/host/tagging/tagLegend';
import type { ForecastSeries, HostMessage, PanelMessage } from '../../../src/panelMessages';
import type { Metrics, Task } from '../../../src/protocol';
import { makeReport, makeRun } from '../../unit/host/panel/fakeHost';
import { englishTexts, openPanelPage, type PanelPage } from './panelPage';
import type { PageTheme } from './themes';

/** Two weeks of a room, every ten minutes: warm days, and two hours at which it was not as it should be. */
function room(): ForecastSeries {
  const rows = Array.from({ length: 14 * 144 }, (_, row) => row);
  const times = rows.map((row) => new Date(Date.UTC(2024, 0, 8) + row * 600_000).toISOString().slice(0, 16));
  const faults = [1300, 1801];
  const channel = (name: string, level: number, size: number) => {
    const usual = (row: number) =>
      level + size * Math.sin((row / 144) * 2 * Math.PI) + 0.1 * size * Math.sin(row * 1.7);
    const isFault = (row: number) => faults.some((fault) => row >= fault && row < fault + 12);
    const forecast = rows.map((row) => (row < 72 ? NaN : usual(row - 0.3)));
    return {
      name,
      values: Float64Array.from(
        rows,
        (row) => usual(row) + (isFault(row) ? 1.5 * size : 0.2 * size * Math.sin(row * 0.9)),
      ),
      forecast: Float64Array.from(forecast),
      low: Float64Array.from(forecast, (value) => value - 0.4 * size),
      high: Float64Array.from(forecast, (value) => value + 0.4 * size),
    };
  };
  return {
    files: ['machine-room.csv'],
    lines: Float64Array.from(rows, (row) => row + 2),
    times,
    channels: [channel('celsius', 21, 2), channel('watts', 900, 200)],
    alarms: faults.map((fault) => ({ first: fault + 1, last: fault + 11, cause: fault, score: 6.4 })),
    skipped: 0,
    parts: { validation: 1210, test: 1411 },
  };
}

const styles = new TagStyles();
const run = makeRun(1, { displayName: 'room-1', report: makeReport(), model: '/runs/room-1/model.onnx' });

interface Opened {
  readonly page: PanelPage;
  readonly said: <T extends PanelMessage['type']>(type: T) => (PanelMessage & { readonly type: T })[];
}

/** The page with one run of a task. */
async function open(
  t: TestContext,
  task: Task,
  [validation, testScores]: readonly [Metrics | null, Metrics | null],
  { theme = 'dark', width = 1280 }: { readonly theme?: PageTheme; readonly width?: number } = {},
): Promise<Opened> {
  const words = {
    bidirectional: 'bidirectional',
    characters: 'characters',
    vectors: (share: string) => share,
    reason: () => undefined,
  };
  const detail = describeDetail(task, validation, testScores, (type) => tagStyles[styles.placeOf(type)]!);
  const page = await openPanelPage({
    theme,
    size: { width, height: 900 },
    host: (message, panel) => {
      const answers: HostMessage[] = [];
      if (message.type === 'ready') {
        answers.push({ type: 'setup', texts: englishTexts(), language: 'en', smoothing: 0.6 });
        answers.push({ type: 'show', view: { kind: 'runs' } });
        answers.push({ type: 'runs', runs: [describeRun(run, words)] });
      } else if (message.type === 'select') answers.push({ type: 'detail', run: run.directory, ...detail });
      if (answers.length > 0) void panel.post(...answers);
    },
  });
  t.after(() => page.close());
  await page.page.locator('.runs-table tbody tr').first().waitFor();
  return { page, said: (type) => page.said.filter((message) => message.type === type) as never[] };
}

const scores = { loss: 0.12, mse: 0.0934, mae: 0.211 };

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`a forecast is drawn, read, zoomed and opened in the theme ${theme}`, async (t) => {
    const { page, said } = await open(t, 'forecasting', [scores, { ...scores, mse: 0.178, mae: 0.304 }], { theme });
    const tell = (state: Extract<HostMessage, { type: 'forecast' }>['state']) =>
      page.post({ type: 'forecast', run: run.directory, file: 0, state });
    const detail = page.page.locator('.forecast');
    await detail.locator('[role=status]', { hasText: 'Forecasting the data… 0 %' }).waitFor();
    assert.deepEqual(said('forecast'), [{ type: 'forecast', run: run.directory, file: 0 }]);
    await tell({ kind: 'working', fraction: 0.42 });
    await detail.locator('[role=status]', { hasText: '42 %' }).waitFor();

    await tell({ kind: 'problem', message: 'machine-room.csv could not be read.' });
    await detail.locator('[role=alert]', { hasText: 'could not be read' }).waitFor();
    await detail.locator('vscode-button', { hasText: 'Try again' }).click();
    assert.equal(said('forecast').length, 2);

    await tell({ kind: 'done', series: room() });
    const chart = detail.locator('.chart-frame');
    await chart.locator('canvas').waitFor();
    assert.equal(
      await chart.getAttribute('aria-label'),
      'celsius of machine-room.csv with its forecast; rows: 2,016, anomalies: 2',
    );
    assert.equal(await detail.locator('.anomalies').getAttribute('data-count'), '2');
    assert.deepEqual(await detail.locator('tr[data-score=mse] .number').allTextContents(), ['0.0934', '0.178']);
    await page.screenshot(`forecast-${theme}`);

    // A click on a mark opens the data there, one beside it does not.
    const plot = chart.locator('.u-over');
    const { width } = (await plot.boundingBox())!;
    await plot.click({ position: { x: (600 / 2015) * width, y: 100 } });
    assert.deepEqual(said('openAnomaly'), []);
    await plot.click({ position: { x: (1301 / 2015) * width, y: 60 } });
    assert.deepEqual(said('openAnomaly'), [{ type: 'openAnomaly', run: run.directory, index: 0 }]);
    await detail.locator('.anomalies button').nth(1).click();
    assert.equal(said('openAnomaly').at(-1)?.index, 1);

    // A part, another column, the keyboard.
    await detail.locator('vscode-button', { hasText: 'Test' }).click();
    await detail.locator('.reset[data-shown]').waitFor();
    await chart.press('ArrowRight');
    const readout = detail.locator('.readout');
    await readout.waitFor();
    assert.match((await readout.locator('.readout-step').textContent())!, /^2024-01-19T23:30 · line 1,727$/);
    assert.deepEqual(await readout.locator('.readout-name').allTextContents(), ['measured', 'forecast']);
    await page.screenshot(`forecast-test-${theme}`);
    await chart.press('0');
    await detail.locator('.reset[data-shown]').waitFor({ state: 'detached' });
    assert.deepEqual(page.complaints, []);
  });

  test(`the spans of a tagger have their scores and colours in the theme ${theme}`, async (t) => {
    const type = (label: string, support: number, f1: number) => ({
      ...{ label, support, f1, precision: f1 - 0.02, recall: Math.min(1, f1 + 0.01) },
    });
    const perType = [type('day', 41, 0.962), type('person', 97, 0.981), type('place', 12, 0.7), type('task', 55, 0.88)];
    const all = { loss: 0.31, accuracy: 0.971, precision: 0.93, recall: 0.95, f1: 0.94, perType };
    const { page } = await open(t, 'tagging', [all, { ...all, accuracy: 0.966 }], { theme });
    const rows = page.page.locator('.spans tbody tr');
    await rows.first().waitFor();
    assert.deepEqual(await rows.locator('th').allInnerTexts(), ['person', 'task', 'day', 'place']);
    assert.deepEqual(await page.page.locator('.spans tfoot .number').allTextContents(), [
      '0.930',
      '0.950',
      '0.940',
      '205',
    ]);
    assert.deepEqual(await page.page.locator('tr[data-score=accuracy] .number').allTextContents(), ['0.971', '0.966']);
    const shades = await rows
      .locator('.tag')
      .evaluateAll((tags) => tags.map((tag) => getComputedStyle(tag).backgroundColor));
    assert.equal(new Set(shades).size, 4, shades.join(' '));
    await page.screenshot(`spans-${theme}`);
    assert.deepEqual(page.complaints, []);
  });
}

test('a translator and a language model have their scores and nothing empty', async (t) => {
  const { page } = await open(t, 'translation', [{ loss: 0.91, bleu: 41.27 }, null]);
  const score = (name: string) => page.page.locator(`tr[data-score=${name}] .number`).allTextContents();
  await page.page.locator('.summary table').waitFor();
  assert.deepEqual(
    [await score('bleu'), await score('loss')],
    [
      ['41.3', '–'],
      ['0.910', '–'],
    ],
  );
  assert.equal(await page.page.locator('.confusion, .mistakes').count(), 0);
  const scoresOfText = { loss: 1.38, perplexity: 3.97, bitsPerCharacter: 1.99 };
  await page.post({
    type: 'detail',
    run: run.directory,
    ...describeDetail('languageModel', scoresOfText, scoresOfText, () => tagStyles[0]!),
  });
  await page.page.locator('tr[data-score=perplexity]').waitFor();
  assert.deepEqual(await score('bitsPerCharacter'), ['1.99', '1.99']);
  await page.screenshot('summary-dark');
  await page.post({
    type: 'detail',
    run: run.directory,
    ...describeDetail('languageModel', null, null, () => tagStyles[0]!),
  });
  await page.page.locator('.summary', { hasText: 'There are scores after the first epoch.' }).waitFor();
});

test('the forecast fits 320 pixels', async (t) => {
  const { page } = await open(t, 'forecasting', [scores, scores], { width: 320 });
  await page.page.locator('.forecast [role=status]').waitFor();
  await page.post({ type: 'forecast', run: run.directory, file: 0, state: { kind: 'done', series: room() } });
  await page.page.locator('.forecast canvas').waitFor();
  const wide = await page.page.evaluate<number>('document.documentElement.scrollWidth');
  assert.ok(wide <= 320, `${wide} px`);
  await page.screenshot('forecast-320');
});
