import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  buildExport,
  buildForward,
  buildTraining,
  type LanguageModelSpec,
  nextStateName,
  stateNames,
} from '../../../src/models/languageModel';
import { type CellName, cells } from '../../../src/nn/cells/cells';
import { updateNames } from '../../../src/nn/optimizers';
import { tensor, type Tensor } from '../../../src/runtime/session';
import { uniform } from '../nn/uniform';
import { difference, parameterFeeds, seededParameters, withSession } from './smallClassifier';

const variants: LanguageModelSpec[] = (Object.keys(cells) as CellName[]).flatMap((cell) =>
  [1, 2].flatMap((layers) =>
    [false, true].map((tied) => ({
      // A large vocabulary has a loss of another form.
      vocabulary: layers === 1 ? 7 : 300,
      ...{ embedding: tied ? 4 : 3, cell, hidden: 4, layers, tied },
    })),
  ),
);
const [time, batch] = [6, 3];
const random = uniform(5);
const ids = Int32Array.from({ length: time * batch }, () => Math.floor(random() * 7));
const targets = Int32Array.from({ length: time * batch }, () => Math.floor(random() * 7));

/** Steps `from` to `to` of the `[time, batch]` ids and targets. */
function windowFeeds(from: number, to: number): Record<string, Tensor> {
  const dims = [to - from, batch];
  return {
    ids: tensor('int32', dims, ids.slice(from * batch, to * batch)),
    targets: tensor('int32', dims, targets.slice(from * batch, to * batch)),
    normaliser: tensor('float32', [], Float32Array.of(time * batch)),
  };
}

/** States that are no zeros, `[layers, hidden, batch]`. */
function someStates(spec: LanguageModelSpec): Record<string, Tensor<'float32'>> {
  const dims = [spec.layers, spec.hidden, batch];
  const size = dims.reduce((a, b) => a * b);
  const draw = uniform(9);
  return Object.fromEntries(
    stateNames(spec).map((name) => [
      name,
      tensor(
        'float32',
        dims,
        Float32Array.from({ length: size }, () => draw() - 0.5),
      ),
    ]),
  );
}

const after = (spec: LanguageModelSpec, outputs: Record<string, Tensor>): Record<string, Tensor> =>
  Object.fromEntries(stateNames(spec).map((name) => [name, outputs[nextStateName(name)]!]));

for (const spec of variants) {
  describe(`${spec.cell}, ${spec.layers} layer(s)${spec.tied ? ', tied' : ''}`, () => {
    const graph = buildTraining(spec, { dropout: 0, labelSmoothing: 0 });
    const parameters = seededParameters(graph.parameters);
    const weights = parameterFeeds(graph.parameters, parameters);
    const start = someStates(spec);

    it('reads window by window what it reads at once', async () => {
      await withSession(buildForward(spec), async (run) => {
        const whole = await run({ ...weights, ...start, ...windowFeeds(0, time) });
        let states: Record<string, Tensor> = start;
        const nats: number[] = [];
        for (const [from, to] of [
          [0, 1],
          [1, 4],
          [4, 6],
        ] as const) {
          const part = await run({ ...weights, ...states, ...windowFeeds(from, to) });
          nats.push(...(part['nats']!.data as Float32Array));
          states = after(spec, part);
        }
        const together = tensor('float32', [time, batch], Float32Array.from(nats));
        assert.ok(difference(together, whole['nats']!) < 1e-6);
        for (const [name, state] of Object.entries(after(spec, whole))) {
          assert.ok(difference(state, states[name]!) < 1e-6, name);
        }
      });
    });

    it('has the mean of the nats as its loss, and the gradient of that', async () => {
      await withSession(graph.bytes, async (train) => {
        await withSession(buildForward(spec), async (forward) => {
          const feeds = { ...start, ...windowFeeds(0, time) };
          const meanNats = async (): Promise<number> => {
            const { nats } = await forward({ ...weights, ...feeds });
            return (nats!.data as Float32Array).reduce((sum, value) => sum + value, 0) / (time * batch);
          };
          const results = await train({ ...weights, ...feeds });
          assert.ok(Math.abs((results['loss']!.data as Float32Array)[0]! - (await meanNats())) < 1e-6);
          for (const name of graph.trained) {
            const gradient = results[updateNames.gradient(name)]!.data as Float32Array;
            const array = parameters.get(name)!;
            for (let at = 0; at < array.length; at += Math.ceil(array.length / 5)) {
              const value = array[at]!;
              // A ReLU that turns within the step has no one slope: a smaller step meets fewer of them.
              const step = spec.cell === 'rnn-relu' ? 5e-4 : 1e-2;
              array[at] = value + step;
              const above = await meanNats();
              array[at] = value - step;
              const below = await meanNats();
              array[at] = value;
              const slope = (above - below) / (2 * step);
              const error = Math.abs(slope - gradient[at]!);
              const tolerance = spec.cell === 'rnn-relu' ? 2e-3 : 3e-4;
              assert.ok(error < tolerance, `${name}[${at}]: ${slope} by differences, ${gradient[at]} by autodiff`);
            }
          }
        });
      });
    });

    it('predicts the same as an exported file, token by token', async () => {
      await withSession(buildExport(spec, parameters, {}), async (exported) => {
        await withSession(buildForward(spec), async (forward) => {
          const whole = await forward({
            ...weights,
            ...Object.fromEntries(
              Object.entries(start).map(([name, { dims, data }]) => [
                name,
                tensor(
                  'float32',
                  dims,
                  data.map(() => 0),
                ),
              ]),
            ),
            ...windowFeeds(0, time),
          });
          const dims = [spec.layers, batch, spec.hidden];
          let states: Record<string, Tensor> = Object.fromEntries(
            stateNames(spec).map((name) => [
              name,
              tensor('float32', dims, new Float32Array(dims.reduce((a, b) => a * b))),
            ]),
          );
          const found: number[] = [];
          for (let t = 0; t < time; t++) {
            const step = BigInt64Array.from(ids.slice(t * batch, (t + 1) * batch), BigInt);
            const results = await exported({ ...states, ids: tensor('int64', [batch, 1], step) });
            assert.deepEqual(results['logProbabilities']!.dims, [batch, 1, spec.vocabulary]);
            found.push(...(results['logProbabilities']!.data as Float32Array));
            states = after(spec, results);
          }
          const all = tensor('float32', [time, batch, spec.vocabulary], Float32Array.from(found));
          assert.ok(difference(all, whole['logProbabilities']!) < 1e-5);
        });
      });
    });
  });
}

it('a tied model has no output matrix of its own', () => {
  const names = (tied: boolean) =>
    buildTraining({ ...variants[0]!, embedding: 4, tied }, { dropout: 0.5, labelSmoothing: 0 })
      .parameters.map(({ name }) => name)
      .filter((name) => !name.startsWith('layer'));
  assert.deepEqual(names(true), ['embedding', 'output.b']);
  assert.deepEqual(names(false), ['embedding', 'output.W', 'output.b']);
});
