import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assemblePairs, type IdPair } from '../../../src/data/pairBatches';
import { beginId, endId } from '../../../src/data/pairVocabulary';
import { pairFeeds, TranslationRunner } from '../../../src/inference/translationRunner';
import { buildTranslatorTraining, type TranslatorTrainingOptions } from '../../../src/models/translator';
import type { TranslatorSpec } from '../../../src/models/translatorParts';
import {
  buildTranslatorExport,
  readExportedTranslator,
  translatorParameters,
} from '../../../src/models/translatorSearch';
import { updateNames } from '../../../src/nn/optimizers';
import { decodeModel } from '../../../src/onnx/decode';
import { tensor, type Tensor } from '../../../src/runtime/session';
import { uniform } from '../nn/uniform';
import { parameterFeeds, seededParameters, withSession } from './smallClassifier';

const base: TranslatorSpec = {
  sourceVocabulary: 9,
  targetVocabulary: 8,
  shared: false,
  embedding: 3,
  cell: 'gru',
  hidden: 4,
  layers: 1,
  bidirectional: true,
  attention: 'luong',
  inputFeeding: true,
};
const specs: readonly TranslatorSpec[] = [
  base,
  { ...base, inputFeeding: false },
  { ...base, attention: 'bahdanau', inputFeeding: false },
  { ...base, attention: 'bahdanau', cell: 'lstm', layers: 2 },
  { ...base, cell: 'lstm', layers: 2, bidirectional: false, inputFeeding: false },
  { ...base, shared: true, targetVocabulary: 9, attention: 'bahdanau' },
];
const plain: TranslatorTrainingOptions = {
  dropout: 0,
  labelSmoothing: 0,
  scheduledSampling: false,
  sparseEmbedding: false,
  padded: true,
};
const pair = (source: number[], target: number[]): IdPair => ({
  source: Int32Array.from(source),
  target: Int32Array.from(target),
});
const pairs = [pair([4, 5, 6, 7], [4, 5]), pair([8], [7, 6, 5, 4]), pair([5, 5, 4], []), pair([6, 4], [6, 6, 6])];

const nameOf = (spec: TranslatorSpec): string =>
  `${spec.attention}, ${spec.cell} × ${spec.layers}${spec.inputFeeding ? ', fed' : ''}${spec.shared ? ', shared' : ''}`;

/** The feeds of a training graph but for parameters. */
function trainingFeeds(
  batch: readonly IdPair[],
  normaliser: number,
  taught: readonly number[] = [],
): Record<string, Tensor> {
  const assembled = assemblePairs(batch);
  const { targetTime, size } = assembled;
  const teacher = Float32Array.from({ length: targetTime * size }, (_, at) => taught[at] ?? 1);
  return {
    ...pairFeeds(assembled, true),
    normaliser: tensor('float32', [], Float32Array.of(normaliser)),
    teacher: tensor('float32', [targetTime, 1, size], teacher),
  };
}

const lossOf = (results: Record<string, Tensor>): number => Number(results['loss']!.data[0]);

describe('the training graph of a translator', () => {
  for (const spec of specs) {
    for (const [what, options, taught] of [
      ['teacher forcing', plain, []],
      ['label smoothing', { ...plain, labelSmoothing: 0.2 }, []],
      // The second step of every text and the third of some read predictions; later ones read targets again.
      ['scheduled sampling', { ...plain, scheduledSampling: true }, [1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0]],
    ] as const) {
      it(`has the gradients of central differences: ${nameOf(spec)}, ${what}`, async () => {
        const graph = buildTranslatorTraining(spec, options);
        const parameters = seededParameters(graph.parameters);
        const random = uniform(5);
        await withSession(graph.bytes, async (run) => {
          const feeds = trainingFeeds(pairs, 7, taught);
          const results = await run({ ...feeds, ...parameterFeeds(graph.parameters, parameters) });
          assert.deepEqual(graph.trained.length, graph.parameters.length);
          for (const { name } of graph.parameters) {
            const values = parameters.get(name)!;
            const direction = values.map(() => random() - 0.5);
            const step = 4e-3;
            const moved = async (by: number): Promise<number> => {
              const changed = new Map(parameters).set(
                name,
                values.map((x, at) => x + by * direction[at]!),
              );
              return lossOf(await run({ ...feeds, ...parameterFeeds(graph.parameters, changed) }));
            };
            const expected = ((await moved(step)) - (await moved(-step))) / (2 * step);
            const gradient = results[updateNames.gradient(name)]!.data as Float32Array;
            const found = gradient.reduce((sum, slope, at) => sum + slope * direction[at]!, 0);
            assert.ok(
              Math.abs(expected - found) < 3e-4 + 2e-3 * Math.abs(expected),
              `${name}: ${expected}, found ${found}`,
            );
          }
        });
      });
    }

    it(`gives a padded batch the losses of its pairs alone: ${nameOf(spec)}`, async () => {
      const graph = buildTranslatorTraining(spec, plain);
      const parameters = parameterFeeds(graph.parameters, seededParameters(graph.parameters));
      await withSession(graph.bytes, async (run) => {
        const whole = lossOf(await run({ ...parameters, ...trainingFeeds(pairs, 1) }));
        let sum = 0;
        for (const single of pairs) sum += lossOf(await run({ ...parameters, ...trainingFeeds([single], 1) }));
        assert.ok(Math.abs(whole - sum) < 1e-4, `${whole} and ${sum}`);
      });
    });

    it(`reads its own predictions where it is told nothing else: ${nameOf(spec)}`, async () => {
      const graph = buildTranslatorTraining(spec, { ...plain, scheduledSampling: true });
      const arrays = seededParameters(graph.parameters);
      const parameters = parameterFeeds(graph.parameters, arrays);
      const runner = await TranslationRunner.create(spec, 1);
      const sources = pairs.map(({ source }) => source);
      // What the decoder writes by itself is what it reads: the loss on that is the same, told or not.
      const own = await freelyWritten(runner, sources, parameters, 3);
      const written = sources.map((source, at) => ({ source, target: own[at]! }));
      await withSession(graph.bytes, async (run) => {
        const told = lossOf(await run({ ...parameters, ...trainingFeeds(written, 1) }));
        const blind = [...Array<number>(4).fill(1), ...Array<number>(12).fill(0)];
        const notTold = lossOf(await run({ ...parameters, ...trainingFeeds(written, 1, blind) }));
        assert.ok(Math.abs(told - notTold) < 1e-4, `${told} and ${notTold}`);
      });
      await runner.dispose();
    });
  }

  it('hands in the touched rows of tables only, but for a table that predictions are read from', () => {
    const sparse = { ...plain, sparseEmbedding: true };
    const tables = (spec: TranslatorSpec, options: TranslatorTrainingOptions) =>
      buildTranslatorTraining(spec, options).sparse;
    assert.deepEqual(tables(base, sparse), [
      { parameter: 'source.embedding', rowInputs: ['source'] },
      { parameter: 'target.embedding', rowInputs: ['target'] },
    ]);
    assert.deepEqual(tables(specs.at(-1)!, sparse), [{ parameter: 'embedding', rowInputs: ['source', 'target'] }]);
    assert.deepEqual(tables(base, { ...sparse, scheduledSampling: true }), [
      { parameter: 'source.embedding', rowInputs: ['source'] },
    ]);
    assert.deepEqual(tables(specs.at(-1)!, { ...sparse, scheduledSampling: true }), []);
  });
});

/** The first tokens that the decoder finds most probable, each read in the next step, whatever they are. */
async function freelyWritten(
  runner: TranslationRunner,
  sources: readonly Int32Array[],
  parameters: Record<string, Tensor>,
  count: number,
): Promise<Int32Array[]> {
  return Promise.all(
    sources.map(async (source) => {
      const expand = await runner.expander(source, parameters);
      const tokens: number[] = [];
      for (let token = beginId; tokens.length < count;) {
        const { logProbabilities } = await expand([0], [token]);
        token = logProbabilities.indexOf(Math.max(...logProbabilities));
        tokens.push(token);
      }
      return Int32Array.from(tokens);
    }),
  );
}

describe('an exported translator', () => {
  for (const spec of specs) {
    const arrays = seededParameters(buildTranslatorTraining(spec, plain).parameters);
    const bytes = buildTranslatorExport(spec, arrays, { task: 'translation' });

    it(`keeps all parameters: ${nameOf(spec)}`, () => {
      const { tensors } = decodeModel(bytes, 'model.onnx');
      const read = readExportedTranslator(spec, (name) => tensors.get(name)?.data as Float32Array | undefined);
      assert.deepEqual(new Map([...read!].sort()), new Map([...arrays].sort()));
      const missing = readExportedTranslator(spec, (name) =>
        name === 'output.b' ? undefined : (tensors.get(name)?.data as Float32Array),
      );
      assert.equal(missing, undefined);
    });

    it(`translates by itself as the steps do, and as probable as training says: ${nameOf(spec)}`, async () => {
      const runner = await TranslationRunner.create(spec, 1);
      const parameters = parameterFeeds(
        translatorParameters(spec).map((parameter) => ({ ...parameter, initialize: () => new Float32Array(0) })),
        arrays,
      );
      await withSession(bytes, async (run) => {
        for (const batch of [pairs, [pairs[0]!], [pair([8], [])]]) {
          const sources = batch.map(({ source }) => source);
          const steps = 6;
          const time = Math.max(...sources.map(({ length }) => length)) + 1;
          const ids = sources.flatMap((source) => {
            const row = [...source, endId, ...Array<number>(time - source.length - 1).fill(0)];
            return row.map(BigInt);
          });
          const results = await run({
            ids: tensor('int64', [sources.length, time], BigInt64Array.from(ids)),
            lengths: tensor(
              'int32',
              [sources.length],
              Int32Array.from(sources, ({ length }) => length + 1),
            ),
            maximum_length: tensor('int64', [1], BigInt64Array.of(BigInt(steps))),
          });
          assert.deepEqual(results['tokens']!.dims, [sources.length, steps]);
          const rows = sources.map((_, row) =>
            Array.from(results['tokens']!.data.slice(row * steps, (row + 1) * steps), Number),
          );
          const greedy = await runner.greedy(sources, 100, parameters);
          const written = rows.map((row) => row.slice(0, row.includes(endId) ? row.indexOf(endId) : steps));
          assert.deepEqual(
            written,
            greedy.map(({ ids: row }) => Array.from(row.slice(0, steps))),
          );
          rows.forEach((row) => {
            const end = row.indexOf(endId);
            if (end >= 0) assert.ok(row.slice(end + 1).every((id) => id === 0));
          });
          const told = sources.map((source, at) => ({ source, target: Int32Array.from(written[at]!) }));
          const { losses, attention, batch: arranged } = await runner.judge(told, parameters);
          arranged.places.forEach((place, at) => {
            const [step, column] = [Math.floor(place / arranged.size), place % arranged.size];
            if (step >= written[column]!.length) return;
            const found = Number(results['log_probabilities']!.data[column * steps + step]);
            assert.ok(Math.abs(found + losses[at]!) < 1e-5);
            for (let source = 0; source < time; source++) {
              const weight = Number(results['attention']!.data[(column * steps + step) * time + source]);
              assert.ok(Math.abs(weight - attention[place * time + source]!) < 1e-5);
            }
          });
        }
      });
      await runner.dispose();
    });
  }
});
