/** Training equals PyTorch's, every graph passes ONNX's checker, and exported models mean the same to Python's runtime. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { buildExport, buildForward } from '../../src/models/textClassifier';
import { type Feeds, Session, tensor } from '../../src/runtime/session';
import { type Batch, makeBatch, makeBatches, paddingOf, seeded } from './batches';
import { largest } from './compareTraining';
import { cases, optimizers, type ParityCase, specs, steps } from './cases';
import { type Answers, askReference } from './exchange';
import { allModels } from './models';
import { trainByReplicas } from './replicas';
import { dropoutMasks, initialWeights, train, type Training } from './training';

/**
 * Largest |ours - theirs| / |theirs| of a loss and of a gradient's norm before clipping, at any step, and
 * |ours - theirs| of a weight, which is of size 1, after the last. Both sides compute in float32 and training amplifies
 * roundings. ReLU can turn one into a step: a sum that rounds to 0 on one side alone has a gradient on the other.
 */
const tolerances = {
  smooth: { loss: 2e-5, norm: 5e-5, weight: 2e-4 },
  relu: { loss: 1e-4, norm: 5e-4, weight: 2e-3 },
};
/** Largest difference of a probability between an exported model and the graph that training uses. */
const probabilityTolerance = 1e-5;

const batches = { padded: makeBatches(10, 'padded', 1), full: makeBatches(10, 'full', 2) };
const random = seeded(3);
const texts = new Map<string, Batch>([
  ['padded', makeBatch([3, 12, 1, 7, 12, 2], 50, 3, random)],
  ['full', makeBatch([9, 9, 9, 9], 50, 3, random)],
  ['one-text', makeBatch([11], 50, 3, random)],
  ['one-token', makeBatch([1], 50, 3, random)],
  ['one-token-each', makeBatch([1, 1, 1], 50, 3, random)],
]);
const trainings = new Map<string, Training>();
/** The same, each batch shared by two replicas. */
const sharedTrainings = new Map<string, Training>();
const sharedCases = cases.filter(({ dropout }) => dropout === 0);
const rows: string[][] = [];
let answers: Answers;

const batchesOf = ({ padded }: ParityCase): readonly Batch[] => (padded ? batches.padded : batches.full);
const exportName = (spec: string): string => `export-${spec}`;
/** Weights after training, which the exported models have. */
const weightsOf = (spec: string): Training['weights'] => trainings.get(`${spec} adam`)!.weights;

/** Trains all cases, asks the reference once about everything. */
before(async () => {
  const initial = new Map(cases.map((parityCase, at) => [parityCase.name, initialWeights(parityCase, 200 + at)]));
  for (const parityCase of cases) {
    trainings.set(
      parityCase.name,
      await train(parityCase, initial.get(parityCase.name)!, batchesOf(parityCase), steps),
    );
  }
  for (const parityCase of sharedCases) {
    const { name } = parityCase;
    sharedTrainings.set(name, await trainByReplicas(parityCase, initial.get(name)!, batchesOf(parityCase), steps, 2));
  }
  const exports = specs.map(({ name, ...spec }): [string, Uint8Array] => [
    exportName(name),
    buildExport(spec, new Map([...weightsOf(name)].map(([parameter, { data }]) => [parameter, data])), {
      task: 'text-classification',
    }),
  ]);
  const models = new Map([...allModels(), ...exports]);
  const masks = new Map(
    cases.map((parityCase) => [parityCase.name, batchesOf(parityCase).map((batch) => dropoutMasks(parityCase, batch))]),
  );
  const exported = exports.map(([name]) => name);
  answers = askReference({ cases, steps, initial, batches, masks, models, exports: exported, texts });
});

after(() => {
  if (rows.length === 0) return; // The preparation failed and has said so.
  const header = ['case', 'first and last loss', 'clipped', 'loss', 'gradient norm', 'weights'];
  console.log(
    Object.entries(answers.versions)
      .map((pair) => pair.join(' '))
      .join(', '),
  );
  console.log(`Largest differences from PyTorch over ${steps} steps: loss and norm relative, weights absolute.`);
  for (const row of [header, header.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`);
});

/** A batch and a model's trained weights, as its forward graph takes them. */
function forwardFeeds(spec: string, batch: Batch): Feeds {
  const { mask, last } = paddingOf(batch);
  const { time, ids } = batch;
  const size = batch.lengths.length;
  return {
    ...Object.fromEntries(
      [...weightsOf(spec)].map(([name, { shape, data }]) => [name, tensor('float32', shape, data)]),
    ),
    ids: tensor('int32', [time, size], ids),
    mask: tensor('float32', [time, 1, size], mask),
    last: tensor('float32', [time, 1, size], last),
  };
}

const relativeDifference = (ours: readonly number[], theirs: readonly number[]): number =>
  largest(ours.map((value, at) => (value - theirs[at]!) / theirs[at]!));
const difference = (ours: Float32Array, theirs: Float32Array): number =>
  largest(ours.map((value, at) => value - theirs[at]!));

const compared = [
  ...cases.map((parityCase) => ({ ...parityCase, title: parityCase.name, all: trainings })),
  ...sharedCases.map((parityCase) => ({
    ...parityCase,
    title: `${parityCase.name}, by two replicas`,
    all: sharedTrainings,
  })),
];

describe('training equals PyTorch', () => {
  for (const { title, name, all, clip, spec } of compared) {
    const tolerance = tolerances[spec.cell === 'rnn-relu' ? 'relu' : 'smooth'];
    it(title, () => {
      const ours = all.get(name)!;
      const theirs = answers.training[name]!;
      assert.equal(theirs.losses.length, steps);
      assert.equal(ours.losses.length, steps);
      const loss = relativeDifference(ours.losses, theirs.losses);
      const norm = relativeDifference(ours.norms, theirs.norms);
      const weights = largest(
        [...ours.weights].map(([parameter, { data }]) => {
          const reference = answers.tensors.get(`weights/${name}/${parameter}`)!.data as Float32Array;
          assert.equal(reference.length, data.length, parameter);
          return difference(data, reference);
        }),
      );
      rows.push([
        title,
        `${ours.losses[0]!.toFixed(2)} ${ours.losses.at(-1)!.toFixed(2)}`,
        `${ours.norms.filter((value) => value > (clip.norm ?? Infinity)).length} steps`,
        ...[loss, norm, weights].map((value) => value.toExponential(1)),
      ]);
      assert.ok(loss <= tolerance.loss, `losses differ by ${loss} (relative)`);
      assert.ok(norm <= tolerance.norm, `norms of the gradients differ by ${norm} (relative)`);
      assert.ok(weights <= tolerance.weight, `final weights differ by ${weights}`);
    });
  }
});

describe("ONNX's checker", () => {
  const kinds = {
    training: specs.length,
    update: Object.keys(optimizers).length,
    forward: specs.length,
    influence: specs.length,
    export: specs.length,
  };
  for (const [kind, least] of Object.entries(kinds)) {
    it(`finds nothing wrong with any ${kind} graph`, () => {
      const found = Object.entries(answers.complaints).filter(([name]) => name.startsWith(`${kind}-`));
      assert.ok(found.length >= least, `${found.length} models were checked`);
      assert.deepEqual(
        found.filter(([, complaint]) => complaint !== null),
        [],
      );
    });
  }
});

describe("an exported model in Python's runtime gives the probabilities of the forward graph", () => {
  for (const { name, ...spec } of specs) {
    it(name, async () => {
      const session = await Session.create(buildForward(spec), { threads: 1 });
      for (const [text, batch] of texts) {
        const { logProbabilities } = await session.run(forwardFeeds(name, batch));
        const theirs = answers.tensors.get(`probabilities/${exportName(name)}/${text}`)!;
        assert.deepEqual(theirs.shape, [batch.lengths.length, spec.classes]);
        const ours = (logProbabilities!.data as Float32Array).map(Math.exp);
        const found = difference(ours, theirs.data as Float32Array);
        assert.ok(found <= probabilityTolerance, `${text}: probabilities differ by ${found}`);
      }
      await session.dispose();
    });
  }
});
