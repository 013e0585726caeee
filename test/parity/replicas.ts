/** Trains one case as a run does, by replicas that share each batch. Must not know the reference. */
import { join } from 'node:path';
import type { Shard } from '../../src/training/shard';
import { Trainer } from '../../src/training/trainer';
import type { Batch } from './batches';
import type { ParityCase } from './cases';
import { batchFeeds, type Training } from './training';

/** Program of a replica's thread; `npm run build` makes it. */
const replicaScript = join(import.meta.dirname, '../../dist/replica.cjs');

/** `steps` steps over the batches, which come round; for cases without dropout, whose masks a trainer draws itself. */
export async function trainByReplicas(
  parityCase: ParityCase,
  initial: ReadonlyMap<string, Float32Array>,
  batches: readonly Batch[],
  steps: number,
  replicas: number,
): Promise<Training> {
  const { spec, optimizer, clip, learningRate } = parityCase;
  const model = { architecture: 'textClassifier', spec, options: { ...parityCase, trainEmbedding: true } } as const;
  const trainer = Trainer.create({ model, seed: 1, optimizer, clip, replicas, threads: replicas, replicaScript });
  try {
    for (const [name, data] of initial) trainer.weights.array(name).set(data);
    const [losses, norms]: [number[], number[]] = [[], []];
    for (let step = 1; step <= steps; step++) {
      const batch = batches[(step - 1) % batches.length]!;
      const { loss, gradientNorm } = await trainer.step(shardsOf(parityCase, batch, replicas), step, learningRate);
      losses.push(loss);
      norms.push(gradientNorm);
    }
    const shapes = trainer.weights.all();
    const copies = [...trainer.weights.copyParameters()];
    const weights = copies.map(([name, data]) => [name, { shape: shapes.get(name)!, data }] as const);
    return { losses, norms, weights: new Map(weights) };
  } finally {
    await trainer.dispose();
  }
}

/** The sequences of a batch dealt out in turn. */
function shardsOf(parityCase: ParityCase, batch: Batch, replicas: number): Shard[] {
  const size = batch.lengths.length;
  const { normaliser } = batchFeeds(parityCase, batch, null);
  return Array.from({ length: replicas }, (_, replica) => {
    const own = (_value: number, column: number): boolean => column % replicas === replica;
    const part: Batch = {
      time: batch.time,
      ids: batch.ids.filter((id, at) => own(id, at % size)),
      lengths: batch.lengths.filter(own),
      labels: batch.labels.filter(own),
    };
    const { length } = part.lengths;
    return {
      variant: parityCase.padded ? 'padded' : 'full',
      feeds: { ...batchFeeds(parityCase, part, null), normaliser: normaliser! },
      sizes: { time: batch.time, batch: length },
      tokens: part.lengths.reduce((a, b) => a + b, 0),
    };
  });
}
