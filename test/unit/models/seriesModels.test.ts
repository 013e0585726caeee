/** The models of number series: padding says nothing, and the exported file agrees with training's equations. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as classifier from '../../../src/models/seriesClassifier';
import * as forecaster from '../../../src/models/forecaster';
import type { TrainingGraph } from '../../../src/models/trainingGraph';
import { type CellName, cells } from '../../../src/nn/cells/cells';
import { decodeModel } from '../../../src/onnx/decode';
import { tensor, type Tensor } from '../../../src/runtime/session';
import { paddingTensors } from '../../../src/training/paddingTensors';
import { difference, labelFeeds, parameterFeeds, seededParameters, withSession } from './smallClassifier';

const channels = 2;
const lengths = [5, 1, 3, 4];
const labels = [2, 0, 1, 1];
const scaling = { mean: [3, -10], deviation: [2, 0.5] };
const classifierOptions = { classWeights: null, labelSmoothing: 0, dropout: 0, padded: true };

/** Standardised numbers of a step, the same for every length. */
const value = (example: number, step: number, channel: number): number =>
  Math.sin(1 + 7 * example + 3 * step + 2 * channel);

/** `[time, channels, batch]`, `rest` at padding, with `mask` and `last`. */
function batchFeeds(name: string, examples: readonly number[], rest = 0): Record<string, Tensor> {
  const own = examples.map((example) => lengths[example]!);
  const time = Math.max(...own);
  const data = Float32Array.from({ length: time * channels * own.length }, (_, at) => {
    const column = at % own.length;
    const channel = Math.floor(at / own.length) % channels;
    const step = Math.floor(at / own.length / channels);
    return step < own[column]! ? value(examples[column]!, step, channel) : rest;
  });
  return {
    [name]: tensor('float32', [time, channels, own.length], data),
    ...paddingTensors(time, own.length, Int32Array.from(own)),
  };
}

/** The inputs of an exported model, `[batch, time, channels]` in the data's units, 99 at padding. */
function exportFeeds(name: string, examples: readonly number[]): Record<string, Tensor> {
  const own = examples.map((example) => lengths[example]!);
  const time = Math.max(...own);
  const data = examples.flatMap((example, at) =>
    Array.from({ length: time * channels }, (_, place) => {
      const [step, channel] = [Math.floor(place / channels), place % channels];
      if (step >= own[at]!) return 99;
      return value(example, step, channel) * scaling.deviation[channel]! + scaling.mean[channel]!;
    }),
  );
  return {
    [name]: tensor('float32', [examples.length, time, channels], Float32Array.from(data)),
    lengths: tensor('int32', [examples.length], Int32Array.from(own)),
  };
}

const batches = [[0, 1, 2, 3], [0], [1], [2, 3]];
const variants = (Object.keys(cells) as CellName[]).flatMap((cell) =>
  [1, 2].flatMap((layers) =>
    [false, true].map((bidirectional) => ({ cell, layers, bidirectional, hidden: 4, channels })),
  ),
);
const nameOf = ({ cell, layers, bidirectional }: (typeof variants)[number]): string =>
  `${cell}, ${layers} layer(s), ${bidirectional ? 'both directions' : 'forwards'}`;

describe('a classifier of series', () => {
  for (const variant of variants) {
    for (const summary of ['last', 'mean'] as const) {
      const spec = { ...variant, classes: 3, summary };
      const { parameters: specs } = classifier.buildTraining(spec, classifierOptions);
      const parameters = seededParameters(specs);
      const weights = parameterFeeds(specs, parameters);

      it(`is exported as it was trained: ${nameOf(variant)}, ${summary}`, async () => {
        const bytes = classifier.buildExport(spec, scaling, parameters, {});
        const read = classifier.readExportedParameters(spec, (name) => {
          return decodeModel(bytes, 'm.onnx').tensors.get(name)?.data as Float32Array | undefined;
        });
        assert.deepEqual(new Map([...read!].sort()), new Map([...parameters].sort()));
        await withSession(classifier.buildForward(spec), async (forward) => {
          await withSession(bytes, async (run) => {
            for (const batch of batches) {
              const { logProbabilities } = await forward({ ...weights, ...batchFeeds('series', batch) });
              const { probabilities } = await run(exportFeeds('series', batch));
              const expected = (logProbabilities!.data as Float32Array).map(Math.exp);
              const found = difference(probabilities!, { ...logProbabilities!, data: expected });
              assert.ok(found < 1e-5, `probabilities differ by ${found}`);
            }
          });
        });
      });

      it(`has the loss and gradients of its series one by one: ${nameOf(variant)}, ${summary}`, async () => {
        const graph = classifier.buildTraining(spec, classifierOptions);
        const plain = classifier.buildTraining(spec, { ...classifierOptions, padded: false });
        await compareWithSingles(graph, plain, weights, (examples) => ({
          ...batchFeeds('series', examples),
          ...labelFeeds(
            examples.map((example) => labels[example]!),
            4,
          ),
        }));
      });

      it(`does not see what stands at padding: ${nameOf(variant)}, ${summary}`, async () => {
        await withSession(classifier.buildForward(spec), async (forward) => {
          const zeros = await forward({ ...weights, ...batchFeeds('series', batches[0]!) });
          const others = await forward({ ...weights, ...batchFeeds('series', batches[0]!, 0.7) });
          assert.deepEqual(others['logProbabilities'], zeros['logProbabilities']);
        });
      });
    }
  }
});

describe('a forecaster', () => {
  for (const variant of variants) {
    const spec = { ...variant, horizon: 3 };
    const { parameters: specs } = forecaster.buildTraining(spec, { loss: { type: 'mse' }, dropout: 0 });
    const parameters = seededParameters(specs);
    const weights = parameterFeeds(specs, parameters);

    it(`is exported as it was trained: ${nameOf(variant)}`, async () => {
      const bytes = forecaster.buildExport(spec, scaling, parameters, {});
      await withSession(forecaster.buildForward(spec), async (forward) => {
        await withSession(bytes, async (run) => {
          for (const batch of batches) {
            const { forecasts } = await forward({ ...weights, ...batchFeeds('window', batch) });
            const found = (await run(exportFeeds('window', batch)))['forecasts']!;
            assert.deepEqual(found.dims, [batch.length, 3, channels]);
            for (let at = 0; at < found.data.length; at++) {
              const [column, step] = [Math.floor(at / 3 / channels), Math.floor(at / channels) % 3];
              const channel = at % channels;
              const standard = Number(forecasts!.data[(step * channels + channel) * batch.length + column]);
              const expected = standard * scaling.deviation[channel]! + scaling.mean[channel]!;
              assert.ok(Math.abs(Number(found.data[at]) - expected) < 1e-5, `${at}`);
            }
          }
        });
      });
    });
  }

  const spec = { ...variants[4]!, horizon: 2 };
  for (const loss of [{ type: 'mse' }, { type: 'huber', delta: 0.5 }] as const) {
    it(`has the loss of its equations, and their gradients by differences: ${loss.type}`, async () => {
      const graph = forecaster.buildTraining(spec, { loss, dropout: 0 });
      const parameters = seededParameters(graph.parameters);
      const window = batchFeeds('window', [0])['window']!;
      const targets = tensor('float32', [2, channels, 1], Float32Array.of(0.3, -0.2, 2.5, 0.1));
      const feeds = () => ({
        ...parameterFeeds(graph.parameters, parameters),
        window,
        targets,
        normaliser: tensor('float32', [], Float32Array.of(4)),
      });
      let forecasts: ArrayLike<number> = [];
      await withSession(forecaster.buildForward(spec), async (forward) => {
        forecasts = (await forward({ ...feeds(), ...batchFeeds('window', [0]) }))['forecasts']!.data as Float32Array;
      });
      const errors = Array.from(targets.data, (target, at) => Math.abs(forecasts[at]! - target));
      const each = errors.map((e) => {
        if (loss.type === 'mse') return e * e;
        return e <= loss.delta ? (e * e) / 2 : loss.delta * (e - loss.delta / 2);
      });
      await withSession(graph.bytes, async (run) => {
        const found = await run(feeds());
        const expected = each.reduce((sum, one) => sum + one, 0) / 4;
        assert.ok(Math.abs(Number(found['loss']!.data[0]) - expected) < 1e-6);
        for (const [name, place] of [
          ['output.b', 1],
          ['layer0.forward.W', 2],
        ] as const) {
          const array = parameters.get(name)!;
          const [kept, step] = [array[place]!, 1e-2];
          array[place] = kept + step;
          const above = Number((await run(feeds()))['loss']!.data[0]);
          array[place] = kept - step;
          const below = Number((await run(feeds()))['loss']!.data[0]);
          array[place] = kept;
          const gradient = Number(found[`gradient.${name}`]!.data[place]);
          assert.ok(Math.abs((above - below) / (2 * step) - gradient) < 2e-3, `${name}: ${gradient}`);
        }
      });
    });
  }

  it('starts from the last real step of its window', async () => {
    const graph = forecaster.buildTraining(spec, { loss: { type: 'mse' }, dropout: 0 });
    const zero = new Map(
      graph.parameters.map(({ name, shape }) => [name, new Float32Array(shape.reduce((a, b) => a * b))]),
    );
    await withSession(forecaster.buildExport(spec, scaling, zero, {}), async (run) => {
      const { forecasts } = await run(exportFeeds('window', [0, 2]));
      const expected = [0, 2].flatMap((example) => {
        const last = [0, 1].map(
          (channel) =>
            value(example, lengths[example]! - 1, channel) * scaling.deviation[channel]! + scaling.mean[channel]!,
        );
        return [...last, ...last];
      });
      const data = Float32Array.from(expected);
      assert.ok(difference(forecasts!, tensor('float32', [2, 2, 2], data)) < 1e-5);
    });
  });
});

async function compareWithSingles(
  padded: TrainingGraph,
  plain: TrainingGraph,
  weights: Record<string, Tensor>,
  feeds: (examples: readonly number[]) => Record<string, Tensor>,
): Promise<void> {
  let whole: Record<string, Tensor> = {};
  await withSession(padded.bytes, async (run) => {
    whole = await run({ ...weights, ...feeds([0, 1, 2, 3]) });
  });
  const sums = new Map<string, Float64Array>();
  await withSession(plain.bytes, async (run) => {
    for (const example of [0, 1, 2, 3]) {
      for (const [name, { data }] of Object.entries(await run({ ...weights, ...feeds([example]) }))) {
        const sum = sums.get(name) ?? new Float64Array(data.length);
        sums.set(name, sum);
        for (let at = 0; at < sum.length; at++) sum[at]! += Number(data[at]);
      }
    }
  });
  assert.ok(Number(whole['loss']!.data[0]) > 0.5);
  assert.deepEqual([...sums.keys()].sort(), Object.keys(whole).sort());
  for (const [name, data] of sums) {
    const found = difference(whole[name]!, { dtype: 'float64', dims: [data.length], data });
    assert.ok(found <= 1e-6, `${name} differs by ${found}`);
  }
}
