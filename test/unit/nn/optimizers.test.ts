import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  buildUpdate,
  type ClipSettings,
  type OptimizerSettings,
  optimizerStates,
  stepScalars,
  type TrainedParameter,
  updateNames,
} from '../../../src/nn/optimizers';
import { encodeModel } from '../../../src/onnx/encode';
import { Session, tensor, type Tensor } from '../../../src/runtime/session';

const rate = 0.1;
const start = [0.5, -1, 2];
/** Gradients of three steps. */
const gradients = [
  [0.3, -0.7, 0.05],
  [-0.2, 0.4, 0],
  [1.5, -0.1, 0.25],
];

/** What a weight's optimizer remembers from step to step. */
interface Memory {
  velocity: number;
  mean: number;
  square: number;
}

/** One step on one weight, written out: the weight after it; what is remembered changes in `memory`. */
type Reference = (w: number, gradient: number, memory: Memory, step: number) => number;

function vector(values: number | readonly number[]): Tensor {
  if (typeof values === 'number') return tensor('float32', [], Float32Array.of(values));
  return tensor('float32', [values.length], Float32Array.from(values));
}

/** Runs three steps by the graph and by the reference and compares all weights. */
async function compare(settings: OptimizerSettings, reference: Reference, sparse = false): Promise<void> {
  const parameter: TrainedParameter = { name: 'w', shape: sparse ? ['rows'] : [3], sparse };
  const session = await Session.create(encodeModel(buildUpdate([parameter], settings, {})), { threads: 1 });
  const states = optimizerStates(settings).map((state) => updateNames.state(state, 'w'));
  const feeds: Record<string, Tensor> = { w: vector(start) };
  for (const state of states) feeds[state] = vector([0, 0, 0]);
  const expected = [...start];
  const memories = start.map((): Memory => ({ velocity: 0, mean: 0, square: 0 }));
  for (const [at, gradient] of gradients.entries()) {
    for (const [name, value] of Object.entries(stepScalars(settings, rate, at + 1))) feeds[name] = vector(value);
    feeds[updateNames.gradient('w')] = vector(gradient);
    const outputs = await session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!])));
    for (let i = 0; i < expected.length; i++) {
      expected[i] = reference(expected[i]!, gradient[i]!, memories[i]!, at + 1);
      const found = Number(outputs[updateNames.next('w')]!.data[i]);
      const place = `step ${at + 1}, weight ${i}`;
      assert.ok(Math.abs(found - expected[i]!) < 2e-6, `${place}: ${found}, expected ${expected[i]!}`);
    }
    for (const name of ['w', ...states]) feeds[name] = outputs[updateNames.next(name)]!;
  }
  await session.dispose();
}

describe('an optimizer takes the steps of its formula', () => {
  it('SGD', () =>
    compare({ type: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 }, (w, gradient) => w - rate * gradient));

  it('SGD with weight decay', () =>
    compare(
      { type: 'sgd', momentum: 0, nesterov: false, weightDecay: 0.02 },
      (w, gradient) => w - rate * (gradient + 0.02 * w),
    ));

  for (const nesterov of [false, true]) {
    it(`SGD with ${nesterov ? "Nesterov's" : 'plain'} momentum`, () =>
      compare({ type: 'sgd', momentum: 0.9, nesterov, weightDecay: 0.01 }, (w, gradient, memory) => {
        const decayed = gradient + 0.01 * w;
        memory.velocity = 0.9 * memory.velocity + decayed;
        return w - rate * (nesterov ? decayed + 0.9 * memory.velocity : memory.velocity);
      }));
  }

  for (const momentum of [0, 0.5]) {
    it(`RMSProp ${momentum === 0 ? 'without' : 'with'} momentum`, () =>
      compare({ type: 'rmsprop', alpha: 0.9, momentum, epsilon: 1e-3, weightDecay: 0.01 }, (w, gradient, memory) => {
        const decayed = gradient + 0.01 * w;
        memory.square = 0.9 * memory.square + 0.1 * decayed ** 2;
        memory.velocity = momentum * memory.velocity + decayed / (Math.sqrt(memory.square) + 1e-3);
        return w - rate * memory.velocity;
      }));
  }

  const adam = { beta1: 0.8, beta2: 0.95, epsilon: 1e-3 };
  const remember = (gradient: number, memory: Memory): void => {
    memory.mean = 0.8 * memory.mean + 0.2 * gradient;
    memory.square = 0.95 * memory.square + 0.05 * gradient ** 2;
  };
  const corrected = ({ mean, square }: Memory, step: number): number =>
    mean / (1 - 0.8 ** step) / (Math.sqrt(square / (1 - 0.95 ** step)) + 1e-3);

  it('Adam, its weight decay a part of the gradient', () =>
    compare({ type: 'adam', ...adam, weightDecay: 0.05 }, (w, gradient, memory, step) => {
      remember(gradient + 0.05 * w, memory);
      return w - rate * corrected(memory, step);
    }));

  it('AdamW, its weight decay beside the gradient', () =>
    compare({ type: 'adamw', ...adam, weightDecay: 0.05 }, (w, gradient, memory, step) => {
      remember(gradient, memory);
      return w - rate * 0.05 * w - rate * corrected(memory, step);
    }));

  it('Adam on touched rows, its ε not corrected', () =>
    compare(
      { type: 'adam', ...adam, weightDecay: 0 },
      (w, gradient, memory, step) => {
        remember(gradient, memory);
        const stepSize = (rate * Math.sqrt(1 - 0.95 ** step)) / (1 - 0.8 ** step);
        return w - (stepSize * memory.mean) / (Math.sqrt(memory.square) + 1e-3);
      },
      true,
    ));

  it('Adam, whose first step is the learning rate against the sign of the gradient', () =>
    compare({ type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }, (w, gradient, memory, step) => {
      memory.mean = 0.9 * memory.mean + 0.1 * gradient;
      memory.square = 0.999 * memory.square + 0.001 * gradient ** 2;
      if (step === 1) return w - rate * Math.sign(gradient);
      const [mean, square] = [memory.mean / (1 - 0.9 ** step), memory.square / (1 - 0.999 ** step)];
      return w - (rate * mean) / (Math.sqrt(square) + 1e-8);
    }));

  it('and keeps the states that it names', () => {
    const sgd = { type: 'sgd', nesterov: false, weightDecay: 0 } as const;
    const rmsprop = { type: 'rmsprop', alpha: 0.9, epsilon: 1e-8, weightDecay: 0 } as const;
    assert.deepEqual(optimizerStates({ ...sgd, momentum: 0 }), []);
    assert.deepEqual(optimizerStates({ ...sgd, momentum: 0.9 }), ['momentum']);
    assert.deepEqual(optimizerStates({ ...rmsprop, momentum: 0 }), ['square']);
    assert.deepEqual(optimizerStates({ ...rmsprop, momentum: 0.9 }), ['square', 'momentum']);
    assert.deepEqual(optimizerStates({ type: 'adamw', ...adam, weightDecay: 0 }), ['mean', 'square']);
  });
});

describe('clipping', () => {
  /** The steps of two parameters with gradients `[3, -4]` and the scalar -12, and the norm that is reported. */
  async function check(clip: ClipSettings, steps: readonly number[]): Promise<void> {
    const parameters = [
      { name: 'a', shape: [2], sparse: false },
      { name: 'b', shape: [], sparse: false },
    ];
    const settings: OptimizerSettings = { type: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 };
    const session = await Session.create(encodeModel(buildUpdate(parameters, settings, clip)), { threads: 1 });
    const feeds: Record<string, Tensor> = {
      ...{ a: vector([0, 0]), b: vector(0) },
      ...{ [updateNames.gradient('a')]: vector([3, -4]), [updateNames.gradient('b')]: vector(-12) },
      ...Object.fromEntries(Object.entries(stepScalars(settings, 1, 1)).map(([name, value]) => [name, vector(value)])),
    };
    const outputs = await session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!])));
    await session.dispose();
    const found = ['a', 'b'].flatMap((name) =>
      Array.from(outputs[updateNames.next(name)]!.data, Number).map((x) => -x),
    );
    steps.forEach((step, at) => {
      assert.ok(Math.abs(found[at]! - step) < 1e-5, `${found.join()}, expected ${steps.join()}`);
    });
    assert.ok(Math.abs(Number(outputs[updateNames.gradientNorm]!.data[0]) - 13) < 1e-5, 'the norm before clipping');
  }

  it('leaves gradients as they are without a limit, or below it', async () => {
    await check({}, [3, -4, -12]);
    await check({ norm: 13.5, value: 12.5 }, [3, -4, -12]);
  });

  it('by norm scales all parameters together', () => check({ norm: 1.3 }, [0.3, -0.4, -1.2]));

  it('by value cuts each element', () => check({ value: 3.5 }, [3, -3.5, -3.5]));

  it('by both cuts first', () => {
    const norm = Math.hypot(3, 3.5, 3.5);
    return check({ value: 3.5, norm: 1 }, [3 / norm, -3.5 / norm, -3.5 / norm]);
  });
});
