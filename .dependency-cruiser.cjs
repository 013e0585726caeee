// The direction of imports: a folder may import only folders named after it in this table (and itself).
const layers = {
  cli: ['engine', 'runs', 'experiment', 'data', 'files', 'protocol', 'errors'],
  host: ['engine', 'runs', 'experiment', 'data', 'protocol', 'panelMessages', 'panelTexts', 'errors', 'files'],
  engine: ['training', 'inference', 'runs', 'experiment', 'data', 'files', 'runtime', 'onnx', 'protocol', 'errors'],
  training: [
    'runs',
    'inference',
    'models',
    'nn',
    'autodiff',
    'onnx',
    'data',
    'experiment',
    'files',
    'runtime',
    'protocol',
    'errors',
  ],
  inference: ['models', 'nn', 'autodiff', 'onnx', 'data', 'experiment', 'runtime', 'protocol', 'errors'],
  runs: ['experiment', 'files', 'protocol', 'errors'],
  models: ['nn', 'autodiff', 'onnx', 'data', 'experiment', 'errors'],
  nn: ['autodiff', 'onnx', 'errors'],
  autodiff: ['onnx', 'errors'],
  onnx: ['errors'],
  data: ['errors'],
  experiment: ['errors'],
  runtime: ['onnx', 'errors'],
  files: ['errors'],
};
const folders = Object.keys(layers);
const pure = ['onnx', 'autodiff', 'nn', 'models', 'data', 'experiment'];

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...folders.map((folder) => ({
      name: `${folder}-imports-downwards`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: `^src/(${[folder, ...layers[folder]].join('|')})(/|\\.ts$)` },
    })),
    {
      name: 'pure-folders-touch-nothing-outside',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')})/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'one-import-of-onnxruntime',
      severity: 'error',
      from: { pathNot: '^src/runtime/' },
      to: { path: 'onnxruntime-(node|common)' },
    },
    {
      name: 'vscode-only-in-host',
      severity: 'error',
      from: { pathNot: '^src/(host/|extension\\.ts$)' },
      to: { path: '^vscode$' },
    },
    {
      name: 'faces-reach-the-engine-by-its-client',
      severity: 'error',
      from: { path: '^src/(cli|host)/|^src/(cli|extension)\\.ts$' },
      to: { path: '^src/engine/', pathNot: '^src/engine/(client|messages)\\.ts$' },
    },
    { name: 'protocol-imports-nothing', severity: 'error', from: { path: '^src/protocol\\.ts$' }, to: {} },
    {
      name: 'one-import-of-the-toolkit',
      severity: 'error',
      from: { pathNot: '^media/src/toolkit\\.ts$|node_modules' },
      to: { path: 'webview-ui-toolkit|microsoft/fast' },
    },
    {
      name: 'panel-imports-messages-only',
      severity: 'error',
      from: { path: '^media/' },
      to: { path: '^src/', pathNot: '^src/(panelMessages|panelTexts|protocol)\\.ts$' },
    },
    {
      name: 'panel-runs-in-a-browser',
      severity: 'error',
      from: { path: '^media/src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'messages-know-neither-side',
      severity: 'error',
      from: { path: '^src/panelMessages\\.ts$' },
      to: { pathNot: '^(src/(protocol|panelTexts)\\.ts$|node_modules/zod)' },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^vscode$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
