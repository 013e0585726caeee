import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildForward, buildTraining } from '../../../src/models/textClassifier';
import { type CellName, cells } from '../../../src/nn/cells/cells';
import type { Tensor } from '../../../src/runtime/session';
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

/** Weights of the classes of `labels` in the loss, so that examples count differently. */
const classWeights = [0.5, 2, 1];
const normaliser = labels.reduce((sum, label) => sum + classWeights[label]!, 0);

describe('a padded batch', () => {
  for (const cell of Object.keys(cells) as CellName[]) {
    for (const layers of [1, 2]) {
      for (const bidirectional of [false, true]) {
        const spec = smallSpec(cell, layers, bidirectional);
        const { parameters: specs } = buildTraining(spec, plainOptions);
        const weights = parameterFeeds(specs, seededParameters(specs));
        const name = `${cell}, ${layers} layer(s), ${bidirectional ? 'both directions' : 'forwards'}`;

        it(`gives loss and gradients of its sequences one by one: ${name}`, async () => {
          const options = { ...plainOptions, classWeights };
          let whole: Record<string, Tensor> = {};
          await withTraining(spec, options, async (run) => {
            whole = await run({ ...weights, ...batchFeeds(sequences, 0), ...labelFeeds(labels, normaliser) });
          });
          const sums = new Map<string, Float64Array>();
          await withTraining(spec, { ...options, padded: false }, async (run) => {
            for (const [at, sequence] of sequences.entries()) {
              // Divided by the weights of the whole batch, each loss is a part of the batch's.
              const part = await run({
                ...weights,
                ...batchFeeds([sequence], 0),
                ...labelFeeds([labels[at]!], normaliser),
              });
              for (const [output, { data }] of Object.entries(part)) {
                const sum = sums.get(output) ?? new Float64Array(data.length);
                sums.set(output, sum);
                for (let i = 0; i < sum.length; i++) sum[i]! += Number(data[i]);
              }
            }
          });
          assert.deepEqual([...sums.keys()].sort(), Object.keys(whole).sort());
          assert.ok(Number(whole['loss']!.data[0]) > 0.5);
          for (const [output, data] of sums) {
            // Products over a batch add up in another order than those of single sequences; nothing else differs.
            const found = difference(whole[output]!, { dtype: 'float64', dims: [data.length], data });
            assert.ok(found <= 1e-6, `${output} differs by ${found}`);
          }
        });

        it(`does not see the ids at padding, to the last bit: ${name}`, async () => {
          await withTraining(spec, plainOptions, async (run) => {
            const fixed = { ...weights, ...labelFeeds(labels, 4) };
            const zeros = await run({ ...fixed, ...batchFeeds(sequences, 0) });
            for (const padding of [1, 6]) {
              assert.deepEqual(await run({ ...fixed, ...batchFeeds(sequences, padding) }), zeros);
            }
            const embedding = zeros['gradient.embedding']!.data as Float32Array;
            assert.ok(
              embedding.subarray(0, spec.embedding).every((x) => x === 0),
              'id 0 is padding only',
            );
            assert.ok(embedding.subarray(spec.embedding).some((x) => x !== 0));
          });
        });

        it(`gives the scores of its sequences one by one: ${name}`, async () => {
          await withSession(buildForward(spec), async (run) => {
            const whole = (await run({ ...weights, ...batchFeeds(sequences, 0) }))['logProbabilities']!;
            assert.deepEqual(whole.dims, [sequences.length, spec.classes]);
            for (const [at, sequence] of sequences.entries()) {
              const alone = (await run({ ...weights, ...batchFeeds([sequence], 0) }))['logProbabilities']!;
              const row = (whole.data as Float32Array).slice(at * spec.classes, (at + 1) * spec.classes);
              const found = difference(alone, { dtype: 'float32', dims: alone.dims, data: row });
              assert.ok(found <= 1e-6, `sequence ${at} differs by ${found}`);
            }
          });
        });
      }
    }
  }
});

describe('a ReLU network whose states grow', () => {
  it('does not overflow in padding that no sequence reaches', async () => {
    const spec = smallSpec('rnn-relu', 1, false);
    const { parameters: specs } = buildTraining(spec, plainOptions);
    const parameters = seededParameters(specs);
    // Every step multiplies the state by far more than one: 40 steps of padding would leave the range of float32.
    parameters.get('layer0.forward.R')!.fill(100);
    const long = Array<number>(40).fill(3);
    for (const name of ['embedding', 'layer0.forward.W']) parameters.get(name)!.fill(0.1);
    const weights = parameterFeeds(specs, parameters);
    const feeds = batchFeeds([[2], [0], long], 0);
    // The long sequence is masked down to one step, so that all others are padding.
    for (const name of ['mask', 'last'] as const) {
      const data = feeds[name]!.data as Float32Array;
      for (let t = 0; t < 40; t++) data[t * 3 + 2] = t === 0 ? 1 : 0;
    }
    await withTraining(spec, plainOptions, async (run) => {
      const results = await run({ ...weights, ...feeds, ...labelFeeds([0, 1, 2], 3) });
      for (const [name, { data }] of Object.entries(results)) {
        assert.ok(Array.from(data, Number).every(Number.isFinite), `${name} is not finite`);
      }
    });
  });
});
