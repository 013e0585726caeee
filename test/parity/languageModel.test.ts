/** Training a language model equals a plain loop of PyTorch's: streams, windows and the states that are carried over. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { Streams } from '../../src/data/streams';
import type { LanguageModelSpec } from '../../src/models/languageModel';
import { type CellName, cells } from '../../src/nn/cells/cells';
import { type CheckpointTensor, decodeSafetensors, encodeSafetensors } from '../../src/runs/safetensors';
import { tensor } from '../../src/runtime/session';
import { nextStates, zeroStates } from '../../src/training/languageModelEvaluator';
import { Trainer } from '../../src/training/trainer';
import { seeded } from './batches';
import { runPython } from './python';

const tolerances = {
  smooth: { loss: 2e-5, norm: 5e-5, weight: 2e-4 },
  relu: { loss: 1e-4, norm: 5e-4, weight: 2e-3 },
};

interface Case {
  readonly name: string;
  readonly spec: LanguageModelSpec;
  readonly streams: number;
  readonly window: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly clip: number;
}

const cases: readonly Case[] = (Object.keys(cells) as CellName[]).flatMap((cell) =>
  [1, 2].flatMap((layers) =>
    [false, true].map((tied) => ({
      name: `${cell}-${layers}${tied ? '-tied' : ''}`,
      // A large vocabulary has a loss of another form.
      spec: { vocabulary: layers === 1 ? 30 : 300, embedding: tied ? 16 : 12, cell, hidden: 16, layers, tied },
      ...{ streams: 4, window: 7, epochs: 2, learningRate: 5e-3, clip: 0.5 },
    })),
  ),
);

/** 4 streams of 90 tokens; the last window of an epoch is shorter than the others. */
const random = seeded(4);
const tokens = Int32Array.from({ length: 361 }, () => Math.floor(random() ** 2 * 30));

interface Training {
  readonly losses: number[];
  readonly norms: number[];
  readonly weights: Map<string, Float32Array>;
}

const initial = new Map<string, Map<string, Float32Array>>();
const ours = new Map<string, Training>();
let theirs: Record<string, { readonly losses: number[]; readonly norms: number[] }>;
let theirWeights: ReadonlyMap<string, CheckpointTensor>;

async function train(parityCase: Case): Promise<Training> {
  const { name, spec, window, epochs, learningRate, clip } = parityCase;
  const trainer = Trainer.create({
    model: { architecture: 'languageModel', spec, options: { dropout: 0, labelSmoothing: 0 } },
    optimizer: { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    ...{ seed: 1, clip: { norm: clip }, replicas: 1, threads: 1, replicaScript: '' },
  });
  const draw = seeded(9);
  trainer.weights.initialize(() => draw);
  initial.set(name, trainer.weights.copyParameters());
  const streams = new Streams(tokens, parityCase.streams);
  const all = [...Array(parityCase.streams).keys()];
  const [losses, norms]: [number[], number[]] = [[], []];
  for (let epoch = 0; epoch < epochs; epoch++) {
    let states = zeroStates(spec, parityCase.streams);
    for (let from = 0; from < streams.length; from += window) {
      const { time, ids, targets } = streams.window(from, Math.min(streams.length, from + window), all);
      const dims = [time, parityCase.streams];
      const feeds = {
        ids: tensor('int32', dims, ids),
        targets: tensor('int32', dims, targets),
        normaliser: tensor('float32', [], Float32Array.of(ids.length)),
        ...states,
      };
      const shard = { variant: 'full', feeds, sizes: { time, batch: parityCase.streams }, tokens: ids.length } as const;
      const { loss, gradientNorm, outputs } = await trainer.step([shard], losses.length + 1, learningRate);
      states = nextStates(spec, outputs[0]!);
      losses.push(loss);
      norms.push(gradientNorm);
    }
  }
  const weights = trainer.weights.copyParameters();
  await trainer.dispose();
  return { losses, norms, weights };
}

before(async () => {
  for (const parityCase of cases) ours.set(parityCase.name, await train(parityCase));
  const folder = mkdtempSync(join(tmpdir(), 'parity-'));
  try {
    const tensors = new Map<string, CheckpointTensor>([
      ['tokens', { dtype: 'I32', shape: [tokens.length], data: tokens }],
      ...[...initial].flatMap(([name, weights]) =>
        [...weights].map(([parameter, data]): [string, CheckpointTensor] => [
          `${name}/${parameter}`,
          { dtype: 'F32', shape: [data.length], data },
        ]),
      ),
    ]);
    writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases));
    writeFileSync(join(folder, 'inputs.safetensors'), Buffer.concat(encodeSafetensors({ tensors, metadata: {} })));
    runPython('language_model.py', folder);
    theirs = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as typeof theirs;
    theirWeights = decodeSafetensors(readFileSync(join(folder, 'results.safetensors'))).tensors;
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const relative = (found: readonly number[], expected: readonly number[]): number =>
  Math.max(...found.map((value, at) => Math.abs((value - expected[at]!) / expected[at]!)));

describe('training a language model equals PyTorch', () => {
  for (const { name, spec } of cases) {
    const tolerance = tolerances[spec.cell === 'rnn-relu' ? 'relu' : 'smooth'];
    it(name, () => {
      const { losses, norms, weights } = ours.get(name)!;
      assert.equal(losses.length, 26);
      assert.equal(theirs[name]!.losses.length, 26);
      const loss = relative(losses, theirs[name]!.losses);
      const norm = relative(norms, theirs[name]!.norms);
      assert.ok(loss <= tolerance.loss, `losses differ by ${loss} (relative)`);
      assert.ok(norm <= tolerance.norm, `norms of the gradients differ by ${norm} (relative)`);
      for (const [parameter, data] of weights) {
        const reference = theirWeights.get(`${name}/${parameter}`)!.data as Float32Array;
        const difference = Math.max(...data.map((value, at) => Math.abs(value - reference[at]!)));
        assert.ok(difference <= tolerance.weight, `${parameter} differs by ${difference}`);
      }
    });
  }
});
