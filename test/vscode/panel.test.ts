/** The training panel in a real editor: opened from the palette, empty, in every kind of theme, and after a reload. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withEditor } from './editor';
import { versions, type ThemeKind } from './versions';

const themes: readonly ThemeKind[] = ['dark', 'light', 'highContrast', 'highContrastLight'];

for (const version of versions) {
  test(`the palette opens the panel in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version }, async (editor) => {
      for (const title of ['Train RNN', 'Classify Selection', 'View Training Panel']) {
        const titles = await editor.commandTitles(`Sequence Lab: ${title}`, title);
        assert.ok(titles.includes(`Sequence Lab: ${title}`), `${title} is not among ${titles.join(', ')}`);
      }
      await editor.runCommand('View Training Panel');
      const panel = await editor.frameWith('.empty');
      assert.equal(await panel.locator('h1').textContent(), 'No training runs yet');
      assert.equal(
        await panel.locator('p').textContent(),
        'When an experiment of this folder trains, its loss, scores and errors appear here.',
      );

      // The button comes from the toolkit and reaches the host.
      await panel.locator('vscode-button', { hasText: 'Train RNN' }).click();
      await editor.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
      await editor.page.keyboard.press('Escape');
      await editor.waitForLog('is active');
      assert.deepEqual(await editor.notifications(), []);
      assert.doesNotMatch(editor.extensionLog(), /\[error\]/);

      // The editor brings its panels back after a reload.
      await editor.reload();
      const restored = await editor.frameWith('.empty');
      assert.equal(await restored.locator('h1').textContent(), 'No training runs yet');
    });
  });

  test(`without a folder the panel offers to open one in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, workspace: null }, async (editor) => {
      await editor.runCommand('View Training Panel');
      const panel = await editor.frameWith('.empty');
      assert.equal(await panel.locator('h1').textContent(), 'No folder is open');
      await panel.locator('vscode-button', { hasText: 'Open Folder' }).click();
      await editor.page.locator('.quick-input-title', { hasText: 'Open Folder' }).waitFor();
    });
  });

  test(`the panel follows the theme of Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version }, async (editor) => {
      await editor.runCommand('View Training Panel');
      await editor.frameWith('.empty vscode-button');
      for (const theme of themes) {
        await editor.setTheme(theme);
        const panel = await editor.frameWith('.empty vscode-button');
        const { text, background } = await panel.locator('h1').evaluate((heading) => ({
          text: getComputedStyle(heading).color,
          background: getComputedStyle(document.body).backgroundColor,
        }));
        const contrast = contrastRatio(text, background);
        assert.ok(contrast >= 4.5, `${theme}: the heading's contrast is ${contrast.toFixed(1)}`);
        assert.equal(luminance(background) > 0.5, theme.toLowerCase().includes('light'), `${theme}: ${background}`);
        await editor.screenshot(`empty-${theme}-${version.vscode}`);
      }
    });
  });

  test(`an untrusted folder opens the panel, too, in Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(
      t,
      { version, workspaceTrust: true, settings: { 'security.workspace.trust.startupPrompt': 'never' } },
      async (editor) => {
        await editor.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
        await editor.runCommand('View Training Panel');
        const panel = await editor.frameWith('.empty');
        assert.equal(await panel.locator('h1').textContent(), 'No training runs yet');
      },
    );
  });

  test(`the panel fits a narrow window of Visual Studio Code ${version.vscode}`, async (t) => {
    await withEditor(t, { version, size: { width: 400, height: 600 } }, async (editor) => {
      await editor.runCommand('View: Close Primary Side Bar');
      await editor.runCommand('View Training Panel');
      const panel = await editor.frameWith('.empty vscode-button');
      const { wide, shown } = await panel
        .locator('html')
        .evaluate((page) => ({ wide: page.scrollWidth, shown: page.clientWidth }));
      assert.ok(shown < 400 && wide <= shown, `${wide} px in ${shown} px`);
      await editor.screenshot(`empty-narrow-${version.vscode}`);
    });
  });
}

/** Contrast of two CSS colours, 1…21. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrastRatio(first: string, second: string): number {
  const [darker, lighter] = [luminance(first), luminance(second)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: string): number {
  const channels = /rgba?\((\d+), (\d+), (\d+)/.exec(color)?.slice(1).map(Number);
  assert.ok(channels, `not a colour: ${color}`);
  const [red, green, blue] = channels.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
