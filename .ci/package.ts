/**
 * Packs the extension: `npm run package -- [--target TARGET]…` writes one VSIX a platform into `out/`, by default for this machine.
 * Each is staged in a folder of its own and holds only what runs there, so that nothing of the sources can slip in.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** The platforms that onnxruntime-node brings native files for, named as the marketplace names them. */
const targets = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];
/** The most that a package for linux-x64 may weigh. */
const limitInBytes = 25e6;

/** Packages of which parts are copied: the runtime, and the word lists that a sample is made from. */
const copied = [
  'onnxruntime-node',
  'onnxruntime-common',
  'an-array-of-english-words',
  'an-array-of-french-words',
  'an-array-of-spanish-words',
];

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'out');
const runtimeVersion = readManifest(join(root, 'node_modules/onnxruntime-node')).version;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly [key: string]: unknown;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function writeManifest(folder: string, manifest: Readonly<Record<string, unknown>>): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
}

/** Packs for one platform; gives the path of the VSIX. */
function pack(target: string): string {
  const stage = join(out, 'stage', target);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  const bundled = bundle(stage, target);
  stageFiles(stage);
  stageRuntime(stage, target);
  writeFileSync(join(stage, 'ThirdPartyNotices.txt'), notices([...bundled, ...copied]));
  if (target === `${process.platform}-${process.arch}`) checkRuntime(stage);

  const { name, version } = readManifest(root);
  const vsix = join(out, `${name}-${version}-${target}.vsix`);
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  const options = ['--allow-missing-repository', '--no-rewrite-relative-links'];
  execFileSync(process.execPath, [vsce, 'package', '--target', target, '--out', vsix, ...options], {
    cwd: stage,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return vsix;
}

/** Bundles for release into the stage; gives the names of the packages that went in. */
function bundle(stage: string, target: string): readonly string[] {
  const metafile = join(out, 'stage', `${target}.inputs.json`);
  const options = ['--production', `--outdir=${join(stage, 'dist')}`, `--metafile=${metafile}`];
  execFileSync(process.execPath, ['esbuild.js', ...options], { cwd: root, stdio: 'inherit' });
  const inputs = JSON.parse(readFileSync(metafile, 'utf8')) as string[];
  // Not for users of the editor: these have no caller in the extension.
  for (const file of ['cli.cjs', 'demo.cjs']) rmSync(join(stage, 'dist', file), { force: true });
  const names = inputs.map((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/** The manifest without what only developers need, and the files beside the bundles. */
function stageFiles(stage: string): void {
  const development = new Set(['private', 'bin', 'scripts', 'devDependencies']);
  const manifest = Object.fromEntries(Object.entries(readManifest(root)).filter(([key]) => !development.has(key)));
  writeManifest(stage, { ...manifest, dependencies: { 'onnxruntime-node': runtimeVersion }, files: ['**'] });
  const texts = readdirSync(root).filter((file) => /^package\.nls(\..+)?\.json$/.test(file));
  for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE', 'l10n', ...texts]) {
    if (existsSync(join(root, file))) cpSync(join(root, file), join(stage, file), { recursive: true });
  }
  const sources = ['src', 'samples', 'tsconfig.json', 'panel.css', 'styles', 'icon.svg'].map((name) =>
    join(root, 'media', name),
  );
  cpSync(join(root, 'media'), join(stage, 'media'), {
    recursive: true,
    filter: (path) => !sources.includes(path),
  });
}

/** The native runtime of one platform with the JavaScript that loads it. */
function stageRuntime(stage: string, target: string): void {
  const [os, architecture] = target.split('-') as [string, string];
  const native = join('bin/napi-v6', os, architecture);
  copyPackage(stage, 'onnxruntime-node', ['package.json', 'dist', native]);
  copyPackage(stage, 'onnxruntime-common', ['package.json', 'dist/cjs']);
  // Its other dependencies serve its install script alone, which has no work here.
  const runtime = readManifest(join(stage, 'node_modules/onnxruntime-node'));
  writeManifest(join(stage, 'node_modules/onnxruntime-node'), {
    ...runtime,
    scripts: {},
    dependencies: { 'onnxruntime-common': runtime.version },
  });
  const folder = join(stage, 'node_modules/onnxruntime-node', native);
  // The library stands there twice, and the binding loads the one with the short name.
  for (const file of readdirSync(folder)) {
    if (/^libonnxruntime\.\d+\.\d+\.\d+\.dylib$/.test(file)) rmSync(join(folder, file));
  }
}

function copyPackage(stage: string, name: string, paths: readonly string[]): void {
  const from = join(root, 'node_modules', name);
  for (const path of paths) {
    cpSync(join(from, path), join(stage, 'node_modules', name, path), {
      recursive: true,
      filter: (file) => !/\.(d\.ts|map)$/.test(file),
    });
  }
}

/** Loads the staged runtime in a plain Node.js from the stage's own folder, where nothing else can lend it a file. */
function checkRuntime(stage: string): void {
  const script = `
    const path = require.resolve('onnxruntime-node');
    if (!path.startsWith(process.cwd())) throw new Error('Loaded from elsewhere: ' + path);
    const { listSupportedBackends, Tensor } = require('onnxruntime-node');
    if (new Tensor('float32', [1, 2], [2]).data[1] !== 2) throw new Error('The tensor does not hold its data.');
    if (!listSupportedBackends().some(({ name }) => name === 'cpu')) throw new Error('There is no CPU backend.');`;
  execFileSync(process.execPath, ['-e', script], { cwd: stage, stdio: 'inherit', env: { PATH: process.env['PATH'] } });
}

/** The licences of all that the package carries, in full. */
function notices(names: readonly string[]): string {
  const parts = names.map((name) => {
    const folder = join(root, 'node_modules', name);
    const { version, license } = readManifest(folder);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
    const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
    return `${name} ${version}\nLicence: ${String(license)}${text}\n`;
  });
  return `Sequence Lab contains these packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

const { target: asked = [] } = parseArgs({ options: { target: { type: 'string', multiple: true } } }).values;
for (const target of asked.length > 0 ? asked : [`${process.platform}-${process.arch}`]) {
  if (!targets.includes(target)) {
    console.error(`There is no native runtime for ${target}; the platforms are ${targets.join(', ')}.`);
    process.exit(1);
  }
  const vsix = pack(target);
  const { size } = statSync(vsix);
  console.log(`${vsix} (${(size / 1e6).toFixed(1)} MB)`);
  if (target === 'linux-x64' && size > limitInBytes) {
    console.error(`The package is over its limit of ${limitInBytes / 1e6} MB.`);
    process.exit(1);
  }
}
