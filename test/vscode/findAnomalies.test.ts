/** Find Anomalies in a real editor: the rows that a forecaster did not expect, in the gutter and in Problems. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { withEditor } from './editor';
import { removeWorkspace } from './trainedWorkspace';
import { versions } from './versions';

const root = resolve(import.meta.dirname, '../..');
let workspace: string;

/** A tide every ten minutes, and one hour in which it is not there: lines 202 to 207. */
function sea(): string {
  const rows = Array.from({ length: 260 }, (_, row) => {
    const level = row >= 200 && row < 206 ? 9 : 5 + 2 * Math.sin(row / 4) + 0.1 * Math.sin(7.3 * row);
    return `${row},${level.toFixed(3)}`;
  });
  return `minute,level\n${rows.join('\n')}\n`;
}

before(() => {
  workspace = mkdtempSync(join(tmpdir(), 'sequence-lab-sea-'));
  mkdirSync(join(workspace, '.vscode'));
  writeFileSync(join(workspace, 'sea.csv'), sea());
  const experiment = {
    task: 'forecasting',
    data: { train: 'sea.csv', time: 'minute', values: 'level', validation: 0.15, test: 0.3 },
    features: { context: 12, horizon: 2 },
    model: { hidden: 12, dropout: 0 },
    training: { epochs: 15, batchSize: 16, learningRate: 0.02 },
    anomalies: { short: 3, long: 100, minimumScore: 4 },
  };
  writeFileSync(join(workspace, 'sea.rnn.json'), JSON.stringify(experiment, null, 2));
  execFileSync(process.execPath, [join(root, 'dist/cli.cjs'), 'train', 'sea.rnn.json'], {
    cwd: workspace,
    stdio: 'pipe',
  });
});
after(() => {
  removeWorkspace(workspace);
});

for (const version of versions) {
  test(`unusual rows are marked until the text changes in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace }, async (editor) => {
      await editor.openFile('sea.csv');
      await editor.runCommand('Find Anomalies');
      assert.equal(await editor.notification('sea.csv has'), 'sea.csv has one anomaly.');
      await editor.page.locator('.notification-list-item-buttons-container a', { hasText: 'Show Problems' }).click();
      const problem = editor.page.locator('.markers-panel .monaco-list-row', { hasText: 'Anomaly with a score of' });
      await problem.waitFor();
      assert.match(await problem.innerText(), /in line 202, level is 9, expected -?[\d.]+ to [\d.]+/);
      await problem.click();
      await editor.page.locator('.margin-view-overlays .cgmr.codicon, .glyph-margin-widgets .cgmr').first().waitFor();
      await editor.screenshot(`anomalies-${version.vscode}`);

      // What changes is no longer what was looked at.
      await editor.page.locator('.editor-group-container.active .monaco-editor .view-lines').first().click();
      await editor.page.keyboard.press('Control+End');
      await editor.page.keyboard.type('1');
      await problem.waitFor({ state: 'detached' });
      assert.equal(await editor.page.locator('.glyph-margin-widgets .cgmr').count(), 0);
      await editor.page.keyboard.press('Control+Z');

      // In anything else there is nothing to look at.
      await editor.openFile('sea.rnn.json');
      await editor.runCommand('Find Anomalies');
      await editor.notification('Open the CSV or TSV file of a series first');
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });

  test(`the panel's box brings an open table to the front and marks it in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace }, async (editor) => {
      await editor.openFile('sea.csv');
      await editor.runCommand('View Training Panel');
      const panel = await editor.frameWith('.runs tbody tr');
      await panel.locator('.try-it', { hasText: 'A forecaster reads tables' }).waitFor();
      await editor.screenshot(`try-it-forecasting-${version.vscode}`);
      await panel.locator('.try-it vscode-button', { hasText: 'Find Anomalies' }).click();
      assert.equal(await editor.notification('sea.csv has'), 'sea.csv has one anomaly.');
      await editor.page.waitForSelector('.tab.active[data-resource-name="sea.csv"]');
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });
}
