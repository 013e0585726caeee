/** One code-server process with its folders: installs the extension, starts, answers, ends. Knows no browser. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { InstalledEditor } from './install';

/** What to start, and where it keeps its things. */
export interface ServerOptions {
  readonly editor: InstalledEditor;
  readonly userData: string;
  readonly extensions: string;
  /** Whether the editor asks before it trusts a folder, as it does for people. */
  readonly workspaceTrust: boolean;
  /** Display language, as `zh-cn`. */
  readonly locale: string | undefined;
}

/** A code-server that answers at `url` until `stop`. */
export interface Server {
  readonly url: string;
  readonly pid: number;
  /** What the process wrote so far. */
  output(): string;
  /** Ends the process and all that it started. */
  stop(): Promise<void>;
}

/** Installs a VSIX as a user does; a folder of extensions is kept for each content, so that equal ones install once. */
export function installExtension(editor: InstalledEditor, vsix: string): string {
  const hash = createHash('sha256').update(readFileSync(vsix)).digest('hex').slice(0, 16);
  const folder = join(editor.folder, 'extensions', hash);
  const marker = join(editor.folder, 'extensions', `${hash}.complete`);
  if (existsSync(marker)) return folder;
  mkdirSync(join(editor.folder, 'extensions'), { recursive: true });
  removeOld(join(editor.folder, 'extensions'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const userData = join(editor.folder, 'extensions', `${hash}.user`);
  const folders = ['--extensions-dir', folder, '--user-data-dir', userData];
  execFileSync(editor.node, [editor.entry, ...folders, '--install-extension', vsix], {
    env: environment(),
    stdio: 'pipe',
  });
  const installed = readdirSync(folder).filter((name) => name.startsWith('sequence-lab.'));
  if (installed.length !== 1) throw new Error(`${vsix} did not install into ${folder}.`);
  writeFileSync(marker, '');
  return folder;
}

/** Removes what was installed a day ago or earlier; what is younger may be in use by tests that run beside these. */
function removeOld(folder: string): void {
  const day = 24 * 60 * 60 * 1000;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > day) rmSync(path, { recursive: true, force: true });
  }
}

/** Starts the server on a free port and waits until it answers. */
export async function startServer({ editor, ...options }: ServerOptions): Promise<Server> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const parameters = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`];
  parameters.push('--user-data-dir', options.userData, '--extensions-dir', options.extensions);
  parameters.push('--config', join(options.userData, 'config.yaml'), '--disable-telemetry', '--disable-update-check');
  if (!options.workspaceTrust) parameters.push('--disable-workspace-trust');
  if (options.locale !== undefined) parameters.push('--locale', options.locale);
  writeFileSync(join(options.userData, 'config.yaml'), '');
  // A group of its own: ending the group ends the extension hosts and our engine with it, and nothing else.
  const child = spawn(editor.node, [editor.entry, ...parameters], {
    env: environment(),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Also where a test's process ends without its cleaning up.
  const end = () => signal(child, 'SIGKILL');
  process.once('exit', end);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const stop = async () => {
    await stopGroup(child);
    process.off('exit', end);
  };
  try {
    await answering(`${url}/healthz`, child, () => output);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid: child.pid!, output: () => output, stop };
}

/** Without what an editor's own terminal hands down, which would make this one take itself for a child of it. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS|NODE_TEST_|npm_)/.test(name)),
  );
}

async function answering(url: string, child: ChildProcess, output: () => string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null) break;
    const answer = await fetch(url).catch(() => undefined); // Refused until the server listens.
    if (answer?.ok === true) return;
    await delay(100);
  }
  throw new Error(`The editor did not start; it wrote:\n${output()}`);
}

/** A port that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('No port is free.'));
        else resolve(address.port);
      });
    });
  });
}

async function stopGroup(child: ChildProcess): Promise<void> {
  signal(child, 'SIGTERM');
  for (let attempt = 0; attempt < 50 && signal(child, 0); attempt++) await delay(100);
  signal(child, 'SIGKILL');
}

/** Signals the child's whole group; false where none of it is left. */
function signal(child: ChildProcess, name: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    process.kill(-child.pid, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
