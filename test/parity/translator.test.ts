/** Training of translators equals PyTorch's with attention as a plain loop, and Python's runtime translates from the file. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { assemblePairs } from '../../src/data/pairBatches';
import { endId } from '../../src/data/pairVocabulary';
import { pairFeeds } from '../../src/inference/translationRunner';
import { buildTranslatorTraining } from '../../src/models/translator';
import type { TranslatorSpec } from '../../src/models/translatorParts';
import { buildTranslatorExport } from '../../src/models/translatorSearch';
import { updateNames } from '../../src/nn/optimizers';
import { type CheckpointTensor, decodeSafetensors, encodeSafetensors } from '../../src/runs/safetensors';
import { Session, tensor, type Tensor } from '../../src/runtime/session';
import { seeded } from './batches';
import { compareTraining } from './compareTraining';
import { runPython } from './python';

const steps = 30;
const learningRate = 0.2;
/** Both sides compute in float32 and training amplifies roundings; losses are relative. */
const tolerances = { loss: 1e-4, weight: 2e-4, logProbability: 1e-4 };

const base = {
  ...{ sourceVocabulary: 15, targetVocabulary: 13, shared: false, embedding: 6, hidden: 7, layers: 1 },
  ...{ bidirectional: true, inputFeeding: false },
} as const;
const cases: readonly { name: string; spec: TranslatorSpec; labelSmoothing: number }[] = [
  { name: 'gru-bahdanau', spec: { ...base, cell: 'gru', attention: 'bahdanau' }, labelSmoothing: 0 },
  {
    name: 'gru-luong-fed',
    spec: { ...base, cell: 'gru', attention: 'luong', inputFeeding: true },
    labelSmoothing: 0.1,
  },
  {
    name: 'lstm-2-bahdanau-fed',
    spec: { ...base, cell: 'lstm', layers: 2, attention: 'bahdanau', inputFeeding: true },
    labelSmoothing: 0,
  },
  {
    name: 'lstm-luong-shared-forward',
    spec: { ...base, cell: 'lstm', attention: 'luong', shared: true, targetVocabulary: 15, bidirectional: false },
    labelSmoothing: 0,
  },
];

const random = seeded(13);
const ids = (length: number): Int32Array => Int32Array.from({ length }, () => 4 + Math.floor(random() * 9));
const batch = assemblePairs(
  [
    [3, 5],
    [6, 2],
    [1, 7],
    [4, 4],
  ].map(([source, target]) => ({ source: ids(source!), target: ids(target!) })),
);

type Weights = Map<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

const ours = new Map<string, { readonly losses: number[]; readonly weights: Weights }>();
let theirs: { readonly losses: Record<string, number[]>; readonly tensors: ReadonlyMap<string, CheckpointTensor> };
let folder: string;

const graphOf = (spec: TranslatorSpec, labelSmoothing: number) =>
  buildTranslatorTraining(spec, {
    ...{ dropout: 0, labelSmoothing, scheduledSampling: false, sparseEmbedding: false, padded: true },
  });

/** Seeded starting values, all moved away from zero. */
function startOf(spec: TranslatorSpec): Weights {
  return new Map(
    graphOf(spec, 0).parameters.map(({ name, shape, initialize }) => [
      name,
      { shape, data: initialize(shape, random).map((value) => value + 0.4 * (random() - 0.5)) },
    ]),
  );
}

/** Plain gradient descent on one padded batch; the weights are changed. */
async function train(spec: TranslatorSpec, labelSmoothing: number, weights: Weights): Promise<number[]> {
  const session = await Session.create(graphOf(spec, labelSmoothing).bytes, { threads: 1 });
  const losses: number[] = [];
  const inputs: Record<string, Tensor> = {
    ...pairFeeds(batch, true),
    normaliser: tensor('float32', [], Float32Array.of(batch.labels.length)),
  };
  for (let step = 0; step < steps; step++) {
    const feeds = { ...inputs };
    for (const [name, { shape, data }] of weights) feeds[name] = tensor('float32', shape, data);
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

/** A time-major array with an example a row. */
function byExample(data: Int32Array, time: number): Int32Array {
  return Int32Array.from({ length: data.length }, (_, at) => data[(at % time) * batch.size + Math.floor(at / time)]!);
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parity-translator-'));
  const { size, sourceTime, targetTime } = batch;
  const labels = new Int32Array(size * targetTime).fill(-1);
  batch.places.forEach((place, at) => (labels[place] = batch.labels[at]!));
  const tensors = new Map<string, CheckpointTensor>([
    ['source', { dtype: 'I32', shape: [size, sourceTime], data: byExample(batch.source, sourceTime) }],
    ['target', { dtype: 'I32', shape: [size, targetTime], data: byExample(batch.target, targetTime) }],
    ['labels', { dtype: 'I32', shape: [size, targetTime], data: byExample(labels, targetTime) }],
    ['lengths', { dtype: 'I64', shape: [size], data: BigInt64Array.from(batch.sourceLengths, BigInt) }],
  ]);
  for (const { name, spec, labelSmoothing } of cases) {
    const weights = startOf(spec);
    for (const [parameter, { data }] of weights) {
      tensors.set(`initial/${name}/${parameter}`, { dtype: 'F32', shape: [data.length], data: data.slice() });
    }
    ours.set(name, { weights, losses: await train(spec, labelSmoothing, weights) });
    const arrays = new Map([...weights].map(([parameter, { data }]) => [parameter, data]));
    writeFileSync(join(folder, `${name}.onnx`), buildTranslatorExport(spec, arrays, {}));
  }
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases.map((one) => ({ ...one, steps, learningRate }))));
  writeFileSync(join(folder, 'inputs.safetensors'), Buffer.concat(encodeSafetensors({ tensors, metadata: {} })));
  runPython('torch_translator.py', folder);
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

describe('training of translators equals PyTorch', () => {
  for (const { name } of cases) {
    it(name, (context) => {
      const { losses, weights } = ours.get(name)!;
      assert.equal(losses.length, steps);
      compareTraining(
        context,
        { losses, weights: new Map([...weights].map(([parameter, { data }]) => [parameter, data])) },
        { losses: theirs.losses[name]!, weights: theirWeights(name) },
        tolerances,
        0.3,
      );
    });
  }
});

describe("an exported translator in Python's runtime writes what PyTorch finds as probable", () => {
  for (const { name } of cases) {
    it(name, () => {
      const tokens = Array.from(theirs.tensors.get(`tokens/${name}`)!.data, Number);
      const [found, expected] = ['probabilities', 'reference'].map(
        (kind) => theirs.tensors.get(`${kind}/${name}`)!.data as Float32Array,
      ) as [Float32Array, Float32Array];
      const count = tokens.length / batch.size;
      let compared = 0;
      for (let row = 0; row < batch.size; row++) {
        const own = tokens.slice(row * count, (row + 1) * count);
        const end = own.indexOf(endId);
        for (let step = 0; step < (end < 0 ? count : end + 1); step++) {
          const difference = Math.abs(found[row * count + step]! - expected[row * count + step]!);
          assert.ok(difference <= tolerances.logProbability, `differs by ${difference}`);
          compared += 1;
        }
      }
      assert.ok(compared >= batch.size, `${compared} tokens`);
    });
  }
});
