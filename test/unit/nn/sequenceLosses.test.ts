import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crfLoss, stepCrossEntropy } from '../../../src/nn/sequenceLosses';
import { encodeModel } from '../../../src/onnx/encode';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';
import { Session, tensor, type Tensor } from '../../../src/runtime/session';
import { checkGradient, seededNumbers } from '../autodiff/checkGradient';

const count = 3;
const transitions = seededNumbers(count * count, 1);
const start = seededNumbers(count, 2);
const end = seededNumbers(count, 3);

/** Emissions of one sequence by step and label, and its labels. */
interface Sequence {
  readonly emissions: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

const sequences: readonly Sequence[] = [[2, 0, 0, 1], [1], [0, 2]].map((labels, at) => ({
  labels,
  emissions: labels.map((_, step) => seededNumbers(count, 10 * at + step + 20).map((x) => 2 * x)),
}));

function score({ emissions }: Sequence, path: readonly number[]): number {
  return path.reduce(
    (sum, label, step) =>
      sum + emissions[step]![label]! + (step === 0 ? start[label]! : transitions[label * count + path[step - 1]!]!),
    end[path.at(-1)!]!,
  );
}

function allPaths(length: number): number[][] {
  if (length === 0) return [[]];
  return allPaths(length - 1).flatMap((path) => [0, 1, 2].map((label) => [...path, label]));
}

/** −log p by the definition: every path is scored. */
function byExhaustion(sequence: Sequence): number {
  const total = allPaths(sequence.labels.length).reduce((sum, path) => sum + Math.exp(score(sequence, path)), 0);
  return Math.log(total) - score(sequence, sequence.labels);
}

/** The batch as feeds, padded with `padding`; full batches are fed no masks. */
function feedsOf(batch: readonly Sequence[], padding: number): Record<string, Tensor> {
  const [time, size] = [Math.max(...batch.map(({ labels }) => labels.length)), batch.length];
  const emissions = new Float64Array(time * count * size).fill(padding);
  const [labels, previous] = [new Int32Array(time * size), new Int32Array(time * size)];
  const [mask, last] = [new Float64Array(time * size), new Float64Array(time * size)];
  batch.forEach((sequence, column) => {
    sequence.labels.forEach((label, step) => {
      const at = step * size + column;
      labels[at] = label;
      previous[at] = step === 0 ? count : sequence.labels[step - 1]!;
      mask[at] = 1;
      last[at] = step === sequence.labels.length - 1 ? 1 : 0;
      for (let k = 0; k < count; k++) emissions[(step * count + k) * size + column] = sequence.emissions[step]![k]!;
    });
  });
  return {
    emissions: tensor('float64', [time, count, size], emissions),
    labels: tensor('int32', [time, size], labels),
    previous: tensor('int32', [time, size], previous),
    mask: tensor('float64', [time, 1, size], mask),
    last: tensor('float64', [time, 1, size], last),
    normaliser: tensor('float64', [], Float64Array.of(1)),
    transitions: tensor('float64', [count, count], Float64Array.from(transitions)),
    start: tensor('float64', [count, 1], Float64Array.from(start)),
    end: tensor('float64', [count, 1], Float64Array.from(end)),
  };
}

/** The loss by the graph; OneHot's results are float32 ones and zeros, which are exact. */
async function byGraph(kind: 'crf' | 'steps', batch: readonly Sequence[], padded: boolean, fill = 0): Promise<number> {
  const g = new GraphBuilder();
  const input = (name: string, shape: (number | string)[]) => g.input(name, 'float64', shape);
  const emissions = input('emissions', ['time', count, 'batch']);
  const labels = g.input('labels', 'int32', ['time', 'batch']);
  const previous = g.input('previous', 'int32', ['time', 'batch']);
  const padding = padded
    ? { mask: input('mask', ['time', 1, 'batch']), last: input('last', ['time', 1, 'batch']) }
    : null;
  const crf = {
    transitions: input('transitions', [count, count]),
    start: input('start', [count, 1]),
    end: input('end', [count, 1]),
  };
  const normaliser = input('normaliser', []);
  const loss =
    kind === 'crf'
      ? crfLoss(g, crf, emissions, labels, previous, padding, normaliser)
      : stepCrossEntropy(g, emissions, labels, padding, normaliser);
  g.output('loss', loss);
  const session = await Session.create(encodeModel(g), { threads: 1 });
  const feeds = feedsOf(batch, fill);
  const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
  const { loss: found } = await session.run(used);
  await session.dispose();
  return Number(found!.data[0]);
}

function assertClose(found: number, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(found - expected) < tolerance, `${found}, expected ${expected}`);
}

describe('the loss of a linear-chain CRF', () => {
  for (const [at, sequence] of sequences.entries()) {
    it(`is −log p over all label sequences, of ${sequence.labels.length} step(s)`, async () => {
      assertClose(await byGraph('crf', [sequence], false), byExhaustion(sequence));
      assertClose(await byGraph('crf', [sequences[at]!], true), byExhaustion(sequence));
    });
  }

  it('sums over a padded batch, and padding changes no bit of it', async () => {
    const expected = sequences.reduce((sum, sequence) => sum + byExhaustion(sequence), 0);
    const found = await byGraph('crf', sequences, true);
    assertClose(found, expected);
    assert.equal(await byGraph('crf', sequences, true, 7), found);
    assert.equal(await byGraph('crf', sequences, true, -50), found);
  });

  for (const time of [1, 2, 4]) {
    for (const padded of [false, true]) {
      it(`has the gradients of its values: ${time} step(s)${padded ? ', padded' : ''}`, async () => {
        const lengths = padded ? [time, 1] : [time, time];
        const steps = Array.from({ length: time }, (_, step) => step);
        const labels = steps.flatMap((step) => [(step * 2) % 3, (step + 1) % 3]);
        const previous = steps.flatMap((step) => (step === 0 ? [3, 3] : labels.slice(2 * step - 2, 2 * step)));
        const mask = steps.flatMap((step) => lengths.map((length) => (step < length ? 1 : 0)));
        const last = steps.flatMap((step) => lengths.map((length) => (step === length - 1 ? 1 : 0)));
        const fixed = { differentiate: false } as const;
        await checkGradient(
          (g, [emissions, moves, first, final, gold, before, real, ending, normaliser]) =>
            crfLoss(
              g,
              { transitions: moves!, start: first!, end: final! },
              emissions!,
              gold!,
              before!,
              padded ? { mask: real!, last: ending! } : null,
              normaliser!,
            ),
          [
            { dims: [time, count, 2], shape: ['time', count, 'batch'] },
            { dims: [count, count] },
            { dims: [count, 1] },
            { dims: [count, 1] },
            { dims: [time, 2], shape: ['time', 'batch'], dtype: 'int32', data: labels },
            { dims: [time, 2], shape: ['time', 'batch'], dtype: 'int32', data: previous },
            { dims: [time, 1, 2], shape: ['time', 1, 'batch'], data: mask, ...fixed },
            { dims: [time, 1, 2], shape: ['time', 1, 'batch'], data: last, ...fixed },
            { dims: [], data: [2], ...fixed },
          ],
        );
      });
    }
  }
});

describe('the cross-entropy of steps', () => {
  it('is the sum of −ln p of the labels of real steps', async () => {
    const expected = sequences.reduce(
      (sum, { emissions, labels }) =>
        sum +
        labels.reduce((part, label, step) => {
          const total = emissions[step]!.reduce((all, x) => all + Math.exp(x), 0);
          return part + Math.log(total) - emissions[step]![label]!;
        }, 0),
      0,
    );
    const found = await byGraph('steps', sequences, true);
    assertClose(found, expected);
    assert.equal(await byGraph('steps', sequences, true, 7), found);
    assertClose(
      await byGraph('steps', sequences.slice(0, 1), false),
      await byGraph('steps', sequences.slice(0, 1), true),
    );
  });
});
