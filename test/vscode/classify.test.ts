/** Classifying text in a real editor: with a model of a run that the command line trained, read back as a person sees it. */
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Editor } from './editor';
import { withEditor } from './editor';
import { experiment, removeWorkspace, trainFolderWorkspace, trainingData, trainWorkspace } from './trainedWorkspace';
import { versions } from './versions';
import { becomes, waitFor } from './waiting';

let workspace: string;
let folderWorkspace: string;
before(() => {
  workspace = trainWorkspace();
  folderWorkspace = trainFolderWorkspace();
});
after(() => {
  removeWorkspace(workspace);
  removeWorkspace(folderWorkspace);
});

const rude = 'you are the worst player';
const kind = 'thank you so much my friend';

for (const version of versions) {
  test(`a selection shows its class and what decided it in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace }, async (editor) => {
      await newText(editor, `${rude}\n\n${kind}`);
      // The only run's model is taken without a question.
      await editor.runCommand('Classify Selection');
      assert.deepEqual(await results(editor, 1), ['fine']);
      await editor.page.keyboard.press('Control+Home');
      await editor.page.keyboard.press('Control+Alt+k');
      assert.deepEqual(await results(editor, 2), ['toxic', 'fine']);
      assert.match(await editor.page.locator(modelItem).innerText(), /chat-1/);

      await editor.page.keyboard.press('Control+K');
      await editor.page.keyboard.press('Control+I');
      const hover = editor.page.locator('.monaco-hover', { hasText: 'toxic' }).first();
      await hover.waitFor();
      const said = (await hover.innerText()).replaceAll('\u00a0', ' ');
      assert.match(said, /^toxic · by chat-1\n/);
      assert.match(said, /█+.* [\d.]+ *toxic\n.* [\d.]+ *fine\n/);
      assert.match(said, /you are the worst player/);
      assert.match(said, /Decided by: \w+ [+−]\d/);
      assert.match(said, /Label is wrong…/);
      const shaded = hover.locator('span[style*="background-color"]').first();
      const shade = await shaded.evaluate((word) => getComputedStyle(word).backgroundColor);
      assert.match(shade, /^rgba\(\d+, \d+, \d+, 0\.\d+\)$/);
      await editor.screenshot(`classified-dark-${version.vscode}`);

      // What changes is no longer what was classified; the other result stays.
      await editor.page.keyboard.press('Escape');
      await editor.page.keyboard.press('End');
      await editor.page.keyboard.type(' ever');
      assert.deepEqual(await results(editor, 1), ['fine']);
      assert.deepEqual(await editor.notifications(), []);
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });

  test(`the quick TF-IDF model is trained, classifies and explains in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace: { 'chat.csv': trainingData() } }, async (editor) => {
      await editor.runCommand('Train RNN');
      await quickPick(editor, 'Train RNN');
      await editor.pick('chat.csv');
      const presets = await quickPick(editor, 'Train RNN on chat.csv');
      assert.ok(
        presets.some((preset) => preset.trim() === 'Quick TF-IDF'),
        presets.join(', '),
      );
      await editor.screenshot(`presets-tfidf-${version.vscode}`);
      await editor.pick('Quick TF-IDF');
      await editor.waitForLog('chat-1: finished');
      const experiment = readFileSync(join(editor.workspace!, 'chat.rnn.json'), 'utf8');
      assert.match(experiment, /"type": "tfidf",/);

      await newText(editor, `${rude}\n\n${kind}`);
      await editor.page.keyboard.press('Control+Home');
      await editor.runCommand('Classify Selection');
      assert.deepEqual(await results(editor, 1), ['toxic']);
      await editor.page.keyboard.press('Control+K');
      await editor.page.keyboard.press('Control+I');
      const hover = editor.page.locator('.monaco-hover', { hasText: 'toxic' }).first();
      await hover.waitFor();
      const said = (await hover.innerText()).replaceAll('\u00a0', ' ');
      assert.match(said, /^toxic · by chat-1\n/);
      assert.match(said, /you are the worst player/);
      assert.match(said, /Decided by: \w+ [+−]\d/);
      await editor.screenshot(`classified-tfidf-${version.vscode}`);
      await editor.page.keyboard.press('Escape');
      await editor.openFile('chat.rnn.json');
      await editor.page.locator('.view-lines', { hasText: /\[32\].*\[2\]/ }).waitFor();
      await editor.screenshot(`hints-tfidf-${version.vscode}`);
      assert.deepEqual(await editor.notifications(), []);
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });

  test(`a wrong label is added to the data and can be undone in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace }, async (editor) => {
      const data = join(editor.workspace!, 'chat.csv');
      await newText(editor, 'good luck, "noob"');
      await editor.runCommand('Classify Selection');
      await results(editor, 1);
      await editor.page.keyboard.press('Control+.');
      await editor.page.locator('.action-widget .monaco-list-row', { hasText: 'Label is wrong…' }).waitFor();
      await editor.page.keyboard.press('Enter');
      const labels = (await quickPick(editor, 'Right label')).map((label) => label.trim());
      assert.deepEqual([...labels].sort(), ['fine', 'toxic']);
      await editor.pick(labels[0]!);
      const row = `"good luck, ""noob""",${labels[0]!}\n`;
      await editor.notification(`Added to chat.csv as ${labels[0]!}; the next training learns from it.`);
      assert.equal(readFileSync(data, 'utf8'), trainingData() + row);
      await editor.screenshot(`corrected-${version.vscode}`);

      await editor.page.locator('.notification-list-item-buttons-container a', { hasText: 'Undo' }).click();
      await fileBecomes(data, trainingData());
      // In the data file itself, undo takes a line back as it does any other change.
      await editor.runCommand('Correct Label');
      await quickPick(editor, 'Right label');
      await editor.pick(labels[1]!);
      await editor.notification(`Added to chat.csv as ${labels[1]!}`);
      await editor.page.locator('.notification-list-item-buttons-container a', { hasText: 'Show' }).click();
      await editor.page.waitForSelector('.tab.active[data-resource-name="chat.csv"]');
      assert.equal(readFileSync(data, 'utf8'), `${trainingData()}"good luck, ""noob""",${labels[1]!}\n`);
      await editor.page.keyboard.press('Control+Z');
      await editor.page.keyboard.press('Control+S');
      await fileBecomes(data, trainingData());
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });

  test(`a wrong label goes to the file of its class in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace: folderWorkspace }, async (editor) => {
      const files = ['fine', 'toxic'].map((label) => join(editor.workspace!, `chat/${label}.txt`));
      const before = files.map((file) => readFileSync(file, 'utf8'));
      await newText(editor, 'good luck,\n"noob"');
      await editor.runCommand('Classify Selection');
      await results(editor, 1);
      await editor.runCommand('Correct Label');
      const [other] = (await quickPick(editor, 'Right label')).map((label) => label.trim());
      await editor.pick(other!);
      await editor.notification(`as ${other!}; the next training learns from it.`);
      // A line is a text there, so that the text becomes one line.
      const expected = before.map((text, at) =>
        files[at]!.endsWith(`${other!}.txt`) ? `${text}good luck, "noob"\n` : text,
      );
      assert.deepEqual(
        files.map((file) => readFileSync(file, 'utf8')),
        expected,
      );
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });

  test(`classifying many lines is shown and can be cancelled in Visual Studio Code ${version.vscode}`, async (t) => {
    const count = 100_000;
    writeFileSync(join(workspace, 'many.txt'), `${rude}\n`.repeat(count));
    await withEditor(t, { version, workspace }, async (editor) => {
      await editor.openFile('many.txt');
      await editor.runCommand('Classify Each Line');
      await editor.notification(`Classifying ${count} lines`);
      await editor.screenshot(`lines-progress-${version.vscode}`);
      await editor.page.locator('.notifications-toasts .monaco-button', { hasText: 'Cancel' }).click();
      // What was done stays, and can be opened.
      const sentence = await editor.notification('Stopped after');
      const [, done, toxic] = /^Stopped after (\d+) of 100000 lines: toxic (\d+)\.$/.exec(sentence) ?? [];
      assert.ok(Number(done) > 0 && Number(done) < count, sentence);
      assert.equal(toxic, done);
      await waitFor(async () => (await shownLabels(editor)).length > 0);
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });

  test(`each line is classified and listed in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace }, async (editor) => {
      await newText(editor, `${rude}\n\n${kind}\n${rude}`);
      await editor.runCommand('Classify Each Line');
      assert.deepEqual(await results(editor, 3), ['toxic', 'fine', 'toxic']);
      await editor.notification('3 lines classified: toxic 2, fine 1.');
      await editor.screenshot(`lines-${version.vscode}`);
      await editor.page.locator('.notification-list-item-buttons-container a', { hasText: 'Open as CSV' }).click();
      await editor.page.waitForSelector('.tab.active[data-resource-name="Untitled-2"]');
      const shown = await editor.page.locator('.editor-group-container.active .view-lines').first().innerText();
      const lines = shown
        .replaceAll('\u00a0', ' ')
        .split('\n')
        .filter((line) => line !== '');
      assert.equal(lines[0], 'line,label,probability,text');
      assert.match(lines[1]!, /^1,toxic,0\.\d{4},you are the worst player$/);
      assert.match(lines[2]!, /^3,fine,0\.\d{4},thank you so much my friend$/);
      assert.match(lines[3]!, /^4,toxic,0\.\d{4},you are the worst player$/);
    });
  });

  test(`a model from elsewhere is told in a sentence in Visual Studio Code ${version.vscode}`, async (t) => {
    // Before the editor opens: a busy one may not watch the folder yet.
    writeFileSync(join(workspace, 'foreign.onnx'), 'no model');
    copyFileSync(join(workspace, '.sequence-lab/runs/chat-1/model.onnx'), join(workspace, 'own.onnx'));
    await withEditor(t, { version, workspace }, async (editor) => {
      // Menus of extensions are there once the extension is; its view wakes it and takes no focus afterwards.
      await editor.page.locator('.activitybar [aria-label="Sequence Lab"]').first().click();
      await editor.waitForLog('is active');
      await editor.page.keyboard.press('Control+Shift+E');
      await loadFromExplorer(editor, 'foreign.onnx');
      assert.match(await editor.notification('foreign.onnx'), /foreign\.onnx: .*(not|no) .*\.$/);
      await loadFromExplorer(editor, 'own.onnx');
      await modelShown(editor, 'own.onnx');
      // A copied model classifies, but there is no data that a correction could go to.
      await newText(editor, rude);
      await editor.runCommand('Classify Selection');
      await results(editor, 1);
      await editor.runCommand('Correct Label');
      await editor.notification('The model own.onnx does not belong to a run, so there is no data to add the text to.');
      // The status bar switches back to the run's.
      await editor.page.locator(modelItem).click();
      assert.deepEqual(
        (await quickPick(editor, 'Model for classification')).map((label) => label.trim()),
        ['chat-1', 'Browse…'],
      );
      await editor.screenshot(`models-${version.vscode}`);
      await editor.pick('chat-1');
      await modelShown(editor, 'chat-1');
    });
  });

  test(`an untrusted folder classifies nothing in Visual Studio Code ${version.vscode}`, async (t) => {
    const settings = { 'security.workspace.trust.startupPrompt': 'never' };
    await withEditor(t, { version, workspace, workspaceTrust: true, settings }, async (editor) => {
      await editor.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
      await newText(editor, rude);
      await editor.runCommand('Classify Selection');
      await editor.notification('only in folders that you trust');
      assert.equal(await editor.page.locator(modelItem).count(), 0);
      assert.doesNotMatch(editor.extensionLog(), /\[error\]|engine/);
    });
  });

  test(`a Chinese editor speaks Chinese in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace, locale: 'zh-cn', theme: 'light' }, async (editor) => {
      await newText(editor, `${rude}\n\n你好`);
      await editor.runCommand('逐行分类');
      await results(editor, 2);
      await editor.notification('已对 2 行分类');
      await editor.page.keyboard.press('Control+Home');
      await editor.runCommand('对所选内容分类');
      await editor.page.locator('.editor-group-container.active .monaco-editor .view-lines').first().click();
      await editor.page.keyboard.press('Control+Home');
      await editor.page.keyboard.press('Control+K');
      await editor.page.keyboard.press('Control+I');
      const hover = editor.page.locator('.monaco-hover', { hasText: 'toxic' }).first();
      await hover.waitFor();
      assert.match(await hover.innerText(), /模型 chat-1[^]*决定性的词：[^]*标签有误…/);
      await editor.screenshot(`chinese-light-${version.vscode}`);
    });
  });

  test(`mistakes are told in Chinese in Visual Studio Code ${version.vscode}`, async (t) => {
    const mistaken = JSON.stringify({ ...experiment, training: { epochs: 0 } });
    const oneClass = JSON.stringify({ ...experiment, data: { train: 'one.csv', text: 'message', label: 'kind' } });
    const files = {
      'epochs.rnn.json': mistaken,
      'one.rnn.json': oneClass,
      'one.csv': 'message,kind\nhello,fine\nthanks,fine\nwell played,fine\n',
    };
    await withEditor(t, { version, workspace: files, locale: 'zh-cn', theme: 'light' }, async (editor) => {
      // Found in the editor, against the schema.
      await editor.openFile('epochs.rnn.json');
      await editor.page
        .locator('.editor-group-container.active .squiggly-error')
        .first()
        .waitFor({ state: 'attached' });
      await editor.page.keyboard.press('F8');
      const marker = editor.page.locator('.marker-widget, .zone-widget').first();
      await marker.waitFor();
      assert.match(await marker.innerText(), /实际值：0，应为介于 1 和 100000 之间的整数。/);
      await editor.screenshot(`chinese-diagnostic-${version.vscode}`);
      await editor.page.keyboard.press('Escape');

      // What a key is for comes from the schema, which the editor may still be reading.
      const hover = editor.page.locator('.monaco-hover', { hasText: '最多遍历训练样本多少轮。' }).first();
      await waitFor(async () => {
        await editor.page.keyboard.press('Escape');
        await editor.page.keyboard.press('Control+K');
        await editor.page.keyboard.press('Control+I');
        return becomes(() => hover.isVisible(), 2_000);
      });
      await editor.screenshot(`chinese-hover-${version.vscode}`);
      await editor.page.keyboard.press('Escape');

      // Found by the engine, in the data.
      await editor.openFile('one.rnn.json');
      await editor.runCommand('训练 RNN');
      assert.equal(await editor.notification('所有样本'), 'one.csv: 所有样本的标签都是“fine”；分类器需要两个类别。');
      await editor.screenshot(`chinese-mistake-${version.vscode}`);
    });
  });

  test(`two hundred words are classified at once in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace }, async (editor) => {
      const text = Array.from({ length: 40 }, () => rude).join(' ');
      await newText(editor, rude);
      await editor.runCommand('Classify Selection');
      await results(editor, 1);
      const times: number[] = [];
      for (let round = 0; round < 8; round++) {
        await editor.page.keyboard.press('Control+A');
        await editor.page.keyboard.insertText(text);
        await results(editor, 0);
        await editor.page.keyboard.press('Control+A');
        times.push(await timeToResult(editor));
      }
      const sorted = times.toSorted((a, b) => a - b);
      t.diagnostic(`key press to decoration, ms: ${sorted.map((time) => time.toFixed(0)).join(' ')}`);
      assert.deepEqual(await results(editor, 1), ['toxic']);
    });
  });
}

const modelItem = '#sequence-lab\\.sequence-lab\\.sequenceLab\\.model';

async function modelShown(editor: Editor, name: string): Promise<void> {
  await editor.page.locator(modelItem, { hasText: name }).waitFor();
}

/** The labels of the quick pick with a title, once it is open. */
async function quickPick(editor: Editor, title: string): Promise<readonly string[]> {
  await editor.page.locator('.quick-input-title', { hasText: title }).waitFor();
  await editor.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
  return editor.quickPickLabels();
}

async function fileBecomes(path: string, content: string): Promise<void> {
  await becomes(() => readFileSync(path, 'utf8') === content, 10_000);
  assert.equal(readFileSync(path, 'utf8'), content);
}

/** Runs Load Model from the context menu of a file in the explorer. */
async function loadFromExplorer(editor: Editor, file: string): Promise<void> {
  const row = editor.page.locator('.explorer-folders-view .monaco-list-row', { hasText: file });
  await row.click({ button: 'right' });
  // By the keyboard: a menu passes over clicks that come right after it opened.
  await editor.page.locator('.monaco-menu .action-item', { hasText: 'Load Model' }).first().hover();
  await editor.page.keyboard.press('Enter');
}

/** Milliseconds from the key press of Classify Selection to the frame that shows its result, measured in the window. */
async function timeToResult(editor: Editor): Promise<number> {
  // As text, because the loader of the tests adds helpers to functions that the window does not have.
  await editor.page.evaluate(`{
    const timing = (window.timing = { started: 0, shown: 0 });
    const shows = (element) => /\\d"$/.test(getComputedStyle(element, '::after').content);
    const watch = () => {
      const spans = [...document.querySelectorAll('.editor-group-container.active .view-lines span')];
      if (spans.some(shows)) timing.shown = performance.now();
      else requestAnimationFrame(watch);
    };
    const start = (event) => {
      if (event.key.toLowerCase() !== 'k') return;
      window.removeEventListener('keydown', start, true);
      timing.started = performance.now();
      requestAnimationFrame(watch);
    };
    window.addEventListener('keydown', start, true);
  }`);
  await editor.page.keyboard.press('Control+Alt+k');
  await editor.page.waitForFunction(() => (window as unknown as { timing: { shown: number } }).timing.shown > 0);
  return editor.page.evaluate(() => {
    const { timing } = window as unknown as { timing: { started: number; shown: number } };
    return timing.shown - timing.started;
  });
}

/** Opens an untitled document with a text; the cursor is at its end. */
async function newText(editor: Editor, text: string): Promise<void> {
  await editor.runCommand('File: New Untitled Text File');
  await editor.page.waitForSelector('.tab.active[data-resource-name="Untitled-1"]');
  await editor.page.locator('.editor-group-container.active .monaco-editor .view-lines').first().click();
  await editor.page.keyboard.insertText(text);
}

/** The labels after the classified texts, from top to bottom, once there are so many. */
async function results(editor: Editor, count: number): Promise<readonly string[]> {
  let labels: readonly string[] = [];
  await waitFor(async () => (labels = await shownLabels(editor)).length === count);
  return labels;
}

/** The labels after the classified texts that are on screen, from top to bottom. */
async function shownLabels(editor: Editor): Promise<readonly string[]> {
  return editor.page.evaluate(() => {
    const found: { top: number; text: string }[] = [];
    for (const element of document.querySelectorAll('.editor-group-container.active .view-lines span')) {
      const content = getComputedStyle(element, '::after').content;
      const [, text] = /^"(.+) [\d.]+"$/.exec(content) ?? [];
      if (text !== undefined) found.push({ top: element.getBoundingClientRect().top, text });
    }
    return found.sort((a, b) => a.top - b.top).map(({ text }) => text);
  });
}
