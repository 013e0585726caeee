/**
 * The equations of an encoder–decoder with attention, each written once: training, search and export put them together.
 * Knows no losses and no files.
 */
import { beginId } from '../data/pairVocabulary';
import { padId } from '../data/vocabulary';
import { attend, type Attended, type AttentionName, type Memory } from '../nn/attention';
import { type CellName, cells } from '../nn/cells/cells';
import { glorotUniform, normal, zeros } from '../nn/initializers';
import { dense } from '../nn/layers';
import { inParts, type LayerResult, type Padding, recurrentLayer, recurrentParameters } from '../nn/recurrent';
import type { Scope } from '../nn/scope';
import type { Dim } from '../onnx/dims';
import type { Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';

/** All that fixes the shape of a translator; stored with an exported model. */
export interface TranslatorSpec {
  /** Tokens known on each side, the special ones included. */
  readonly sourceVocabulary: number;
  readonly targetVocabulary: number;
  /** Whether both sides have one vocabulary and one table of vectors. */
  readonly shared: boolean;
  readonly embedding: number;
  readonly cell: CellName;
  /** Numbers in a state of the decoder, and of each direction of the encoder. */
  readonly hidden: number;
  /** Recurrent layers of the encoder, and of the decoder. */
  readonly layers: number;
  /** Whether the encoder reads in both directions. */
  readonly bidirectional: boolean;
  readonly attention: AttentionName;
  /** Whether the readout of a step is an input of the next one. */
  readonly inputFeeding: boolean;
}

/** Names of the tables of vectors. */
export function tableNames(spec: Pick<TranslatorSpec, 'shared'>): { source: string; target: string } {
  return spec.shared
    ? { source: 'embedding', target: 'embedding' }
    : { source: 'source.embedding', target: 'target.embedding' };
}

export function encoderLayerName(layer: number): string {
  return `encoder.layer${layer}`;
}

export function encoderOptions(spec: TranslatorSpec): Parameters<typeof recurrentLayer>[3] {
  return { cell: cells[spec.cell], hidden: spec.hidden, bidirectional: spec.bidirectional };
}

/** Numbers that the encoder hands on for each token. */
export function encoderFeatures(spec: TranslatorSpec): number {
  return spec.hidden * (spec.bidirectional ? 2 : 1);
}

/** Vectors of token ids, `[..., embedding]`. */
function vectorsOf(scope: Scope, g: GraphBuilder, spec: TranslatorSpec, side: 'source' | 'target', ids: Value): Value {
  const rows = side === 'source' ? spec.sourceVocabulary : spec.targetVocabulary;
  const start = normal(1);
  return g.Gather(scope.parameter(tableNames(spec)[side], [rows, spec.embedding], start), ids, 0);
}

/** Embedded tokens `[time, embedding, batch]` of ids `[time, batch]`. */
export function embedded(
  scope: Scope,
  spec: TranslatorSpec,
  side: 'source' | 'target',
  ids: Value,
  dropout: number,
): Value {
  const vectors = vectorsOf(scope, scope.g, spec, side, ids);
  return scope.g.Transpose(scope.dropout(side, vectors, dropout), [0, 2, 1]);
}

/** What the encoder has read. */
export interface Encoded {
  /** Outputs of the last layer, `[source, features, batch]`; meaningless at padding. */
  readonly outputs: Value;
  /** The last states of each layer, `[features, batch]`. */
  readonly finals: readonly Value[];
}

/** The encoder over embedded source tokens `[source, embedding, batch]`, in the form that can be differentiated. */
export function encode(
  scope: Scope,
  spec: TranslatorSpec,
  source: Value,
  padding: Padding | null,
  dropout: number,
): Encoded {
  let outputs = source;
  const finals: Value[] = [];
  for (let layer = 0; layer < spec.layers; layer++) {
    const name = encoderLayerName(layer);
    if (layer > 0) outputs = scope.dropout(name, outputs, dropout);
    const result: LayerResult = recurrentLayer(scope, name, outputs, encoderOptions(spec), padding);
    outputs = result.outputs;
    finals.push(result.final);
  }
  return { outputs, finals };
}

/** States of the decoder before its first step, `[hidden, batch]` each: all states of the first layer, then of the next. */
export function initialStates(scope: Scope, spec: TranslatorSpec, finals: readonly Value[]): Value[] {
  const { g } = scope;
  return finals.flatMap((final, layer) =>
    Array.from({ length: cells[spec.cell].states }, (_, state) => {
      const value = dense(scope, `initial.layer${layer}.state${state}`, final, spec.hidden);
      return state === 0 ? g.Tanh(value) : value;
    }),
  );
}

/** The part of the first layer's input that comes from the target's embedded tokens: W x + b. */
export function projectTokens(scope: Scope, g: GraphBuilder, spec: TranslatorSpec, tokens: Value): Value {
  const { W, biases } = decoderLayer(scope, spec, 0);
  return g.Add(g.MatMul(W, tokens), scope.g.Concat(biases, 0));
}

/** The projection of single tokens, ids `[batch]`, for a step that has no other input: `[gates * hidden, batch]`. */
export function projectIds(scope: Scope, g: GraphBuilder, spec: TranslatorSpec, ids: Value): Value {
  return projectTokens(scope, g, spec, g.Transpose(vectorsOf(scope, g, spec, 'target', ids), [1, 0]));
}

function decoderLayer(scope: Scope, spec: TranslatorSpec, layer: number): ReturnType<typeof recurrentParameters> {
  const input = layer === 0 ? spec.embedding : spec.hidden;
  return recurrentParameters(scope, `decoder.layer${layer}`, cells[spec.cell], input, spec.hidden);
}

/** What a step of the decoder makes. */
export interface DecoderStep {
  readonly states: Value[];
  /** Context and uppermost state, `[features + hidden, batch]`, of which the readout is made. */
  readonly summary: Value;
  readonly weights: Value;
}

/**
 * One step of the decoder, built in `g`, which may be the body of a loop. With Bahdanau's attention the context is found
 * from the state before and is an input of the cell; with Luong's it is found from the state after.
 * @param projected the token's projection, `[gates * hidden, batch]`
 * @param readout that of the step before, where it is fed in
 * @param masks dropout masks of the inputs of the layers above the first, by layer
 */
export function decoderStep(
  scope: Scope,
  g: GraphBuilder,
  spec: TranslatorSpec,
  memory: Memory,
  before: { readonly states: readonly Value[]; readonly readout: Value | null },
  projected: Value,
  masks: readonly (Value | null)[] = [],
): DecoderStep {
  const cell = cells[spec.cell];
  const rows = cell.gates * spec.hidden;
  const top = (states: readonly Value[]): Value => states[(spec.layers - 1) * cell.states]!;
  const early = spec.attention === 'bahdanau' ? attend(scope, g, spec.attention, memory, top(before.states)) : null;
  let input = projected;
  const addInput = (name: string, x: Value): void => {
    const W = scope.parameter(`decoder.${name}`, [rows, x.shape[0] as number], glorotUniform);
    input = g.Add(input, g.MatMul(W, x));
  };
  if (early !== null) addInput('C', early.context);
  if (spec.inputFeeding) addInput('F', before.readout!);
  const states: Value[] = [];
  for (let layer = 0; layer < spec.layers; layer++) {
    const { W, R, biases, innerBias } = decoderLayer(scope, spec, layer);
    if (layer > 0) {
      const below = states[(layer - 1) * cell.states]!;
      const mask = masks[layer] ?? null;
      input = g.Add(g.MatMul(W, mask === null ? below : g.Mul(below, mask)), scope.g.Concat(biases, 0));
    }
    const own = before.states.slice(layer * cell.states, (layer + 1) * cell.states);
    states.push(...cell.step(g, own, inParts(g, input, cell), { R, innerBias }));
  }
  const attended: Attended = early ?? attend(scope, g, spec.attention, memory, top(states));
  return { states, summary: g.Concat([attended.context, top(states)], 0), weights: attended.weights };
}

/** The readout tanh(W [context; state] + b), `[..., hidden, batch]`, of summaries `[..., features + hidden, batch]`. */
export function readoutOf(scope: Scope, g: GraphBuilder, spec: TranslatorSpec, summary: Value): Value {
  const W = scope.parameter('readout.W', [spec.hidden, summary.shape.at(-2) as number], glorotUniform);
  const b = scope.parameter('readout.b', [spec.hidden, 1], zeros);
  return g.Tanh(g.Add(g.MatMul(W, summary), b));
}

/** The parameters of the product that gives every token of the target's vocabulary its score. */
export function outputParameters(scope: Scope, spec: TranslatorSpec): { W: Value; b: Value } {
  return {
    W: scope.parameter('output.W', [spec.targetVocabulary, spec.hidden], glorotUniform),
    b: scope.parameter('output.b', [spec.targetVocabulary], zeros),
  };
}

/** Added to the score of a token that no translation contains. */
const forbidden = -1e9;

/** Log-probabilities `[..., vocabulary]` with those of padding and of the beginning, which are never written, out of the way. */
export function writable(g: GraphBuilder, spec: TranslatorSpec, logProbabilities: Value): Value {
  const never = new Float32Array(spec.targetVocabulary);
  never[padId] = forbidden;
  never[beginId] = forbidden;
  return g.Add(logProbabilities, g.constant('float32', [never.length], never));
}

/** The readout before the first step: zeros `[hidden, batch]`. */
export function firstReadout(g: GraphBuilder, spec: TranslatorSpec, batch: Dim): Value {
  return g.zeros([spec.hidden, batch]);
}
