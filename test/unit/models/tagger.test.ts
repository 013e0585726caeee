import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assembleTagBatch } from '../../../src/data/tagBatches';
import { buildExport, buildForward, buildTraining, readCrf, type TaggerSpec } from '../../../src/models/tagger';
import { type CellName, cells } from '../../../src/nn/cells/cells';
import { decodeModel } from '../../../src/onnx/decode';
import { Session, tensor, type Tensor } from '../../../src/runtime/session';
import { paddingTensors } from '../../../src/training/paddingTensors';
import { difference, parameterFeeds, seededParameters, withSession } from './smallClassifier';

const tags = 3;
const sentences = [
  { ids: [3, 1, 4, 1, 5], tags: [0, 1, 2, 1, 0] },
  { ids: [2], tags: [2] },
  { ids: [6, 5, 3], tags: [1, 1, 0] },
].map((sentence) => ({ ids: Int32Array.from(sentence.ids), tags: Int32Array.from(sentence.tags) }));

const options = { dropout: 0, trainEmbedding: true, sparseEmbedding: false };

function smallSpec(cell: CellName, layers: number, bidirectional: boolean, crf: boolean): TaggerSpec {
  return { vocabulary: 7, embedding: 3, cell, hidden: 4, layers, bidirectional, tags, crf };
}

/** A batch's inputs; `padding` stands in the arrays where no token is. */
function feedsOf(batch: typeof sentences, normaliser: number, padding = 0): Record<string, Tensor> {
  const { time, size, ids, tags: gold, previous, lengths } = assembleTagBatch(batch, tags);
  for (const array of [ids, gold, previous]) {
    lengths.forEach((length, column) => {
      for (let step = length; step < time; step++) array[step * size + column] = padding;
    });
  }
  return {
    ids: tensor('int32', [time, size], ids),
    tags: tensor('int32', [time, size], gold),
    previous: tensor('int32', [time, size], previous),
    normaliser: tensor('float32', [], Float32Array.of(normaliser)),
    ...paddingTensors(time, size, lengths),
  };
}

/** Starting values, those of the CRF moved from zero. */
function parametersOf(spec: TaggerSpec): Map<string, Float32Array> {
  const parameters = seededParameters(buildTraining(spec, { ...options, padded: true }).parameters);
  for (const [name, array] of parameters) {
    if (name.startsWith('crf.')) array.forEach((_, at) => (array[at] = Math.sin(at + name.length)));
  }
  return parameters;
}

const specs = (Object.keys(cells) as CellName[]).flatMap((cell) =>
  [smallSpec(cell, 1, false, true), smallSpec(cell, 2, true, true), smallSpec(cell, 2, true, false)].map((spec) => ({
    spec,
    name: `${cell}, ${spec.layers} layer(s)${spec.bidirectional ? ', both directions' : ''}${spec.crf ? ', CRF' : ''}`,
  })),
);

describe('a padded batch of sentences', () => {
  for (const { spec, name } of specs) {
    const { parameters: parameterSpecs } = buildTraining(spec, { ...options, padded: true });
    const weights = parameterFeeds(parameterSpecs, parametersOf(spec));

    it(`gives loss and gradients of its sentences one by one: ${name}`, async () => {
      let whole: Record<string, Tensor> = {};
      await withSession(buildTraining(spec, { ...options, padded: true }).bytes, async (run) => {
        whole = await run({ ...weights, ...feedsOf(sentences, 3) });
      });
      const sums = new Map<string, Float64Array>();
      await withSession(buildTraining(spec, { ...options, padded: false }).bytes, async (run) => {
        for (const sentence of sentences) {
          for (const [output, { data }] of Object.entries(await run({ ...weights, ...feedsOf([sentence], 3) }))) {
            const sum = sums.get(output) ?? new Float64Array(data.length);
            sums.set(output, sum);
            for (let at = 0; at < sum.length; at++) sum[at]! += Number(data[at]);
          }
        }
      });
      assert.deepEqual([...sums.keys()].sort(), Object.keys(whole).sort());
      assert.ok(Number(whole['loss']!.data[0]) > 0.5);
      for (const [output, data] of sums) {
        const found = difference(whole[output]!, { dtype: 'float64', dims: [data.length], data });
        assert.ok(found <= 2e-6, `${output} differs by ${found}`);
      }
    });

    it(`does not see what stands at padding, to the last bit: ${name}`, async () => {
      await withSession(buildTraining(spec, { ...options, padded: true }).bytes, async (run) => {
        const zeros = await run({ ...weights, ...feedsOf(sentences, 3) });
        assert.deepEqual(await run({ ...weights, ...feedsOf(sentences, 3, 1) }), zeros);
        assert.deepEqual(await run({ ...weights, ...feedsOf(sentences, 3, 2) }), zeros);
      });
    });
  }
});

describe('an exported tagger', () => {
  for (const { spec, name } of specs) {
    it(`scores as training does, from standard operators: ${name}`, async () => {
      const parameters = parametersOf(spec);
      const { parameters: parameterSpecs } = buildTraining(spec, { ...options, padded: true });
      let expected: Float32Array = new Float32Array();
      await withSession(buildForward(spec), async (run) => {
        const feeds = { ...parameterFeeds(parameterSpecs, parameters), ...feedsOf(sentences, 1) };
        expected = (await run(feeds))['emissions']!.data as Float32Array;
      });
      const bytes = buildExport(spec, parameters, {});
      const model = decodeModel(bytes, 'model.onnx');
      assert.ok(!model.operators.has('Scan') && ['LSTM', 'GRU', 'RNN'].some((op) => model.operators.has(op)));
      const session = await Session.create(bytes, { threads: 1 });
      const time = 5;
      const ids = BigInt64Array.from(
        sentences.flatMap((one) => Array.from({ length: time }, (_, t) => BigInt(one.ids[t] ?? 0))),
      );
      const outputs = await session.run({
        ids: tensor('int64', [3, time], ids),
        lengths: tensor('int32', [3], Int32Array.of(5, 1, 3)),
      });
      await session.dispose();
      const found = outputs['emissions']!.data as Float32Array;
      sentences.forEach((sentence, row) => {
        for (let at = row * time * tags; at < (row * time + sentence.ids.length) * tags; at++) {
          assert.ok(Math.abs(found[at]! - expected[at]!) < 1e-5, `score ${at}: ${found[at]}, expected ${expected[at]}`);
        }
      });
      const crf = readCrf(tags, (key) => model.tensors.get(key)?.data as Float32Array | undefined);
      assert.equal(crf !== undefined, spec.crf);
      assert.deepEqual(
        Object.keys(outputs).sort(),
        spec.crf ? ['emissions', 'end', 'start', 'transitions'] : ['emissions'],
      );
      if (spec.crf) {
        assert.deepEqual(crf!.transitions, parameters.get('crf.transitions'));
        assert.deepEqual(outputs['transitions']!.data, parameters.get('crf.transitions'));
      }
    });
  }
});
