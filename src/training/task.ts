/** What a task is to the training of its model: where batches come from, how weights are scored, what is exported. */
import type { ModelSetup } from '../models/architectures';
import type { DataSummary, Metrics, Task } from '../protocol';
import type { Tensor } from '../runtime/session';
import type { NamedTensors, Shard } from './shard';
import type { Weights } from './weights';

/** The batches of one epoch. */
export interface EpochPlan {
  readonly steps: number;
  /** A batch, from 0, as shards for at most so many replicas; its arrays are new and may be changed. */
  shards(batch: number, replicas: number): readonly Shard[];
  /** Takes what the graph handed out for each shard of a batch. */
  take?(batch: number, outputs: readonly Readonly<Record<string, Tensor>>[]): void;
}

/** How long work is watched and stopped. */
export interface Watch {
  readonly signal?: AbortSignal | undefined;
  /** Takes the share done, 0…1. */
  readonly onProgress?: (fraction: number) => void;
}

/** The scores that an exported file carries along. */
export interface ExportedScores<M extends Metrics = Metrics> {
  readonly validation: M | null;
  readonly test: M | null;
}

/** A task with its data, ready for training. */
export interface TrainingTask<M extends Metrics = Metrics> {
  readonly task: Task;
  readonly model: ModelSetup;
  /** Replicas that are worth their keep where so many threads are available. */
  replicas(available: number): number;
  /** Puts values into weights that do not start at random: pre-trained vectors. */
  start?(weights: Weights): void;
  /** What was read. */
  summary(): DataSummary;
  /** What must be equal for a checkpoint's weights and position to make sense. */
  fingerprint(): Iterable<string | Uint8Array>;
  /** The batches of an epoch, from 1; the same for the same epoch. */
  plan(epoch: number): EpochPlan;
  /** Tensors beside the weights that a later step depends on, for a checkpoint; and back. */
  carried?(): Readonly<Record<string, Tensor<'float32'>>>;
  restoreCarried?(tensors: Readonly<Record<string, Tensor<'float32'>>>): void;
  /** Whether there is a test part. */
  readonly hasTest: boolean;
  /**
   * Scores the parameters on a part of the data.
   * @throws the signal's reason when it aborts
   */
  evaluate(part: 'validation' | 'test', parameters: NamedTensors, watch: Watch): Promise<M>;
  /**
   * The bytes of `model.onnx`, complete by themselves.
   * @param experiment name of the experiment
   * @throws Error where the file's predictions differ from those of training's equations
   * @throws the signal's reason when it aborts
   */
  export(
    experiment: string,
    parameters: NamedTensors,
    scores: ExportedScores<M>,
    signal?: AbortSignal,
  ): Promise<Uint8Array>;
  /** Frees sessions and data. */
  dispose(): Promise<void>;
}
