/** The part of a batch that one replica works on, as plain data that goes to another thread as it is. */
import type { Variant } from '../models/architectures';
import type { Tensor } from '../runtime/session';

export interface Shard {
  readonly variant: Variant;
  /** The graph's inputs but for parameters and dropout masks. Integers that number rows of a sparse table are the whole table's at first. */
  readonly feeds: Readonly<Record<string, Tensor>>;
  /** The graph's named sizes, for the dropout masks. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Real (unpadded) tokens. */
  readonly tokens: number;
}

/** What a replica is given beside the parameters, which it can read. */
export interface ShardTask {
  /** Integers in its feeds that number rows of a sparse table hold places in `rows`. */
  readonly shard: Shard;
  /** By sparse table the rows that the shard touches, in full. */
  readonly rows: Readonly<Record<string, Int32Array>>;
  /** Number of the step, from 1. */
  readonly step: number;
}

export type NamedTensors = Readonly<Record<string, Tensor<'float32'>>>;

/** What comes of a shard beside its gradients. */
export interface ShardResult {
  /** Its share of the batch's loss. */
  readonly loss: number;
  /** The graph's further outputs. */
  readonly outputs: Readonly<Record<string, Tensor>>;
}
