/** Number series to their next values: stacked recurrent layers over a window, and a dense layer on their last state. */
import { gradientsOf } from '../autodiff/gradients';
import { dense } from '../nn/layers';
import { regressionLoss, type RegressionLoss } from '../nn/regressionLosses';
import { updateNames } from '../nn/optimizers';
import type { Padding } from '../nn/recurrent';
import { ConstantScope, InputScope, type Scope } from '../nn/scope';
import { encodeModel } from '../onnx/encode';
import type { Value } from '../onnx/graph';
import { toTheEnd } from '../onnx/shapeOperators';
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
import { restored, type Scaling, standardized } from './scaling';
import type { TrainingGraph } from './trainingGraph';

/** All that fixes the shape of a forecaster; stored with an exported model. */
export interface ForecasterSpec extends StackSpec {
  /** Numbers of a step. */
  readonly channels: number;
  /** Steps that are forecast at once. */
  readonly horizon: number;
}

export interface ForecasterOptions {
  readonly loss: RegressionLoss;
  /** Share of elements dropped between layers and from the window's vector. */
  readonly dropout: number;
}

/**
 * Standardised forecasts `[horizon, channels, batch]` from windows `[time, channels, batch]`: the network tells how far
 * the next values are from the window's last ones, so that a level that was never seen does not throw it off.
 */
function forecastsOf(
  scope: Scope,
  spec: ForecasterSpec,
  window: Value,
  padding: Padding | null,
  dropout: number,
): Value {
  const { g } = scope;
  const { channels, horizon } = spec;
  const { final } = recurrentStack(scope, spec, window, padding, dropout);
  const changes = dense(scope, 'output', scope.dropout('output', final, dropout), horizon * channels);
  const last = padding === null ? g.Slice(window, -1, toTheEnd, 0) : g.ReduceSum(g.Mul(window, padding.last), [0], 1);
  return g.Add(g.Reshape(changes, [horizon, channels, batch]), last);
}

/**
 * The loss of a batch and its gradients; windows have no padding. Inputs: standardised `window` `[time, channels, batch]`
 * and `targets` `[horizon, channels, batch]`, `normaliser` (numbers in the whole batch's targets), dropout masks, and the
 * parameters.
 */
export function buildTraining(spec: ForecasterSpec, { loss: kind, dropout }: ForecasterOptions): TrainingGraph {
  const g = new GraphBuilder('train');
  const window = g.input('window', 'float32', [time, spec.channels, batch]);
  const scope = new InputScope(g, true);
  const forecasts = forecastsOf(scope, spec, window, null, dropout);
  const targets = g.input('targets', 'float32', [spec.horizon, spec.channels, batch]);
  const loss = regressionLoss(g, g.Sub(forecasts, targets), g.input('normaliser', 'float32', []), kind);
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
 * Standardised `forecasts` `[horizon, channels, batch]` by the equations that training uses. Inputs: `window`, padded on
 * the right with 0, `mask`, `last`, and the parameters.
 */
export function buildForward(spec: ForecasterSpec): Uint8Array {
  const g = new GraphBuilder('forward');
  const window = g.input('window', 'float32', [time, spec.channels, batch]);
  g.output('forecasts', forecastsOf(new InputScope(g, false), spec, window, paddingInputs(g, true), 0));
  return encodeModel(g);
}

/** Names of an exported model's inputs and outputs. */
export const exportedNames = { window: 'window', lengths: 'lengths', forecasts: 'forecasts' } as const;

/**
 * The model as a file that any ONNX runtime reads. Inputs: `window` float32 `[batch, time, channels]` as measured, padded
 * on the right, and `lengths` int32 `[batch]`. Output: `forecasts` float32 `[batch, horizon, channels]` in the data's units.
 */
export function buildExport(
  spec: ForecasterSpec,
  scaling: Scaling,
  parameters: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const g = new GraphBuilder('forecaster');
  const raw = g.input(exportedNames.window, 'float32', [batch, time, spec.channels]);
  const lengths = g.input(exportedNames.lengths, 'int32', [batch]);
  const scope = new ConstantScope(g, parameters);
  const window = g.Transpose(standardized(g, raw, scaling), [1, 0, 2]);
  const { final } = fusedStack(scope, spec, window, lengths);
  const changes = dense(scope, 'output', g.Transpose(final, [1, 0]), spec.horizon * spec.channels);
  const perStep = g.Transpose(g.Reshape(changes, [spec.horizon, spec.channels, batch]), [2, 0, 1]);
  // The last real step comes first when each window is turned round.
  const last = g.Slice(g.ReverseSequence(window, g.Cast(lengths, 'int64')), 0, 1, 0);
  const forecasts = g.Add(perStep, g.Transpose(last, [1, 0, 2]));
  g.output(exportedNames.forecasts, restored(g, forecasts, scaling));
  return encodeModel(g, { metadata });
}

/** The parameters of a model that `buildExport` wrote; undefined where one is missing or of another size. */
export function readExportedParameters(spec: ForecasterSpec, find: FindArray): Map<string, Float32Array> | undefined {
  return readStack(spec, spec.channels, spec.horizon * spec.channels, find);
}
