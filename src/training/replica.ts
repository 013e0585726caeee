/** One copy of the model that computes the loss and the gradients of its part of a batch; knows nothing of updates. */
import {
  buildTraining,
  type TextClassifierSpec,
  type TrainingGraph,
  type TrainingGraphOptions,
} from '../models/textClassifier';
import { embeddingName } from '../nn/layers';
import { updateNames } from '../nn/optimizers';
import { Session, tensor, type Tensor } from '../runtime/session';
import { fillDropoutMask } from './dropoutMasks';

/** What fixes a replica's graph and its random numbers; plain data that goes to another thread as it is. */
export interface ReplicaSetup {
  readonly spec: TextClassifierSpec;
  readonly options: Omit<TrainingGraphOptions, 'padded'>;
  readonly seed: number;
  /** Place among the replicas, from 0. */
  readonly index: number;
  readonly threads: number;
}

/** A part of a batch, padded on the right. */
export interface Shard {
  readonly time: number;
  readonly size: number;
  /** Rows of the embedding that is handed in, `[time, batch]`. */
  readonly ids: Int32Array;
  readonly lengths: Int32Array;
  readonly labels: Int32Array;
}

/** What a replica is given beside its shard. */
export interface ShardTask {
  readonly shard: Shard;
  /** Total weight of the whole batch, by which the loss is divided. */
  readonly normaliser: number;
  /** Number of the step, from 1. */
  readonly step: number;
}

export type NamedTensors = Readonly<Record<string, Tensor<'float32'>>>;

export class Replica {
  /** Graphs with and without padding, made when first needed. */
  private readonly variants = new Map<boolean, Promise<{ graph: TrainingGraph; session: Session }>>();

  constructor(private readonly setup: ReplicaSetup) {}

  /**
   * Runs the shard forwards and back. Gradients are written into `gradients`, by parameter name. Returns the shard's
   * share of the batch's loss.
   */
  async run(
    { shard, normaliser, step }: ShardTask,
    parameters: NamedTensors,
    gradients: NamedTensors,
  ): Promise<number> {
    const { time, size, ids, lengths, labels } = shard;
    const padded = lengths.some((length) => length !== time);
    const { graph, session } = await this.variant(padded);
    const feeds: Record<string, Tensor> = {
      ...parameters,
      ids: tensor('int32', [time, size], ids),
      labels: tensor('int32', [size], labels),
      normaliser: tensor('float32', [], Float32Array.of(normaliser)),
    };
    if (padded) Object.assign(feeds, paddingTensors(time, size, lengths));
    for (const [site, { name, shape, rate }] of graph.dropouts.entries()) {
      const dims = shape.map((dim) => (dim === 'time' ? time : dim === 'batch' ? size : Number(dim)));
      const mask = new Float32Array(dims.reduce((a, b) => a * b, 1));
      fillDropoutMask(mask, rate, this.setup.seed, step, this.setup.index, site);
      feeds[name] = tensor('float32', dims, mask);
    }
    const into = Object.fromEntries(graph.trained.map((name) => [updateNames.gradient(name), gradients[name]!]));
    const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
    const results = await session.run(used, undefined, into);
    return (results['loss'] as Tensor<'float32'>).data[0]!;
  }

  async dispose(): Promise<void> {
    for (const variant of this.variants.values()) await (await variant).session.dispose();
  }

  private variant(padded: boolean): Promise<{ graph: TrainingGraph; session: Session }> {
    let variant = this.variants.get(padded);
    if (variant === undefined) {
      variant = this.create(padded);
      this.variants.set(padded, variant);
    }
    return variant;
  }

  private async create(padded: boolean): Promise<{ graph: TrainingGraph; session: Session }> {
    const graph = buildTraining(this.setup.spec, { ...this.setup.options, padded });
    return { graph, session: await Session.create(graph.bytes, { threads: this.setup.threads }) };
  }
}

/** `mask` (1 at real steps) and `last` (1 at the last real step), both `[time, 1, batch]`. */
export function paddingTensors(time: number, size: number, lengths: Int32Array): Record<'mask' | 'last', Tensor> {
  const mask = new Float32Array(time * size);
  const last = new Float32Array(time * size);
  lengths.forEach((length, example) => {
    for (let step = 0; step < length; step++) mask[step * size + example] = 1;
    last[(length - 1) * size + example] = 1;
  });
  const dims = [time, 1, size];
  return { mask: tensor('float32', dims, mask), last: tensor('float32', dims, last) };
}

/** Shape of a parameter as a replica sees it: the embedding has as many rows as are handed in. */
export function handedInShape(name: string, shape: readonly number[], rows: number): number[] {
  return name === embeddingName ? [rows, ...shape.slice(1)] : [...shape];
}
