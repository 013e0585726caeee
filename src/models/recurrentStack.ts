/** Recurrent layers one upon the other over sequences of vectors: as loops, as fused operators, and read back from a file. */
import { type CellName, cells } from '../nn/cells/cells';
import { fusedLayer, type LayerResult, type Padding, recurrentLayer, unpackFused } from '../nn/recurrent';
import type { ConstantScope, Scope } from '../nn/scope';
import type { Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';

/** What fixes the shape of a stack. */
export interface StackSpec {
  readonly cell: CellName;
  readonly hidden: number;
  readonly layers: number;
  readonly bidirectional: boolean;
}

/** Named sizes of the graphs. */
export const [time, batch] = ['time', 'batch'] as const;

const layerName = (layer: number): string => `layer${layer}`;

/** What a stack hands on; as of its last layer. */
export type StackResult = Pick<LayerResult, 'outputs' | 'final'>;

const layerOptions = ({ cell, hidden, bidirectional }: StackSpec): Parameters<typeof recurrentLayer>[3] => ({
  cell: cells[cell],
  hidden,
  bidirectional,
});

/** Numbers that a stack hands on for each step. */
export const stackFeatures = ({ hidden, bidirectional }: StackSpec): number => hidden * (bidirectional ? 2 : 1);

/** The stack as loops that can be differentiated; `x` is feature-major, `[time, input, batch]`. */
export function recurrentStack(
  scope: Scope,
  spec: StackSpec,
  x: Value,
  padding: Padding | null,
  dropout: number,
): StackResult {
  let result: StackResult = { outputs: x, final: x };
  for (let layer = 0; layer < spec.layers; layer++) {
    const input = layer === 0 ? x : scope.dropout(layerName(layer), result.outputs, dropout);
    result = recurrentLayer(scope, layerName(layer), input, layerOptions(spec), padding);
  }
  return result;
}

/** The stack as the runtime's operators; `x` is `[time, batch, input]`, int32 `lengths` `[batch]`; results as of `fusedLayer`. */
export function fusedStack(scope: ConstantScope, spec: StackSpec, x: Value, lengths: Value): StackResult {
  let result: StackResult = { outputs: x, final: x };
  for (let layer = 0; layer < spec.layers; layer++) {
    result = fusedLayer(scope, layerName(layer), result.outputs, lengths, layerOptions(spec));
  }
  return result;
}

/** The inputs that tell real steps from padding, `mask` and `last`; null for batches without padding. */
export function paddingInputs(g: GraphBuilder, padded: boolean): Padding | null {
  if (!padded) return null;
  return { mask: g.input('mask', 'float32', [time, 1, batch]), last: g.input('last', 'float32', [time, 1, batch]) };
}

/** Looks for a stored array by name; undefined where there is none. */
export type FindArray = (name: string) => Float32Array | undefined;

/**
 * The parameters of an exported stack and of the dense layer `output` upon it, by name; undefined where an array is
 * missing or of another size.
 */
export function readStack(
  spec: StackSpec,
  input: number,
  output: number,
  find: FindArray,
): Map<string, Float32Array> | undefined {
  const features = stackFeatures(spec);
  const options = layerOptions(spec);
  const rows = options.cell.gates * spec.hidden;
  const directions = spec.bidirectional ? 2 : 1;
  const parameters = new Map<string, Float32Array>();
  const dense = { 'output.W': output * features, 'output.b': output };
  for (const [name, size] of Object.entries(dense)) {
    const array = find(name);
    if (array?.length !== size) return undefined;
    parameters.set(name, array);
  }
  for (let layer = 0; layer < spec.layers; layer++) {
    const name = layerName(layer);
    const width = layer === 0 ? input : features;
    const [W, R, B] = [find(`${name}.W`), find(`${name}.R`), find(`${name}.B`)];
    const fits =
      W?.length === directions * rows * width &&
      R?.length === directions * rows * spec.hidden &&
      B?.length === directions * 2 * rows;
    if (!fits) return undefined;
    for (const [parameter, array] of unpackFused(name, options, width, { W, R, B })) parameters.set(parameter, array);
  }
  return parameters;
}
