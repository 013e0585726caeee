/** Tagging text in a real editor: with a model of the sample that the command line trained, read back as a person sees it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { buildReminders } from '../../media/samples/reminders/build';
import { type Editor, withEditor } from './editor';
import { versions } from './versions';

let workspace: string;
before(async () => {
  workspace = mkdtempSync(join(tmpdir(), 'sequence-lab-tagged-'));
  await buildReminders(workspace);
  const cli = resolve(import.meta.dirname, '../../dist/cli.cjs');
  execFileSync(process.execPath, [cli, 'train', 'reminders.rnn.json'], { cwd: workspace, stdio: 'pipe' });
});
after(() => {
  rmSync(workspace, { recursive: true, force: true });
});

const first = 'remind Anna to water the plants tomorrow at noon';
const second = 'lunch with Ben on Monday in Lisbon';
const tagsItem = '#sequence-lab\\.sequence-lab\\.sequenceLab\\.tags';

for (const version of versions) {
  test(`a selection shows its spans in colour, with a legend, in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace }, async (editor) => {
      await newText(editor, `${first}\n\n${second}`);
      // The only run's model is taken without a question; without a selection the paragraph at the cursor is tagged.
      await editor.runCommand('Tag Selection');
      assert.equal((await colours(editor, 3)).size, 3);
      await editor.page.locator('.statusbar-item', { hasText: 'day is ' }).waitFor();
      assert.equal(await legend(editor), 'day 1 · person 1 · place 1');

      await editor.page.keyboard.press('Control+A');
      await editor.runCommand('Tag Selection');
      assert.equal((await colours(editor, 7)).size, 5);
      assert.equal(await legend(editor), 'day 2 · person 2 · place 1 · task 1 · …');
      await editor.screenshot(`tagged-dark-${version.vscode}`);

      await cursorAt(editor, 'lunch with B'.length);
      await editor.page.keyboard.press('Control+K');
      await editor.page.keyboard.press('Control+I');
      const hover = editor.page.locator('.monaco-hover', { hasText: 'person' }).first();
      await hover.waitFor();
      const said = (await hover.innerText()).replaceAll('\u00a0', ' ');
      assert.match(said, /^\s*person\s+[01]\.\d+ · by reminders-1\n/);
      for (const name of ['blue', 'orange', 'green', 'purple', 'teal'])
        assert.ok(said.includes(name), `${name}: ${said}`);
      const swatch = hover.locator('span[style*="background-color"]').first();
      const shade = await swatch.evaluate((word) => getComputedStyle(word).backgroundColor);
      assert.match(shade, /^rgba\(\d+, \d+, \d+, 0\.\d+\)$/);
      await editor.screenshot(`tagged-hover-${version.vscode}`);
      await editor.page.keyboard.press('Escape');

      // The list of types selects the spans of one.
      await editor.page.locator(tagsItem).click();
      await editor.page.locator('.quick-input-title', { hasText: 'Tags' }).waitFor();
      assert.deepEqual((await editor.quickPickLabels()).slice(0, 5), ['day', 'person', 'place', 'task', 'time']);
      await editor.screenshot(`tags-${version.vscode}`);
      await editor.pick('person');
      await editor.page.locator('.statusbar-item', { hasText: '2 selections' }).waitFor();

      // What changes is no longer what was tagged, and a tag depends on the whole of it.
      await editor.page.keyboard.press('Escape');
      await cursorAt(editor, 0);
      await editor.page.keyboard.type('x');
      await colours(editor, 0);
      await editor.page.locator(tagsItem).waitFor({ state: 'hidden' });

      await editor.page.keyboard.press('Control+Z');
      await editor.runCommand('Tag Selection');
      await colours(editor, 3);
      await editor.runCommand('Clear Tags');
      await colours(editor, 0);
      await editor.runCommand('Show Tags');
      await editor.notification('There are no tags in this editor; run Tag Selection first.');
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });

  test(`spans are coloured in a light theme in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace, theme: 'light' }, async (editor) => {
      await newText(editor, first);
      await editor.page.keyboard.press('Control+A');
      await editor.runCommand('Tag Selection');
      await colours(editor, 4);
      await editor.page.keyboard.press('End');
      await editor.screenshot(`tagged-light-${version.vscode}`);
      assert.deepEqual(await editor.notifications(), []);
    });
  });

  test(`a Chinese editor names the colours in Chinese in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace, locale: 'zh-cn', theme: 'highContrast' }, async (editor) => {
      await newText(editor, second);
      await editor.runCommand('标注所选内容');
      await colours(editor, 3);
      await editor.page.locator('.statusbar-item', { hasText: 'day 为' }).waitFor();
      await editor.screenshot(`tagged-high-contrast-${version.vscode}`);
    });
  });
}

/** Opens an untitled document with a text; the cursor is at its end. */
async function newText(editor: Editor, text: string): Promise<void> {
  await editor.runCommand('File: New Untitled Text File');
  await editor.page.waitForSelector('.tab.active[data-resource-name="Untitled-1"]');
  await editor.page.locator('.editor-group-container.active .monaco-editor .view-lines').first().click();
  await editor.page.keyboard.insertText(text);
}

/** Puts the cursor after so many characters of the document's last line. */
async function cursorAt(editor: Editor, column: number): Promise<void> {
  await editor.page.locator('.editor-group-container.active .monaco-editor .view-lines').first().click();
  await editor.page.keyboard.press('Control+End');
  await editor.page.keyboard.press('Home');
  for (let step = 0; step < column; step++) await editor.page.keyboard.press('ArrowRight');
}

/** The legend in the status bar. */
async function legend(editor: Editor): Promise<string> {
  return (await editor.page.locator(tagsItem).innerText()).replaceAll('\u00a0', ' ').trim();
}

/** The different colours behind the text, once so many stretches have one. */
async function colours(editor: Editor, count: number): Promise<ReadonlySet<string>> {
  const read = () =>
    editor.page.evaluate(() =>
      [...document.querySelectorAll('.editor-group-container.active .view-overlays .cdr[class*="ced-"]')]
        .map((element) => getComputedStyle(element).backgroundColor)
        .filter((color) => color !== 'rgba(0, 0, 0, 0)'),
    );
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await read();
    if (found.length === count) return new Set(found);
    if (Date.now() > end) throw new Error(`The editor shows ${found.join(', ')}, expected ${count} stretches.`);
    await editor.page.waitForTimeout(100);
  }
}
