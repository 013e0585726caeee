/** A small text classifier with seeded parameters, and the feeds of its graphs for a batch of sequences. */
import { type CellName } from '../../../src/nn/cells/cells';
import type { ParameterSpec } from '../../../src/nn/scope';
import { buildTraining, type TextClassifierSpec, type TrainingGraphOptions } from '../../../src/models/textClassifier';
import type { TrainingGraph } from '../../../src/models/trainingGraph';
import { Session, tensor, type Tensor } from '../../../src/runtime/session';
import { uniform } from '../nn/uniform';

/** Options of a training graph without extras, for padded batches. */
export const plainOptions: TrainingGraphOptions = {
  classWeights: null,
  labelSmoothing: 0,
  dropout: 0,
  trainEmbedding: true,
  sparseEmbedding: false,
  padded: true,
};

/** Sequences of different lengths, 1 included. */
export const sequences: readonly (readonly number[])[] = [[3, 1, 4, 1, 5], [2], [6, 5, 3], [5, 5, 2, 6]];
export const labels = [2, 0, 1, 1];

/** A classifier with 7 tokens and 3 classes. */
export function smallSpec(cell: CellName, layers: number, bidirectional: boolean): TextClassifierSpec {
  return { vocabulary: 7, embedding: 3, cell, hidden: 4, layers, bidirectional, classes: 3 };
}

/** Parameters as training starts them, all biases moved from zero. */
export function seededParameters(specs: readonly ParameterSpec[]): Map<string, Float32Array> {
  const random = uniform(17);
  return new Map(
    specs.map(({ name, shape, initialize }) => {
      const array = initialize(shape, random);
      return [name, name.endsWith('b') ? array.map((x) => x + random() - 0.5) : array];
    }),
  );
}

/** The parameters as feeds. */
export function parameterFeeds(
  specs: readonly ParameterSpec[],
  parameters: ReadonlyMap<string, Float32Array>,
): Record<string, Tensor> {
  return Object.fromEntries(specs.map(({ name, shape }) => [name, tensor('float32', shape, parameters.get(name)!)]));
}

/** `ids`, `mask` and `last` of a batch, padded on the right with `padding`. */
export function batchFeeds(batch: readonly (readonly number[])[], padding: number): Record<string, Tensor> {
  const time = Math.max(...batch.map((sequence) => sequence.length));
  const size = time * batch.length;
  const [ids, mask, last] = [new Int32Array(size).fill(padding), new Float32Array(size), new Float32Array(size)];
  batch.forEach((sequence, column) => {
    sequence.forEach((id, t) => {
      ids[t * batch.length + column] = id;
      mask[t * batch.length + column] = 1;
      if (t === sequence.length - 1) last[t * batch.length + column] = 1;
    });
  });
  return {
    ids: tensor('int32', [time, batch.length], ids),
    mask: tensor('float32', [time, 1, batch.length], mask),
    last: tensor('float32', [time, 1, batch.length], last),
  };
}

/** `labels` and `normaliser` of a batch. */
export function labelFeeds(batch: readonly number[], normaliser: number): Record<string, Tensor> {
  return {
    labels: tensor('int32', [batch.length], Int32Array.from(batch)),
    normaliser: tensor('float32', [], Float32Array.of(normaliser)),
  };
}

/** Builds a training graph, opens a session and hands both to `use`. */
export async function withTraining(
  spec: TextClassifierSpec,
  options: TrainingGraphOptions,
  use: (run: (feeds: Record<string, Tensor>) => Promise<Record<string, Tensor>>, graph: TrainingGraph) => Promise<void>,
): Promise<void> {
  const graph = buildTraining(spec, options);
  await withSession(graph.bytes, (run) => use(run, graph));
}

/** Opens a model; `run` is given at least the feeds that the model has inputs for. */
export async function withSession(
  bytes: Uint8Array,
  use: (run: (feeds: Record<string, Tensor>) => Promise<Record<string, Tensor>>) => Promise<void>,
): Promise<void> {
  const session = await Session.create(bytes, { threads: 1 });
  try {
    await use((feeds) => session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]))));
  } finally {
    await session.dispose();
  }
}

/** The largest difference of two tensors' elements. */
export function difference(a: Tensor, b: Tensor): number {
  if (a.data.length !== b.data.length) return Infinity;
  let largest = 0;
  for (let at = 0; at < a.data.length; at++) {
    const distance = Math.abs(Number(a.data[at]) - Number(b.data[at]));
    if (!(distance <= largest)) largest = distance;
  }
  return largest;
}
