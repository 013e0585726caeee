/** Optimizers as pure updates: new weights and state from old ones and gradients, as one graph. */
import type { Shape } from '../onnx/dims';
import type { Value } from '../onnx/graph';
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

export interface TrainedParameter {
  readonly name: string;
  /** Shape as the update sees it; symbolic first where only touched rows are handed in. */
  readonly shape: Shape;
  /** Whether only the rows that a batch touched are handed in. */
  readonly sparse: boolean;
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
export type StepScalars = Record<'learningRate' | 'stepSize' | 'epsilon' | 'sparseEpsilon', number>;

/** The scalars of step `step` (from 1). */
export function stepScalars(settings: OptimizerSettings, learningRate: number, step: number): StepScalars {
  if (settings.type === 'sgd') return { learningRate, stepSize: learningRate, epsilon: 0, sparseEpsilon: 0 };
  const { epsilon } = settings;
  if (settings.type === 'rmsprop') return { learningRate, stepSize: learningRate, epsilon, sparseEpsilon: epsilon };
  // m̂ / (√v̂ + ε) with m̂ = m / (1 - β1ᵗ), v̂ = v / (1 - β2ᵗ), all factors taken out of the tensors: the states are
  // M = m / (1 - β1) and V = v / (1 - β2), so that M ← β1 M + g and V ← β2 V + g².
  const { beta1, beta2 } = settings;
  const correction = Math.sqrt(1 - beta2 ** step);
  const root = Math.sqrt(1 - beta2);
  return {
    learningRate,
    stepSize: (learningRate * correction * (1 - beta1)) / ((1 - beta1 ** step) * root),
    epsilon: (epsilon * correction) / root,
    sparseEpsilon: epsilon / root,
  };
}

/** Names of an update graph's inputs and outputs. */
export const updateNames = {
  gradient: (parameter: string): string => `gradient.${parameter}`,
  state: (state: string, parameter: string): string => `${state}.${parameter}`,
  next: (name: string): string => `next.${name}`,
  scalars: ['learningRate', 'stepSize', 'epsilon', 'sparseEpsilon'] as const,
  gradientNorm: 'gradientNorm',
} as const;

/**
 * The graph of one update. Inputs: each parameter, its gradient and states, and the scalars of the step. Outputs: the
 * same parameters and states after the step, and the global L2 norm of the gradients before clipping.
 *
 * A sparse parameter comes as the rows that the batch touched: only they and their state change, as PyTorch's SparseAdam
 * has it, with its ε; weight decay too acts on touched rows only.
 */
export function buildUpdate(
  parameters: readonly TrainedParameter[],
  settings: OptimizerSettings,
  clip: ClipSettings,
): GraphBuilder {
  const g = new GraphBuilder('update');
  const scalars = Object.fromEntries(updateNames.scalars.map((name) => [name, g.input(name, 'float32', [])])) as Record<
    keyof StepScalars,
    Value
  >;
  const gradients = parameters.map(({ name, shape }) => g.input(updateNames.gradient(name), 'float32', shape));
  const clipped = clipGradients(g, gradients, clip);
  parameters.forEach(({ name, shape, sparse }, at) => {
    const weight = g.input(name, 'float32', shape);
    const states = optimizerStates(settings).map((state) => g.input(updateNames.state(state, name), 'float32', shape));
    const next = updateOne(g, settings, weight, clipped[at]!, states, scalars, sparse);
    g.output(updateNames.next(name), next.weight);
    optimizerStates(settings).forEach((state, index) => {
      g.output(updateNames.next(updateNames.state(state, name)), next.states[index]!);
    });
  });
  return g;
}

/** Clips by value, then by global norm as PyTorch's clip_grad_norm_; names the norm before clipping as an output. */
function clipGradients(g: GraphBuilder, gradients: readonly Value[], { norm, value }: ClipSettings): Value[] {
  const globalNorm = (values: readonly Value[]): Value =>
    g.Sqrt(values.map((x) => g.ReduceSumSquare(x, [...x.shape.keys()])).reduce((a, b) => g.Add(a, b)));
  g.output(updateNames.gradientNorm, globalNorm(gradients));
  let clipped = [...gradients];
  if (value !== undefined) clipped = clipped.map((x) => g.Max(g.Min(x, g.scalar(value)), g.scalar(-value)));
  if (norm === undefined) return clipped;
  const scale = g.Min(g.scalar(1), g.Div(g.scalar(norm), g.Add(globalNorm(clipped), g.scalar(1e-6))));
  return clipped.map((x) => g.Mul(x, scale));
}

function updateOne(
  g: GraphBuilder,
  settings: OptimizerSettings,
  weight: Value,
  clipped: Value,
  states: readonly Value[],
  scalars: Readonly<Record<keyof StepScalars, Value>>,
  sparse: boolean,
): { weight: Value; states: Value[] } {
  const times = (x: Value, factor: number): Value => g.Mul(x, g.scalar(factor));
  /** decay · average + (1 - decay) · x */
  const average = (before: Value, decay: number, x: Value): Value => g.Add(times(before, decay), times(x, 1 - decay));
  const { weightDecay } = settings;
  const gradient = weightDecay > 0 && settings.type !== 'adamw' ? g.Add(clipped, times(weight, weightDecay)) : clipped;
  const epsilon = sparse ? scalars.sparseEpsilon : scalars.epsilon;
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
