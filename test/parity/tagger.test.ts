/** Training of taggers equals PyTorch's with a CRF as a plain loop, and Python's runtime scores as the forward graph. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { assembleTagBatch } from '../../src/data/tagBatches';
import { buildExport, buildForward, buildTraining, type TaggerSpec } from '../../src/models/tagger';
import { updateNames } from '../../src/nn/optimizers';
import { type CheckpointTensor, decodeSafetensors, encodeSafetensors } from '../../src/runs/safetensors';
import { Session, tensor, type Tensor } from '../../src/runtime/session';
import { paddingTensors } from '../../src/training/paddingTensors';
import { seeded } from './batches';
import { compareTraining, largest } from './compareTraining';
import { runPython } from './python';

const steps = 30;
const learningRate = 0.1;
const tags = 5;
/** Both sides compute in float32 and training amplifies roundings; losses are relative. */
const tolerances = { loss: 1e-4, weight: 2e-4, score: 1e-5 };

const base = { vocabulary: 20, embedding: 6, hidden: 7, tags, bidirectional: true, layers: 1 } as const;
const cases: readonly { name: string; spec: TaggerSpec }[] = [
  { name: 'lstm-crf', spec: { ...base, cell: 'lstm', crf: true } },
  { name: 'gru-2-crf', spec: { ...base, cell: 'gru', layers: 2, crf: true } },
  { name: 'rnn-forward-crf', spec: { ...base, cell: 'rnn', bidirectional: false, crf: true } },
  { name: 'lstm', spec: { ...base, cell: 'lstm', crf: false } },
];

const random = seeded(11);
const integers = (length: number, bound: number): Int32Array =>
  Int32Array.from({ length }, () => Math.floor(random() * bound));
const batch = assembleTagBatch(
  [4, 9, 1, 6, 9, 2].map((length) => ({ ids: integers(length, base.vocabulary), tags: integers(length, tags) })),
  tags,
);
const padding = paddingTensors(batch.time, batch.size, batch.lengths);
const dims = [batch.time, batch.size];

type Weights = Map<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

const ours = new Map<string, { readonly losses: number[]; readonly weights: Weights }>();
let theirs: { readonly losses: Record<string, number[]>; readonly tensors: ReadonlyMap<string, CheckpointTensor> };
let folder: string;

function graphOf(spec: TaggerSpec) {
  const options = { dropout: 0, trainEmbedding: true, sparseEmbedding: false, padded: true };
  return buildTraining(spec, options);
}

/** Seeded starting values, all moved away from zero. */
function startOf(spec: TaggerSpec): Weights {
  return new Map(
    graphOf(spec).parameters.map(({ name, shape, initialize }) => [
      name,
      { shape, data: initialize(shape, random).map((value) => value + 0.4 * (random() - 0.5)) },
    ]),
  );
}

const feedsOf = (weights: Weights): Record<string, Tensor> =>
  Object.fromEntries([...weights].map(([name, { shape, data }]) => [name, tensor('float32', shape, data)]));

/** Plain gradient descent on one padded batch; the weights are changed. */
async function train(spec: TaggerSpec, weights: Weights): Promise<number[]> {
  const session = await Session.create(graphOf(spec).bytes, { threads: 1 });
  const losses: number[] = [];
  const inputs: Record<string, Tensor> = {
    ids: tensor('int32', dims, batch.ids),
    tags: tensor('int32', dims, batch.tags),
    previous: tensor('int32', dims, batch.previous),
    normaliser: tensor('float32', [], Float32Array.of(spec.crf ? batch.size : batch.tokens)),
    ...padding,
  };
  for (let step = 0; step < steps; step++) {
    const feeds = { ...inputs, ...feedsOf(weights) };
    const results = await session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!])));
    losses.push(Number(results['loss']!.data[0]));
    for (const [name, { data }] of weights) {
      const gradient = results[updateNames.gradient(name)]!.data as Float32Array;
      for (let at = 0; at < data.length; at++) data[at]! -= learningRate * gradient[at]!;
    }
  }
  await session.dispose();
  return losses;
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parity-tagger-'));
  const tensors = new Map<string, CheckpointTensor>([
    ['ids', { dtype: 'I32', shape: dims, data: batch.ids }],
    ['tags', { dtype: 'I32', shape: dims, data: batch.tags }],
    ['lengths', { dtype: 'I64', shape: [batch.size], data: BigInt64Array.from(batch.lengths, BigInt) }],
  ]);
  for (const { name, spec } of cases) {
    const weights = startOf(spec);
    for (const [parameter, { data }] of weights) {
      tensors.set(`initial/${name}/${parameter}`, { dtype: 'F32', shape: [data.length], data: data.slice() });
    }
    ours.set(name, { weights, losses: await train(spec, weights) });
    const arrays = new Map([...weights].map(([parameter, { data }]) => [parameter, data]));
    writeFileSync(join(folder, `${name}.onnx`), buildExport(spec, arrays, {}));
  }
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases.map((one) => ({ ...one, steps, learningRate }))));
  writeFileSync(join(folder, 'inputs.safetensors'), Buffer.concat(encodeSafetensors({ tensors, metadata: {} })));
  runPython('torch_tagger.py', folder);
  theirs = {
    losses: JSON.parse(readFileSync(join(folder, 'losses.json'), 'utf8')) as Record<string, number[]>,
    tensors: decodeSafetensors(readFileSync(join(folder, 'outputs.safetensors'))).tensors,
  };
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** PyTorch's final weights of a case, by parameter. */
function theirWeights(name: string): Map<string, Float32Array> {
  const prefix = `weights/${name}/`;
  const own = [...theirs.tensors].filter(([tensorName]) => tensorName.startsWith(prefix));
  return new Map(own.map(([tensorName, { data }]) => [tensorName.slice(prefix.length), data as Float32Array]));
}

describe('training of taggers equals PyTorch', () => {
  for (const { name } of cases) {
    it(name, (context) => {
      const { losses, weights } = ours.get(name)!;
      assert.equal(losses.length, steps);
      compareTraining(
        context,
        { losses, weights: new Map([...weights].map(([parameter, { data }]) => [parameter, data])) },
        { losses: theirs.losses[name]!, weights: theirWeights(name) },
        tolerances,
        0.1,
      );
    });
  }
});

describe("an exported tagger in Python's runtime gives the scores of the forward graph", () => {
  for (const { name, spec } of cases) {
    it(name, async () => {
      const session = await Session.create(buildForward(spec), { threads: 1 });
      const feeds = { ...feedsOf(ours.get(name)!.weights), ids: tensor('int32', dims, batch.ids), ...padding };
      const used = Object.fromEntries(
        session.inputNames.map((input) => [input, (feeds as Record<string, Tensor>)[input]!]),
      );
      const own = (await session.run(used))['emissions']!.data as Float32Array;
      await session.dispose();
      const { data, shape } = theirs.tensors.get(`emissions/${name}`)!;
      assert.deepEqual(shape, [batch.size, batch.time, tags]);
      const found = largest(
        own.map((value, at) => {
          const [row, step] = [Math.floor(at / (batch.time * tags)), Math.floor(at / tags) % batch.time];
          return step < batch.lengths[row]! ? value - Number(data[at]) : 0;
        }),
      );
      assert.ok(found <= tolerances.score, `scores differ by ${found}`);
    });
  }
});
