/**
 * Brings what the editor tests need, from the package registries alone: Visual Studio Code as code-server carries it,
 * and Chromium. Each step is skipped where its result is there. Run by `npm run test:vscode` and `npm start`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { versions, type EditorVersion } from './versions';

/** The build tool for the terminal's native part, whose own install step assumes it. */
const nodeGyp = 'node-gyp@11.4.2';
const debianPackages = ['chromium', 'fonts-liberation', 'fonts-noto-cjk'];

/** How to start one installed editor. */
export interface InstalledEditor {
  readonly folder: string;
  /** The Node.js that it runs on. */
  readonly node: string;
  /** The script that is both its server and its command line. */
  readonly entry: string;
}

/** Where the editors are kept: outside of the repository, so that a clean checkout does not download them again. */
export function cacheFolder(): string {
  const own = process.env['SEQUENCE_LAB_VSCODE_CACHE'];
  if (own !== undefined && own !== '') return own;
  const shared = process.env['XDG_CACHE_HOME'];
  return join(shared === undefined || shared === '' ? join(homedir(), '.cache') : shared, 'sequence-lab-vscode');
}

/** The path of Chromium, or of what `SEQUENCE_LAB_CHROMIUM` names. */
export function chromiumPath(): string {
  return process.env['SEQUENCE_LAB_CHROMIUM'] ?? '/usr/bin/chromium';
}

/** Where an editor is, whether or not it is installed. */
export function locateEditor(version: EditorVersion): InstalledEditor {
  const folder = join(cacheFolder(), version.codeServer);
  const ownNode = Number(process.versions.node.split('.')[0]) === version.node;
  const node = ownNode ? process.execPath : join(folder, 'node_modules', nodePackage(), 'bin/node');
  return { folder, node, entry: join(folder, 'node_modules/code-server/out/node/entry.js') };
}

/** Installs one editor where it is not; a marker written last tells a whole one from a broken-off one. */
export function installEditor(version: EditorVersion): InstalledEditor {
  const editor = locateEditor(version);
  const marker = join(editor.folder, 'complete');
  if (existsSync(marker)) return editor;
  console.log(`Installing Visual Studio Code ${version.vscode} (code-server ${version.codeServer}) …`);
  rmSync(editor.folder, { recursive: true, force: true });
  mkdirSync(editor.folder, { recursive: true });
  writeFileSync(join(editor.folder, 'package.json'), JSON.stringify({ private: true }));

  const packages = [`code-server@${version.codeServer}`];
  if (editor.node !== process.execPath) packages.push(`${nodePackage()}@${version.node}`);
  npm(editor.folder, 'install', '--ignore-scripts', ...packages);
  npm(editor.folder, 'rebuild', 'argon2');

  const server = join(editor.folder, 'node_modules/code-server/lib/vscode');
  npm(server, 'install', '--omit=dev', '--ignore-scripts', '--legacy-peer-deps');
  const native = ['@vscode/spdlog', '@parcel/watcher', 'native-watchdog', '@vscode/native-watchdog'];
  npm(server, 'rebuild', ...native.filter((name) => existsSync(join(server, 'node_modules', name))));
  run(join(server, 'node_modules/node-pty'), 'npx', '--yes', nodeGyp, 'rebuild');
  symlinkSync('node_modules', join(server, 'node_modules.asar'));
  writeFileSync(marker, '');
  return editor;
}

/** Installs Chromium and fonts for Latin and Chinese script where there is none; needs Debian and its root. */
export function installChromium(): void {
  const path = chromiumPath();
  if (existsSync(path)) return;
  if (path !== '/usr/bin/chromium') throw new Error(`SEQUENCE_LAB_CHROMIUM names ${path}, which does not exist.`);
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      `The editor tests need Chromium: install the Debian packages ${debianPackages.join(', ')}, ` +
        'or name a Chromium in SEQUENCE_LAB_CHROMIUM.',
    );
  }
  console.log('Installing Chromium …');
  const lists = '/var/lib/apt/lists';
  if (!existsSync(lists) || !readdirSync(lists).some((file) => file.includes('Packages'))) {
    run('/', 'apt-get', 'update');
  }
  run('/', 'apt-get', 'install', '--yes', '--no-install-recommends', ...debianPackages);
}

function nodePackage(): string {
  return `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
}

function npm(folder: string, ...parameters: readonly string[]): void {
  run(folder, 'npm', ...parameters);
}

/** Runs a command; tells all that it wrote where it fails, and nothing else. */
function run(folder: string, command: string, ...parameters: readonly string[]): void {
  try {
    execFileSync(command, parameters, { cwd: folder, env: environment(), stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    const output = [stdout, stderr].filter(Boolean).join('\n');
    throw new Error(`\`${[command, ...parameters].join(' ')}\` failed in ${folder}.\n${output}`, { cause: error });
  }
}

/** Our environment without this project's npm settings, which npm hands down, and with the headers that builds need. */
function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(config_(ignore_scripts|omit|include|save|local_prefix)|package_|lifecycle_)/.test(name),
  );
  const headers = dirname(dirname(process.execPath));
  const hasHeaders = existsSync(join(headers, 'include/node/node.h'));
  return {
    ...(hasHeaders && { npm_config_nodedir: headers }),
    ...Object.fromEntries(inherited),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    DEBIAN_FRONTEND: 'noninteractive',
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  installChromium();
  for (const version of versions) installEditor(version);
}
