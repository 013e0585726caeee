/** The panel's page in a browser, fed by the real feed from runs in memory: what a person sees and does in it. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { RunFeed } from '../../../src/host/panel/runFeed';
import { SpeedLog } from '../../../src/host/panel/speedLog';
import type { HostMessage, PanelMessage } from '../../../src/panelMessages';
import { FakeRuns, FakeTrainings, makeMetrics, makeReport, makeRun, makeScores } from '../../unit/host/panel/fakeHost';
import { englishTexts, openPanelPage, type PanelPage } from './panelPage';
import type { PageTheme } from './themes';

const live = makeRun(3, { status: 'running' });
const [finished, stopped] = [
  makeRun(1, { report: makeReport(), model: '/runs/spam-1/model.onnx' }),
  makeRun(2, {
    status: 'stopped',
    report: makeReport({ status: 'stopped', test: null, best: { epoch: 2, validation: makeScores(0.89) } }),
  }),
];
const failed = makeRun(4, {
  status: 'failed',
  report: makeReport({ status: 'failed', best: null, test: null, message: 'The loss became NaN at step 812.' }),
});

interface Opened {
  readonly page: PanelPage;
  readonly trainings: FakeTrainings;
  readonly runs: FakeRuns;
  readonly said: <T extends PanelMessage['type']>(type: T) => (PanelMessage & { readonly type: T })[];
}

async function open(t: TestContext, width = 1280, theme: PageTheme = 'dark'): Promise<Opened> {
  const trainings = new FakeTrainings();
  const runs = new FakeRuns();
  for (const run of [finished, stopped, live, failed]) runs.put(run);
  const speeds = new SpeedLog(trainings);
  let feed: RunFeed | undefined;
  const page = await openPanelPage({
    theme,
    size: { width, height: 900 },
    host: (message, panel) => {
      if (message.type === 'ready') {
        feed?.dispose();
        feed = new RunFeed(
          {
            ...{ trainings, runs, speeds },
            readMetrics: ({ number }) => Promise.resolve(number === 4 ? [] : makeMetrics(300 * number, 100, number)),
            words: {
              bidirectional: 'bidirectional',
              characters: 'characters',
              vectors: (share) => share,
              reason: ({ message }) => message,
            },
            experimentName: () => 'spam',
            tagStyle: () => ({ color: 'Blue', isDotted: false }),
          },
          {
            post: (told) => void panel.post(told),
            fail: (error) => panel.complaints.push(String(error)),
            hasRuns: () => void panel.post({ type: 'show', view: { kind: 'runs' } }),
          },
        );
        void panel.post({ type: 'setup', texts: englishTexts(), language: 'en', smoothing: 0.6 });
        void panel.post({ type: 'models', models: { classification: { name: 'spam-1', inputs: 'texts' } } });
        void feed.start();
      } else if (message.type === 'watch') feed?.watch(message.runs);
      else if (message.type === 'select') feed?.select(message.run);
    },
  });
  t.after(async () => {
    feed?.dispose();
    await page.close();
  });
  await page.page.locator('.runs-table tbody tr').nth(3).waitFor();
  const said = (type: string) => page.said.filter((message) => message.type === type) as never[];
  return { page, trainings, runs, said };
}

const names = (panel: PanelPage) => panel.page.locator('.runs-table .select .name').allTextContents();
const row = (panel: PanelPage, name: string) => panel.page.locator('.runs-table tbody tr', { hasText: name });

test('the newest runs are drawn, and the crosshair tells all their values at a step', async (t) => {
  const { page, said } = await open(t);
  assert.deepEqual(await names(page), ['spam-4', 'spam-3', 'spam-2', 'spam-1']);
  assert.deepEqual(
    said('watch').at(-1)?.runs,
    [failed, live, stopped].map(({ directory }) => directory),
  );
  await page.page.locator('.chart-loss .u-over').hover({ position: { x: 120, y: 100 } });
  const readout = page.page.locator('.chart-loss .readout');
  await readout.waitFor();
  assert.deepEqual(await readout.locator('.readout-name').allTextContents(), ['spam-3', 'spam-2']);
  for (const value of await readout.locator('.readout-value').allTextContents()) assert.match(value, /^0\.\d{3}$/);
  const steps = await page.page.locator('.readout-step').allTextContents();
  assert.equal(steps.length, 5);
  assert.equal(new Set(steps).size, 1);
  assert.deepEqual(page.complaints, []);
});

test('a training shows its progress, selects its run and can be stopped', async (t) => {
  const { page, trainings, said } = await open(t);
  trainings.begin('spam', live);
  trainings.say({ type: 'phase', phase: 'training', fraction: null });
  const begun = { name: live.name, directory: live.directory, data: makeReport().data, parameters: 9 };
  trainings.say({ type: 'run', ...begun, epochs: 10, stepsPerEpoch: 300, resumedAt: 0 });
  const values = { loss: 0.2, gradientNorm: 1, learningRate: 0.001, tokens: 600 };
  const rates = { steps: 3000, tokensPerSecond: 184_321, secondsLeft: 42 };
  trainings.say({ type: 'step', step: 1240, epoch: 4, ...values, ...rates });
  await page.page.locator('.facts', { hasText: '1,240' }).waitFor();
  assert.deepEqual(await page.page.locator('.facts li').allTextContents(), [
    'epoch 4/10',
    'step 1,240/3,000',
    '184k tokens/s',
    '0:42 left',
  ]);
  assert.equal(await page.page.locator('.runs-table tr.selected .name').textContent(), 'spam-3');
  await page.page.locator('vscode-button', { hasText: 'Stop' }).click();
  assert.equal(said('stop').length, 1);
});

test('runs are sorted, filtered, ticked and acted upon by mouse and keyboard', async (t) => {
  const { page, said } = await open(t);
  await page.page.locator('th .sort', { hasText: 'Accuracy' }).click();
  await page.page.locator('th[aria-sort=descending] .sort', { hasText: 'Accuracy' }).waitFor();
  assert.deepEqual((await names(page)).slice(0, 2), ['spam-1', 'spam-2']);
  await row(page, 'spam-1').locator('vscode-checkbox').click();
  await row(page, 'spam-1').locator('.swatch line').waitFor({ state: 'attached' });
  assert.ok(said('watch').at(-1)?.runs.includes(finished.directory));
  await row(page, 'spam-1').locator('.select').press('F2');
  assert.deepEqual(said('rename').at(-1), { type: 'rename', run: finished.directory });
  await row(page, 'spam-2').locator('vscode-button').click();
  await page.page.locator('.menu [role=menuitem]', { hasText: 'Resume' }).waitFor();
  await page.page.keyboard.press('Escape');
  await page.page.locator('vscode-text-field input').fill('stopped');
  await page.page.locator('.runs-table tbody tr').nth(1).waitFor({ state: 'detached' });
  assert.deepEqual(await names(page), ['spam-2']);
});

test('a cell lists its errors, and an error is opened by its place in the list', async (t) => {
  const { page, said } = await open(t);
  await row(page, 'spam-1').locator('.select').click();
  await page.page.locator('.cell button').first().click();
  await page.page.locator('.detail [role=status]').waitFor();
  assert.deepEqual(said('findMistakes').at(-1), { type: 'findMistakes', run: finished.directory });
  const mistake = { text: '<b>gg</b>', truth: 'toxic', predicted: 'fine', probability: 0.8, line: 4 };
  const other = { ...mistake, text: 'worst player', truth: 'fine', predicted: 'toxic', line: 9 };
  await page.post({ type: 'mistakes', run: finished.directory, mistakes: [mistake, other], count: 2, problem: null });
  await page.page.locator('.mistakes button').click();
  assert.equal(await page.page.locator('.mistake-text').textContent(), 'worst player');
  assert.deepEqual(said('openMistake').at(-1), { type: 'openMistake', run: finished.directory, index: 1 });
  // The same cell once more lists all; texts stay texts.
  await page.page.locator('.cell button').first().click();
  await page.page.locator('.mistake-text').nth(1).waitFor();
  assert.equal(await page.page.locator('.mistake-text').first().textContent(), '<b>gg</b>');
});

test('a failed run says why and what to do, and the answer to an old text is dropped', async (t) => {
  const { page, said } = await open(t);
  await row(page, 'spam-4').locator('.select').click();
  assert.equal(await page.page.locator('.sentence').textContent(), 'Training failed: The loss became NaN at step 812.');
  await page.page.locator('.status vscode-button', { hasText: 'Resume' }).click();
  assert.deepEqual(said('resume').at(-1), { type: 'resume', run: failed.directory });

  const area = page.page.locator('vscode-text-area textarea');
  await area.fill('first');
  await page.page.waitForTimeout(300);
  await area.fill('second');
  await page.page.waitForTimeout(300);
  const [first, second] = said('ask');
  const answer = (id: number, label: string): HostMessage => {
    const prediction = { label, probability: 1, classes: [{ label, probability: 1 }] };
    return { type: 'answer', id, problem: null, answer: { task: 'classification', prediction } };
  };
  await page.post(answer(second!.id, 'new'), answer(first!.id, 'old'));
  await page.page.locator('.bar-label').waitFor();
  assert.deepEqual(await page.page.locator('.bar-label').allTextContents(), ['new']);
});

test('zoom, ticks and the text survive a reload', async (t) => {
  const { page } = await open(t);
  await page.page.locator('vscode-text-area textarea').fill('kept');
  await page.page.locator('.chart-score .chart-frame').focus();
  await page.page.keyboard.press('+');
  await page.page.locator('.reset[data-shown]').waitFor();
  await row(page, 'spam-2').locator('vscode-checkbox').click();
  await page.reload();
  await page.page.locator('.reset[data-shown]').waitFor();
  assert.equal(await page.page.locator('vscode-text-area textarea').inputValue(), 'kept');
  assert.equal(await row(page, 'spam-2').locator('.swatch line').count(), 0);
  assert.equal(await row(page, 'spam-3').locator('.swatch line').count(), 1);
  await page.page.locator('.chart-score .chart-frame').press('0');
  await page.page.locator('.reset[data-shown]').waitFor({ state: 'detached' });
});

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`the page fits 320 pixels in the theme ${theme}`, async (t) => {
    const { page } = await open(t, 320, theme);
    await row(page, 'spam-1').locator('.select').click();
    await page.page.locator('.confusion').waitFor();
    const wide = await page.page.evaluate<number>('document.documentElement.scrollWidth');
    assert.ok(wide <= 320, `${wide} px`);
    await page.screenshot(`page-320-${theme}`);
    assert.deepEqual(page.complaints, []);
  });
}
