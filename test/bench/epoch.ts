/** One epoch of an experiment's own data: as a run trains it, and the same examples for the peer. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { planBatches } from '../../src/data/batches';
import { createRandom } from '../../src/data/random';
import type { ClassificationExperiment } from '../../src/experiment/classificationSchema';
import { parseExperiment } from '../../src/experiment/parseExperiment';
import { trainerSetup } from '../../src/training/classifierSetup';
import { loadExperimentData } from '../../src/training/experimentData';
import { Trainer } from '../../src/training/trainer';
import { replicaScript } from './ours';

export class RealEpoch {
  private constructor(
    private readonly experiment: ClassificationExperiment,
    private readonly data: Awaited<ReturnType<typeof loadExperimentData>>['data'],
    private readonly folder: string,
  ) {}

  static async load(file: string): Promise<RealEpoch> {
    const { experiment } = parseExperiment(await readFile(file, 'utf8'), file);
    if (experiment.task !== 'classification') throw new Error(`${file} is no experiment of classification.`);
    const { signal } = new AbortController();
    const { data } = await loadExperimentData(experiment, dirname(resolve(file)), () => undefined, signal);
    return new RealEpoch(experiment, data, await mkdtemp(join(tmpdir(), 'sequence-lab-bench-')));
  }

  /** Real tokens of the training part. */
  get tokens(): number {
    return this.data.parts.train.tokens;
  }

  /** Milliseconds of one epoch of steps. */
  async ours(threads: number): Promise<number> {
    const { experiment, data } = this;
    const { batchSize, seed } = experiment.training;
    const trainer = await Trainer.create({ ...trainerSetup(experiment, data, threads), replicaScript });
    trainer.weights.initialize((name) => {
      const random = createRandom(seed, 'weights', name);
      return () => random.nextFloat();
    });
    const start = performance.now();
    const size = { batchSize: batchSize ?? 32 };
    const batches = planBatches(data.lengths, data.parts.train.examples, size, { seed, epoch: 1 });
    for (const [at, batch] of batches.entries()) await trainer.step(data, batch, at + 1, 1e-3);
    const milliseconds = performance.now() - start;
    await trainer.dispose();
    return milliseconds;
  }

  /** The row of the peer: the same examples in a file, the same model. */
  async peerRow(): Promise<object> {
    const { experiment, data, folder } = this;
    const file = join(folder, 'examples.json');
    const examples = Array.from(data.parts.train.examples, (at) => [Array.from(data.tokens(at)), data.labels[at]]);
    await writeFile(file, JSON.stringify(examples));
    const { model, features, training } = experiment;
    return {
      file,
      cell: model.cell,
      vocabulary: data.vocabulary.size,
      embedding: features.embedding.size,
      hidden: model.hidden,
      bidirectional: model.bidirectional,
      dropout: model.dropout,
      classes: data.classes.length,
      batch: training.batchSize ?? 32,
    };
  }

  async dispose(): Promise<void> {
    this.data.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }
}
