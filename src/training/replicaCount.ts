/** How many replicas a batch is worth. */

/** Fewest examples of a batch that make a replica worth its keep. */
const examplesPerReplica = 8;

/** One replica a thread, as far as batches of a fixed size give each enough to do. */
export function worthwhileReplicas(available: number, batchSize: number | undefined): number {
  if (batchSize === undefined) return available;
  return Math.min(available, Math.max(1, Math.floor(batchSize / examplesPerReplica)));
}
