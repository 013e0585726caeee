/** Training in a real editor: from data to a finished run, stopped, resumed, crashed, deleted, and where it is not allowed. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Locator } from 'playwright-core';
import { withEditor, type Editor } from './editor';
import { versions } from './versions';
import { becomes, waitFor } from './waiting';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const chat = join(root, 'media/samples/chat-toxicity');
const rows = readFileSync(join(chat, 'chat.csv'), 'utf8');

/** An experiment on the chat sample; `epochs` and `hidden` decide how long it takes. */
function experiment(epochs: number, hidden: number, further = {}): string {
  return JSON.stringify({
    data: { train: 'chat.csv', text: 'message' },
    features: { embedding: { size: 16 } },
    model: { cell: 'gru', hidden, bidirectional: false },
    training: { epochs, earlyStopping: false, checkpointSeconds: 1, ...further },
  });
}

for (const version of versions) {
  const where = `in Visual Studio Code ${version.vscode}`;

  test(`data becomes a trained model in a few key presses ${where}`, async (t) => {
    await withEditor(t, { version, workspace: { 'chat.csv': rows } }, async (editor) => {
      const { page } = editor;
      await editor.runCommand('Train RNN');
      await waitForPick(editor, 'chat.csv');
      await page.locator('.quick-input-list', { hasText: 'message → label: fine 1,' }).waitFor();
      await editor.screenshot(`train-data-${version.vscode}`);
      await page.keyboard.press('Enter');
      await waitForPick(editor, 'Balanced LSTM');
      await editor.screenshot(`train-preset-${version.vscode}`);
      await editor.pick('Fast GRU');

      const status = page.locator('.statusbar-item[id$="sequenceLab.training"]');
      await status.filter({ hasText: /Epoch \d\/5 · loss/ }).waitFor();
      await editor.screenshot(`train-status-${version.vscode}`);
      await editor.waitForLog('chat-1: finished');
      await status.waitFor({ state: 'hidden' });
      const text = readFileSync(join(editor.workspace!, 'chat.rnn.json'), 'utf8');
      assert.match(text, /"text": "message",/);
      assert.match(text, /"cell": "gru",[^}]*"hidden": 64,/);
      assert.ok(existsSync(join(runFolder(editor, 'chat-1'), 'model.onnx')));
      // The panel is in front, so nobody needs to be told.
      assert.deepEqual(await editor.notifications(), []);
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
      const [, first] = /The first step came after (\d+) ms\./.exec(editor.extensionLog()) ?? [];
      assert.ok(first !== undefined);
      t.diagnostic(`The first step came ${first} ms after the last key.`);
    });
  });

  test(`a run is stopped and resumed ${where}`, async (t) => {
    const workspace = { 'chat.csv': rows, 'long.rnn.json': experiment(500, 64) };
    await withEditor(t, { version, workspace }, async (editor) => {
      await editor.openFile('long.rnn.json');
      await editor.runCommand('Train RNN');
      await editor.waitForLog('Epoch 1:');
      await editor.runCommand('Stop Training');
      await editor.waitForLog('long-1: stopped');
      const stopped = readReport(editor, 'long-1');
      assert.equal(stopped.status, 'stopped');
      assert.ok(stopped.best !== null);

      await editor.openFile('long.rnn.json');
      await editor.runCommand('Resume Training');
      await editor.waitForLog(`long-1 begins at step ${stopped.steps}`);
      // The notification of a training that takes long to begin goes with its beginning.
      await editor.page.locator('.statusbar-item[id$="sequenceLab.training"]', { hasText: 'Epoch' }).waitFor();
      await editor.runCommand('Stop Training');
      await waitFor(() => editor.extensionLog().split('long-1: stopped').length === 3);
      assert.ok(readReport(editor, 'long-1').steps > stopped.steps);
      assert.deepEqual(await editor.notifications(), []);
    });
  });

  test(`reading much data is shown and can be cancelled ${where}`, async (t) => {
    const [heading, ...examples] = rows.trimEnd().split('\n');
    const much = [heading, ...Array<string>(150).fill(examples.join('\n'))].join('\n');
    await withEditor(
      t,
      { version, workspace: { 'chat.csv': much, 'much.rnn.json': experiment(1, 8) } },
      async (editor) => {
        await editor.openFile('much.rnn.json');
        await editor.runCommand('Train RNN');
        await editor.notification('Preparing much.rnn.json');
        await editor.screenshot(`reading-${version.vscode}`);
        await editor.page.locator('.notifications-toasts .monaco-button', { hasText: 'Cancel' }).click();
        await editor.waitForLog('was called off before it began');
        await editor.page.locator('.notifications-toasts .monaco-button').waitFor({ state: 'detached' });
        assert.ok(!existsSync(join(editor.workspace!, '.sequence-lab')));
        assert.deepEqual(await editor.notifications(), []);
      },
    );
  });

  test(`a run goes on after the engine was killed ${where}`, async (t) => {
    const workspace = { 'chat.csv': rows, 'crash.rnn.json': experiment(500, 64) };
    await withEditor(t, { version, workspace }, async (editor) => {
      await editor.openFile('crash.rnn.json');
      await editor.runCommand('Train RNN');
      await editor.waitForLog('Epoch 1:');
      const checkpoint = join(runFolder(editor, 'crash-1'), 'checkpoint.safetensors');
      await waitFor(() => existsSync(checkpoint));
      process.kill(enginePid(editor), 'SIGKILL');
      const sentence = await editor.notification('The engine ended unexpectedly');
      assert.equal(sentence, 'The engine ended unexpectedly (signal SIGKILL) while crash-1 was in training.');
      await editor.screenshot(`crash-${version.vscode}`);
      assert.equal((await editor.notifications()).length, 1);
      await editor.page.locator('.notifications-toasts .monaco-button', { hasText: 'Resume' }).click();
      await editor.waitForLog('Resuming');
      await waitFor(() => /crash-1 begins at step [1-9]/.test(editor.extensionLog()));
      await editor.runCommand('Stop Training');
      await editor.waitForLog('crash-1: stopped');
    });
  });

  test(`closing the window leaves no engine behind ${where}`, async (t) => {
    const workspace = { 'chat.csv': rows, 'left.rnn.json': experiment(500, 64) };
    await withEditor(t, { version, workspace }, async (editor) => {
      await editor.openFile('left.rnn.json');
      await editor.runCommand('Train RNN');
      await editor.waitForLog('Epoch 1:');
      const pid = enginePid(editor);
      await editor.reload();
      await waitFor(() => !isAlive(pid));
      assert.equal(readReport(editor, 'left-1').status, 'stopped');
    });
  });

  test(`the lists show experiments, runs and models ${where}`, async (t) => {
    await withEditor(
      t,
      { version, workspace: { 'chat.csv': rows, 'tiny.rnn.json': experiment(1, 8) } },
      async (editor) => {
        const { page } = editor;
        await editor.openFile('tiny.rnn.json');
        await editor.runCommand('Train RNN');
        await editor.waitForLog('tiny-1: finished');
        await page.locator('.activitybar [aria-label="Sequence Lab"]').first().click();
        const run = page.locator('.monaco-list-row[role="treeitem"]', { hasText: 'tiny-1' }).first();
        await run.filter({ hasText: /F1 0\.\d{3} · GRU 8/ }).waitFor();
        await page.locator('.monaco-list-row', { hasText: /^tiny1 run/ }).waitFor();
        await editor.screenshot(`trees-${version.vscode}`);

        const nameBox = page.locator('.quick-input-widget .quick-input-box input');
        await chooseFromMenu(run, 'Rename Run', () => nameBox.isVisible());
        await editor.answer('first try');
        const renamed = page.locator('.monaco-list-row[role="treeitem"]', { hasText: 'first try' }).first();
        await renamed.waitFor();
        assert.ok(existsSync(runFolder(editor, 'tiny-1')));

        await renamed.click({ button: 'right' });
        await page.locator('.monaco-menu .action-label', { hasText: 'Delete Run' }).waitFor();
        await editor.screenshot(`trees-menu-${version.vscode}`);
        const confirm = page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete Permanently' });
        const isGone = () => !existsSync(runFolder(editor, 'tiny-1'));
        await chooseFromMenu(renamed, 'Delete Run', async () => isGone() || (await confirm.isVisible()));
        if (await confirm.isVisible()) await confirm.click();
        await waitFor(isGone);
        await renamed.waitFor({ state: 'detached' });
      },
    );
  });

  test(`an empty folder gets the samples, and keeps its own files ${where}`, async (t) => {
    const own = '{ "data": { "train": "mine.csv" } }';
    await withEditor(t, { version, workspace: { 'word-language/README.md': own } }, async (editor) => {
      await editor.page.locator('.activitybar [aria-label="Sequence Lab"]').first().click();
      await editor.page
        .locator('.welcome-view-content .monaco-button', { hasText: 'Create Sample Experiments' })
        .waitFor();
      await editor.screenshot(`welcome-${version.vscode}`);
      await editor.page
        .locator('.welcome-view-content .monaco-button', { hasText: 'Create Sample Experiments' })
        .click();
      await editor.page.waitForSelector('.tab.active[data-resource-name="chat-toxicity.rnn.json"]');
      assert.equal(readFileSync(join(editor.workspace!, 'word-language/README.md'), 'utf8'), own);
      assert.equal(readFileSync(join(editor.workspace!, 'chat-toxicity/chat.csv'), 'utf8'), rows);
      assert.ok(existsSync(join(editor.workspace!, 'word-language/words.csv')));
      await editor.page.locator('.monaco-list-row', { hasText: 'word-language' }).first().waitFor();
      await editor.screenshot(`samples-${version.vscode}`);
    });
  });

  test(`a wrong experiment is told with the way to its place ${where}`, async (t) => {
    const wrong = '{\n  "data": { "train": "chat.csv", "text": "message" },\n  "training": { "epochs": 0 }\n}\n';
    await withEditor(t, { version, workspace: { 'chat.csv': rows, 'wrong.rnn.json': wrong } }, async (editor) => {
      await editor.openFile('wrong.rnn.json');
      await editor.runCommand('Train RNN');
      const sentence = await editor.notification('wrong.rnn.json:3:27');
      assert.match(sentence, /training\.epochs: found 0, expected a whole number from 1/);
      await editor.screenshot(`wrong-${version.vscode}`);
      await editor.page.locator('.notifications-toasts .monaco-button', { hasText: 'Open Experiment' }).click();
      await editor.page.locator('.statusbar-item', { hasText: 'Ln 3, Col 27' }).waitFor();
    });
  });

  test(`an untrusted folder trains nothing and says so ${where}`, async (t) => {
    const workspace = { 'chat.csv': rows, 'tiny.rnn.json': experiment(1, 8) };
    const settings = { 'security.workspace.trust.startupPrompt': 'never' };
    await withEditor(t, { version, workspace, workspaceTrust: true, settings }, async (editor) => {
      await editor.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
      for (const command of ['Train RNN', 'Create Sample Experiments']) {
        await editor.runCommand(command);
        const sentence = await editor.notification('only in folders that you trust');
        assert.equal(sentence, 'Sequence Lab trains and uses models only in folders that you trust.');
        await editor.runCommand('Notifications: Clear All Notifications');
      }
      assert.deepEqual(readdirSync(editor.workspace!).sort(), ['chat.csv', 'tiny.rnn.json']);
      assert.equal(enginePids(editor).length, 0);
    });
  });
}

function runFolder(editor: Editor, name: string): string {
  return join(editor.workspace!, '.sequence-lab/runs', name);
}

interface Report {
  readonly status: string;
  readonly steps: number;
  readonly best: unknown;
}

function readReport(editor: Editor, run: string): Report {
  return JSON.parse(readFileSync(join(runFolder(editor, run), 'report.json'), 'utf8')) as Report;
}

async function waitForPick(editor: Editor, label: string): Promise<void> {
  await editor.page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first().waitFor();
}

/** Chooses from the context menu of a row until what it does is seen: a menu that the list's news closed chose nothing. */
async function chooseFromMenu(row: Locator, label: string, isDone: () => Promise<boolean>): Promise<void> {
  const item = row.page().locator('.monaco-menu .action-label', { hasText: label });
  await waitFor(async () => {
    if ((await item.count()) === 0) await row.click({ button: 'right' });
    // A menu takes no click in its first moment, so that the one that opened it cannot choose; it may go while we try.
    await item.click({ timeout: 1_000 }).catch(() => undefined);
    return await becomes(isDone, 5_000);
  });
}

/** The engines that this editor's server started, by the process list. */
function enginePids(editor: Editor): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const processes = lines.flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
  const family = new Set([editor.serverPid]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid);
  }
  return processes
    .filter(({ pid, command }) => family.has(pid) && command.includes('engine.cjs'))
    .map(({ pid }) => pid);
}

function enginePid(editor: Editor): number {
  const pids = enginePids(editor);
  assert.equal(pids.length, 1);
  return pids[0]!;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // ESRCH: it is gone.
  }
}
