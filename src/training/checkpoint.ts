/** The state of a training run between two steps, to and from a checkpoint's tensors and texts. */
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { tensor, type Tensor } from '../runtime/session';
import type { Checkpoint, CheckpointTensor } from '../runs/safetensors';
import type { BestEpoch } from './earlyStopping';
import type { ScheduleState } from './schedule';
import type { Weights } from './weights';

/** Where a run stands, beside its weights. */
export interface Position {
  /** Steps done in all. */
  step: number;
  /** Epoch in work, from 1. */
  epoch: number;
  /** Batches of that epoch that are done. */
  batch: number;
  /** Sum of the losses of those batches. */
  epochLoss: number;
  /** Real tokens trained on in all. */
  tokens: number;
  /** Seconds spent in training steps. */
  trainingSeconds: number;
  /** Seconds of work in all sittings. */
  seconds: number;
  schedule: ScheduleState;
  best: BestEpoch | null;
}

const bestPrefix = 'best.';
const carriedPrefix = 'carried.';
const metadataKey = 'position';
const fingerprintKey = 'model';

/** What a checkpoint holds beside weights and position. */
export interface Kept {
  /** Parameters of the best epoch. */
  readonly bestParameters: Map<string, Float32Array> | null;
  /** Tensors of the task that a later step depends on. */
  readonly carried: Readonly<Record<string, Tensor<'float32'>>>;
}

/** @param fingerprint what must be equal for weights to fit, as text */
export function toCheckpoint(
  weights: Weights,
  { bestParameters, carried }: Kept,
  position: Position,
  fingerprint: string,
): Checkpoint {
  const tensors = new Map<string, CheckpointTensor>();
  for (const [name, shape] of weights.all())
    tensors.set(name, { dtype: 'F32', shape: [...shape], data: weights.array(name) });
  for (const [name, data] of bestParameters ?? []) {
    tensors.set(bestPrefix + name, { dtype: 'F32', shape: [...weights.all().get(name)!], data });
  }
  for (const [name, { dims, data }] of Object.entries(carried)) {
    tensors.set(carriedPrefix + name, { dtype: 'F32', shape: [...dims], data });
  }
  return { tensors, metadata: { [metadataKey]: JSON.stringify(position), [fingerprintKey]: fingerprint } };
}

/**
 * Puts a checkpoint's tensors into the weights.
 * @throws UserError where the checkpoint is of another model or other data
 */
export function fromCheckpoint(
  { tensors, metadata }: Checkpoint,
  weights: Weights,
  fingerprint: string,
): Kept & { position: Position } {
  const fits = [...weights.all()].every(([name]) => tensors.get(name)?.data.length === weights.array(name).length);
  if (metadata[fingerprintKey] !== fingerprint || !fits) {
    throw new UserError(
      sentence`The data has changed since this run was stopped: its classes, vocabulary or examples differ; start a new run.`,
    );
  }
  for (const [name] of weights.all()) weights.array(name).set(tensors.get(name)!.data as Float32Array);
  const under = (prefix: string) =>
    [...tensors].flatMap(([name, found]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), found] as const] : [],
    );
  const best = under(bestPrefix);
  return {
    position: JSON.parse(metadata[metadataKey]!) as Position,
    bestParameters: best.length === 0 ? null : new Map(best.map(([name, { data }]) => [name, data as Float32Array])),
    carried: Object.fromEntries(
      under(carriedPrefix).map(([name, { shape, data }]) => [name, tensor('float32', shape, data as Float32Array)]),
    ),
  };
}
