/** The feed-forward network against plain loops, in values, gradients, influence and as an exported file. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fitTfIdf, padRows, spell, type TfIdf } from '../../../src/data/tfIdf';
import { createRandom } from '../../../src/data/random';
import { buildVocabulary, everyToken } from '../../../src/data/vocabulary';
import { touchedRows } from '../../../src/inference/touchedRows';
import {
  buildVectorExport,
  buildVectorForward,
  buildVectorInfluence,
  buildVectorTraining,
  featureWeights,
  readVectorParameters,
  type VectorClassifierSpec,
} from '../../../src/models/vectorClassifier';
import { updateNames } from '../../../src/nn/optimizers';
import type { ParameterSpec } from '../../../src/nn/scope';
import { decodeModel } from '../../../src/onnx/decode';
import { Session, tensor, type Tensor } from '../../../src/runtime/session';

type Arrays = Map<string, Float32Array>;

function parametersOf(specs: readonly ParameterSpec[]): Arrays {
  return new Map(
    specs.map(({ name, shape }) => {
      const random = createRandom(3, name);
      return [name, Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.nextFloat() - 0.4)];
    }),
  );
}

/** Logits of one vector by plain loops; `x` has a number for each feature. */
function reference(spec: VectorClassifierSpec, arrays: Arrays, x: readonly number[]): number[] {
  const sizes = [...spec.hidden, spec.classes];
  let values = [...x];
  sizes.forEach((size, layer) => {
    const name = layer === 0 ? 'features' : layer === sizes.length - 1 ? 'output' : `layer${layer}`;
    const [W, b] = [arrays.get(`${name}.W`)!, arrays.get(`${name}.b`)!];
    const weight = (to: number, from: number) => (layer === 0 ? W[from * size + to]! : W[to * values.length + from]!);
    const sums = Array.from({ length: size }, (_, to) =>
      values.reduce((sum, value, from) => sum + weight(to, from) * value, b[to]!),
    );
    values = layer === sizes.length - 1 ? sums : sums.map((value) => Math.max(0, value));
  });
  return values;
}

function logSoftmax(logits: readonly number[]): number[] {
  const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
  return logits.map((logit) => logit - total);
}

const rows = {
  offsets: Int32Array.of(0, 3, 4, 4),
  ids: Int32Array.of(5, 0, 2, 5),
  values: Float32Array.of(0.5, -1, 2, 1.5),
};
const dense = [
  [-1, 0, 2, 0, 0, 0.5, 0],
  [0, 0, 0, 0, 0, 1.5, 0],
  [0, 0, 0, 0, 0, 0, 0],
];
const labels = [2, 0, 1];

function vectorFeeds(spec: VectorClassifierSpec, arrays: Arrays, specs: readonly ParameterSpec[]) {
  const { width, ids, values } = padRows(rows);
  const table = touchedRows(ids, arrays.get(featureWeights)!, spec.hidden[0] ?? spec.classes);
  const feeds: Record<string, Tensor> = Object.fromEntries(
    specs.map(({ name, shape }) => [name, tensor('float32', shape, arrays.get(name)!)]),
  );
  feeds[featureWeights] = table.rows;
  feeds['places'] = tensor('int32', [3, width], table.places);
  feeds['values'] = tensor('float32', [3, width], values);
  // The rows that are touched, in the order in which they are met.
  return { feeds, touched: [5, 0, 2] };
}

const close = (found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5) => {
  assert.equal(found.length, expected.length);
  Array.from(found).forEach((number, at) => {
    assert.ok(Math.abs(number - expected[at]!) < tolerance, `${at}: ${number} for ${expected[at]}`);
  });
};

for (const hidden of [[], [4], [5, 3, 4]]) {
  describe(`hidden layers [${hidden.join(', ')}]`, () => {
    const spec: VectorClassifierSpec = { features: 7, hidden, classes: 3 };
    const options = { classWeights: [1, 2, 0.5], labelSmoothing: 0.1, dropout: 0 };
    const graph = buildVectorTraining(spec, options);
    const arrays = parametersOf(graph.parameters);
    const { feeds, touched } = vectorFeeds(spec, arrays, graph.parameters);

    /** Σ over examples as `softmaxCrossEntropy` defines it. */
    const loss = (given: Arrays): number => {
      let sum = 0;
      dense.forEach((x, example) => {
        logSoftmax(reference(spec, given, x)).forEach((value, at) => {
          const target = (at === labels[example] ? 0.9 : 0) + 0.1 / 3;
          sum -= options.classWeights[at]! * target * value;
        });
      });
      return sum / 3.5;
    };

    test('log-probabilities are those of plain loops', async () => {
      const session = await Session.create(buildVectorForward(spec), { threads: 1 });
      const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
      const found = ((await session.run(used))['logProbabilities'] as Tensor<'float32'>).data;
      close(
        found,
        dense.flatMap((x) => logSoftmax(reference(spec, arrays, x))),
      );
      await session.dispose();
    });

    test('loss and gradients are those of plain loops, for touched rows alone', async () => {
      const session = await Session.create(graph.bytes, { threads: 1 });
      const results = await session.run({
        ...feeds,
        labels: tensor('int32', [3], Int32Array.from(labels)),
        normaliser: tensor('float32', [], Float32Array.of(3.5)),
      });
      close((results['loss'] as Tensor<'float32'>).data, [loss(arrays)]);
      for (const { name, shape } of graph.parameters) {
        const gradient = results[updateNames.gradient(name)] as Tensor<'float32'>;
        const isTable = name === featureWeights;
        assert.deepEqual(gradient.dims, isTable ? [touched.length, shape[1]] : shape);
        const slope = (at: number) => {
          const values = arrays.get(name)!;
          const kept = values[at]!;
          const [up, down] = [1e-4, -1e-4].map((step) => {
            values[at] = kept + step;
            return loss(arrays);
          });
          values[at] = kept;
          return (up! - down!) / 2e-4;
        };
        const width = shape[1]!;
        const places = isTable
          ? touched.flatMap((row) => Array.from({ length: width }, (_, column) => row * width + column))
          : [...arrays.get(name)!.keys()];
        close(gradient.data, places.map(slope), 1e-3);
        if (isTable) assert.equal(slope(1 * width), 0);
      }
      await session.dispose();
    });

    test('influence is the slope of the log-odds × value', async () => {
      const { bytes } = buildVectorInfluence(spec);
      const session = await Session.create(bytes, { threads: 1 });
      const all = { ...feeds, classes: tensor('int32', [3], Int32Array.from(labels)) } as Readonly<
        Record<string, Tensor>
      >;
      const used = Object.fromEntries(session.inputNames.map((name) => [name, all[name]!]));
      const found = ((await session.run(used))['influence'] as Tensor<'float32'>).data;
      const logOdds = (x: readonly number[], label: number) => {
        const logits = reference(spec, arrays, x);
        return (
          logits[label]! - Math.log(logits.reduce((sum, logit, at) => (at === label ? sum : sum + Math.exp(logit)), 0))
        );
      };
      [5, 0, 2].forEach((feature, entry) => {
        const [up, down] = [1e-4, -1e-4].map((step) =>
          logOdds(
            dense[0]!.map((value, at) => (at === feature ? value + step : value)),
            labels[0]!,
          ),
        );
        const expected = ((up! - down!) / 2e-4) * dense[0]![feature]!;
        assert.ok(Math.abs(found[entry]! - expected) < 1e-3, `${found[entry]} for ${expected}`);
      });
      await session.dispose();
    });
  });
}

describe('an exported classifier of vectors', () => {
  const texts = ['good game good', 'bad bad game', 'so good', 'you play bad'];
  const words = [...new Set(texts.flatMap((text) => text.split(' ')))];
  const { vocabulary } = buildVocabulary(words, new Float64Array(words.length), everyToken);
  const encoded = texts.map((text) => vocabulary.encode(text.split(' ')));
  const fit = (characters: readonly [number, number] | false, sublinear: boolean): TfIdf =>
    fitTfIdf({ words: [1, 2], characters, sublinear }, { maximum: 100, minimumCount: 1 }, vocabulary, (visit) => {
      for (const text of encoded) visit(text);
    });
  for (const [characters, sublinear] of [
    [[2, 3], true],
    [false, false],
  ] as const) {
    test(`makes the vector from ids alone, ${characters === false ? 'of words' : 'of words and characters'}`, async () => {
      const tfIdf = fit(characters, sublinear);
      const spec = { features: tfIdf.size, hidden: [6], classes: 2 };
      const graph = buildVectorTraining(spec, { classWeights: null, labelSmoothing: 0, dropout: 0 });
      const arrays = parametersOf(graph.parameters);
      const bytes = buildVectorExport(spec, tfIdf, arrays, {});
      const model = decodeModel(bytes, 'model.onnx');
      const read = readVectorParameters(spec, (name) => model.tensors.get(name)?.data as Float32Array | undefined);
      assert.deepEqual(read, arrays);
      const [ofWords] = model.integerLists('TfIdfVectorizer');
      assert.deepEqual(ofWords?.get('pool_int64s'), [...tfIdf.blocks[0]!.nGrams.pool]);

      const longest = 5;
      const ids = encoded.flatMap((text) => {
        const own = Array.from(text, (id) => tfIdf.words.idOf(vocabulary.tokens[id]!));
        return [...own, ...Array<number>(longest - own.length).fill(0)];
      });
      const spelled = texts.map((text) => text.split(' ').flatMap(spell));
      const letters = spelled.flatMap((text) => {
        const own = [...tfIdf.characters.encode(text)];
        return [...own, ...Array<number>(30 - own.length).fill(0)];
      });
      const session = await Session.create(bytes, { threads: 1 });
      const results = await session.run({
        words: tensor('int64', [4, longest], BigInt64Array.from(ids, BigInt)),
        ...(characters === false ? {} : { characters: tensor('int64', [4, 30], BigInt64Array.from(letters, BigInt)) }),
      });
      const sparse = tfIdf.over(vocabulary).rows(encoded);
      const expected = texts.flatMap((_, row) => {
        const x = Array<number>(tfIdf.size).fill(0);
        for (let at = sparse.offsets[row]!; at < sparse.offsets[row + 1]!; at += 1)
          x[sparse.ids[at]!] = sparse.values[at]!;
        return logSoftmax(reference(spec, arrays, x)).map(Math.exp);
      });
      close((results['probabilities'] as Tensor<'float32'>).data, expected);
      await session.dispose();
    });
  }
});
