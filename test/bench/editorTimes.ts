/**
 * What a person waits for in the editor, in the packed extension on a real one; run it by
 * `npm run package && node --import tsx test/bench/editorTimes.ts`. Prints medians of activation, of the way from the last
 * key of Train RNN to the first step on the chat sample, and from the key of Classify Selection to the painted result.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { type Editor, launchEditor } from '../vscode/editor';
import { current, oldest } from '../vscode/versions';

const rounds = 7;
const classifications = 30;
const words = 200;
const root = resolve(import.meta.dirname, '../..');

/** 200 words of the sample's messages in lines of 20, as a person may have selected them. */
function selection(messages: string): string {
  const all = messages
    .replaceAll(/[",]|toxic|fine|\d/g, ' ')
    .split(/\s+/)
    .filter(Boolean)
    .slice(2, words + 2);
  const lines = Array.from({ length: words / 20 }, (_, line) => all.slice(line * 20, line * 20 + 20).join(' '));
  return lines.join('\n');
}

/** The extension's own figure in its log, once for each time that it was said. */
function logged(editor: Editor, pattern: RegExp): number[] {
  return [...editor.extensionLog().matchAll(pattern)].map(([, milliseconds]) => Number(milliseconds));
}

async function measureActivation(editor: Editor): Promise<number[]> {
  for (let round = 1; round <= rounds; round++) {
    if (round > 1) await editor.reload();
    // A restored panel wakes the extension by itself.
    if (round === 1) await editor.runCommand('View Training Panel');
    await editor.frameWith('.runs tbody tr');
    const end = Date.now() + 60_000;
    while (logged(editor, active).length < round && Date.now() < end) await editor.page.waitForTimeout(100);
  }
  return logged(editor, active);
}
const active = /is active after ([\d.]+) ms/g;
const firstStep = /The first step came after (\d+) ms/g;

async function measureFirstSteps(editor: Editor): Promise<number[]> {
  for (let round = 1; round <= rounds; round++) {
    await editor.openFile('chat-toxicity.rnn.json');
    await editor.runCommand('Train RNN');
    await editor.waitForLog(`chat-toxicity-${round + 1} begins`);
    const end = Date.now() + 60_000;
    while (logged(editor, firstStep).length < round && Date.now() < end) await editor.page.waitForTimeout(100);
    await editor.runCommand('Stop Training');
    await editor.waitForLog(`chat-toxicity-${round + 1}: stopped`);
  }
  return logged(editor, firstStep);
}

/** Milliseconds from a press of the key until the result's decoration is in the page, and until it is painted. */
interface ResultTimes {
  readonly decorated: number;
  readonly painted: number;
}

/** @param file the untitled file that the text goes into, the next one of the window */
async function measureClassification(editor: Editor, text: string, file: string): Promise<ResultTimes[]> {
  const { page } = editor;
  await editor.runCommand('File: New Untitled Text File');
  await page.waitForSelector(`.tab.active[data-resource-name="${file}"]`);
  await editor.selectAll();
  await page.keyboard.insertText(text);
  await page.evaluate(`
    window.pressed = 0; window.times = [];
    const isShown = () => [...document.querySelectorAll('.editor-group-container.active .view-lines [class*="ced-"]')]
      .some((element) => /^"(.+) [\\d.]+"$/.test(getComputedStyle(element, '::after').content));
    document.addEventListener('keydown', (event) => { if (event.code === 'KeyK') window.pressed = performance.now(); }, true);
    new MutationObserver(() => {
      if (window.pressed === 0 || !isShown()) return;
      const { pressed } = window;
      window.pressed = 0;
      const decorated = performance.now() - pressed;
      // A frame is painted when the next one begins.
      requestAnimationFrame(() => window.times.push({ decorated, painted: performance.now() - pressed }));
    }).observe(document.body, { subtree: true, childList: true, attributes: true });`);
  for (let time = 0; time < classifications; time++) {
    // A changed text loses its result, so that the next one is seen to come.
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' a');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Control+A');
    // As long as a person takes from selecting to the key; the editor's own work after a change is over by then.
    await page.waitForTimeout(1_000);
    await page.keyboard.press('Control+Alt+k');
    await page.waitForFunction(`window.times.length === ${time + 1}`);
  }
  // The first one loads the model and lets the page draw its first decoration.
  return (await page.evaluate<ResultTimes[]>('window.times')).slice(1);
}

function report(name: string, milliseconds: readonly number[]): void {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1).padStart(8);
  console.log(`${name.padEnd(56)} median ${at(0.5)} ms   least ${at(0)}   most ${at(1)}   of ${sorted.length}`);
}

function reportResults(where: string, results: readonly ResultTimes[]): void {
  for (const [name, moment] of [
    ['decoration', 'decorated'],
    ['painted decoration', 'painted'],
  ] as const) {
    report(
      `key to ${name} of ${words} words${where}`,
      results.map((result) => result[moment]),
    );
  }
}

const folder = mkdtempSync(join(tmpdir(), 'sequence-lab-times-'));
try {
  cpSync(join(root, 'dist/samples/chat-toxicity'), folder, { recursive: true });
  const text = selection(readFileSync(join(folder, 'chat.csv'), 'utf8'));
  const train = [join(root, 'dist/cli.cjs'), 'train', 'chat-toxicity.rnn.json'];
  execFileSync(process.execPath, train, { cwd: folder, stdio: 'pipe' });
  for (const version of process.argv.includes('--oldest') ? [oldest, current] : [current]) {
    const editor = await launchEditor({ version, workspace: folder });
    try {
      console.log(`Visual Studio Code ${version.vscode}`);
      reportResults('', await measureClassification(editor, text, 'Untitled-1'));
      report('activation', await measureActivation(editor));
      reportResults(', panel open', await measureClassification(editor, text, 'Untitled-2'));
      report('Train RNN to the first step, chat sample', await measureFirstSteps(editor));
      await editor.screenshot(`times-${version.vscode}`);
    } finally {
      await editor.close();
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
