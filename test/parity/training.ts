/** Trains one case with the graphs of src: the side that PyTorch is compared with. Must not know the reference. */
import { buildTraining } from '../../src/models/textClassifier';
import type { TrainingGraph } from '../../src/models/trainingGraph';
import { embeddingName } from '../../src/nn/layers';
import { updateNames } from '../../src/nn/optimizers';
import { type Feeds, Session, tensor, type Tensor } from '../../src/runtime/session';
import { type Batch, paddingOf, seeded } from './batches';
import type { ParityCase } from './cases';
import { Updates } from '../unit/training/updates';

/** What a training leaves. */
export interface Training {
  readonly losses: readonly number[];
  /** Global norm of the gradients before clipping, by step. */
  readonly norms: readonly number[];
  readonly weights: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;
}

function trainingGraph(parityCase: ParityCase): TrainingGraph {
  return buildTraining(parityCase.spec, { ...parityCase, trainEmbedding: true });
}

/** Seeded starting values; biases too are moved away from zero, so that a bias in a wrong place shows. */
export function initialWeights(parityCase: ParityCase, seed: number): Map<string, Float32Array> {
  const random = seeded(seed);
  return new Map(
    trainingGraph(parityCase).parameters.map(({ name, shape, initialize }) => [
      name,
      initialize(shape, random).map((value) => value + 0.2 * (random() - 0.5)),
    ]),
  );
}

/**
 * Masks for a batch by site, 0 or 1 / (1 - rate), the same at every call: `embedding` `[time, batch, embedding]`,
 * `layerN` `[time, features, batch]` before layer N, `output` `[features, batch]`.
 */
export function dropoutMasks(parityCase: ParityCase, { time, lengths, labels }: Batch): Map<string, Tensor<'float32'>> {
  const random = seeded(time * 1000 + labels.reduce((sum, label, at) => sum + label * 3 ** at, 0));
  const sizes: Readonly<Record<string, number>> = { time, batch: lengths.length };
  return new Map(
    trainingGraph(parityCase).dropouts.map(({ name, shape, rate }) => {
      const dims = shape.map((size) => (typeof size === 'number' ? size : sizes[size]!));
      const count = dims.reduce((a, b) => a * b, 1);
      const data = Float32Array.from({ length: count }, () => (random() < rate ? 0 : 1 / (1 - rate)));
      return [name, tensor('float32', dims, data)];
    }),
  );
}

/** `steps` steps over the batches, which come round; the given weights stay as they are. */
export async function train(
  parityCase: ParityCase,
  initial: ReadonlyMap<string, Float32Array>,
  batches: readonly Batch[],
  steps: number,
): Promise<Training> {
  const { optimizer, learningRate, clip } = parityCase;
  const graph = trainingGraph(parityCase);
  const updates = new Updates(graph.parameters, initial, optimizer, clip);
  const differentiate = await Session.create(graph.bytes, { threads: 1 });
  const losses: number[] = [];
  const norms: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const batch = batches[(step - 1) % batches.length]!;
    const rows = [...new Set(batch.ids)].sort((a, b) => a - b);
    const tables = parityCase.sparseEmbedding ? { [embeddingName]: rows } : {};
    const results = await differentiate.run({ ...batchFeeds(parityCase, batch, rows), ...updates.feeds(tables) });
    losses.push(Number(results['loss']!.data[0]));
    norms.push(updates.apply((name) => results[updateNames.gradient(name)]!, step, learningRate, tables));
  }
  await differentiate.dispose();
  const copies = updates.weights.copyParameters();
  const weights = graph.parameters.map(({ name, shape }) => [name, { shape, data: copies.get(name)! }] as const);
  return { losses, norms, weights: new Map(weights) };
}

function scalar(value: number): Tensor {
  return tensor('float32', [], Float32Array.of(value));
}

/**
 * A batch as the training graph takes it.
 * @param rows touched rows, which the ids of a sparse embedding number; null for ids of the whole table
 */
export function batchFeeds(parityCase: ParityCase, batch: Batch, rows: readonly number[] | null): Feeds {
  const { classWeights, sparseEmbedding, padded } = parityCase;
  const { time, lengths, labels } = batch;
  const size = lengths.length;
  const ids = sparseEmbedding && rows !== null ? batch.ids.map((id) => rows.indexOf(id)) : batch.ids;
  const { mask, last } = paddingOf(batch);
  return {
    ids: tensor('int32', [time, size], ids),
    labels: tensor('int32', [size], labels),
    normaliser: scalar(labels.reduce((sum, label) => sum + (classWeights === null ? 1 : classWeights[label]!), 0)),
    ...Object.fromEntries(dropoutMasks(parityCase, batch)),
    ...(padded
      ? { mask: tensor('float32', [time, 1, size], mask), last: tensor('float32', [time, 1, size], last) }
      : {}),
  };
}
