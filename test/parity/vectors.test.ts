/** Training on sparse vectors, as the engine's trainer does it, equals PyTorch's dense layers on the same vectors. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { padRows } from '../../src/data/tfIdf';
import type { OptimizerSettings } from '../../src/nn/optimizers';
import { tensor } from '../../src/runtime/session';
import { Trainer } from '../../src/training/trainer';
import { seeded } from './batches';
import { runPython } from './python';

const steps = 50;
/** Examples of a batch. */
const size = 12;
const features = 20;
const classes = 3;
/**
 * As those of the recurrent networks: relative for losses and norms, absolute for weights, which are of size 1. A sum that
 * rounds to 0 on one side alone has a gradient behind ReLU on the other.
 */
const tolerances = {
  smooth: { loss: 2e-5, norm: 5e-5, weight: 2e-4 },
  relu: { loss: 1e-4, norm: 5e-4, weight: 2e-3 },
};

interface Case {
  readonly name: string;
  readonly hidden: readonly number[];
  readonly optimizer: 'adam' | 'sgd';
  /** Places that an example has a value at: with Adam every batch touches them all, since a dense Adam moves them all. */
  readonly filled: number;
  readonly classWeights: readonly number[] | null;
  readonly labelSmoothing: number;
}

const plain = { classWeights: null, labelSmoothing: 0 };
const cases: readonly Case[] = [
  { name: 'logistic regression, Adam', hidden: [], optimizer: 'adam', filled: features, ...plain },
  { name: 'one hidden layer, Adam', hidden: [8], optimizer: 'adam', filled: features, ...plain },
  { name: 'three hidden layers, Adam', hidden: [8, 6, 7], optimizer: 'adam', filled: features, ...plain },
  { name: 'few places, SGD', hidden: [8, 6], optimizer: 'sgd', filled: 3, ...plain },
  {
    ...{ name: 'class weights and label smoothing, SGD', hidden: [8], optimizer: 'sgd', filled: 3 },
    ...{ classWeights: [0.5, 1, 2.5], labelSmoothing: 0.1 },
  },
];

const settings: Readonly<Record<Case['optimizer'], { optimizer: OptimizerSettings; learningRate: number }>> = {
  adam: { optimizer: { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }, learningRate: 5e-3 },
  sgd: { optimizer: { type: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 }, learningRate: 0.5 },
};

interface Training {
  readonly losses: readonly number[];
  readonly norms: readonly number[];
  /** Weights and biases of each layer. */
  readonly weights: readonly (readonly [readonly number[], readonly number[]])[];
}

interface Batch {
  readonly x: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

/** Ten batches, which come round. */
function makeBatches(filled: number): Batch[] {
  const random = seeded(11);
  const ten = Array.from({ length: 10 }, () => ({
    x: Array.from({ length: size }, () => {
      const x = Array<number>(features).fill(0);
      for (let at = 0; at < filled; at++) {
        x[filled === features ? at : Math.floor(random() * features)] = random() - 0.3;
      }
      return x;
    }),
    labels: Array.from({ length: size }, () => Math.floor(random() * classes)),
  }));
  return Array.from({ length: steps }, (_, step) => ten[step % 10]!);
}

function layerNames(hidden: readonly number[]): string[] {
  if (hidden.length === 0) return ['features'];
  return ['features', ...hidden.slice(1).map((_, at) => `layer${at + 1}`), 'output'];
}

async function trainOurs(parityCase: Case, batches: readonly Batch[]) {
  const { hidden, classWeights, labelSmoothing, optimizer } = parityCase;
  const trainer = Trainer.create({
    model: {
      architecture: 'vectorClassifier',
      spec: { features, hidden, classes },
      options: { classWeights, labelSmoothing, dropout: 0 },
    },
    seed: 1,
    optimizer: settings[optimizer].optimizer,
    clip: { norm: 1 },
    replicas: 1,
    threads: 1,
    replicaScript: '',
  });
  trainer.weights.initialize((name) => seeded(name.length));
  const read = () =>
    layerNames(hidden).map(
      (name) =>
        [Array.from(trainer.weights.array(`${name}.W`)), Array.from(trainer.weights.array(`${name}.b`))] as const,
    );
  const initial = read();
  const losses: number[] = [];
  const norms: number[] = [];
  for (const [at, { x, labels }] of batches.entries()) {
    const entries = x.map((values) => [...values.entries()].filter(([, value]) => value !== 0));
    const { width, ids, values } = padRows({
      offsets: Int32Array.from([0, ...entries.map((_, row) => entries.slice(0, row + 1).flat().length)]),
      ids: Int32Array.from(entries.flat(), ([place]) => place),
      values: Float32Array.from(entries.flat(), ([, value]) => value),
    });
    const shard = {
      variant: 'full' as const,
      feeds: {
        places: tensor('int32', [size, width], ids),
        values: tensor('float32', [size, width], values),
        labels: tensor('int32', [size], Int32Array.from(labels)),
        normaliser: tensor(
          'float32',
          [],
          Float32Array.of(labels.reduce((sum, label) => sum + (classWeights?.[label] ?? 1), 0)),
        ),
      },
      sizes: { batch: size },
      tokens: size,
    };
    const { loss, gradientNorm } = await trainer.step([shard], at + 1, settings[optimizer].learningRate);
    losses.push(loss);
    norms.push(gradientNorm);
  }
  const result: Training = { losses, norms, weights: read() };
  await trainer.dispose();
  return { initial, result };
}

/** PyTorch's trainings, in the order of the questions. */
function askTorch(questions: readonly unknown[]): Training[] {
  const folder = mkdtempSync(join(tmpdir(), 'parity-'));
  try {
    const path = join(folder, 'vectors.json');
    writeFileSync(path, JSON.stringify(questions));
    runPython('torch_vectors.py', path);
    return JSON.parse(readFileSync(join(folder, 'vectors.answers'), 'utf8')) as Training[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const largest = (ours: readonly number[], theirs: readonly number[], relative: boolean): number => {
  assert.equal(ours.length, theirs.length);
  return Math.max(...ours.map((value, at) => Math.abs(value - theirs[at]!) / (relative ? Math.abs(theirs[at]!) : 1)));
};

describe('training on sparse vectors equals PyTorch on dense ones', () => {
  const ours: Training[] = [];
  let theirs: Training[];
  before(async () => {
    const questions: unknown[] = [];
    for (const parityCase of cases) {
      const batches = makeBatches(parityCase.filled);
      const { initial, result } = await trainOurs(parityCase, batches);
      ours.push(result);
      const { learningRate } = settings[parityCase.optimizer];
      questions.push({ ...parityCase, features, classes, batches, learningRate, clip: 1, weights: initial });
    }
    theirs = askTorch(questions);
  });

  for (const [at, { name, hidden }] of cases.entries()) {
    const tolerance = tolerances[hidden.length === 0 ? 'smooth' : 'relu'];
    it(name, () => {
      const [mine, reference] = [ours[at]!, theirs[at]!];
      assert.equal(mine.losses.length, steps);
      const loss = largest(mine.losses, reference.losses, true);
      const norm = largest(mine.norms, reference.norms, true);
      const weight = largest(mine.weights.flat(2), reference.weights.flat(2), false);
      console.log(
        `${name}: loss ${mine.losses[0]!.toFixed(3)} to ${mine.losses.at(-1)!.toFixed(3)}; differences ` +
          [loss, norm, weight].map((value) => value.toExponential(1)).join(', '),
      );
      const mean = (losses: readonly number[]) => losses.reduce((a, b) => a + b, 0) / losses.length;
      assert.ok(mean(mine.losses.slice(-10)) < mean(mine.losses.slice(0, 10)), 'the loss does not fall');
      assert.ok(loss <= tolerance.loss, `losses differ by ${loss} (relative)`);
      assert.ok(norm <= tolerance.norm, `norms of the gradients differ by ${norm} (relative)`);
      assert.ok(weight <= tolerance.weight, `final weights differ by ${weight}`);
    });
  }
});
