/** Trains one case with the graphs of src: the side that PyTorch is compared with. Must not know the reference. */
import { buildTraining } from '../../src/models/textClassifier';
import type { TrainingGraph } from '../../src/models/trainingGraph';
import { embeddingName } from '../../src/nn/layers';
import { buildUpdate, optimizerStates, stepScalars, updateNames } from '../../src/nn/optimizers';
import { encodeModel } from '../../src/onnx/encode';
import { type Feeds, Session, tensor, type Tensor } from '../../src/runtime/session';
import { type Batch, paddingOf, seeded } from './batches';
import type { ParityCase } from './cases';

/** What a training leaves. */
export interface Training {
  readonly losses: readonly number[];
  /** Global norm of the gradients before clipping, by step. */
  readonly norms: readonly number[];
  readonly weights: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;
}

/** A weight or a state of an optimizer between steps. */
interface Held {
  readonly shape: readonly number[];
  /** Whether the graphs see only the rows that a batch touches. */
  readonly sparse: boolean;
  readonly data: Float32Array;
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
  const { optimizer, learningRate } = parityCase;
  const graph = trainingGraph(parityCase);
  const weights = new Map<string, Held>();
  const states = new Map<string, Held>();
  for (const { name, shape } of graph.parameters) {
    const sparse = parityCase.sparseEmbedding && name === embeddingName;
    const data = initial.get(name)!;
    weights.set(name, { shape, sparse, data: data.slice() });
    for (const state of optimizerStates(optimizer)) {
      states.set(updateNames.state(state, name), { shape, sparse, data: new Float32Array(data.length) });
    }
  }
  const trained = [...weights].map(([name, { shape, sparse }]) => ({
    name,
    shape: sparse ? ['rows', ...shape.slice(1)] : shape,
    sparse,
  }));
  const differentiate = await Session.create(graph.bytes, { threads: 1 });
  const update = await Session.create(encodeModel(buildUpdate(trained, optimizer, parityCase.clip)), { threads: 1 });
  const losses: number[] = [];
  const norms: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const batch = batches[(step - 1) % batches.length]!;
    const rows = [...new Set(batch.ids)].sort((a, b) => a - b);
    const weightFeeds = feedsOf(weights, rows);
    const { loss, ...gradients } = await differentiate.run({ ...batchFeeds(parityCase, batch, rows), ...weightFeeds });
    const scalars = Object.entries(stepScalars(optimizer, learningRate, step)).map(([name, x]) => [name, scalar(x)]);
    const next = await update.run({
      ...weightFeeds,
      ...gradients,
      ...feedsOf(states, rows),
      ...(Object.fromEntries(scalars) as Feeds),
    });
    for (const [name, held] of [...weights, ...states]) keep(held, rows, next[updateNames.next(name)]!);
    losses.push(Number(loss!.data[0]));
    norms.push(Number(next[updateNames.gradientNorm]!.data[0]));
  }
  await differentiate.dispose();
  await update.dispose();
  return { losses, norms, weights };
}

function scalar(value: number): Tensor {
  return tensor('float32', [], Float32Array.of(value));
}

/** A batch as the training graph takes it; with a sparse embedding its ids number the touched rows. */
function batchFeeds(parityCase: ParityCase, batch: Batch, rows: number[]): Feeds {
  const { classWeights, sparseEmbedding, padded } = parityCase;
  const { time, lengths, labels } = batch;
  const size = lengths.length;
  const ids = sparseEmbedding ? batch.ids.map((id) => rows.indexOf(id)) : batch.ids;
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

function feedsOf(all: ReadonlyMap<string, Held>, rows: readonly number[]): Feeds {
  return Object.fromEntries(
    [...all].map(([name, { shape, sparse, data }]) => {
      if (!sparse) return [name, tensor('float32', shape, data)];
      const width = shape[1]!;
      const touched = rows.flatMap((row) => [...data.subarray(row * width, (row + 1) * width)]);
      return [name, tensor('float32', [rows.length, width], Float32Array.from(touched))];
    }),
  );
}

function keep({ shape, sparse, data }: Held, rows: readonly number[], next: Tensor): void {
  const numbers = next.data as Float32Array;
  if (!sparse) {
    data.set(numbers);
    return;
  }
  const width = shape[1]!;
  rows.forEach((row, at) => {
    data.set(numbers.subarray(at * width, (at + 1) * width), row * width);
  });
}
