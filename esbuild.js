// Bundles the entry points, completes the samples and writes the schema. onnxruntime-node stays outside: it finds its native files by its own path.
import { Buffer } from 'node:buffer';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import process from 'node:process';
import esbuild from 'esbuild';
import { buildHolidayPhrases } from './media/samples/holiday-phrases/build.js';
import { buildMachineRoom } from './media/samples/machine-room/build.js';
import { buildReminders } from './media/samples/reminders/build.js';
import { buildSmallStories } from './media/samples/small-stories/build.js';
import { buildWordLanguage } from './media/samples/word-language/build.js';
import { buildWordVectors } from './media/samples/word-vectors/build.js';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const option = (name) => process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const outdir = option('outdir') ?? 'dist';

/** @type {esbuild.BuildOptions} */
const common = {
  outdir,
  bundle: true,
  sourcemap: production ? false : 'linked',
  minify: production,
  metafile: true,
  legalComments: 'none',
  logLevel: watch ? 'info' : 'warning',
};

const nodeEntryPoints = {
  extension: 'src/extension.ts',
  cli: 'src/cli.ts',
  demo: 'src/demo.ts',
  engine: 'src/engine/main.ts',
  replica: 'src/training/replicaWorker.ts',
};

/** @type {esbuild.BuildOptions} */
const node = {
  ...common,
  entryPoints: Object.fromEntries(Object.entries(nodeEntryPoints).filter(([, path]) => existsSync(path))),
  outExtension: { '.js': '.cjs' },
  platform: 'node',
  // jsonc-parser's CommonJS form requires its parts in a way that no bundler sees; its ESM form does not.
  mainFields: ['module', 'main'],
  target: 'node20',
  format: 'cjs',
  external: ['vscode', 'onnxruntime-node'],
};

/** @type {esbuild.BuildOptions} */
const panel = {
  ...common,
  entryPoints: [
    { in: 'media/src/panel.ts', out: 'panel' },
    { in: 'media/panel.css', out: 'panel' },
  ],
  assetNames: '[name]',
  loader: { '.ttf': 'file' },
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
};

/** The samples as a user gets them: data, experiment and README in one folder each. */
async function buildSamples() {
  await cp('media/samples/chat-toxicity', `${outdir}/samples/chat-toxicity`, { recursive: true });
  await buildWordLanguage(`${outdir}/samples/word-language`);
  await buildWordVectors(`${outdir}/samples/word-vectors`);
  await buildMachineRoom(`${outdir}/samples/machine-room`);
  await buildReminders(`${outdir}/samples/reminders`);
  await buildSmallStories(`${outdir}/samples/small-stories`);
  await buildHolidayPhrases(`${outdir}/samples/holiday-phrases`);
}

/** The JSON Schema of experiment files in both languages, made from the schema that the engine itself goes by. */
async function buildSchema() {
  const { outputFiles } = await esbuild.build({
    ...node,
    entryPoints: ['src/experiment/editorSchema.ts'],
    format: 'esm',
    outExtension: {},
    sourcemap: false,
    write: false,
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { experimentEditorSchema } = await import(`data:text/javascript;base64,${code}`);
  const chinese = JSON.parse(readFileSync('l10n/schema.l10n.zh-cn.json', 'utf8'));
  writeFileSync(`${outdir}/experiment.schema.json`, JSON.stringify(experimentEditorSchema()));
  writeFileSync(`${outdir}/experiment.schema.zh-cn.json`, JSON.stringify(experimentEditorSchema(chinese)));
}

await buildSamples();
await buildSchema();
if (watch) {
  for (const options of [node, panel]) await (await esbuild.context(options)).watch();
} else {
  const results = await Promise.all([esbuild.build(node), esbuild.build(panel)]);
  // The package names the licences of what is bundled; this tells it what that is.
  const metafile = option('metafile');
  if (metafile !== undefined) {
    const inputs = results.flatMap((result) => Object.keys(result.metafile.inputs));
    writeFileSync(metafile, JSON.stringify([...new Set(inputs)].sort(), null, 2));
  }
}
