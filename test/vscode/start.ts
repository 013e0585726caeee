/** `npm start`: opens the packed extension with a sample workspace, in `code` where it is installed, else in a browser. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packedExtension } from './editor';
import { installEditor } from './install';
import { installExtension, startServer } from './server';
import { current } from './versions';

const samples = join(resolve(dirname(fileURLToPath(import.meta.url)), '../..'), 'dist/samples');

/** A workspace to play with: our samples, or an empty folder where there are none. */
function sampleWorkspace(folder: string): string {
  const workspace = join(folder, 'Sequence Lab samples');
  if (existsSync(samples)) cpSync(samples, workspace, { recursive: true });
  else mkdirSync(workspace);
  return workspace;
}

function hasCode(): boolean {
  return spawnSync('code', ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0;
}

async function openInBrowser(folder: string, workspace: string): Promise<void> {
  const editor = installEditor(current);
  const userData = join(folder, 'user');
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(join(userData, 'User/settings.json'), JSON.stringify({ 'workbench.startupEditor': 'none' }));
  const extensions = installExtension(editor, packedExtension());
  const server = await startServer({ editor, userData, extensions, workspaceTrust: false, locale: undefined });
  console.log(`Open ${server.url}/?folder=${encodeURIComponent(workspace)}\nCtrl+C ends it.`);
  await new Promise((ended) => {
    process.once('SIGINT', ended);
    process.once('SIGTERM', ended);
  });
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

const folder = mkdtempSync(join(tmpdir(), 'sequence-lab-'));
const workspace = sampleWorkspace(folder);
if (hasCode()) {
  const shell = process.platform === 'win32';
  execFileSync('code', ['--install-extension', packedExtension(), '--force'], { stdio: 'inherit', shell });
  execFileSync('code', ['--new-window', workspace], { stdio: 'inherit', shell });
} else {
  await openInBrowser(folder, workspace);
}
