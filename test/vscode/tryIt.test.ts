/** The box "Try it" of the training panel in a real editor, with models of each task that the command line trained. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Frame } from 'playwright-core';
import { buildHolidayPhrases } from '../../media/samples/holiday-phrases/build';
import { buildReminders } from '../../media/samples/reminders/build';
import { type Editor, withEditor } from './editor';
import { removeWorkspace } from './trainedWorkspace';
import { type ThemeKind, versions } from './versions';

const root = resolve(import.meta.dirname, '../..');
const cli = join(root, 'dist/cli.cjs');
const story = {
  task: 'languageModel',
  data: { train: 'story.txt', test: 0 },
  features: { type: 'words', minimumCount: 1, embedding: { size: 16 } },
  model: { cell: 'gru', hidden: 16, dropout: 0 },
  training: { epochs: 20, batchSize: 8, sequenceLength: 16, learningRate: 0.02, earlyStopping: false },
};
const phrases = {
  task: 'translation',
  data: { train: 'phrases.tsv', source: 'english', target: 'french', validation: 0.05, test: 0, maximumLength: 40 },
  features: { type: 'bpe', vocabulary: 200, embedding: { size: 32 } },
  model: { hidden: 32, dropout: 0 },
  training: { epochs: 2, batchSize: 16, learningRate: 0.01, earlyStopping: false },
};

let workspace: string;
before(async () => {
  workspace = mkdtempSync(join(tmpdir(), 'sequence-lab-try-it-'));
  await buildReminders(workspace);
  await buildHolidayPhrases(workspace);
  writeFileSync(join(workspace, 'story.txt'), 'The cat sees the sun.\nThe dog hears the sea.\n'.repeat(200));
  writeFileSync(join(workspace, 'story.rnn.json'), JSON.stringify(story));
  const lines = readFileSync(join(workspace, 'phrases.tsv'), 'utf8').split('\n');
  writeFileSync(join(workspace, 'phrases.tsv'), `${lines.slice(0, 1500).join('\n')}\n`);
  writeFileSync(join(workspace, 'phrases.rnn.json'), JSON.stringify(phrases));
  for (const name of ['reminders', 'story', 'phrases']) {
    execFileSync(process.execPath, [cli, 'train', `${name}.rnn.json`], { cwd: workspace, stdio: 'pipe' });
  }
});
after(() => {
  removeWorkspace(workspace);
});

const typed = 'We have a reservation.';
const selected = 'Where is the small key?';
const themes: readonly ThemeKind[] = ['dark', 'light', 'highContrast'];

for (const version of versions) {
  test(`the box translates with a heat map, and shows selections, in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace }, async (editor) => {
      let panel = await openBox(editor, 'phrases-1', 'No translator is in use.');
      await typeInto(panel, typed);
      await heatMapBecomes(panel, typed);
      await panel.locator('td[data-row="0"][data-column="0"]').focus();
      await panel.locator('.heat-value').waitFor();

      await newText(editor, selected);
      await editor.runCommand('Translate Selection');
      await editor.page.locator('.view-lines', { hasText: selected }).waitFor();
      await editor.runCommand('View Training Panel');
      panel = await editor.frameWith('.heat-map');
      await heatMapBecomes(panel, selected);
      assert.equal(await panel.locator('.try-it textarea').inputValue(), selected);
      assert.equal(await panel.locator('.translation').innerText(), translationOf(selected).translation);

      for (const theme of themes) {
        await editor.setTheme(theme);
        // The text is kept over the reload, and translated again.
        panel = await editor.frameWith('.heat-map');
        await heatMapBecomes(panel, selected);
        await panel.locator('.try-it').scrollIntoViewIfNeeded();
        await panel.locator('td[data-row="1"][data-column="1"]').hover();
        await editor.screenshot(`try-it-translation-${theme}-${version.vscode}`);
      }
      assert.deepEqual(await editor.notifications(), []);
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });

  test(`the box tags in the colours of Tag Selection in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace }, async (editor) => {
      let panel = await openBox(editor, 'reminders-1', 'No tagger is in use.');
      await typeInto(panel, 'remind Anna to water the plants');
      await spansBecome(panel, ['person', 'task']);
      await typeInto(panel, 'remind Anna to water the plants tomorrow at noon');
      await spansBecome(panel, ['person', 'task', 'day', 'time']);
      await editor.screenshot(`try-it-tagging-${version.vscode}`);

      await newText(editor, 'lunch with Ben on Monday in Lisbon');
      await editor.runCommand('Tag Selection');
      const drawn = await coloursInEditor(editor, 3);
      await editor.runCommand('View Training Panel');
      panel = await editor.frameWith('.span');
      await spansBecome(panel, ['person', 'day', 'place']);
      assert.equal(await panel.locator('.try-it textarea').inputValue(), 'lunch with Ben on Monday in Lisbon');
      const colours = await panel
        .locator('.span')
        .evaluateAll((spans) => spans.map((span) => getComputedStyle(span).backgroundColor));
      assert.deepEqual(new Set(colours), drawn);
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });

  test(`the box lets a language model go on until it is stopped in Visual Studio Code ${version.vscode}`, async (t) => {
    const settings = { 'sequenceLab.generationLength': 1_000_000, 'sequenceLab.generationTemperature': 0 };
    await withEditor(t, { version, workspace, settings }, async (editor) => {
      const panel = await openBox(editor, 'story-1', 'No language model is in use.');
      await typeInto(panel, 'The cat');
      await delay(1_000);
      assert.equal(await panel.locator('.made').count(), 0);
      const button = (name: string) => panel.locator('.try-it vscode-button', { hasText: name });
      const made = panel.locator('.made');
      const length = async () => (await made.textContent())!.length;
      for (const stop of [() => editor.page.keyboard.press('Escape'), () => button('Stop').click()]) {
        await button('Continue').click();
        await button('Stop').waitFor();
        while (!(await made.isVisible()) || (await length()) < 200) await delay(50);
        await editor.screenshot(`try-it-continuing-${version.vscode}`);
        await stop();
        await button('Start over').waitFor();
        const stopped = await length();
        await delay(1_000);
        assert.equal(await length(), stopped);
        assert.match((await made.textContent())!, /^ sees the sun\.\nThe (dog|cat) (sees|hears) the (sea|sun)\.\n/u);
        await button('Start over').click();
        await made.waitFor({ state: 'detached' });
      }
      assert.deepEqual(await editor.notifications(), []);
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });
}

/** Opens the panel, selects a run, and takes its model from the box, which has none. */
async function openBox(editor: Editor, run: string, sentence: string): Promise<Frame> {
  await editor.runCommand('View Training Panel');
  const panel = await editor.frameWith('.runs tbody tr');
  await panel.locator('.runs tbody tr .select', { hasText: run }).click();
  await panel.locator('.try-it', { hasText: sentence }).waitFor();
  await panel.locator('.try-it vscode-button', { hasText: `Use the model of ${run}` }).click();
  await panel.locator('.try-it', { hasText: `with ${run}` }).waitFor();
  return panel;
}

async function typeInto(panel: Frame, text: string): Promise<void> {
  await panel.locator('.try-it textarea').fill(text);
}

async function newText(editor: Editor, text: string): Promise<void> {
  await editor.runCommand('File: New Untitled Text File');
  await editor.page.waitForSelector('.tab.active[data-resource-name^="Untitled-"]');
  await editor.page.locator('.editor-group-container.active .monaco-editor .view-lines').first().click();
  await editor.page.keyboard.insertText(text);
}

interface Told {
  readonly translation: string;
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly attention: readonly (readonly number[])[];
}

/** What the command line makes of a text by the same model. */
function translationOf(text: string): Told {
  const model = join(workspace, '.sequence-lab/runs/phrases-1/model.onnx');
  const told = execFileSync(process.execPath, [cli, 'predict', model, '--text', text, '--json', '--explain']);
  return JSON.parse(told.toString()) as Told;
}

/** Waits until the heat map's labels and cells are those of a text. */
async function heatMapBecomes(panel: Frame, text: string): Promise<void> {
  const { source, target, attention } = translationOf(text);
  assert.ok(source.length > 3 && target.length > 0);
  const texts = async (selector: string) => {
    const found = await panel.locator(`.heat-map ${selector}`).allTextContents();
    return found.map((one) => one.trim().replace(/^·/u, ''));
  };
  const read = async () => ({
    columns: await texts('thead th'),
    rows: await texts('tbody th'),
    cells: (await texts('td[data-row]')).map(Number),
  });
  const end = Date.now() + 60_000;
  let found = await read();
  while (found.columns.join(' ') !== source.join(' ') && Date.now() < end) {
    await delay(100);
    found = await read();
  }
  assert.deepEqual([found.columns, found.rows], [source, target]);
  assert.deepEqual(
    found.cells,
    attention.flat().map((weight) => Number(weight.toFixed(3))),
  );
}

/** Waits until spans of these types stand in the text, in this order. */
async function spansBecome(panel: Frame, types: readonly string[]): Promise<void> {
  const labels = panel.locator('.span small');
  const end = Date.now() + 60_000;
  let found = await labels.allTextContents();
  while (found.length !== types.length && Date.now() < end) {
    await delay(100);
    found = await labels.allTextContents();
  }
  assert.deepEqual(
    found.map((label) => label.trim()),
    types,
  );
}

/** The different colours behind the text, once so many stretches have one. */
async function coloursInEditor(editor: Editor, count: number): Promise<ReadonlySet<string>> {
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await editor.page.evaluate(() =>
      [...document.querySelectorAll('.editor-group-container.active .view-overlays .cdr[class*="ced-"]')]
        .map((element) => getComputedStyle(element).backgroundColor)
        .filter((color) => color !== 'rgba(0, 0, 0, 0)'),
    );
    if (found.length === count) return new Set(found);
    assert.ok(Date.now() < end, `the editor shows ${found.join(', ')}`);
    await delay(100);
  }
}
