/** Many-to-one on numbers: a series of vectors to a class, through stacked recurrent layers and their last or mean state. */
import { gradientsOf } from '../autodiff/gradients';
import { dense } from '../nn/layers';
import { type CrossEntropyOptions, softmaxCrossEntropy } from '../nn/losses';
import { updateNames } from '../nn/optimizers';
import type { Padding } from '../nn/recurrent';
import { ConstantScope, InputScope, type Scope } from '../nn/scope';
import { encodeModel } from '../onnx/encode';
import type { Value } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graphBuilder';
import {
  batch,
  type FindArray,
  fusedStack,
  paddingInputs,
  readStack,
  recurrentStack,
  type StackSpec,
  time,
} from './recurrentStack';
import { type Scaling, standardized } from './scaling';
import type { TrainingGraph } from './trainingGraph';

/** All that fixes the shape of a classifier of series; stored with an exported model. */
export interface SeriesClassifierSpec extends StackSpec {
  /** Numbers of a step. */
  readonly channels: number;
  readonly classes: number;
  /** What stands for a series: the last state of each direction, or the mean of the states over all steps. */
  readonly summary: 'last' | 'mean';
}

export interface SeriesClassifierOptions extends CrossEntropyOptions {
  /** Share of elements dropped between layers and from the series' vector. */
  readonly dropout: number;
  /** Whether batches have padding; without, the graph is smaller. */
  readonly padded: boolean;
}

/** Class scores before softmax, `[classes, batch]`, of standardised series `[time, channels, batch]`. */
function logitsOf(scope: Scope, spec: SeriesClassifierSpec, series: Value, padding: Padding | null, dropout: number) {
  const { g } = scope;
  const { outputs, final } = recurrentStack(scope, spec, series, padding, dropout);
  let vector = final;
  if (spec.summary === 'mean') {
    vector =
      padding === null
        ? g.ReduceMean(outputs, [0])
        : g.Div(g.ReduceSum(g.Mul(outputs, padding.mask), [0]), g.ReduceSum(padding.mask, [0]));
  }
  return dense(scope, 'output', scope.dropout('output', vector, dropout), spec.classes);
}

/**
 * The loss of a batch and its gradients. Inputs: standardised `series` `[time, channels, batch]`, 0 at padding, `labels`
 * int32 `[batch]`, `normaliser`, with padding `mask` and `last`, dropout masks, and the parameters.
 */
export function buildTraining(spec: SeriesClassifierSpec, options: SeriesClassifierOptions): TrainingGraph {
  const g = new GraphBuilder('train');
  const series = g.input('series', 'float32', [time, spec.channels, batch]);
  const padding = paddingInputs(g, options.padded);
  const scope = new InputScope(g, true);
  const logits = g.Transpose(logitsOf(scope, spec, series, padding, options.dropout), [1, 0]);
  const labels = g.input('labels', 'int32', [batch]);
  const loss = softmaxCrossEntropy(g, logits, labels, g.input('normaliser', 'float32', []), options);
  const trained = [...scope.parameters.keys()];
  const gradients = gradientsOf(
    g,
    loss,
    trained.map((name) => scope.parameters.get(name)!.value),
  );
  g.output('loss', loss);
  gradients.forEach((gradient, at) => g.output(updateNames.gradient(trained[at]!), gradient));
  return {
    bytes: encodeModel(g),
    parameters: [...scope.parameters.values()].map((parameter) => parameter.spec),
    trained,
    dropouts: scope.dropouts,
    sparse: [],
  };
}

/**
 * Log-probabilities `[batch, classes]` by the equations that training uses. Inputs: `series`, `mask`, `last`, and the
 * parameters.
 */
export function buildForward(spec: SeriesClassifierSpec): Uint8Array {
  const g = new GraphBuilder('forward');
  const series = g.input('series', 'float32', [time, spec.channels, batch]);
  const logits = logitsOf(new InputScope(g, false), spec, series, paddingInputs(g, true), 0);
  g.output('logProbabilities', g.LogSoftmax(g.Transpose(logits, [1, 0]), 1));
  return encodeModel(g);
}

/** Names of an exported model's inputs and outputs. */
export const exportedNames = { series: 'series', lengths: 'lengths', probabilities: 'probabilities' } as const;

/**
 * The model as a file that any ONNX runtime reads. Inputs: `series` float32 `[batch, time, channels]` as measured, padded
 * on the right with anything, and `lengths` int32 `[batch]`. Output: `probabilities` float32 `[batch, classes]`.
 */
export function buildExport(
  spec: SeriesClassifierSpec,
  scaling: Scaling,
  parameters: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const g = new GraphBuilder('series_classifier');
  const raw = g.input(exportedNames.series, 'float32', [batch, time, spec.channels]);
  const lengths = g.input(exportedNames.lengths, 'int32', [batch]);
  const scope = new ConstantScope(g, parameters);
  const series = g.Transpose(standardized(g, raw, scaling), [1, 0, 2]);
  const { outputs, final } = fusedStack(scope, spec, series, lengths);
  let vector = final;
  if (spec.summary === 'mean') {
    // The outputs are 0 at padding.
    vector = g.Div(g.ReduceSum(outputs, [0]), g.Unsqueeze(g.Cast(lengths, 'float32'), [1]));
  }
  const logits = dense(scope, 'output', g.Transpose(vector, [1, 0]), spec.classes);
  g.output(exportedNames.probabilities, g.Softmax(g.Transpose(logits, [1, 0]), 1));
  return encodeModel(g, { metadata });
}

/** The parameters of a model that `buildExport` wrote; undefined where one is missing or of another size. */
export function readExportedParameters(
  spec: SeriesClassifierSpec,
  find: FindArray,
): Map<string, Float32Array> | undefined {
  return readStack(spec, spec.channels, spec.classes, find);
}
