// Bundles the entry points. onnxruntime-node stays outside: it finds its native files by its own path.
import { existsSync } from 'node:fs';
import process from 'node:process';
import esbuild from 'esbuild';

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

if (watch) {
  const context = await esbuild.context({ ...node, logLevel: 'info' });
  await context.watch();
} else {
  await esbuild.build(node);
}
