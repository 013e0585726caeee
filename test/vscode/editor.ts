/** A real Visual Studio Code, driven through its window as a person drives it; knows nothing of what a test asserts. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Frame, type Locator, type Page } from 'playwright-core';
import { chromiumPath, installEditor } from './install';
import { installExtension, startServer, type Server } from './server';
import type { EditorVersion, ThemeKind } from './versions';
import { becomes, waitFor } from './waiting';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const outputFolder = join(root, 'test/vscode/output');
/** Milliseconds to wait for anything in the window: generous, for slow machines. */
const patience = 60_000;

/** What to open, and how it shall look. */
export interface EditorOptions {
  readonly version: EditorVersion;
  /** The packed extension; by default the one for this machine in `out/`. */
  readonly vsix?: string;
  /** Files of the workspace by their path in it, or a folder to copy; `null` opens no folder. Default: an empty folder. */
  readonly workspace?: Readonly<Record<string, string>> | string | null;
  /** A `.code-workspace` file in the workspace to open in place of the folder. */
  readonly workspaceFile?: string;
  readonly theme?: ThemeKind;
  /** Display language of extensions, as `zh-cn`; the editor itself stays English. */
  readonly locale?: string;
  /** Leave workspace trust on, so that the editor asks. */
  readonly workspaceTrust?: boolean;
  /** Further user settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Size of the window in CSS pixels. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** Path of the packed extension for this machine. */
export function packedExtension(): string {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, string>;
  const path = join(root, 'out', `${name}-${version}-${process.platform}-${process.arch}.vsix`);
  if (!existsSync(path)) throw new Error(`${path} is not there; \`npm run package\` makes it.`);
  return path;
}

/** Opens an editor with fresh settings and a fresh workspace, and waits until its window is there. */
export async function launchEditor(options: EditorOptions): Promise<Editor> {
  const installed = installEditor(options.version);
  const extensions = installExtension(installed, options.vsix ?? packedExtension());
  const folder = mkdtempSync(join(tmpdir(), 'sequence-lab-editor-'));
  const userData = join(folder, 'user');
  const workspace = options.workspace === null ? null : join(folder, 'workspace');
  writeSettings(userData, options);
  if (workspace !== null) fillWorkspace(workspace, options.workspace ?? {});

  const { workspaceTrust = false, locale } = options;
  const server = await startServer({ editor: installed, userData, extensions, workspaceTrust, locale });
  let browser: Browser | undefined;
  try {
    browser = await openBrowser();
    const context = await browser.newContext({
      viewport: options.size ?? { width: 1280, height: 800 },
      locale: options.locale ?? 'en-US',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    const opened = openedBy(workspace, options.workspaceFile);
    const editor = new Editor(page, browser, server, options.version, folder, workspace, opened);
    await editor.load();
    return editor;
  } catch (error) {
    await browser?.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Runs a test's body with an editor that is closed in any case, and keeps a screenshot and the logs where it fails. */
export async function withEditor(
  context: TestContext,
  options: EditorOptions,
  body: (editor: Editor) => Promise<void>,
): Promise<void> {
  const editor = await launchEditor(options);
  try {
    await body(editor);
  } catch (error) {
    const name = `failed ${context.name} ${options.version.vscode}`.replace(/[^\w.]+/g, '-');
    await editor.screenshot(name);
    writeFileSync(join(outputFolder, `${name}.log`), editor.everyLog());
    throw error;
  } finally {
    await editor.close();
  }
}

/** The window of one editor. Methods act as a person does and wait for what they need. */
export class Editor {
  private readonly consoleLines: string[] = [];

  constructor(
    /** The window; for what no method covers. */
    readonly page: Page,
    private readonly browser: Browser,
    private readonly server: Server,
    private readonly version: EditorVersion,
    private readonly folder: string,
    /** Path of the open folder. */
    readonly workspace: string | null,
    /** The part of the address that says what is open. */
    private readonly opened: string,
  ) {
    page.on('console', (message) => this.consoleLines.push(`[${message.type()}] ${message.text()}`));
    page.on('pageerror', (error) => this.consoleLines.push(`[uncaught] ${String(error)}`));
  }

  /** Address of the window. */
  get url(): string {
    return this.server.url + this.opened;
  }

  /** The process that everything of this editor descends from. */
  get serverPid(): number {
    return this.server.pid;
  }

  /** Opens the window and waits until it is drawn. */
  async load(): Promise<void> {
    await this.page.goto(this.url);
    await this.drawn();
  }

  /** Reloads the window as its own command does, which keeps what is open. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.drawn();
  }

  /** Runs a command by its title from the palette. Wait for what it opens before the next: a view takes the focus late. */
  async runCommand(title: string): Promise<void> {
    await this.openPalette(title);
    await this.row(title).click();
  }

  /** The titles that the palette offers for a text, once `expected` is among them. */
  async commandTitles(text: string, expected: string): Promise<readonly string[]> {
    await this.openPalette(text, expected);
    const labels = await this.quickPickLabels();
    await this.page.keyboard.press('Escape');
    return labels;
  }

  /** The labels of the open quick pick. */
  async quickPickLabels(): Promise<readonly string[]> {
    const rows = this.page.locator('.quick-input-list .monaco-list-row .quick-input-list-row:first-child .label-name');
    return (await rows.allTextContents()).map((label) => label.trim());
  }

  /** Chooses the entry of the open quick pick that contains a text. */
  async pick(text: string): Promise<void> {
    await this.row(text).click();
  }

  /** Answers the open input box. */
  async answer(text: string): Promise<void> {
    const input = await this.quickInput();
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Gives the open save dialog a path in place of the proposed one, which it writes into its box after it has opened. */
  async saveAs(path: string, proposed: string): Promise<void> {
    const input = await this.quickInput();
    await waitFor(async () => (await input.inputValue()).endsWith(proposed));
    await waitFor(async () => {
      await input.fill(path);
      // A busy dialog may write its proposal once more.
      return !(await becomes(async () => (await input.inputValue()) !== path, 500));
    });
    await this.page.keyboard.press('Enter');
  }

  /** Opens a file of the workspace and waits for its tab. */
  async openFile(path: string): Promise<void> {
    const name = path.split('/').at(-1)!;
    // The whole path is found without the editor's search, whose program code-server's package does not bring.
    await this.find('Control+P', this.workspace === null ? path : join(this.workspace, path), name);
    await this.pick(name);
    await this.page.waitForSelector(`.tab.active[data-resource-name="${name}"]`);
  }

  /** Selects all text of the active file. */
  async selectAll(): Promise<void> {
    await this.page.locator('.editor-group-container.active .monaco-editor .view-lines').first().click();
    await this.page.keyboard.press('Control+A');
  }

  /** The frame of the webview that shows a selector; waits until it does. */
  async frameWith(selector: string): Promise<Frame> {
    const end = Date.now() + patience;
    while (Date.now() < end) {
      for (const frame of this.page.frames()) {
        if (frame === this.page.mainFrame() || frame.isDetached()) continue;
        // A frame that goes while we ask is no answer; the next round asks the ones that are left.
        const visible = await frame
          .locator(selector)
          .first()
          .isVisible()
          .catch(() => false);
        if (visible) return frame;
      }
      await delay(100);
    }
    throw new Error(`No webview shows ${selector} within ${patience / 1000} s.`);
  }

  /** The texts of the notifications on screen. */
  async notifications(): Promise<readonly string[]> {
    return await this.page.locator('.notification-list-item-message').allTextContents();
  }

  /** Waits for a notification that contains a text; gives the whole text. */
  async notification(text: string): Promise<string> {
    const message = this.page.locator('.notification-list-item-message', { hasText: text }).first();
    await message.waitFor();
    return (await message.textContent()) ?? '';
  }

  /** Waits for a line of the extension's log that contains a text. */
  async waitForLog(text: string): Promise<void> {
    const end = Date.now() + patience;
    while (!this.extensionLog().includes(text)) {
      if (Date.now() > end) throw new Error(`The log never said ${text}; it says:\n${this.extensionLog()}`);
      await delay(100);
    }
  }

  /** What the extension wrote into its output channel. */
  extensionLog(): string {
    return this.logs((path) => path.endsWith('Sequence Lab.log'));
  }

  /** All that the editor, its extension host and the window wrote. */
  everyLog(): string {
    const parts = [this.logs(() => true), `=== server\n${this.server.output()}`];
    return [...parts, `=== window\n${this.consoleLines.join('\n')}`].join('\n');
  }

  /** Changes the colour theme in the settings and reloads the window. */
  async setTheme(theme: ThemeKind): Promise<void> {
    await this.changeSettings({ 'workbench.colorTheme': this.version.themes[theme] });
    await this.reload();
    const kinds = { dark: 'vs-dark', light: 'vs', highContrast: 'hc-black', highContrastLight: 'hc-light' };
    await this.page.waitForSelector(`.monaco-workbench.${kinds[theme]}`);
  }

  /** Changes user settings; the window reads them when it loads. */
  async changeSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const path = join(this.folder, 'user/User/settings.json');
    const present = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...present, ...settings }, null, 2));
  }

  /** Keeps a picture of the window in `test/vscode/output/`; gives its path. */
  async screenshot(name: string): Promise<string> {
    mkdirSync(outputFolder, { recursive: true });
    const path = join(outputFolder, `${name}.png`);
    await this.page.screenshot({ path, animations: 'disabled' });
    return path;
  }

  /** Ends the browser and the server with all that they started, and removes the folders. */
  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async drawn(): Promise<void> {
    await this.page.waitForSelector('.monaco-workbench .statusbar-item');
  }

  /** Opens the palette with a text until it lists a title. */
  private async openPalette(text: string, title = text): Promise<void> {
    await this.find('F1', `>${text}`, title);
  }

  /**
   * Opens a quick pick by its key and looks for a text until it lists an entry: a busy window may miss the key, and a palette
   * that opens early lacks the commands of extensions.
   */
  private async find(key: string, text: string, entry: string): Promise<void> {
    const end = Date.now() + patience;
    for (;;) {
      await this.page.keyboard.press(key);
      try {
        await (await this.quickInput(5_000)).fill(text, { timeout: 5_000 });
        await this.row(entry).waitFor({ timeout: 5_000 });
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** The entry of the open quick pick that contains a text. */
  private row(text: string): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  private async quickInput(timeout = patience): Promise<Locator> {
    const input = this.page.locator('.quick-input-widget .quick-input-box input').first();
    await input.waitFor({ timeout });
    return input;
  }

  private logs(wanted: (path: string) => boolean): string {
    const folder = join(this.folder, 'user/logs');
    if (!existsSync(folder)) return '';
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.log'));
    return paths
      .filter(wanted)
      .map((path) => `=== ${relative(folder, join(folder, path))}\n${readFileSync(join(folder, path), 'utf8')}`)
      .join('\n');
  }
}

function openedBy(workspace: string | null, file: string | undefined): string {
  if (workspace === null) return '/?ew=true';
  return file === undefined
    ? `/?folder=${encodeURIComponent(workspace)}`
    : `/?workspace=${encodeURIComponent(join(workspace, file))}`;
}

function openBrowser(): Promise<Browser> {
  const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet],
  });
}

/** Settings of a quiet window: no welcome, no tips, no updates, no other people's assistants. */
function writeSettings(userData: string, { version, theme, settings, locale }: EditorOptions): void {
  mkdirSync(join(userData, 'User'), { recursive: true });
  const quiet = {
    'workbench.colorTheme': version.themes[theme ?? 'dark'],
    'window.autoDetectColorScheme': false,
    'window.autoDetectHighContrast': false,
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'workbench.enableExperiments': false,
    'telemetry.telemetryLevel': 'off',
    'extensions.autoUpdate': false,
    'extensions.autoCheckUpdates': false,
    'extensions.ignoreRecommendations': true,
    'chat.disableAIFeatures': true,
    'chat.commandCenter.enabled': false,
    'files.simpleDialog.enable': true,
  };
  writeFileSync(join(userData, 'User/settings.json'), JSON.stringify({ ...quiet, ...settings }, null, 2));
  if (locale !== undefined) writeLanguagePack(userData, locale);
}

/**
 * Lets the editor speak a language without its language pack, which is in no package registry: a pack that translates
 * nothing of the editor itself, so that extensions are asked for their own translations.
 */
function writeLanguagePack(userData: string, locale: string): void {
  const translations = join(userData, 'languagePack.json');
  writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  const extensions = [{ extensionIdentifier: { id: 'sequence-lab.language-pack' }, version: '1.0.0' }];
  const pack = { hash: 'empty', extensions, label: locale, translations: { vscode: translations } };
  writeFileSync(join(userData, 'languagepacks.json'), JSON.stringify({ [locale]: pack }));
}

function fillWorkspace(workspace: string, content: Readonly<Record<string, string>> | string): void {
  mkdirSync(workspace, { recursive: true });
  if (typeof content === 'string') {
    cpSync(content, workspace, { recursive: true });
    return;
  }
  for (const [path, text] of Object.entries(content)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
}
