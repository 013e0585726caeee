import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { tensor } from '../../../src/runtime/session';
import type { Shard } from '../../../src/training/shard';
import { NotFiniteError, Trainer } from '../../../src/training/trainer';
import { threadProgram } from './threadProgram';

const replica = await threadProgram('src/training/replicaWorker.ts');

const spec = {
  vocabulary: 6,
  embedding: 3,
  cell: 'gru',
  hidden: 4,
  layers: 1,
  bidirectional: false,
  classes: 2,
} as const;
const options = { classWeights: null, labelSmoothing: 0, dropout: 0, trainEmbedding: true, sparseEmbedding: true };

function trainerOf(replicas: number, replicaScript = replica): Trainer {
  const trainer = Trainer.create({
    model: { architecture: 'textClassifier', spec, options },
    seed: 1,
    optimizer: { type: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 },
    clip: { norm: 1 },
    replicas,
    threads: replicas,
    replicaScript,
  });
  trainer.weights.initialize((name) => {
    let at = name.length;
    return () => (at = (at * 0.7 + 0.31) % 1);
  });
  return trainer;
}

/** Tokens of three shards. */
const batch = [
  [1, 2, 3, 4],
  [5, 0, 1, 1],
  [2, 2, 4, 4],
];

/** Two texts of two tokens each. */
const shardOf = (ids: readonly number[]): Shard => ({
  variant: 'full',
  feeds: {
    ids: tensor('int32', [2, 2], Int32Array.from(ids)),
    labels: tensor('int32', [2], Int32Array.of(0, 1)),
    normaliser: tensor('float32', [], Float32Array.of(4)),
  },
  sizes: { time: 2, batch: 2 },
  tokens: 4,
});

describe('a step of several replicas', () => {
  it('gives what the replicas give that take the shards one after the other', async () => {
    const trainer = trainerOf(3);
    const before = trainer.weights.copyParameters();
    const { loss, gradientNorm, tokens } = await trainer.step(batch.map(shardOf), 1, 0.5);
    const apart: Trainer[] = [];
    const sums = new Map([...before].map(([name, data]) => [name, new Float64Array(data.length)]));
    let sum = 0;
    for (const ids of batch) {
      const alone = trainerOf(1);
      apart.push(alone);
      const step = await alone.step([shardOf(ids)], 1, 1e-3);
      sum += step.loss;
      // Clipping by norm scales the gradient of this step of SGD.
      const scale = Math.min(1, 1 / (step.gradientNorm + 1e-6));
      for (const [name, total] of sums) {
        const after = alone.weights.array(name);
        before.get(name)!.forEach((weight, at) => (total[at]! += (weight - after[at]!) / 1e-3 / scale));
      }
    }
    assert.equal(tokens, 12);
    assert.ok(Math.abs(loss - sum) < 1e-6);
    const norm = Math.hypot(...[...sums.values()].flatMap((gradient) => [...gradient]));
    assert.ok(Math.abs(gradientNorm - norm) < 1e-3 * norm, `${gradientNorm}, apart ${norm}`);
    for (const [name, gradient] of sums) {
      const after = trainer.weights.array(name);
      gradient.forEach((value, at) => {
        const expected = before.get(name)![at]! - 0.5 * value * Math.min(1, 1 / (norm + 1e-6));
        assert.ok(Math.abs(after[at]! - expected) < 1e-3, `${name}[${at}]: ${after[at]!}, expected ${expected}`);
      });
    }
    await Promise.all([trainer, ...apart].map((one) => one.dispose()));
  });

  it('deals a small batch out to the first replicas alone', async () => {
    const trainer = trainerOf(3);
    for (let step = 1; step <= 3; step++) {
      const { outputs } = await trainer.step(batch.slice(0, 2).map(shardOf), step, 0.1);
      assert.equal(outputs.length, 2);
      await trainer.step([shardOf([1, 2, 3, 4])], step, 0.1);
    }
    await trainer.dispose();
  });

  it('changes nothing where a gradient is not finite, and names the parameter', async () => {
    const trainer = trainerOf(2);
    trainer.weights.array('embedding')[3] = NaN;
    const before = trainer.weights.copyParameters();
    const shards = [
      [2, 2, 3, 4],
      [5, 0, 1, 1],
    ].map(shardOf);
    await assert.rejects(
      trainer.step(shards, 1, 0.5),
      (error: unknown) => error instanceof NotFiniteError && error.parameter === 'embedding',
    );
    assert.deepEqual(trainer.weights.copyParameters(), before);
    await trainer.dispose();
  });

  for (const [when, program, message] of [
    ['ends at once', 'process.exit(3)', /A replica's thread ended with code 3/u],
    ['cannot begin', 'throw new Error("no runtime here")', /no runtime here/u],
    ['ends in a step', 'parentPort.on("message", () => process.exit(4))', /A replica's thread ended with code 4/u],
    [
      'fails in a step',
      'parentPort.on("message", () => { fail(); parentPort.postMessage({ error: "no gradient" }); })',
      /A replica failed: no gradient/u,
    ],
    [
      'fails in the update',
      `parentPort.on("message", () => {
        parentPort.postMessage({ loss: 1, outputs: {} });
        fail();
        setTimeout(() => parentPort.postMessage({ error: "no update" }), 50);
      })`,
      /A replica failed: no update/u,
    ],
  ] as const) {
    it(`fails, and does not wait, where one of three replicas ${when}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-'));
      try {
        const script = join(folder, 'replica.cjs');
        const failing = `
          const { parentPort, workerData } = require('node:worker_threads');
          const counters = new Int32Array(workerData.meeting, 0, 3);
          const fail = () => {
            Atomics.store(counters, 2, 1);
            Atomics.add(counters, 1, 1);
            Atomics.notify(counters, 1);
          };
          ${program};`;
        await writeFile(
          script,
          `if (require('node:worker_threads').workerData.setup.index === 1) require(${JSON.stringify(replica)});
           else (() => {${failing}})();`,
        );
        const trainer = trainerOf(3, script);
        await assert.rejects(trainer.step(batch.map(shardOf), 1, 0.5), message);
        await trainer.dispose();
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }

  it('fails where the first replica does, once the others have ended their runs', async () => {
    const trainer = trainerOf(3);
    const [first, ...others] = batch.map(shardOf);
    const { feeds } = first!;
    const broken = { ...first!, feeds: { ...feeds, labels: tensor('int32', [3], new Int32Array(3)) } };
    await assert.rejects(trainer.step([broken, ...others], 1, 0.5), /Mul/u);
    await trainer.dispose();
  });
});
