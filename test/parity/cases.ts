/** What is compared with PyTorch: every cell, shape and optimizer. Knows nothing of how either side computes it. */
import type { TextClassifierSpec } from '../../src/models/textClassifier';
import { type CellName, cells } from '../../src/nn/cells/cells';
import type { CrossEntropyOptions } from '../../src/nn/losses';
import type { ClipSettings, OptimizerSettings } from '../../src/nn/optimizers';

/** One training that both sides do. */
export interface ParityCase extends CrossEntropyOptions {
  readonly name: string;
  readonly spec: TextClassifierSpec;
  readonly optimizer: OptimizerSettings;
  readonly learningRate: number;
  readonly clip: ClipSettings;
  /** Share of elements dropped; both sides take the same masks. */
  readonly dropout: number;
  /** Whether only the embedding's rows that a batch touches are updated, as PyTorch's SparseAdam does. */
  readonly sparseEmbedding: boolean;
  /** Whether the batches have sequences of different lengths. */
  readonly padded: boolean;
}

/** Steps of every training; its batches come round several times. */
export const steps = 50;

/** Every cell, number of layers and direction, each as a model with a name fit for a file. */
export const specs: readonly (TextClassifierSpec & { readonly name: string })[] = (
  Object.keys(cells) as CellName[]
).flatMap((cell) =>
  [1, 2].flatMap((layers) =>
    [false, true].map((bidirectional) => ({
      name: `${cell}-${layers}-${bidirectional ? 'both' : 'forward'}`,
      ...{ cell, layers, bidirectional },
      ...{ vocabulary: 50, embedding: 12, hidden: 16, classes: 3 },
    })),
  ),
);

const adam = { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;
const momentum = { type: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 0 } as const;
const rmsprop = { type: 'rmsprop', alpha: 0.99, momentum: 0, epsilon: 1e-8, weightDecay: 0 } as const;

/** Every optimizer, with and without what can be left out; a large ε shows where it stands. */
export const optimizers: Readonly<Record<string, { settings: OptimizerSettings; learningRate: number }>> = {
  adam: { settings: adam, learningRate: 5e-3 },
  'adam-epsilon': { settings: { ...adam, epsilon: 0.01 }, learningRate: 5e-3 },
  'adam-decay': { settings: { ...adam, weightDecay: 0.01 }, learningRate: 5e-3 },
  adamw: { settings: { ...adam, type: 'adamw', weightDecay: 0.01 }, learningRate: 5e-3 },
  sgd: { settings: { ...momentum, momentum: 0 }, learningRate: 0.5 },
  momentum: { settings: momentum, learningRate: 0.05 },
  nesterov: { settings: { ...momentum, nesterov: true, weightDecay: 1e-3 }, learningRate: 0.05 },
  rmsprop: { settings: rmsprop, learningRate: 5e-3 },
  'rmsprop-momentum': { settings: { ...rmsprop, epsilon: 0.01, momentum: 0.9, weightDecay: 1e-3 }, learningRate: 1e-3 },
};

function makeCase(
  specName: string,
  optimizerName: string,
  changes: Partial<ParityCase> & { readonly what?: string } = {},
): ParityCase {
  const { what, ...rest } = changes;
  const { settings, learningRate } = optimizers[optimizerName]!;
  const { name, ...spec } = specs.find((candidate) => candidate.name === specName)!;
  return {
    name: [name, optimizerName, ...(what === undefined ? [] : [what])].join(' '),
    ...{ spec, optimizer: settings, learningRate, clip: { norm: 1 } },
    ...{ classWeights: null, labelSmoothing: 0, dropout: 0, sparseEmbedding: false, padded: true },
    ...rest,
  };
}

const weighted = { what: 'weights-smoothing', classWeights: [0.5, 1, 2.5], labelSmoothing: 0.1 };
const dropped = { what: 'dropout', dropout: 0.3 };
const sparse = { what: 'sparse', sparseEmbedding: true };

/** All trainings. */
export const cases: readonly ParityCase[] = [
  ...specs.flatMap(({ name }) => ['adam', 'momentum'].map((optimizer) => makeCase(name, optimizer))),
  ...Object.keys(optimizers)
    .filter((optimizer) => optimizer !== 'adam' && optimizer !== 'momentum')
    .map((optimizer) => makeCase('lstm-1-forward', optimizer)),
  ...['lstm-1-forward', 'gru-2-both'].map((spec) => makeCase(spec, 'adam', weighted)),
  ...['rnn-1-forward', 'rnn-relu-1-forward', 'gru-1-forward', 'lstm-1-forward', 'lstm-2-both'].map((spec) =>
    makeCase(spec, 'adam', sparse),
  ),
  makeCase('lstm-1-both', 'adam-epsilon', sparse),
  ...['gru-1-both', 'lstm-2-both'].map((spec) => makeCase(spec, 'adam', { what: 'full-length', padded: false })),
  ...['rnn-relu-1-forward', 'gru-2-both'].map((spec) => makeCase(spec, 'adam', dropped)),
  makeCase('lstm-1-forward', 'sgd', { what: 'clip-value', clip: { value: 0.01 } }),
  makeCase('lstm-1-forward', 'adam', { what: 'clip-value-norm', clip: { value: 0.01, norm: 0.1 } }),
  makeCase('lstm-1-forward', 'sgd', { what: 'no-clip', clip: {} }),
];
