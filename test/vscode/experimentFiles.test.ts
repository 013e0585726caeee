/** Experiment files in a real editor: what is marked, offered and hinted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Editor } from './editor';
import { withEditor } from './editor';
import { trainingData } from './trainedWorkspace';
import { versions } from './versions';
import { waitFor } from './waiting';

const wrong = `{
  "task": "classification",
  "data": { "train": "chat.csv", "text": "mesage", "label": "kind" },
  "model": { "cell": "lstm", "hidden": 64 },
  "training": { "epochs": 5 }
}
`;

for (const version of versions) {
  test(`experiment files are checked and explained in Visual Studio Code ${version.vscode}`, async (t) => {
    const workspace = {
      'chat.csv': trainingData(),
      'wrong.rnn.json': wrong,
      'typo.rnn.json': wrong.replace('mesage', 'message').replace('"hidden"', '"hiden"'),
    };
    await withEditor(t, { version, workspace }, async (editor) => {
      await editor.openFile('wrong.rnn.json');
      assert.equal(await squiggleLine(editor), 3);
      await editor.page.keyboard.press('F8');
      const message = editor.page.locator('.marker-widget, .zone-widget').first();
      await message.waitFor();
      assert.match(await message.innerText(), /There is no column "mesage".*did you mean "message"\?/);
      await editor.page.keyboard.press('Escape');

      // Nothing was trained yet: there is one thing to do.
      const lenses = editor.page.locator('.editor-group-container.active .codelens-decoration a');
      const titles = async () => (await lenses.allInnerTexts()).map((text) => text.trim().replace(/^\W+/, ''));
      // They are drawn anew with every judgement of the text, and are gone for a moment then.
      let shown: readonly string[] = [];
      await waitFor(async () => (shown = await titles()).length > 0);
      assert.deepEqual(shown, ['Train']);

      // Shapes and numbers of parameters stand beside the model, which is complete without its data.
      const hints = await hintTexts(editor);
      // 2 × 4 × 64 × (100 + 64 + 1).
      assert.ok(hints.includes('[tokens, 128] 84,480 → [classes] 129 each'), hints);
      await editor.screenshot(`experiment-${version.vscode}`);

      // One mistake is told once: the JSON support of the editor leaves the judging to us.
      await editor.openFile('typo.rnn.json');
      assert.equal(await squiggleLine(editor), 4);
      assert.equal(await editor.page.locator('.editor-group-container.active .squiggly-error').count(), 1);
      assert.equal(await editor.page.locator('.editor-group-container.active .squiggly-warning').count(), 0);

      // A new key is completed from the schema, with what it is for.
      await editor.page.locator('.editor-group-container.active .view-line').nth(3).click();
      await editor.page.keyboard.press('End');
      await editor.page.keyboard.press('ArrowLeft');
      await editor.page.keyboard.press('ArrowLeft');
      await editor.page.keyboard.press('ArrowLeft');
      await editor.page.keyboard.type(', ');
      await editor.page.keyboard.press('Control+Space');
      const suggestions = editor.page.locator('.suggest-widget.visible .monaco-list-row');
      await suggestions.first().waitFor();
      const labels = (await suggestions.allInnerTexts()).join('\n');
      for (const key of ['bidirectional', 'dropout', 'layers']) assert.ok(labels.includes(key), labels);
      await editor.screenshot(`completion-${version.vscode}`);
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);
    });
  });
}

/** The line of the first mark of an error in the active editor, from 1, once it is there and stands still. */
async function squiggleLine(editor: Editor): Promise<number> {
  const group = editor.page.locator('.editor-group-container.active');
  await group.locator('.squiggly-error').first().waitFor({ state: 'attached' });
  for (let attempt = 0; attempt < 100; attempt++) {
    // Both in one look: what appears above a line moves it and its mark.
    const line = await group.evaluate((element) => {
      const top = (element.querySelector('.squiggly-error')?.getBoundingClientRect().top ?? NaN) + 1;
      const numbers = [...element.querySelectorAll('.margin-view-overlays > div')].filter((row) => {
        const box = row.getBoundingClientRect();
        return box.top <= top && top < box.bottom;
      });
      return Number(numbers[0]?.querySelector('.line-numbers')?.textContent ?? NaN);
    });
    if (!Number.isNaN(line)) return line;
    await editor.page.waitForTimeout(100);
  }
  throw new Error('The mark is beside no line.');
}

/** The texts of all inlay hints in the active editor. */
async function hintTexts(editor: Editor): Promise<string> {
  const lines = editor.page.locator('.editor-group-container.active .view-lines');
  await lines.getByText('84,480').first().waitFor();
  return (await lines.innerText()).replaceAll('\u00a0', ' ');
}
