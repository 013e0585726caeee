/** Translating text in a real editor: with a model of a run that the command line trained, read back as a person sees it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Editor, withEditor } from './editor';
import { removeWorkspace } from './trainedWorkspace';
import { versions } from './versions';

const root = resolve(fileURLToPath(import.meta.url), '../../..');
const subjects = { 'the cat': 'le chat', 'the dog': 'le chien', 'the bird': "l'oiseau", 'my friend': 'mon ami' };
const verbs = { sleeps: 'dort', eats: 'mange', sings: 'chante', runs: 'court' };
const places = { 'in the garden': 'dans le jardin', 'at home': 'à la maison', here: 'ici' };

let workspace: string;
before(() => {
  workspace = mkdtempSync(join(tmpdir(), 'sequence-lab-translator-'));
  const rows = Object.entries(subjects).flatMap(([who, qui]) =>
    Object.entries(verbs).flatMap(([does, fait]) =>
      Object.entries(places).map(([where, lieu]) => `${who} ${does} ${where}.\t${qui} ${fait} ${lieu}.`),
    ),
  );
  writeFileSync(join(workspace, 'pairs.tsv'), ['en\tfr', ...rows, ...rows, ...rows, ''].join('\n'));
  const experiment = {
    task: 'translation',
    data: { train: 'pairs.tsv', source: 'en', target: 'fr', validation: 'pairs.tsv', test: 0 },
    features: { type: 'words', lowercase: true, minimumCount: 1, embedding: { size: 16 } },
    model: { hidden: 32, dropout: 0 },
    training: { epochs: 25, batchSize: 16, learningRate: 0.01, labelSmoothing: 0, earlyStopping: false },
  };
  writeFileSync(join(workspace, 'french.rnn.json'), JSON.stringify(experiment, null, 2));
  execFileSync(process.execPath, [join(root, 'dist/cli.cjs'), 'train', 'french.rnn.json'], {
    cwd: workspace,
    stdio: 'pipe',
  });
});
after(() => {
  removeWorkspace(workspace);
});

for (const version of versions) {
  test(`a selection is translated, shown, inserted and replaced in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace }, async (editor) => {
      await editor.page.keyboard.press('Control+N');
      await editor.page.waitForSelector('.tab.active');
      await editor.page.keyboard.insertText('The cat sleeps at home. My friend sings here.');
      await editor.runCommand('Translate Selection');
      const both = 'le chat dort à la maison. mon ami chante ici.';
      assert.equal(await shown(editor), `→ ${both}`);

      await editor.page.keyboard.press('Control+K');
      await editor.page.keyboard.press('Control+I');
      const hover = editor.page.locator('.monaco-hover', { hasText: 'le chat dort' }).first();
      await hover.waitFor();
      const said = (await hover.innerText()).replaceAll('\u00a0', ' ');
      assert.match(said, /by french-1 · Replace with the translation · Insert the translation below/);
      assert.match(said, /Where the model looked, in percent:/);
      const shades = await hover.locator('td span[style*="background-color"]').count();
      assert.ok(shades >= 10, `${shades} shaded cells`);
      await editor.screenshot(`translated-dark-${version.vscode}`);

      await editor.page.keyboard.press('Escape');
      await editor.runCommand('Insert the Translation Below');
      await linesBecome(editor, ['The cat sleeps at home. My friend sings here.', both]);
      await editor.page.keyboard.press('Control+Home');
      await editor.runCommand('Replace with the Translation');
      await linesBecome(editor, [both, both]);
      assert.deepEqual(await editor.notifications(), []);
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });
}

/** What stands after the text, once it is there. */
async function shown(editor: Editor): Promise<string> {
  const read = () =>
    editor.page.evaluate(() => {
      const spans = document.querySelectorAll('.editor-group-container.active .view-lines span');
      const contents = Array.from(spans, (element) => getComputedStyle(element, '::after').content);
      return contents.find((content) => content.startsWith('"→'))?.slice(1, -1) ?? null;
    });
  const end = Date.now() + 60_000;
  for (;;) {
    const text = await read();
    if (text !== null) return text.replaceAll('\u00a0', ' ');
    assert.ok(Date.now() < end, 'no translation is shown');
    await delay(100);
  }
}

/** Waits until these are the lines of the open text. */
async function linesBecome(editor: Editor, expected: readonly string[]): Promise<void> {
  const end = Date.now() + 20_000;
  for (;;) {
    const text = await editor.page.locator('.editor-group-container.active .view-lines').first().innerText();
    const found = text
      .replaceAll('\u00a0', ' ')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    if (found.join('\n') === expected.join('\n') || Date.now() > end) {
      assert.deepEqual(found, expected);
      return;
    }
    await delay(100);
  }
}
