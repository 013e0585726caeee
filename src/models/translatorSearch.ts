/** A translator as it is used: the graphs of the encoder and of one step for searches, and the exported file. */
import { beginId, endId } from '../data/pairVocabulary';
import { padId } from '../data/vocabulary';
import { type AttentionName, type Memory, prepareMemory } from '../nn/attention';
import { cells } from '../nn/cells/cells';
import { fusedLayer, unpackFused } from '../nn/recurrent';
import { ConstantScope, InputScope, type Scope } from '../nn/scope';
import { vocabularyLogits } from '../nn/vocabularyLoss';
import type { Dim } from '../onnx/dims';
import { encodeModel } from '../onnx/encode';
import type { Value } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graphBuilder';
import { buildTranslatorTraining, sourcePadding } from './translator';
import {
  decoderStep,
  embedded,
  encode,
  encoderFeatures,
  encoderLayerName,
  encoderOptions,
  firstReadout,
  initialStates,
  outputParameters,
  projectIds,
  readoutOf,
  tableNames,
  type TranslatorSpec,
  writable,
} from './translatorParts';

/** Named sizes of the graphs. */
const [source, batch] = ['source', 'batch'] as const;

/** Names of the decoder's states, in order; the readout is the last where it is fed in. */
export function stateNames(spec: TranslatorSpec): string[] {
  const { states } = cells[spec.cell];
  const names = Array.from({ length: spec.layers * states }, (_, at) => `state${at}`);
  return spec.inputFeeding ? [...names, 'readout'] : names;
}

/** Shape of the prepared memory's keys. */
function keysShape(attention: AttentionName, hidden: number): Dim[] {
  return attention === 'bahdanau' ? [source, hidden, batch] : [batch, hidden, source];
}

/**
 * Reads source texts. Inputs: `source` int32 `[source, batch]`, `mask`, `last`, parameters. Outputs: `keys`, `values` and
 * `penalty` of the attention, and the decoder's first states by `stateNames`.
 */
export function buildTranslatorEncoder(spec: TranslatorSpec): Uint8Array {
  const g = new GraphBuilder('encoder');
  const scope = new InputScope(g, false);
  const padding = sourcePadding(g, true)!;
  const encoded = encode(
    scope,
    spec,
    embedded(scope, spec, 'source', g.input('source', 'int32', [source, batch]), 0),
    padding,
    0,
  );
  const memory = prepareMemory(scope, spec.attention, encoded.outputs, spec.hidden, padding.mask);
  const states = initialStates(scope, spec, encoded.finals);
  if (spec.inputFeeding) states.push(firstReadout(g, spec, batch));
  g.output('keys', memory.keys);
  g.output('values', memory.values);
  g.output('penalty', memory.penalty!);
  stateNames(spec).forEach((name, at) => g.output(name, states[at]!));
  return encodeModel(g);
}

interface Step {
  readonly states: Value[];
  /** `[batch, vocabulary]` */
  readonly logProbabilities: Value;
  /** The most probable token that a translation may contain, int64 `[batch]`. */
  readonly best: Value;
  /** `[batch, 1, source]` */
  readonly weights: Value;
}

/** One step from the token before, ids `[batch]`. */
function searchStep(
  scope: Scope,
  g: GraphBuilder,
  spec: TranslatorSpec,
  memory: Memory,
  before: readonly Value[],
  ids: Value,
): Step {
  const own = cells[spec.cell].states * spec.layers;
  const readout = before[own] ?? null;
  const states = before.slice(0, own);
  const step = decoderStep(scope, g, spec, memory, { states, readout }, projectIds(scope, g, spec, ids));
  const next = readoutOf(scope, g, spec, step.summary);
  const logits = vocabularyLogits(g, { rows: g.Transpose(next, [1, 0]), ...outputParameters(scope, spec) });
  const allowed = writable(g, spec, g.LogSoftmax(logits, 1));
  return {
    states: spec.inputFeeding ? [...step.states, next] : step.states,
    logProbabilities: allowed,
    best: g.ArgMax(allowed, 1),
    weights: step.weights,
  };
}

/**
 * One step of the decoder. Inputs: `keys`, `values`, `penalty`, the states, `ids` int64 `[batch]` (the tokens before),
 * parameters. Outputs: `logProbabilities` `[batch, vocabulary]`, `best` int64 `[batch]`, `attention` `[batch, source]`, and
 * the next states as `next.NAME`.
 */
export function buildTranslatorStep(spec: TranslatorSpec): Uint8Array {
  const g = new GraphBuilder('step');
  const scope = new InputScope(g, false);
  const memory = {
    keys: g.input('keys', 'float32', keysShape(spec.attention, spec.hidden)),
    values: g.input('values', 'float32', [batch, source, encoderFeatures(spec)]),
    penalty: g.input('penalty', 'float32', [batch, 1, source]),
  };
  const names = stateNames(spec);
  const states = names.map((name) => g.input(name, 'float32', [spec.hidden, batch]));
  const step = searchStep(scope, g, spec, memory, states, g.input('ids', 'int64', [batch]));
  g.output('logProbabilities', step.logProbabilities);
  g.output('best', step.best);
  g.output('attention', g.Squeeze(step.weights, [1]));
  names.forEach((name, at) => g.output(`next.${name}`, step.states[at]!));
  return encodeModel(g);
}

/** Names of an exported model's inputs and outputs. */
export const exportedTranslator = {
  ids: 'ids',
  lengths: 'lengths',
  maximumLength: 'maximum_length',
  tokens: 'tokens',
  logProbabilities: 'log_probabilities',
  attention: 'attention',
} as const;

/**
 * The model as a file that any ONNX runtime reads: it translates greedily by itself. Inputs: `ids` int64 `[batch, source]`,
 * each ended by the token of the end and padded on the right with 0; `lengths` int32 `[batch]`, the ends counted;
 * `maximum_length` int64 `[1]`, the steps to make. Outputs: `tokens` int64 `[batch, steps]`, with 0 after the end;
 * `log_probabilities` float32 `[batch, steps]` of these tokens; `attention` float32 `[batch, steps, source]`.
 */
export function buildTranslatorExport(
  spec: TranslatorSpec,
  parameters: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const g = new GraphBuilder('translator');
  const ids = g.input(exportedTranslator.ids, 'int64', [batch, source]);
  const lengths = g.input(exportedTranslator.lengths, 'int32', [batch]);
  const count = g.input(exportedTranslator.maximumLength, 'int64', [1]);
  const scope = new ConstantScope(g, parameters);
  const table = scope.parameter(tableNames(spec).source, [spec.sourceVocabulary, spec.embedding]);
  let outputs = g.Gather(table, g.Transpose(ids, [1, 0]), 0);
  const finals: Value[] = [];
  for (let layer = 0; layer < spec.layers; layer++) {
    const result = fusedLayer(scope, encoderLayerName(layer), outputs, lengths, encoderOptions(spec));
    outputs = result.outputs;
    finals.push(g.Transpose(result.final, [1, 0]));
  }
  const mask = g.Transpose(g.Reshape(realPlaces(g, ids), [batch, 1, source]), [2, 1, 0]);
  const memory = prepareMemory(scope, spec.attention, g.Transpose(outputs, [0, 2, 1]), spec.hidden, mask);
  const states = initialStates(scope, spec, finals);
  if (spec.inputFeeding) states.push(firstReadout(g, spec, batch));
  const begin = g.emit('Expand', [g.constant('int64', [1], [beginId]), g.sizesOf([batch])], {}, [
    { dtype: 'int64', shape: [batch] },
  ])[0]!;
  // Nothing is read of the scanned input; its length is the number of steps.
  const steps = g.emit('Expand', [g.scalar(0), count], {}, [{ dtype: 'float32', shape: ['steps'] }])[0]!;
  const pad = g.constant('int64', [], [padId]);
  const { outputs: made } = g.Scan([...states, begin], [steps], (body, before) => {
    const previous = before[states.length]!;
    const step = searchStep(scope, body, spec, memory, before.slice(0, states.length), previous);
    const isOver = body.Or(body.Equal(previous, g.constant('int64', [], [endId])), body.Equal(previous, pad));
    const next = body.Where(isOver, pad, step.best);
    const chosen = body.GatherElements(step.logProbabilities, body.Unsqueeze(step.best, [1]), 1);
    return {
      states: [...step.states, next],
      outputs: [body.Identity(next), body.Squeeze(chosen, [1]), body.Squeeze(step.weights, [1])],
    };
  });
  const [tokens, logProbabilities, attention] = made as [Value, Value, Value];
  g.output(exportedTranslator.tokens, g.Transpose(tokens, [1, 0]));
  g.output(exportedTranslator.logProbabilities, g.Transpose(logProbabilities, [1, 0]));
  g.output(exportedTranslator.attention, g.Transpose(attention, [1, 0, 2]));
  return encodeModel(g, { metadata });
}

/** 1 where an id is not padding, else 0. */
function realPlaces(g: GraphBuilder, ids: Value): Value {
  return g.Cast(g.Not(g.Equal(ids, g.constant('int64', [], [padId]))), 'float32');
}

/** The parameters of a model that `buildTranslatorExport` wrote, by name; undefined where one is missing. */
export function readExportedTranslator(
  spec: TranslatorSpec,
  initializer: (name: string) => Float32Array | undefined,
): Map<string, Float32Array> | undefined {
  const parameters = new Map<string, Float32Array>();
  const options = encoderOptions(spec);
  for (let layer = 0; layer < spec.layers; layer++) {
    const name = encoderLayerName(layer);
    const input = layer === 0 ? spec.embedding : encoderFeatures(spec);
    const [W, R, B] = ['W', 'R', 'B'].map((suffix) => initializer(`${name}.${suffix}`));
    if (W === undefined || R === undefined || B === undefined) return undefined;
    for (const [parameter, array] of unpackFused(name, options, input, { W, R, B })) parameters.set(parameter, array);
  }
  for (const { name, shape } of translatorParameters(spec)) {
    const size = shape.reduce((a, b) => a * b, 1);
    const array = parameters.get(name) ?? initializer(name);
    if (array?.length !== size) return undefined;
    parameters.set(name, array);
  }
  return parameters;
}

/** Names and shapes of a translator's parameters. */
export function translatorParameters(spec: TranslatorSpec): { name: string; shape: readonly number[] }[] {
  const options = { dropout: 0, labelSmoothing: 0, scheduledSampling: false, sparseEmbedding: false, padded: false };
  return [...buildTranslatorTraining(spec, options).parameters];
}
