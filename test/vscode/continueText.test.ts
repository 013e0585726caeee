/** Continuing a text in a real editor with a language model that the command line trained: it grows, stops, and is undone. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Editor, withEditor } from './editor';
import { versions } from './versions';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const experiment = {
  task: 'languageModel',
  data: { train: 'story.txt', test: 0 },
  features: { type: 'words', minimumCount: 1, embedding: { size: 16 } },
  model: { cell: 'gru', hidden: 16, dropout: 0 },
  training: { epochs: 20, batchSize: 8, sequenceLength: 16, learningRate: 0.02, earlyStopping: false },
};

let workspace: string;
before(() => {
  workspace = mkdtempSync(join(tmpdir(), 'sequence-lab-story-'));
  writeFileSync(join(workspace, 'story.txt'), 'The cat sees the sun.\nThe dog hears the sea.\n'.repeat(200));
  writeFileSync(join(workspace, 'story.rnn.json'), JSON.stringify(experiment));
  execFileSync(process.execPath, [join(root, 'dist/cli.cjs'), 'train', 'story.rnn.json'], {
    cwd: workspace,
    stdio: 'pipe',
  });
});
after(() => {
  rmSync(workspace, { recursive: true, force: true });
});

for (const version of versions) {
  test(`a text grows and is undone in one step in Visual Studio Code ${version.vscode}`, async (t) => {
    const settings = { 'sequenceLab.generationLength': 20, 'sequenceLab.generationTemperature': 0 };
    await withEditor(t, { version, workspace, settings }, async (editor) => {
      await newText(editor, 'The cat');
      await editor.runCommand('Continue Text');
      await textBecomes(editor, (text) => text.split('.').length > 3);
      await editor.page.locator('.statusbar-item', { hasText: 'Escape stops' }).waitFor({ state: 'hidden' });
      assert.match(await textOf(editor), /^The cat sees the sun\.\nThe (dog|cat) (sees|hears) the (sea|sun)\.\n/u);
      await editor.screenshot(`continued-${version.vscode}`);
      await editor.page.keyboard.press('Control+Z');
      await textBecomes(editor, (text) => text.trim() === 'The cat');
      assert.deepEqual(await editor.notifications(), []);
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });

  test(`Escape and typing stop a text in Visual Studio Code ${version.vscode}`, async (t) => {
    const settings = { 'sequenceLab.generationLength': 1_000_000 };
    await withEditor(t, { version, workspace, settings }, async (editor) => {
      const working = editor.page.locator('.statusbar-item', { hasText: 'Escape stops' });
      for (const stop of ['Escape', 'x']) {
        await newText(editor, 'The dog');
        await editor.runCommand('Continue Text');
        await working.waitFor();
        await textBecomes(editor, (text) => text.split('.').length > 3);
        await editor.page.keyboard.press(stop);
        await working.waitFor({ state: 'hidden' });
        const length = await lineCount(editor);
        await delay(1_000);
        assert.equal(await lineCount(editor), length, `${stop} stops`);
        await editor.page.keyboard.press('Control+A');
        await editor.page.keyboard.press('Delete');
        await editor.page.keyboard.press('Control+F4');
      }
      assert.deepEqual(await editor.notifications(), []);
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });
}

async function newText(editor: Editor, text: string): Promise<void> {
  await editor.runCommand('File: New Untitled Text File');
  await editor.page.waitForSelector('.tab.active[data-resource-name^="Untitled-"]');
  await editor.page.locator('.editor-group-container.active .monaco-editor .view-lines').first().click();
  await editor.page.keyboard.insertText(text);
}

/** The lines that are seen. */
async function textOf(editor: Editor): Promise<string> {
  const lines = await editor.page.locator('.editor-group-container.active .view-lines .view-line').evaluateAll((all) =>
    all
      .map((line) => ({ top: line.getBoundingClientRect().top, text: line.textContent }))
      .sort((a, b) => a.top - b.top)
      .map(({ text }) => text),
  );
  return lines.join('\n').replaceAll('\u00a0', ' ');
}

/** The number of the line in sight that is furthest down. */
async function lineCount(editor: Editor): Promise<number> {
  const numbers = await editor.page.locator('.editor-group-container.active .line-numbers').allTextContents();
  return Math.max(...numbers.map(Number));
}

async function textBecomes(editor: Editor, isRight: (text: string) => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    const text = await textOf(editor);
    if (isRight(text)) return;
    assert.ok(Date.now() < end, `the text is ${JSON.stringify(text)}`);
    await delay(100);
  }
}
