import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ClipSettings, type OptimizerSettings, optimizerStates } from '../../../src/nn/optimizers';
import { tensor, type Tensor } from '../../../src/runtime/session';
import { Updates } from '../training/updates';

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

const vector = (values: readonly number[]): Tensor => tensor('float32', [values.length, 1], Float32Array.from(values));

/** Updates of parameters of one column with given values. */
function updatesOf(
  values: Readonly<Record<string, readonly number[]>>,
  settings: OptimizerSettings,
  clip: ClipSettings,
): Updates {
  const parameters = Object.entries(values).map(([name, { length }]) => ({
    name,
    shape: [length, 1],
    initialize: () => new Float32Array(length),
  }));
  const initial = Object.entries(values).map(([name, numbers]) => [name, Float32Array.from(numbers)] as const);
  return new Updates(parameters, new Map(initial), settings, clip);
}

/** Takes three steps and compares all weights with the reference. */
function compare(settings: OptimizerSettings, reference: Reference, sparse = false): void {
  const updates = updatesOf({ w: start }, settings, {});
  const tables = sparse ? { w: [0, 1, 2] } : {};
  const expected = [...start];
  const memories = start.map((): Memory => ({ velocity: 0, mean: 0, square: 0 }));
  for (const [at, gradient] of gradients.entries()) {
    updates.apply(() => vector(gradient), at + 1, rate, tables);
    for (let i = 0; i < expected.length; i++) {
      expected[i] = reference(expected[i]!, gradient[i]!, memories[i]!, at + 1);
      const found = updates.weights.array('w')[i]!;
      const place = `step ${at + 1}, weight ${i}`;
      assert.ok(Math.abs(found - expected[i]!) < 2e-6, `${place}: ${found}, expected ${expected[i]!}`);
    }
  }
}

describe('an optimizer takes the steps of its formula', () => {
  it('SGD', () => {
    compare({ type: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 }, (w, gradient) => w - rate * gradient);
  });

  it('SGD with weight decay', () => {
    compare(
      { type: 'sgd', momentum: 0, nesterov: false, weightDecay: 0.02 },
      (w, gradient) => w - rate * (gradient + 0.02 * w),
    );
  });

  for (const nesterov of [false, true]) {
    it(`SGD with ${nesterov ? "Nesterov's" : 'plain'} momentum`, () => {
      compare({ type: 'sgd', momentum: 0.9, nesterov, weightDecay: 0.01 }, (w, gradient, memory) => {
        const decayed = gradient + 0.01 * w;
        memory.velocity = 0.9 * memory.velocity + decayed;
        return w - rate * (nesterov ? decayed + 0.9 * memory.velocity : memory.velocity);
      });
    });
  }

  for (const momentum of [0, 0.5]) {
    it(`RMSProp ${momentum === 0 ? 'without' : 'with'} momentum`, () => {
      compare({ type: 'rmsprop', alpha: 0.9, momentum, epsilon: 1e-3, weightDecay: 0.01 }, (w, gradient, memory) => {
        const decayed = gradient + 0.01 * w;
        memory.square = 0.9 * memory.square + 0.1 * decayed ** 2;
        memory.velocity = momentum * memory.velocity + decayed / (Math.sqrt(memory.square) + 1e-3);
        return w - rate * memory.velocity;
      });
    });
  }

  const adam = { beta1: 0.8, beta2: 0.95, epsilon: 1e-3 };
  const remember = (gradient: number, memory: Memory): void => {
    memory.mean = 0.8 * memory.mean + 0.2 * gradient;
    memory.square = 0.95 * memory.square + 0.05 * gradient ** 2;
  };
  const corrected = ({ mean, square }: Memory, step: number): number =>
    mean / (1 - 0.8 ** step) / (Math.sqrt(square / (1 - 0.95 ** step)) + 1e-3);

  it('Adam, its weight decay a part of the gradient', () => {
    compare({ type: 'adam', ...adam, weightDecay: 0.05 }, (w, gradient, memory, step) => {
      remember(gradient + 0.05 * w, memory);
      return w - rate * corrected(memory, step);
    });
  });

  it('AdamW, its weight decay beside the gradient', () => {
    compare({ type: 'adamw', ...adam, weightDecay: 0.05 }, (w, gradient, memory, step) => {
      remember(gradient, memory);
      return w - rate * 0.05 * w - rate * corrected(memory, step);
    });
  });

  it('Adam on touched rows, its ε not corrected', () => {
    compare(
      { type: 'adam', ...adam, weightDecay: 0 },
      (w, gradient, memory, step) => {
        remember(gradient, memory);
        const stepSize = (rate * Math.sqrt(1 - 0.95 ** step)) / (1 - 0.8 ** step);
        return w - (stepSize * memory.mean) / (Math.sqrt(memory.square) + 1e-3);
      },
      true,
    );
  });

  it('Adam, whose first step is the learning rate against the sign of the gradient', () => {
    compare({ type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }, (w, gradient, memory, step) => {
      memory.mean = 0.9 * memory.mean + 0.1 * gradient;
      memory.square = 0.999 * memory.square + 0.001 * gradient ** 2;
      if (step === 1) return w - rate * Math.sign(gradient);
      const [mean, square] = [memory.mean / (1 - 0.9 ** step), memory.square / (1 - 0.999 ** step)];
      return w - (rate * mean) / (Math.sqrt(square) + 1e-8);
    });
  });

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
  /** The steps of two parameters with gradients `[3, -4]` and `[-12]`, and the norm that is reported. */
  function check(clip: ClipSettings, steps: readonly number[]): void {
    const settings: OptimizerSettings = { type: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 };
    const updates = updatesOf({ a: [0, 0], b: [0] }, settings, clip);
    const norm = updates.apply((name) => vector(name === 'a' ? [3, -4] : [-12]), 1, 1);
    const found = ['a', 'b'].flatMap((name) => Array.from(updates.weights.array(name), (x) => -x));
    steps.forEach((step, at) => {
      assert.ok(Math.abs(found[at]! - step) < 1e-5, `${found.join()}, expected ${steps.join()}`);
    });
    assert.ok(Math.abs(norm - 13) < 1e-5, 'the norm before clipping');
  }

  it('leaves gradients as they are without a limit, or below it', () => {
    check({}, [3, -4, -12]);
    check({ norm: 13.5, value: 12.5 }, [3, -4, -12]);
  });

  it('by norm scales all parameters together', () => {
    check({ norm: 1.3 }, [0.3, -0.4, -1.2]);
  });

  it('by value cuts each element', () => {
    check({ value: 3.5 }, [3, -3.5, -3.5]);
  });

  it('by both cuts first', () => {
    const norm = Math.hypot(3, 3.5, 3.5);
    check({ value: 3.5, norm: 1 }, [3 / norm, -3.5 / norm, -3.5 / norm]);
  });
});
