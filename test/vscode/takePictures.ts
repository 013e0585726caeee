/** `npm run pictures`: takes the pictures of the walkthrough in a real editor, dark and light, into `media/walkthrough/`. */
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchEditor, type Editor } from './editor';
import { current } from './versions';
import { waitFor } from './waiting';

const folder = join(resolve(dirname(fileURLToPath(import.meta.url)), '../..'), 'media/walkthrough');
/** What a person may have written; the sample's network has an opinion on each line. */
const messages = 'thanks for the game, see you tomorrow\nyou are the worst player i have ever seen';

async function takePictures(theme: 'dark' | 'light'): Promise<void> {
  const size = { width: 960, height: 600 };
  const settings = {
    'editor.minimap.enabled': false,
    'window.commandCenter': false,
    'breadcrumbs.enabled': false,
    'editor.renderWhitespace': 'none',
  };
  const workspace = { 'messages.txt': messages };
  const editor = await launchEditor({ version: current, theme, size, settings, workspace });
  /** Moves the mouse out of the way; the tooltip of what it was on goes a moment later. */
  const putMouseAway = async () => {
    await editor.page.mouse.move(0, size.height - 1);
    await editor.page.waitForTimeout(600);
    await waitFor(async () => (await editor.page.locator('.workbench-hover:visible').count()) === 0);
  };
  const picture = async (name: string) => {
    const path = join(folder, `${name}${theme === 'dark' ? 'Dark' : 'Light'}.png`);
    await editor.page.screenshot({ path, animations: 'disabled' });
  };
  try {
    await showView(editor);
    await editor.page.locator('.welcome-view-content .monaco-button', { hasText: 'Sample' }).waitFor();
    await editor.waitForLog('is active');
    await editor.page.locator('.statusbar-item', { hasText: 'Activating' }).waitFor({ state: 'detached' });
    await putMouseAway();
    await picture('data');

    await editor.runCommand('Create Sample Experiments');
    await editor.page.waitForSelector('.tab.active[data-resource-name="chat-toxicity.rnn.json"]');
    await editor.openFile('chat-toxicity/chat.csv');
    await editor.runCommand('Train RNN');
    await row(editor, '.quick-input-list', 'Balanced GRU').waitFor();
    await putMouseAway();
    await picture('train');

    await editor.pick('Balanced GRU');
    await editor.waitForLog('Epoch 2:');
    await putMouseAway();
    await picture('watch');
    await editor.waitForLog('chat-1: finished');

    await editor.openFile('messages.txt');
    await editor.runCommand('Use Model');
    await editor.pick('chat-1');
    await editor.runCommand('Classify Each Line');
    await editor.notification('lines classified');
    await editor.runCommand('Notifications: Clear All Notifications');
    await putMouseAway();
    for (const key of ['Control+Home', 'ArrowDown', 'Control+K', 'Control+I']) await editor.page.keyboard.press(key);
    await editor.page.locator('.monaco-hover', { hasText: 'Decided by' }).first().waitFor();
    await picture('use');
    await editor.page.keyboard.press('Escape');

    await editor.openFile('chat-toxicity/chat-toxicity.rnn.json');
    await editor.runCommand('Train RNN');
    await editor.waitForLog('chat-toxicity-1: finished');
    await editor.runCommand('Compare Runs');
    await editor.pick('chat-1');
    await editor.pick('chat-toxicity-1');
    await editor.page.locator('.monaco-diff-editor .line-insert').first().waitFor();
    await putMouseAway();
    await picture('compare');
  } catch (error) {
    await editor.screenshot(`failed-pictures-${theme}`);
    throw error;
  } finally {
    await editor.close();
  }
}

async function showView(editor: Editor): Promise<void> {
  await editor.page.locator('.activitybar [aria-label="Sequence Lab"]').first().click();
}

function row(editor: Editor, list: string, text: string) {
  return editor.page.locator(`${list} .monaco-list-row`, { hasText: text }).first();
}

mkdirSync(folder, { recursive: true });
for (const theme of ['dark', 'light'] as const) await takePictures(theme);
