/** What a person does with finished runs: lenses above the experiment, the panel's table and menus, export, errors, deletion. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Frame } from 'playwright-core';
import { type Editor, withEditor } from './editor';
import { experiment, trainingData } from './trainedWorkspace';
import { versions } from './versions';
import { waitFor } from './waiting';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Every seventh label is wrong, so that a model that has learned the rest makes mistakes. */
function doubtfulData(): string {
  const [header, ...rows] = trainingData().trimEnd().split('\n');
  const changed = rows.map((row, at) => (at % 7 === 3 ? row.replace(/(fine|toxic)$/, 'toxic') : row));
  return `${[header, ...changed].join('\n')}\n`;
}

/** Trains the experiment in the editor's folder by the command line, with this many hidden units. */
function trainRun(editor: Editor, hidden: number): void {
  const changed = { ...experiment, model: { ...experiment.model, hidden } };
  writeFileSync(join(editor.workspace!, 'chat.rnn.json'), JSON.stringify(changed, null, 2));
  execFileSync(process.execPath, [join(root, 'dist/cli.cjs'), 'train', 'chat.rnn.json'], { cwd: editor.workspace! });
}

async function chooseAction(panel: Frame, button: string, action: string): Promise<void> {
  await panel.locator(`vscode-button[aria-label="${button}"], button[aria-label="${button}"]`).first().click();
  await panel.locator('.menu [role="menuitem"]', { hasText: action }).click();
}

for (const version of versions) {
  test(`runs are looked at, compared, exported and deleted in Visual Studio Code ${version.vscode}`, async (t) => {
    const workspace = { 'chat.csv': doubtfulData(), 'chat.rnn.json': JSON.stringify(experiment, null, 2) };
    await withEditor(t, { version, workspace, size: { width: 1500, height: 1400 } }, async (editor) => {
      const { page } = editor;
      const folder = editor.workspace!;
      trainRun(editor, 8);
      trainRun(editor, 16);
      await editor.openFile('chat.rnn.json');
      const lens = (title: string) => page.locator('.codelens-decoration a', { hasText: title }).first();
      await lens('Compare').click();
      await page.locator('.tab.active', { hasText: 'chat-1 ↔ chat-2' }).waitFor();
      await editor.screenshot(`compare-files-${version.vscode}`);
      await editor.openFile('chat.rnn.json');
      await lens('Open Last Run').click();

      const panel = await editor.frameWith('.runs tbody tr');
      await panel.locator('.runs tr.selected', { hasText: 'chat-2' }).waitFor();
      await panel.locator('.runs tbody tr', { hasText: 'chat-1' }).waitFor();
      await chooseAction(panel, 'Actions for chat-1', 'Compare with chat-2');
      const difference = panel.locator('.comparison tbody tr', { hasText: 'model.hidden' });
      await difference.waitFor();
      assert.deepEqual(await difference.locator('td').allTextContents(), ['16', '8']);
      await editor.screenshot(`panel-runs-${version.vscode}`);

      await chooseAction(panel, 'Actions for chat-1', 'Rename…');
      await editor.answer('the small one');
      await panel.locator('.runs tbody tr', { hasText: 'the small one' }).waitFor();

      await panel.locator('vscode-checkbox[aria-label="Show the curves of the small one"]').click();
      await chooseAction(panel, 'More actions', 'Export curves as CSV…');
      await editor.saveAs(join(folder, 'table.csv'), 'curves.csv');
      await waitFor(() => existsSync(join(folder, 'table.csv')));
      const steps = (run: string) =>
        readFileSync(join(folder, '.sequence-lab/runs', run, 'metrics.jsonl'), 'utf8').match(/"gradientNorm"/g)!.length;
      await waitFor(
        () =>
          readFileSync(join(folder, 'table.csv'), 'utf8').split('\r\n').length ===
          steps('chat-1') + steps('chat-2') + 2,
      );
      const [header] = readFileSync(join(folder, 'table.csv'), 'utf8').split('\r\n');
      assert.equal(
        header,
        'run,step,epoch,loss,gradient_norm,learning_rate,tokens,validation_loss,validation_accuracy,validation_macro_f1',
      );

      await chooseAction(panel, 'More actions', 'Export charts as PNG…');
      await editor.saveAs(join(folder, 'picture.png'), 'curves.png');
      await waitFor(() => existsSync(join(folder, 'picture.png')));
      await waitFor(() => readFileSync(join(folder, 'picture.png')).subarray(1, 4).toString() === 'PNG');

      await panel.locator('vscode-button', { hasText: 'List the errors' }).click();
      const first = panel.locator('.mistakes li button').first();
      await first.waitFor();
      await editor.screenshot(`panel-errors-${version.vscode}`);
      const line = /line (\d+)/.exec((await first.getAttribute('title')) ?? '')?.[1];
      assert.ok(line !== undefined);
      await first.click();
      await page.locator('.statusbar-item', { hasText: `Ln ${line}, Col` }).waitFor();
      await page.locator('.tab.active', { hasText: 'chat.csv' }).waitFor();

      await editor.runCommand('View Training Panel');
      await chooseAction(await editor.frameWith('.runs tbody tr'), 'Actions for the small one', 'Delete…');
      await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete' }).first().click();
      const permanently = page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete Permanently' });
      const run = join(folder, '.sequence-lab/runs/chat-1');
      // Where there is no trash, the editor asks once more.
      await waitFor(async () => {
        if (await permanently.isVisible()) await permanently.click();
        return !existsSync(run);
      });
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });

  test(`several folders are one laboratory in Visual Studio Code ${version.vscode}`, async (t) => {
    const workspace = {
      'first/chat.csv': trainingData(),
      'first/one.rnn.json': JSON.stringify(experiment, null, 2),
      'second/chat.csv': trainingData(),
      'second/two.rnn.json': JSON.stringify(experiment, null, 2),
      'both.code-workspace': JSON.stringify({ folders: [{ path: 'first' }, { path: 'second' }] }),
    };
    await withEditor(t, { version, workspace, workspaceFile: 'both.code-workspace' }, async (editor) => {
      const { page } = editor;
      await page.locator('.activitybar [aria-label="Sequence Lab"]').first().click();
      for (const name of ['one', 'two']) {
        await page.locator('.monaco-list-row', { hasText: name }).first().waitFor();
      }
      await page.locator('.monaco-list-row', { hasText: 'two' }).first().click();
      await page.waitForSelector('.tab.active[data-resource-name="two.rnn.json"]');
      await editor.runCommand('Train RNN');
      await editor.waitForLog('two-1: finished');
      assert.ok(existsSync(join(editor.workspace!, 'second/.sequence-lab/runs/two-1/model.onnx')));
      await editor.screenshot(`folders-${version.vscode}`);
    });
  });
}
