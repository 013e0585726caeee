/** The box "Try it" in a browser, each task with answers that the test gives: what a person sees, by mouse, keys and ear. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { PanelMessage, RunRow } from '../../../src/panelMessages';
import type { Task } from '../../../src/protocol';
import { type BoxAnswer, type BoxModels, tasks } from '../../../src/tryItMessages';
import { englishTexts, openPanelPage, type PanelPage } from './panelPage';
import type { PageTheme } from './themes';

const row = (task: Task, created: number): RunRow => ({
  ...{ id: `/runs/${task}`, name: `${task}-1`, task, inputs: task === 'forecasting' ? 'numbers' : 'texts' },
  ...{ status: 'finished', model: 'GRU 96', parameters: 80_000, best: null, test: null, seconds: 60, created },
  ...{ tokensPerSecond: 9000, message: null, hasModel: true, patience: null, stoppingMetric: null, clipNorm: 1 },
});
const models: BoxModels = {
  classification: { name: 'chat-1', inputs: 'texts' },
  tagging: { name: 'reminders-1', inputs: 'texts' },
  translation: { name: 'holiday-phrases-1', inputs: 'texts' },
  languageModel: { name: 'small-stories-1', inputs: 'texts' },
};

const english = ['we', 'have', 'a', 're', 'ser', 'vation', 'for', 'two', 'people', 'at', 'the', 'hotel', '.'];
const french = ['nous', 'avons', 'une', 'ré', 'ser', 'vation', 'pour', 'deux', 'personnes', 'à', 'l’', 'hôtel', '.'];
/** A sentence whose pieces look mostly straight ahead; the last of each row is what is left of a whole. */
const attention = {
  source: english,
  sourceStarts: english.map((piece) => !['ser', 'vation', '.'].includes(piece)),
  target: french,
  targetStarts: french.map((piece) => !['ser', 'vation', 'hôtel', '.'].includes(piece)),
  weights: french.map((_, at) => {
    const raw = english.map((__, place) => Math.exp(-1.1 * (place - at) ** 2) + 0.004 * ((place * 7 + at * 3) % 5));
    const sum = raw.reduce((a, b) => a + b, 0);
    return raw.map((weight) => weight / sum);
  }),
};
const translation: BoxAnswer = {
  task: 'translation',
  translated: {
    translation: 'nous avons une réservation pour deux personnes à l’hôtel. merci !',
    sentences: [
      attention,
      {
        ...{ source: ['thanks', '!'], sourceStarts: [true, false], target: ['merci', '!'], targetStarts: [true, true] },
        weights: [
          [0.9, 0.1],
          [0.2, 0.8],
        ],
      },
    ],
  },
};
const reminder = 'remind <b>Anna</b> to water the plants tomorrow at noon in Lisbon';
const spanOf = (type: string, text: string) => {
  const start = reminder.indexOf(text);
  return { type, start, end: start + text.length, probability: 0.98 };
};
const tagging: BoxAnswer = {
  task: 'tagging',
  tagged: {
    spans: [
      spanOf('person', 'Anna'),
      spanOf('task', 'water the plants'),
      spanOf('day', 'tomorrow'),
      spanOf('time', 'noon'),
      spanOf('place', 'Lisbon'),
    ],
    legend: [
      { type: 'day', count: 1, color: 'Blue', isDotted: false, colorName: 'blue' },
      { type: 'person', count: 1, color: 'Orange', isDotted: false, colorName: 'orange' },
      { type: 'place', count: 1, color: 'Green', isDotted: false, colorName: 'green' },
      { type: 'task', count: 1, color: 'Purple', isDotted: true, colorName: 'purple, dotted' },
      { type: 'time', count: 1, color: 'Teal', isDotted: false, colorName: 'teal' },
    ],
  },
};

interface Opened {
  readonly page: PanelPage;
  readonly last: <T extends PanelMessage['type']>(type: T) => PanelMessage & { readonly type: T };
}

/** Opens the page with a run of each task, that of `selected` being the newest. */
async function open(t: TestContext, selected: Task, width = 1000, theme: PageTheme = 'dark'): Promise<Opened> {
  const page = await openPanelPage({
    theme,
    size: { width, height: 900 },
    host: (message, panel) => {
      if (message.type !== 'ready') return;
      const runs = [row(selected, 2), ...tasks.filter((task) => task !== selected).map((task) => row(task, 1))];
      void panel.post(
        { type: 'setup', texts: englishTexts(), language: 'en', smoothing: 0.6 },
        { type: 'show', view: { kind: 'runs' } },
        { type: 'models', models },
        { type: 'runs', runs },
      );
    },
  });
  t.after(() => page.close());
  await page.page.locator(`.try-it[data-task=${selected}]`).waitFor();
  const last = (type: string) => page.said.filter((message) => message.type === type).at(-1) as never;
  return { page, last };
}

async function typeInto(panel: PanelPage, text: string): Promise<void> {
  await panel.page.locator('.try-it vscode-text-area textarea').fill(text);
}

async function asked(panel: PanelPage, text: string): Promise<number> {
  for (;;) {
    const found = panel.said.find((message) => message.type === 'ask' && message.text === text);
    if (found?.type === 'ask') return found.id;
    await panel.page.waitForTimeout(50);
  }
}

test('a translation shows where the model looked, to pointer, keys and screen readers', async (t) => {
  const { page } = await open(t, 'translation');
  await typeInto(page, 'We have a reservation for two people at the hotel. Thanks!');
  const id = await asked(page, 'We have a reservation for two people at the hotel. Thanks!');
  await page.post({ type: 'answer', id, answer: translation, problem: null });
  const grid = page.page.getByRole('grid', { name: 'Where the model looked' });
  await grid.waitFor();
  assert.deepEqual(
    await grid.getByRole('columnheader').allTextContents().then(trimmed),
    marked(english, attention.sourceStarts),
  );
  assert.deepEqual(
    await grid.getByRole('rowheader').allTextContents().then(trimmed),
    marked(french, attention.targetStarts),
  );
  const cells = await grid.getByRole('gridcell').allTextContents().then(trimmed);
  assert.deepEqual(
    cells.filter((cell) => cell !== ''),
    attention.weights.flat().map((weight) => weight.toFixed(3)),
  );
  const readout = page.page.locator('.heat-readout b');
  await grid.locator('td[data-row="3"][data-column="4"]').hover();
  assert.deepEqual(await readout.allTextContents(), ['ré', '·ser']);
  await grid.locator('td[tabindex="0"]').focus();
  await page.page.keyboard.press('End');
  await page.page.keyboard.press('ArrowLeft');
  await page.page.keyboard.press('ArrowDown');
  await page.page.locator('.heat-readout', { hasText: 'hotel' }).waitFor();
  assert.equal(await grid.locator('td[tabindex="0"]').count(), 1);
  await page.page.locator('.heat vscode-dropdown').click();
  await page.page.locator('vscode-option', { hasText: '2. thanks!' }).click();
  // The map of the first sentence has more cells; it is there until the other one is drawn.
  await grid.locator('td[data-row]').nth(4).waitFor({ state: 'detached' });
  assert.equal(await grid.locator('td[data-row]').count(), 4);
  assert.deepEqual(page.complaints, []);
});

test('the shade of a cell grows with its weight', async (t) => {
  const { page } = await open(t, 'translation');
  await page.post({ type: 'selection', text: 'x', model: 'holiday-phrases-1', answer: translation, isNew: true });
  const blue = (column: number) =>
    page.page
      .locator(`td[data-row="0"][data-column="${column}"] i`)
      .evaluate((cell) => getComputedStyle(cell).backgroundColor);
  const shades = new Set([await blue(0), await blue(1), await blue(2)]);
  assert.equal(shades.size, 3, [...shades].join(', '));
});

test('spans are coloured and named, and a text stays a text', async (t) => {
  const { page } = await open(t, 'tagging');
  await typeInto(page, reminder);
  await page.post({ type: 'answer', id: await asked(page, reminder), answer: tagging, problem: null });
  await page.page.locator('.span').nth(4).waitFor();
  assert.deepEqual(await page.page.locator('.span small').allTextContents().then(trimmed), [
    ...['person', 'task', 'day', 'time', 'place'],
  ]);
  const plain = await page.page.locator('.words').evaluate((words) => {
    for (const label of words.querySelectorAll('small')) label.remove();
    return words.textContent;
  });
  assert.equal(plain, reminder);
  assert.match(await page.page.locator('.legend').innerText(), /^day\s+1\s+person\s+1\s/);
  assert.deepEqual(page.complaints, []);
});

test('a language model goes on, stops at Escape and starts over', async (t) => {
  const { page, last } = await open(t, 'languageModel');
  await typeInto(page, 'The cat');
  await page.page.waitForTimeout(400);
  assert.ok(!page.said.some(({ type }) => type === 'continue' || type === 'ask'));
  await page.page.locator('vscode-button', { hasText: 'Continue' }).click();
  await page.page.locator('vscode-button', { hasText: 'Stop' }).waitFor();
  const { id, text } = last('continue');
  assert.equal(text, 'The cat');
  await page.post({ type: 'continued', id, text: ' sees <i>the' }, { type: 'continued', id, text: ' sun</i>.' });
  await page.page.locator('.made', { hasText: 'sun' }).waitFor();
  assert.equal(await page.page.locator('.growing .words').textContent(), 'The cat sees <i>the sun</i>.');
  assert.equal(await page.page.locator('.answer').getAttribute('aria-busy'), 'true');
  await page.page.keyboard.press('Escape');
  await page.page.locator('vscode-button', { hasText: 'Start over' }).waitFor();
  assert.deepEqual(page.said.at(-1), { type: 'stopContinuing' });
  await page.page.locator('vscode-button', { hasText: 'Continue' }).click();
  await page.page.locator('vscode-button', { hasText: 'Stop' }).waitFor();
  assert.equal(last('continue').text, 'The cat sees <i>the sun</i>.');
  await page.page.locator('vscode-button', { hasText: 'Stop' }).click();
  await page.page.locator('vscode-button', { hasText: 'Start over' }).click();
  await page.page.locator('.made').waitFor({ state: 'detached' });
  assert.deepEqual(page.complaints, []);
});

test('numbers have a sentence and a way, and without a model there is the way to one', async (t) => {
  const { page, last } = await open(t, 'forecasting');
  assert.match(await page.page.locator('.try-it p').innerText(), /Find Anomalies marks the rows/);
  await page.page.locator('.try-it vscode-button', { hasText: 'Find Anomalies' }).click();
  assert.deepEqual(last('findAnomalies'), { type: 'findAnomalies', run: '/runs/forecasting' });
  await page.post({ type: 'models', models: {} });
  await page.page.locator('.try-it vscode-dropdown').click();
  await page.page.locator('vscode-option', { hasText: 'Tagging' }).click();
  await page.page.locator('.try-it', { hasText: 'No tagger is in use.' }).waitFor();
  await page.page.locator('vscode-button', { hasText: 'Use the model of tagging-1' }).click();
  assert.deepEqual(last('useModel'), { type: 'useModel', run: '/runs/tagging' });
});

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  for (const width of [1000, 320]) {
    test(`every task fits ${width} pixels in the theme ${theme}`, async (t) => {
      const { page } = await open(t, 'translation', width, theme);
      const fits = async (name: string) => {
        await page.page.locator('.try-it').screenshot({ path: `test/vscode/output/try-${name}-${width}-${theme}.png` });
        const wide = await page.page.evaluate<number>('document.documentElement.scrollWidth');
        assert.ok(wide <= width, `${name}: ${wide} px`);
      };
      const model = 'holiday-phrases-1';
      const text = 'We have a reservation for two people at the hotel. Thanks!';
      await page.post({ type: 'selection', text, model, answer: translation, isNew: true });
      await page.page.locator('td[data-row="4"][data-column="4"]').hover();
      await page.page.locator('.heat-value').waitFor();
      await fits('translation');
      await page.post({ type: 'selection', text: reminder, model, answer: tagging, isNew: true });
      await page.page.locator('.legend').waitFor();
      await fits('tagging');
      await page.page.locator('.try-it .section-head vscode-dropdown').click();
      await page.page.locator('vscode-option', { hasText: 'Language model' }).click();
      await typeInto(page, 'The cat');
      await page.page.locator('vscode-button', { hasText: 'Continue' }).click();
      await page.page.locator('vscode-button', { hasText: 'Stop' }).waitFor();
      const said = page.said.at(-1);
      assert.equal(said?.type, 'continue');
      const made = ' sees the sun. The dog hears the sea, and the bird sings in the garden.\n'.repeat(3);
      await page.post({ type: 'continued', id: said.id, text: made });
      await page.page.locator('.made', { hasText: 'sun' }).waitFor();
      await fits('continuing');
      await page.page.keyboard.press('Escape');
      await page.page.locator('.try-it .section-head vscode-dropdown').click();
      await page.page.locator('vscode-option', { hasText: 'Forecasting' }).click();
      await page.page.locator('vscode-button', { hasText: 'Find Anomalies' }).waitFor();
      await fits('forecasting');
      assert.deepEqual(page.complaints, []);
    });
  }
}

function trimmed(texts: readonly string[]): string[] {
  return texts.map((text) => text.trim());
}

/** Labels as a person reads them: a dot says that a word goes on. */
function marked(pieces: readonly string[], starts: readonly boolean[]): string[] {
  const joins = (at: number) => !starts[at]! && /^\p{L}/u.test(pieces[at]!) && /\p{L}$/u.test(pieces[at - 1]!);
  return pieces.map((piece, at) => (joins(at) ? `·${piece}` : piece));
}
