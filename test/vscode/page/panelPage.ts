/** The panel's page in a browser without an editor: its real files under its real policy, with a host that the test plays. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { HostMessage, PanelMessage } from '../../../src/panelMessages';
import { panelTextKeys, type PanelTexts } from '../../../src/panelTexts';
import { chromiumPath } from '../install';
import { bodyClasses, themes, type PageTheme } from './themes';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const address = 'http://panel.test/';
const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

/** What the editor adds to every webview. */
const editorStyles = `
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
  body { overscroll-behavior-x: none; margin: 0; color: var(--vscode-editor-foreground);
    font: var(--vscode-font-weight) var(--vscode-font-size) var(--vscode-font-family); }`;

/** What the editor gives to the script of a webview. A text, because a compiler's helpers are not in the page. */
const editorApi = `
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => void window.tellTest(message),
    getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
    setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
  });`;

/** How the page begins. */
export interface PanelPageOptions {
  readonly theme?: PageTheme;
  readonly size?: { readonly width: number; readonly height: number };
  /** Answers what the page says. */
  readonly host: (message: PanelMessage, page: PanelPage) => void;
}

let built: string | undefined;

/** The folder of the page's bundles, made once by each process that needs them. */
function bundles(): string {
  if (built === undefined) {
    built = join(root, 'test/vscode/output/page');
    execFileSync(process.execPath, ['esbuild.js', `--outdir=${built}`], { cwd: root, stdio: 'inherit' });
  }
  return built;
}

/** The English texts, read from where the host keeps them. */
export function englishTexts(): PanelTexts {
  const source = readFileSync(join(root, 'src/host/panel/translatePanelTexts.ts'), 'utf8');
  const found = [...source.matchAll(/(\w+): l10n\.t\(\s*'((?:[^'\\]|\\.)*)',?\s*\)/g)];
  const texts = Object.fromEntries(found.map(([, key, text]) => [key, text])) as Record<string, string>;
  for (const key of panelTextKeys) if (texts[key] === undefined) throw new Error(`No text for ${key}.`);
  return texts as PanelTexts;
}

/** Opens the page in a browser of its own. */
export async function openPanelPage(options: PanelPageOptions): Promise<PanelPage> {
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu'] });
  const context = await browser.newContext({ viewport: options.size ?? { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const panel = new PanelPage(browser, page, options);
  await panel.load();
  return panel;
}

/** The open page. */
export class PanelPage {
  /** What the page said, in order. */
  readonly said: PanelMessage[] = [];
  /** Errors and refusals of the policy that the browser's console told. */
  readonly complaints: string[] = [];
  private theme: PageTheme;

  constructor(
    private readonly browser: Browser,
    readonly page: Page,
    private readonly options: PanelPageOptions,
  ) {
    this.theme = options.theme ?? 'dark';
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  /** Loads the page; it keeps its state as over a reload of the window. */
  async load(): Promise<void> {
    const { page } = this;
    await page.route(`${address}**`, async (route) => {
      const path = new URL(route.request().url()).pathname;
      if (path === '/') return route.fulfill({ contentType: 'text/html', body: this.html() });
      if (path === '/editor.css') return route.fulfill({ contentType: 'text/css', body: editorStyles });
      return route.fulfill({ contentType: types[extname(path)] ?? '', path: join(bundles(), path) });
    });
    await page.exposeFunction('tellTest', (message: PanelMessage) => {
      this.said.push(message);
      this.options.host(message, this);
    });
    await page.addInitScript({ content: editorApi });
    bundles();
    await page.goto(address);
    await this.setTheme(this.theme);
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.setTheme(this.theme);
  }

  /** Sends messages as the host does. */
  async post(...messages: readonly HostMessage[]): Promise<void> {
    await this.page.evaluate((given) => {
      const window = globalThis as unknown as { postMessage(message: unknown, target: string): void };
      for (const message of given) window.postMessage(message, '*');
    }, messages);
  }

  /** Changes the theme as the editor does: variables on the root, a class on the body. */
  async setTheme(theme: PageTheme): Promise<void> {
    this.theme = theme;
    const declarations = Object.entries(themes[theme]).map(([name, value]) => `--vscode-${name}: ${value}`);
    await this.page.evaluate(`
      document.documentElement.style.cssText = ${JSON.stringify(declarations.join(';'))};
      document.body.className = ${JSON.stringify(bodyClasses[theme])};`);
  }

  /** Keeps a picture of the whole page in `test/vscode/output/`. */
  async screenshot(name: string): Promise<void> {
    const folder = join(root, 'test/vscode/output');
    mkdirSync(folder, { recursive: true });
    await this.page.evaluate('window.scrollTo(0, 0)');
    await this.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }

  async close(): Promise<void> {
    await this.browser.close();
  }

  private html(): string {
    const policy = `default-src 'none'; script-src 'nonce-test'; style-src ${address} 'nonce-style'; font-src ${address}`;
    return `<!doctype html><html lang="en"><head><meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${policy}" />
      <meta property="csp-nonce" content="style" /><meta name="viewport" content="width=device-width, initial-scale=1" />
      <link rel="stylesheet" href="editor.css" /><link rel="stylesheet" href="panel.css" /></head>
      <body><main></main><script nonce="test" src="panel.js"></script></body></html>`;
  }
}
