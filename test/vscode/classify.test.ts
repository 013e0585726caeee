/** Classifying text in a real editor: with a model of a run that the command line trained, read back as a person sees it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Editor } from './editor';
import { withEditor } from './editor';
import { removeWorkspace, trainWorkspace } from './trainedWorkspace';
import { versions } from './versions';

let workspace: string;
before(() => {
  workspace = trainWorkspace();
});
after(() => {
  removeWorkspace(workspace);
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
      await editor.page.keyboard.press('Control+Alt+c');
      assert.deepEqual(await results(editor, 2), ['toxic', 'fine']);
      assert.match(
        await editor.page.locator('#sequence-lab\\.sequence-lab\\.sequenceLab\\.model').innerText(),
        /chat-1/,
      );

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
  const read = () =>
    editor.page.evaluate(() => {
      const found: { top: number; text: string }[] = [];
      for (const element of document.querySelectorAll('.editor-group-container.active .view-lines span')) {
        const content = getComputedStyle(element, '::after').content;
        const [, text] = /^"(.+) [\d.]+"$/.exec(content) ?? [];
        if (text !== undefined) found.push({ top: element.getBoundingClientRect().top, text });
      }
      return found.sort((a, b) => a.top - b.top).map(({ text }) => text);
    });
  const end = Date.now() + 30_000;
  for (;;) {
    const labels = await read();
    if (labels.length === count) return labels;
    if (Date.now() > end) throw new Error(`The editor shows ${labels.join(', ')}, expected ${count} results.`);
    await editor.page.waitForTimeout(100);
  }
}
