/** One epoch of an experiment's own data: as a run trains it, and the same examples for the peer. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createRandom } from '../../src/data/random';
import type { ClassificationExperiment } from '../../src/experiment/classificationSchema';
import { isTextClassification, isVectorClassification } from '../../src/experiment/experimentKinds';
import { parseExperiment } from '../../src/experiment/parseExperiment';
import { TextClassification } from '../../src/training/textClassification';
import { Trainer } from '../../src/training/trainer';
import { replicaScript } from './ours';

export class RealEpoch {
  private constructor(
    private readonly experiment: ClassificationExperiment,
    private readonly task: TextClassification,
    /** Folder that the experiment's paths are relative to. */
    private readonly dataFolder: string,
    /** Folder for files of the benchmark's own. */
    private readonly folder: string,
  ) {}

  static async load(file: string, threads: number): Promise<RealEpoch> {
    const { experiment } = parseExperiment(await readFile(file, 'utf8'), file);
    if (!isTextClassification(experiment) || isVectorClassification(experiment)) {
      throw new Error(`${file} is not about sequences.`);
    }
    const { signal } = new AbortController();
    const task = await TextClassification.open(experiment, dirname(resolve(file)), threads, () => undefined, signal);
    return new RealEpoch(
      experiment,
      task,
      dirname(resolve(file)),
      await mkdtemp(join(tmpdir(), 'sequence-lab-bench-')),
    );
  }

  /** Real tokens of the training part. */
  get tokens(): number {
    return this.task.data.parts.train.tokens;
  }

  /** Milliseconds of one epoch of steps. */
  async ours(threads: number): Promise<number> {
    const { task } = this;
    const { seed, optimizer, clip } = this.experiment.training;
    const replicas = task.replicas(threads);
    const trainer = Trainer.create({
      model: task.model,
      seed,
      optimizer,
      clip,
      replicas,
      threads,
      replicaScript,
    });
    trainer.weights.initialize((name) => {
      const random = createRandom(seed, 'weights', name);
      return () => random.nextFloat();
    });
    const start = performance.now();
    const plan = task.plan(1);
    for (let at = 0; at < plan.steps; at++) await trainer.step(plan.shards(at, replicas), at + 1, 1e-3);
    const milliseconds = performance.now() - start;
    await trainer.dispose();
    return milliseconds;
  }

  /** The row of the peer: the same examples in a file, the same model. */
  async peerRow(): Promise<object> {
    const { experiment, folder } = this;
    const { data } = this.task;
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

  /** An experiment file of one epoch on the same data, for a training from the file to the model. */
  async oneEpochFile(): Promise<string> {
    const { data, training } = this.experiment;
    const path = (file: string): string => resolve(this.dataFolder, file);
    const files = Object.fromEntries(
      Object.entries(data).map(([key, value]) => [
        key,
        isFileKey(key) && typeof value === 'string' ? path(value) : value,
      ]),
    );
    const file = join(this.folder, 'once.rnn.json');
    await writeFile(file, JSON.stringify({ ...this.experiment, data: files, training: { ...training, epochs: 1 } }));
    return file;
  }

  async dispose(): Promise<void> {
    await this.task.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function isFileKey(key: string): boolean {
  return ['train', 'validation', 'test'].includes(key);
}
