import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  buildExport,
  buildForward,
  buildInfluence,
  buildTraining,
  readExportedParameters,
} from '../../../src/models/textClassifier';
import { type CellName, cells } from '../../../src/nn/cells/cells';
import { decodeModel } from '../../../src/onnx/decode';
import { tensor, type Tensor } from '../../../src/runtime/session';
import {
  batchFeeds,
  difference,
  labelFeeds,
  labels,
  parameterFeeds,
  plainOptions,
  seededParameters,
  sequences,
  smallSpec,
  withSession,
  withTraining,
} from './smallClassifier';

const variants = (Object.keys(cells) as CellName[]).flatMap((cell) =>
  [1, 2].flatMap((layers) => [false, true].map((bidirectional) => smallSpec(cell, layers, bidirectional))),
);

/** The inputs of an exported model: `ids` `[batch, time]` and `lengths`. */
function exportFeeds(batch: readonly (readonly number[])[]): Record<string, Tensor> {
  const time = Math.max(...batch.map((sequence) => sequence.length));
  const ids = batch.flatMap((sequence) => Array.from({ length: time }, (_, t) => BigInt(sequence[t] ?? 0)));
  return {
    ids: tensor('int64', [batch.length, time], BigInt64Array.from(ids)),
    lengths: tensor(
      'int32',
      [batch.length],
      Int32Array.from(batch, (sequence) => sequence.length),
    ),
  };
}

describe('an exported text classifier', () => {
  for (const spec of variants) {
    const { parameters: specs } = buildTraining(spec, plainOptions);
    const parameters = seededParameters(specs);
    const exported = buildExport(spec, parameters, { task: 'classification' });
    const name = `${spec.cell}, ${spec.layers} layer(s), ${spec.bidirectional ? 'both directions' : 'forwards'}`;

    it(`agrees with the training equations: ${name}`, async () => {
      await withSession(buildForward(spec), async (forward) => {
        await withSession(exported, async (run) => {
          const same = [sequences[0]!, [6, 5, 4, 3, 2]];
          for (const batch of [sequences, same, [sequences[0]!], [[2]], [[1], [0]]]) {
            const feeds = { ...parameterFeeds(specs, parameters), ...batchFeeds(batch, 0) };
            const { logProbabilities } = await forward(feeds);
            const { probabilities } = await run(exportFeeds(batch));
            assert.deepEqual(probabilities!.dims, [batch.length, spec.classes]);
            const expected = (logProbabilities!.data as Float32Array).map((x) => Math.exp(x));
            const found = difference(probabilities!, { ...logProbabilities!, data: expected });
            assert.ok(found <= 1e-5, `${batch.length} sequence(s): ${found}`);
          }
        });
      });
    });

    it(`gives its parameters back: ${name}`, () => {
      const model = decodeModel(exported, 'model.onnx');
      const read = readExportedParameters(spec, (tensorName) => {
        const stored = model.tensors.get(tensorName);
        return stored?.dtype === 'float32' ? (stored.data as Float32Array) : undefined;
      });
      assert.deepEqual([...read!.keys()].sort(), specs.map((parameter) => parameter.name).sort());
      for (const [parameter, array] of parameters) assert.deepEqual(read!.get(parameter), array, parameter);
      assert.equal(model.metadata.get('task'), 'classification');
      assert.equal(model.operators.get(spec.cell.startsWith('rnn') ? 'RNN' : spec.cell.toUpperCase()), spec.layers);
    });
  }

  it('gives no parameters back where one is missing or of another size', () => {
    const spec = smallSpec('gru', 2, true);
    const { parameters: specs } = buildTraining(spec, plainOptions);
    const { tensors } = decodeModel(buildExport(spec, seededParameters(specs), {}), 'model.onnx');
    const arrays = new Map([...tensors].map(([name, { data }]) => [name, data as Float32Array]));
    const names = ['embedding', 'output.W', 'output.b', 'layer0.W', 'layer1.R', 'layer1.B'];
    for (const name of names) {
      const without = new Map(arrays);
      without.delete(name);
      assert.equal(
        readExportedParameters(spec, (tensorName) => without.get(tensorName)),
        undefined,
        name,
      );
      const longer = new Map(arrays).set(name, new Float32Array(arrays.get(name)!.length + 1));
      assert.equal(
        readExportedParameters(spec, (tensorName) => longer.get(tensorName)),
        undefined,
        name,
      );
    }
  });

  it('needs every parameter', () => {
    const spec = smallSpec('lstm', 1, false);
    const parameters = seededParameters(buildTraining(spec, plainOptions).parameters);
    parameters.delete('layer0.forward.R');
    assert.throws(() => buildExport(spec, parameters, {}), { message: 'There is no parameter "layer0.forward.R".' });
  });
});

describe('a training graph', () => {
  const spec = smallSpec('lstm', 2, true);
  const { parameters: specs } = buildTraining(spec, plainOptions);
  const weights = parameterFeeds(specs, seededParameters(specs));
  const feeds = { ...weights, ...batchFeeds(sequences, 0), ...labelFeeds(labels, labels.length) };

  it('with dropout masks of ones is the one without dropout', async () => {
    let without: Record<string, Tensor> = {};
    await withTraining(spec, plainOptions, async (run, { dropouts }) => {
      assert.deepEqual(dropouts, []);
      without = await run(feeds);
    });
    await withTraining(spec, { ...plainOptions, dropout: 0.4 }, async (run, { dropouts }) => {
      const sizes: Record<string, number> = { time: 5, batch: sequences.length };
      const masks = dropouts.map(({ name, shape, rate }): [string, Tensor] => {
        assert.equal(rate, 0.4);
        const dims = shape.map((dim) => (typeof dim === 'number' ? dim : sizes[dim]!));
        return [name, tensor('float32', dims, new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(1))];
      });
      assert.deepEqual(
        masks.map(([name, { dims }]) => [name, dims]),
        [
          ['dropout.embedding', [5, 4, 3]],
          ['dropout.layer1', [5, 8, 4]],
          ['dropout.output', [8, 4]],
        ],
      );
      const ones = Object.fromEntries(masks);
      assert.deepEqual(await run({ ...feeds, ...ones }), without);
      const none = { ...ones, 'dropout.output': tensor('float32', [8, 4], new Float32Array(32)) };
      const dropped = await run({ ...feeds, ...none });
      assert.ok(difference(dropped['loss']!, without['loss']!) > 1e-3);
      assert.ok((dropped['gradient.embedding']!.data as Float32Array).every((x) => x === 0));
    });
  });

  it('gives the same with the touched rows of the embedding as with the whole', async () => {
    let whole: Record<string, Tensor> = {};
    await withTraining(spec, plainOptions, async (run) => {
      whole = await run(feeds);
    });
    const touched = [0, 2, 3, 1, 4, 5, 6].filter((id) => id === 0 || sequences.flat().includes(id));
    const table = weights['embedding']!.data as Float32Array;
    const rows = touched.flatMap((id) => [...table.slice(3 * id, 3 * id + 3)]);
    const renumbered = sequences.map((sequence) => sequence.map((id) => touched.indexOf(id)));
    await withTraining(spec, { ...plainOptions, sparseEmbedding: true }, async (run) => {
      const sparse = await run({
        ...feeds,
        ...batchFeeds(renumbered, 0),
        embedding: tensor('float32', [touched.length, 3], Float32Array.from(rows)),
      });
      const gradient = whole['gradient.embedding']!.data as Float32Array;
      const expected = Float32Array.from(touched.flatMap((id) => [...gradient.slice(3 * id, 3 * id + 3)]));
      assert.deepEqual(sparse['gradient.embedding']!.data, expected);
      assert.deepEqual(sparse['loss'], whole['loss']);
    });
  });

  it('leaves out the gradient of an embedding that does not learn', async () => {
    await withTraining(spec, { ...plainOptions, trainEmbedding: false }, async (run, { trained }) => {
      assert.ok(!trained.includes('embedding'));
      assert.deepEqual(
        Object.keys(await run(feeds)).sort(),
        ['loss', ...trained.map((name) => `gradient.${name}`)].sort(),
      );
    });
  });
});

describe('the influence of tokens', () => {
  for (const cell of Object.keys(cells) as CellName[]) {
    it(`is the change of a class' log-odds as a token's vector is scaled: ${cell}`, async () => {
      const spec = smallSpec(cell, 2, true);
      const { parameters: specs } = buildTraining(spec, plainOptions);
      const parameters = seededParameters(specs);
      const weights = parameterFeeds(specs, parameters);
      const table = parameters.get('embedding')!;
      const [time, batch] = [5, sequences.length];
      const { ids, ...padding } = batchFeeds(sequences, 0);
      const embedded = new Float32Array(time * 3 * batch);
      Array.from(ids!.data, Number).forEach((id, at) => {
        const [t, column] = [Math.floor(at / batch), at % batch];
        for (let k = 0; k < 3; k++) embedded[(t * 3 + k) * batch + column] = table[3 * id + k]!;
      });
      const influences: Float32Array[] = [];
      await withSession(buildInfluence(spec).bytes, async (run) => {
        for (let chosen = 0; chosen < spec.classes; chosen++) {
          const { influence } = await run({
            ...weights,
            ...padding,
            embedded: tensor('float32', [time, 3, batch], embedded),
            classes: tensor('int32', [batch], new Int32Array(batch).fill(chosen)),
          });
          assert.deepEqual(influence!.dims, [time, batch]);
          influences.push(influence!.data as Float32Array);
        }
      });
      await withSession(buildForward({ ...spec, vocabulary: time }), async (run) => {
        /** Log-probabilities of a sequence in which each token has a row of its own and one of them is scaled. */
        const scores = async (sequence: readonly number[], scaled: number, factor: number): Promise<Float32Array> => {
          const own = new Float32Array(3 * time);
          sequence.forEach((id, t) => {
            for (let k = 0; k < 3; k++) own[3 * t + k] = table[3 * id + k]! * (t === scaled ? factor : 1);
          });
          const alone = batchFeeds([sequence.map((_, t) => t)], 0);
          const output = await run({ ...weights, ...alone, embedding: tensor('float32', [time, 3], own) });
          return output['logProbabilities']!.data as Float32Array;
        };
        let largest = 0;
        for (const [column, sequence] of sequences.entries()) {
          for (let t = 0; t < time; t++) {
            const found = influences.map((influence) => influence[t * batch + column]!);
            if (t >= sequence.length) {
              assert.deepEqual(found.map(Math.abs), [0, 0, 0], `padding at step ${t} of sequence ${column}`);
              continue;
            }
            const [above, here, below] = [
              await scores(sequence, t, 1.004),
              await scores(sequence, t, 1),
              await scores(sequence, t, 0.996),
            ];
            for (const chosen of [0, 1, 2]) {
              const score = (at: Float32Array): number => at[chosen]! - Math.log(1 - Math.exp(at[chosen]!));
              const [right, left] = [(score(above) - score(here)) / 0.004, (score(here) - score(below)) / 0.004];
              const influence = found[chosen]!;
              largest = Math.max(largest, Math.abs(influence));
              // Central differences; where a ReLU switches on one side, the slope of the other is the derivative.
              const slopes = spec.cell === 'rnn-relu' ? [left, right] : [(left + right) / 2];
              assert.ok(
                slopes.some((slope) => Math.abs(influence - slope) < 2e-3),
                `class ${chosen} at step ${t} of sequence ${column}: ${influence}, by differences ${slopes.join(', ')}`,
              );
            }
          }
        }
        assert.ok(largest > 0.05, `the largest change, ${largest}, is far above the tolerance`);
      });
    });
  }
});
