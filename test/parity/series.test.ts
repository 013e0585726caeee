/** Training on number series equals a plain loop of PyTorch, step by step. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import * as forecaster from '../../src/models/forecaster';
import * as classifier from '../../src/models/seriesClassifier';
import type { TrainingGraph } from '../../src/models/trainingGraph';
import { updateNames } from '../../src/nn/optimizers';
import { type CheckpointTensor, encodeSafetensors } from '../../src/runs/safetensors';
import { Session, tensor, type Tensor } from '../../src/runtime/session';
import { paddingTensors } from '../../src/training/paddingTensors';
import { seeded } from './batches';
import { runPython } from './python';
import { Updates } from '../unit/training/updates';

const [steps, time, channels, size, horizon] = [30, 9, 3, 6, 2];
const lengths = Int32Array.of(9, 1, 4, 9, 7, 3);
const labels = Int32Array.of(0, 2, 1, 1, 0, 2);
const adam = { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;
const shape = { hidden: 10, channels };

interface Case {
  readonly name: string;
  readonly task: 'classification' | 'forecasting';
  readonly loss?: 'mse' | 'huber';
  readonly spec: object;
  readonly graph: TrainingGraph;
}

const cells = [
  { cell: 'gru', layers: 1, bidirectional: false },
  { cell: 'lstm', layers: 2, bidirectional: true },
] as const;
const cases: readonly Case[] = cells.flatMap((network): Case[] => [
  ...(['last', 'mean'] as const).map((summary): Case => {
    const spec = { ...shape, ...network, classes: 3, summary };
    const options = { classWeights: null, labelSmoothing: 0, dropout: 0, padded: true };
    return {
      name: `${network.cell}-${summary}`,
      ...{ task: 'classification', spec, graph: classifier.buildTraining(spec, options) },
    };
  }),
  ...(['mse', 'huber'] as const).map((loss): Case => {
    const spec = { ...shape, ...network, horizon };
    const kind = loss === 'mse' ? { type: loss } : { type: loss, delta: 0.5 };
    return {
      name: `${network.cell}-${loss}`,
      ...{ task: 'forecasting', loss, spec, graph: forecaster.buildTraining(spec, { loss: kind, dropout: 0 }) },
    };
  }),
]);

const random = seeded(5);
const normal = () => random() + random() + random() - 1.5;
const series = Float32Array.from({ length: time * channels * size }, () => 2 * normal());
const targets = Float32Array.from({ length: horizon * channels * size }, () => 2 * normal());
const initial = new Map(
  cases.map(({ name, graph }) => [
    name,
    new Map(
      graph.parameters.map((one) => [one.name, one.initialize(one.shape, random).map((x) => x + 0.1 * normal())]),
    ),
  ]),
);

/** The inputs of a case beside its parameters. */
function feedsOf({ task }: Case): Record<string, Tensor> {
  const scalar = (value: number) => tensor('float32', [], Float32Array.of(value));
  const input = tensor('float32', [time, channels, size], series);
  if (task === 'forecasting') {
    const normaliser = scalar(horizon * channels * size);
    return { window: input, targets: tensor('float32', [horizon, channels, size], targets), normaliser };
  }
  const known = { series: input, labels: tensor('int32', [size], labels), normaliser: scalar(size) };
  return { ...known, ...paddingTensors(time, size, lengths) };
}

/** The losses of every step with our graphs. */
async function train(one: Case): Promise<number[]> {
  const { parameters, bytes } = one.graph;
  const updates = new Updates(parameters, initial.get(one.name)!, adam, { norm: 1 });
  const session = await Session.create(bytes, { threads: 1 });
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const results = await session.run({ ...updates.feeds(), ...feedsOf(one) });
    updates.apply((name) => results[updateNames.gradient(name)]!, step, 0.01);
    losses.push(Number(results['loss']!.data[0]));
  }
  await session.dispose();
  return losses;
}

describe('training on number series equals PyTorch', () => {
  let theirs: Readonly<Record<string, readonly number[]>>;
  before(() => {
    const folder = mkdtempSync(join(tmpdir(), 'parity-series-'));
    try {
      const float = (dims: number[], data: Float32Array): CheckpointTensor => ({ dtype: 'F32', shape: dims, data });
      const tensors = new Map<string, CheckpointTensor>([
        ['series', float([time, channels, size], series)],
        ['targets', float([horizon, channels, size], targets)],
        ['lengths', { dtype: 'I32', shape: [size], data: lengths }],
        ['full', { dtype: 'I32', shape: [size], data: new Int32Array(size).fill(time) }],
        ['labels', { dtype: 'I32', shape: [size], data: labels }],
      ]);
      for (const [name, weights] of initial) {
        for (const [parameter, data] of weights) tensors.set(`${name}/${parameter}`, float([data.length], data));
      }
      const asked = cases.map(({ name, task, loss, spec }) => ({ name, task, loss, spec, steps }));
      writeFileSync(join(folder, 'cases.json'), JSON.stringify(asked));
      writeFileSync(join(folder, 'inputs.safetensors'), Buffer.concat(encodeSafetensors({ tensors, metadata: {} })));
      runPython('series_training.py', folder);
      theirs = JSON.parse(readFileSync(join(folder, 'losses.json'), 'utf8')) as typeof theirs;
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  for (const one of cases) {
    it(one.name, async (context) => {
      const ours = await train(one);
      const reference = theirs[one.name]!;
      assert.equal(reference.length, steps);
      assert.ok(ours.at(-1)! < 0.8 * ours[0]!, `${ours[0]} to ${ours.at(-1)}`);
      const worst = Math.max(...ours.map((loss, at) => Math.abs(loss - reference[at]!) / reference[at]!));
      context.diagnostic(`largest relative difference of a loss over ${steps} steps: ${worst.toExponential(1)}`);
      assert.ok(worst < 2e-5, `a loss differs by ${worst}`);
    });
  }
});
