/** Our side of the benchmark: the trainer and the predictor as a run uses them. */
import { join } from 'node:path';
import { assembleBatch, type ExampleSource } from '../../src/data/batches';
import { createRandom } from '../../src/data/random';
import { buildExport, buildTraining, type TextClassifierSpec } from '../../src/models/textClassifier';
import { Session, tensor } from '../../src/runtime/session';
import { deal, toShard } from '../../src/training/textClassification';
import { Trainer } from '../../src/training/trainer';
import { type InferenceRow, median, type TrainingRow } from './rows';

/** Program of a replica's thread; `npm run build` makes it. */
export const replicaScript = join(import.meta.dirname, '../../dist/replica.cjs');
const warmUp = 4;

/** Random sequences of one length. */
function randomExamples(count: number, time: number, vocabulary: number): ExampleSource {
  const random = createRandom(1, 'bench');
  const ids = Int32Array.from({ length: count * time }, () => random.nextInteger(vocabulary));
  return {
    lengths: new Int32Array(count).fill(time),
    labels: Int32Array.from({ length: count }, () => random.nextInteger(2)),
    readTokens: (example, target) => {
      target.set(ids.subarray(example * time, (example + 1) * time));
      return time;
    },
  };
}

/** The median milliseconds of a training row's step: batch, gradients, clipping and Adam, all of it. */
export async function measureTraining(row: TrainingRow, threads: number, replicas: number): Promise<number> {
  const trainer = Trainer.create({
    model: {
      architecture: 'textClassifier',
      spec: { ...row, layers: 1, bidirectional: false, classes: 2 },
      options: { classWeights: null, labelSmoothing: 0, dropout: 0, trainEmbedding: true, sparseEmbedding: true },
    },
    seed: 1,
    optimizer: { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    clip: { norm: 1 },
    replicas,
    threads,
    replicaScript,
  });
  trainer.weights.initialize((name) => {
    const random = createRandom(1, name);
    return () => random.nextFloat();
  });
  const source = randomExamples(row.batch, row.time, row.vocabulary);
  const examples = Int32Array.from({ length: row.batch }, (_, at) => at);
  const times: number[] = [];
  for (let step = 1; step <= row.steps + warmUp; step++) {
    const start = performance.now();
    const parts = deal(examples, replicas).map((part) => assembleBatch(source, part));
    await trainer.step(
      parts.map((part) => toShard(part, row.batch)),
      step,
      1e-3,
    );
    times.push(performance.now() - start);
  }
  await trainer.dispose();
  return median(times.slice(warmUp));
}

/** The median time of a forward pass by the exported file. */
export async function measureInference(row: InferenceRow, threads: number): Promise<number> {
  const vocabulary = 10_000;
  const spec: TextClassifierSpec = {
    vocabulary,
    embedding: 100,
    cell: 'lstm',
    hidden: 128,
    layers: 1,
    bidirectional: true,
    classes: 2,
  };
  const options = { classWeights: null, labelSmoothing: 0, dropout: 0, trainEmbedding: true, sparseEmbedding: true };
  const random = createRandom(1, 'inference');
  const { parameters } = buildTraining(spec, { ...options, padded: true });
  const arrays = new Map(
    parameters.map(({ name, shape, initialize }) => [name, initialize(shape, () => random.nextFloat())]),
  );
  const session = await Session.create(buildExport(spec, arrays, {}), { threads });
  const ids = BigInt64Array.from({ length: row.texts * row.time }, () => BigInt(random.nextInteger(vocabulary)));
  const feeds = {
    ids: tensor('int64', [row.texts, row.time], ids),
    lengths: tensor('int32', [row.texts], new Int32Array(row.texts).fill(row.time)),
  };
  const times: number[] = [];
  for (let round = 0; round < row.rounds + warmUp; round++) {
    const start = performance.now();
    await session.run(feeds);
    times.push(performance.now() - start);
  }
  await session.dispose();
  return median(times.slice(warmUp));
}
