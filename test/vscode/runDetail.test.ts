/** The panel's lower part in a real editor: the forecast of the sample machine room, the spans of the sample reminders. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { machineRoom } from '../../media/samples/machine-room/build';
import { buildReminders } from '../../media/samples/reminders/build';
import type { ForecastMetrics, Report, TaggingMetrics } from '../../src/protocol';
import { type Editor, withEditor } from './editor';
import { removeWorkspace } from './trainedWorkspace';
import { versions } from './versions';

const root = resolve(import.meta.dirname, '../..');
const cli = join(root, 'dist/cli.cjs');
let workspace: string;

before(async () => {
  workspace = mkdtempSync(join(tmpdir(), 'sequence-lab-details-'));
  writeFileSync(join(workspace, 'machine-room.csv'), machineRoom());
  copyFileSync(
    join(root, 'media/samples/machine-room/machine-room.rnn.json'),
    join(workspace, 'machine-room.rnn.json'),
  );
  await buildReminders(workspace);
  for (const name of ['machine-room', 'reminders']) {
    execFileSync(process.execPath, [cli, 'train', `${name}.rnn.json`], { cwd: workspace, stdio: 'pipe' });
  }
});
after(() => {
  removeWorkspace(workspace);
});

function reportOf(run: string): Report {
  return JSON.parse(readFileSync(join(workspace, '.sequence-lab/runs', run, 'report.json'), 'utf8')) as Report;
}

/** The lines of the alarms that the command line finds with the run's model. */
function alarmLines(): number[] {
  const model = join(workspace, '.sequence-lab/runs/machine-room-1/model.onnx');
  const said = execFileSync(process.execPath, [cli, 'predict', model, '--input', 'machine-room.csv', '--json'], {
    cwd: workspace,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const { alarms } = JSON.parse(said.trimEnd().split('\n').at(-1)!) as { alarms: { causeLine: number }[] };
  return alarms.map(({ causeLine }) => causeLine);
}

async function select(editor: Editor, run: string): Promise<Frame> {
  const panel = await editor.frameWith('.runs tbody tr');
  await panel.locator('.runs tbody tr', { hasText: run }).locator('.select').click();
  await panel.locator('.runs tr.selected', { hasText: run }).waitFor();
  return panel;
}

/** Figures as the page writes them: three significant digits. */
const figure = (value: number) => value.toPrecision(3);

for (const version of versions) {
  test(`a forecaster and a tagger show what they do in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace, size: { width: 1280, height: 1400 } }, async (editor) => {
      await editor.runCommand('View Training Panel');
      let panel = await select(editor, 'machine-room-1');
      await panel.locator('.forecast[data-state=done] canvas').waitFor();
      const lines = alarmLines();
      assert.ok(lines.length > 0);
      assert.equal(
        await panel.locator('.forecast .chart-frame').getAttribute('aria-label'),
        `celsius of machine-room.csv with its forecast; rows: 3,024, anomalies: ${lines.length}`,
      );
      const titles = await panel
        .locator('.anomalies button')
        .evaluateAll((all) => all.map((one) => one.getAttribute('title')));
      assert.deepEqual(
        titles,
        lines.map((line) => `Open the data at line ${line}`),
      );
      const { best, test: scores } = reportOf('machine-room-1');
      assert.deepEqual(await panel.locator('tr[data-score=mse] .number').allTextContents(), [
        figure((best!.validation as ForecastMetrics).mse),
        figure((scores as ForecastMetrics).mse),
      ]);
      for (const part of ['Training', 'Validation', 'Test']) {
        await panel.locator('.forecast vscode-button', { hasText: part }).waitFor();
      }
      await panel.locator('.forecast').scrollIntoViewIfNeeded();
      await editor.screenshot(`forecast-${version.vscode}`);

      // The faults stand in the test part; there the crosshair reads measured and expected values.
      await panel.locator('.forecast vscode-button', { hasText: 'Test' }).click();
      await panel.locator('.forecast .u-over').hover({ position: { x: 300, y: 120 } });
      await panel.locator('.forecast .readout').waitFor();
      assert.deepEqual(await panel.locator('.forecast .readout-name').allTextContents(), ['measured', 'forecast']);
      await editor.screenshot(`forecast-test-${version.vscode}`);

      await panel.locator('.anomalies button').first().click();
      await editor.page.locator('.statusbar-item', { hasText: `Ln ${lines[0]!}, Col 1` }).waitFor();
      await editor.page.locator('.tab.active', { hasText: 'machine-room.csv' }).waitFor();

      await editor.runCommand('View Training Panel');
      panel = await select(editor, 'reminders-1');
      await panel.locator('.spans tbody tr').first().waitFor();
      const { test: found } = reportOf('reminders-1') as { test: TaggingMetrics };
      const types = [...found.perType].sort((a, b) => b.support - a.support);
      assert.deepEqual(
        await panel.locator('.spans tbody tr th').allInnerTexts(),
        types.map(({ label }) => label),
      );
      assert.deepEqual(
        await panel.locator('.spans tbody tr td:nth-child(4)').allTextContents(),
        types.map(({ f1 }) => f1.toFixed(3)),
      );
      assert.equal(
        await panel.locator('tr[data-score=accuracy] .number').last().textContent(),
        found.accuracy.toFixed(3),
      );
      const shades = await panel
        .locator('.spans .tag')
        .evaluateAll((tags) => tags.map((tag) => getComputedStyle(tag).backgroundColor));
      assert.equal(new Set(shades).size, types.length, shades.join(' '));
      assert.ok(shades.every((shade) => /^rgba\(\d+, \d+, \d+, 0\.\d+\)$/.test(shade)));
      await panel.locator('.spans').scrollIntoViewIfNeeded();
      await editor.screenshot(`spans-${version.vscode}`);
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });
}
