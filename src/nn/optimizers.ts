/** Optimizers as pure updates: a new weight and its states from old ones and a gradient, as an element-wise graph. */
import type { InPlaceGraph, Value } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graphBuilder';

export type OptimizerSettings =
  | { readonly type: 'sgd'; readonly momentum: number; readonly nesterov: boolean; readonly weightDecay: number }
  | {
      readonly type: 'rmsprop';
      /** Decay of the mean square. */
      readonly alpha: number;
      readonly momentum: number;
      readonly epsilon: number;
      readonly weightDecay: number;
    }
  | {
      readonly type: 'adam' | 'adamw';
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly weightDecay: number;
    };

export interface ClipSettings {
  /** Largest global L2 norm of all gradients. */
  readonly norm?: number | undefined;
  /** Largest absolute value of a gradient's element; applied before the norm. */
  readonly value?: number | undefined;
}

/** Names of the state tensors that an optimizer keeps for each parameter, each in the parameter's shape; start at zero. */
export function optimizerStates(settings: OptimizerSettings): readonly string[] {
  switch (settings.type) {
    case 'sgd':
      return settings.momentum > 0 ? ['momentum'] : [];
    case 'rmsprop':
      return settings.momentum > 0 ? ['square', 'momentum'] : ['square'];
    case 'adam':
    case 'adamw':
      return ['mean', 'square'];
  }
}

/** Numbers that change from step to step, fed to the update graph as scalars. */
export type StepScalars = Record<(typeof updateNames.scalars)[number], number>;

/**
 * The scalars of a step.
 * @param step number of the step, from 1
 * @param sparse for a parameter of which only the rows that a batch touched are updated: only they and their state change, as
 * PyTorch's SparseAdam has it, with its ε; weight decay too acts on touched rows only
 */
export function stepScalars(
  settings: OptimizerSettings,
  learningRate: number,
  step: number,
  sparse: boolean,
): Omit<StepScalars, 'scale'> {
  if (settings.type === 'sgd') return { learningRate, stepSize: learningRate, epsilon: 0 };
  const { epsilon } = settings;
  if (settings.type === 'rmsprop') return { learningRate, stepSize: learningRate, epsilon };
  // m̂ / (√v̂ + ε) with m̂ = m / (1 - β1ᵗ), v̂ = v / (1 - β2ᵗ), all factors taken out of the arrays: the states are
  // M = m / (1 - β1) and V = v / (1 - β2), so that M ← β1 M + g and V ← β2 V + g².
  const { beta1, beta2 } = settings;
  const correction = Math.sqrt(1 - beta2 ** step);
  const root = Math.sqrt(1 - beta2);
  return {
    learningRate,
    stepSize: (learningRate * correction * (1 - beta1)) / ((1 - beta1 ** step) * root),
    epsilon: (sparse ? epsilon : epsilon * correction) / root,
  };
}

/**
 * The factor that clips gradients by their global norm, as PyTorch's clip_grad_norm_ has it.
 * @param norm global L2 norm of the gradients, after clipping by value
 */
export function clipScale({ norm: limit }: ClipSettings, norm: number): number {
  return limit === undefined ? 1 : Math.min(1, limit / (norm + 1e-6));
}

/** Names of gradients, states, and of the inputs and outputs of the graphs here. */
export const updateNames = {
  gradient: (parameter: string): string => `gradient.${parameter}`,
  state: (state: string, parameter: string): string => `${state}.${parameter}`,
  next: (name: string): string => `next.${name}`,
  /** `scale` is a factor of the gradient, by `clipScale`. */
  scalars: ['learningRate', 'stepSize', 'epsilon', 'scale'] as const,
} as const;

const vector = ['numbers'];

/** The update of a parameter's numbers. Inputs: `weight`, `gradient`, the states by name, and the scalars of the step. */
export function buildUpdate(settings: OptimizerSettings): InPlaceGraph {
  const g = new GraphBuilder('update');
  const names = optimizerStates(settings);
  const [weight, gradient, ...states] = ['weight', 'gradient', ...names].map((name) =>
    g.input(name, 'float32', vector),
  );
  const scalars = Object.fromEntries(updateNames.scalars.map((name) => [name, g.input(name, 'float32', [])])) as Record<
    keyof StepScalars,
    Value
  >;
  const next = updateOne(g, settings, weight!, g.Mul(gradient!, scalars.scale), states, scalars);
  g.output(updateNames.next('weight'), next.weight);
  names.forEach((name, at) => g.output(updateNames.next(name), next.states[at]!));
  return { graph: g, into: Object.fromEntries(['weight', ...names].map((name) => [updateNames.next(name), name])) };
}

/** Gradients cut at a value: input `gradient`. */
export function buildCut(value: number): InPlaceGraph {
  const g = new GraphBuilder('cut');
  const gradient = g.input('gradient', 'float32', vector);
  g.output('cut', g.Max(g.Min(gradient, g.scalar(value)), g.scalar(-value)));
  return { graph: g, into: { cut: 'gradient' } };
}

/** A sum of gradients: inputs `sum` and `gradient`. */
export function buildAddition(): InPlaceGraph {
  const g = new GraphBuilder('addition');
  const [sum, gradient] = ['sum', 'gradient'].map((name) => g.input(name, 'float32', vector));
  g.output('added', g.Add(sum!, gradient!));
  return { graph: g, into: { added: 'sum' } };
}

function updateOne(
  g: GraphBuilder,
  settings: OptimizerSettings,
  weight: Value,
  clipped: Value,
  states: readonly Value[],
  scalars: Readonly<Record<keyof StepScalars, Value>>,
): { weight: Value; states: Value[] } {
  const times = (x: Value, factor: number): Value => g.Mul(x, g.scalar(factor));
  /** decay · average + (1 - decay) · x */
  const average = (before: Value, decay: number, x: Value): Value => g.Add(times(before, decay), times(x, 1 - decay));
  const { weightDecay } = settings;
  const gradient = weightDecay > 0 && settings.type !== 'adamw' ? g.Add(clipped, times(weight, weightDecay)) : clipped;
  const { epsilon } = scalars;
  const step = (from: Value, direction: Value): Value => g.Sub(from, g.Mul(direction, scalars.stepSize));
  switch (settings.type) {
    case 'sgd': {
      const [momentum] = states;
      if (momentum === undefined) return { weight: step(weight, gradient), states: [] };
      const next = g.Add(times(momentum, settings.momentum), gradient);
      const direction = settings.nesterov ? g.Add(gradient, times(next, settings.momentum)) : next;
      return { weight: step(weight, direction), states: [next] };
    }
    case 'rmsprop': {
      const [square, momentum] = states;
      const nextSquare = average(square!, settings.alpha, g.Mul(gradient, gradient));
      const scaled = g.Div(gradient, g.Add(g.Sqrt(nextSquare), epsilon));
      if (momentum === undefined) return { weight: step(weight, scaled), states: [nextSquare] };
      const nextMomentum = g.Add(times(momentum, settings.momentum), scaled);
      return { weight: step(weight, nextMomentum), states: [nextSquare, nextMomentum] };
    }
    case 'adam':
    case 'adamw': {
      const [mean, square] = states;
      const nextMean = g.Add(times(mean!, settings.beta1), gradient);
      const nextSquare = g.Add(times(square!, settings.beta2), g.Mul(gradient, gradient));
      // Decoupled weight decay (Loshchilov & Hutter 2019): w ← w - η λ w before the step.
      const decayed =
        settings.type === 'adamw' && weightDecay > 0
          ? g.Sub(weight, g.Mul(times(weight, weightDecay), scalars.learningRate))
          : weight;
      const direction = g.Div(nextMean, g.Add(g.Sqrt(nextSquare), epsilon));
      return { weight: step(decayed, direction), states: [nextMean, nextSquare] };
    }
  }
}
