// Bundles the entry points and completes the samples. onnxruntime-node stays outside: it finds its native files by its own path.
import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import process from 'node:process';
import esbuild from 'esbuild';
import { buildWordLanguage } from './media/samples/word-language/build.js';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

const entryPoints = {
  extension: 'src/extension.ts',
  cli: 'src/cli.ts',
  demo: 'src/demo.ts',
  engine: 'src/engine/main.ts',
  replica: 'src/training/replicaWorker.ts',
};

/** @type {esbuild.BuildOptions} */
const node = {
  entryPoints: Object.fromEntries(Object.entries(entryPoints).filter(([, path]) => existsSync(path))),
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  // jsonc-parser's CommonJS form requires its parts in a way that no bundler sees; its ESM form does not.
  mainFields: ['module', 'main'],
  target: 'node20',
  format: 'cjs',
  external: ['vscode', 'onnxruntime-node'],
  sourcemap: production ? false : 'linked',
  minify: production,
  logLevel: 'warning',
};

/** The samples as a user gets them: data, experiment and README in one folder each. */
async function buildSamples() {
  await cp('media/samples/chat-toxicity', 'dist/samples/chat-toxicity', { recursive: true });
  await buildWordLanguage('dist/samples/word-language');
}

await buildSamples();
if (watch) {
  const context = await esbuild.context({ ...node, logLevel: 'info' });
  await context.watch();
} else {
  await esbuild.build(node);
}
