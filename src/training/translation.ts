/** Translation by an encoder–decoder with attention, as a task of training. */
import { assemblePairs, planPairBatches, planPairEvaluation } from '../data/pairBatches';
import { loadPairs, type ParallelDataset } from '../data/parallelDataset';
import type { PiecesSettings } from '../data/pairVocabulary';
import { createRandom } from '../data/random';
import { told } from '../sentence';
import type { TranslationExperiment } from '../experiment/translationSchema';
import { openDataSource } from '../files/dataSource';
import { SpillFile } from '../files/spillFile';
import { pairFeeds, TranslationRunner } from '../inference/translationRunner';
import { type ScoredPair, TranslationScorer } from '../inference/translationScorer';
import type { TranslatorSetup } from '../models/architectures';
import type { DataSummary, TrainingEvent, TranslationMetrics } from '../protocol';
import { tensor } from '../runtime/session';
import { exportTranslator } from './exportTranslator';
import { readForeignTokenizer } from './readForeignTokenizer';
import { worthwhileReplicas } from './replicaCount';
import type { NamedTensors, Shard } from './shard';
import type { EpochPlan, ExportedScores, TrainingTask, Watch } from './task';
import { deal } from './textClassification';

/** Pairs of an evaluation batch. */
const evaluationBatch = 128;
/** Sources that the gate of the export compares in one padded batch. */
const gateExamples = 16;

export class Translation implements TrainingTask<TranslationMetrics> {
  readonly task = 'translation' as const;
  private runner: Promise<TranslationRunner> | null = null;
  private readonly referencesOf = new Map<'validation' | 'test', Promise<Map<number, string>>>();

  private constructor(
    private readonly experiment: TranslationExperiment,
    private readonly data: ParallelDataset,
    readonly model: TranslatorSetup,
    private readonly threads: number,
  ) {}

  /**
   * Reads the data of an experiment; paths are relative to `folder`.
   * @throws UserError where the data cannot be understood or is too little
   */
  static async open(
    experiment: TranslationExperiment,
    folder: string,
    threads: number,
    emit: (event: TrainingEvent) => void,
    signal: AbortSignal,
  ): Promise<Translation> {
    const data = await loadExperimentPairs(experiment, folder, emit, signal);
    for (const warning of data.warnings) emit({ type: 'warning', ...told(warning) });
    return new Translation(experiment, data, modelSetup(experiment, data), threads);
  }

  get hasTest(): boolean {
    return this.data.parts.test.length > 0;
  }

  replicas(available: number): number {
    return worthwhileReplicas(available, this.experiment.training.batchSize);
  }

  summary(): DataSummary {
    const { parts, sides, duplicatesAcrossParts } = this.data;
    return {
      classes: [],
      examples: { train: parts.train.length, validation: parts.validation.length, test: parts.test.length },
      vocabulary: sides.target.vocabulary.size,
      coverage: Math.min(sides.source.coverage, sides.target.coverage),
      duplicatesAcrossParts,
      vectorsFound: null,
    };
  }

  *fingerprint(): Iterable<string | Uint8Array> {
    const { sides, parts } = this.data;
    yield JSON.stringify(this.model.spec);
    for (const { vocabulary, pieces } of Object.values(sides)) {
      yield JSON.stringify(pieces.spec);
      for (const token of vocabulary.tokens) yield `${token}\n`;
    }
    for (const examples of Object.values(parts))
      yield new Uint8Array(examples.buffer, examples.byteOffset, examples.byteLength);
  }

  plan(epoch: number): EpochPlan {
    const { data, experiment } = this;
    const { batchSize, tokens, seed } = experiment.training;
    const size = batchSize === undefined ? { tokenBudget: tokens } : { batchSize };
    const batches = planPairBatches(data.lengths, data.parts.train, size, { seed, epoch });
    return {
      steps: batches.length,
      shards: (at, replicas) => {
        const parts = deal(batches[at]!, replicas);
        const total = batches[at]!.reduce((sum, example) => sum + data.lengths.target[example]! + 1, 0);
        return parts.map((part, replica) => this.shard(part, total, [epoch, at, replica]));
      },
    };
  }

  async evaluate(
    part: 'validation' | 'test',
    parameters: NamedTensors,
    { signal, onProgress }: Watch,
  ): Promise<TranslationMetrics> {
    const { data } = this;
    const examples = data.parts[part];
    const references = await this.references(part);
    const scorer = new TranslationScorer({
      runner: await this.runnerOnce(),
      parameters,
      maximumLength: this.experiment.data.maximumLength,
      target: data.sides.target,
    });
    let done = 0;
    for (const batch of planPairEvaluation(data.lengths, examples, evaluationBatch)) {
      signal?.throwIfAborted();
      const pairs = Array.from(batch, (example): ScoredPair => {
        const reference = references.get(example) ?? '';
        return { ...data.ids(example), reference, sourcePieces: data.sourcePieces(example) };
      });
      await scorer.add(pairs, signal);
      done += batch.length;
      onProgress?.(done / examples.length);
    }
    return scorer.metrics();
  }

  async export(
    experiment: string,
    parameters: NamedTensors,
    scores: ExportedScores<TranslationMetrics>,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const { data, model } = this;
    const { maximumLength, source, target } = this.experiment.data;
    const side = ({ pieces, vocabulary }: (typeof data.sides)['source']) => ({
      pieces: pieces.spec,
      vocabulary: [...vocabulary.tokens],
    });
    const metadata = {
      task: this.task,
      experiment,
      created: new Date().toISOString(),
      source: side(data.sides.source),
      target: model.spec.shared ? null : side(data.sides.target),
      maximumLength,
      columns: { source, target },
      model: model.spec,
      ...scores,
    };
    const examples = data.parts.validation;
    const stride = Math.max(1, Math.floor(examples.length / gateExamples));
    const chosen = examples.filter((_, at) => at % stride === 0).slice(0, gateExamples);
    const sources = Array.from(chosen, (example) => data.ids(example).source.slice(0, maximumLength));
    return exportTranslator(metadata, parameters, await this.runnerOnce(), sources, signal);
  }

  async dispose(): Promise<void> {
    this.data.dispose();
    await (await this.runner)?.dispose();
  }

  private shard(examples: Int32Array, total: number, place: readonly [number, number, number]): Shard {
    const batch = assemblePairs(Array.from(examples, (example) => this.data.ids(example)));
    const isPadded = batch.sourceLengths.some((length) => length !== batch.sourceTime);
    const { size, sourceTime, targetTime } = batch;
    return {
      variant: isPadded ? 'padded' : 'full',
      feeds: {
        ...pairFeeds(batch, isPadded),
        normaliser: tensor('float32', [], Float32Array.of(total)),
        ...(this.model.options.scheduledSampling
          ? { teacher: tensor('float32', [targetTime, 1, size], this.teacher(targetTime * size, size, place)) }
          : {}),
      },
      sizes: { source: sourceTime, target: targetTime, batch: size },
      tokens: batch.labels.length,
    };
  }

  /** 1 where the decoder is told the right token, 0 where it reads its own; the first step has nothing of its own to read. */
  private teacher(count: number, size: number, place: readonly [number, number, number]): Float32Array {
    const { scheduledSampling, epochs, seed } = this.experiment.training;
    const [epoch] = place;
    const share = epochs === 1 ? scheduledSampling : (scheduledSampling * (epoch - 1)) / (epochs - 1);
    const random = createRandom(seed, 'sampling', ...place);
    return Float32Array.from({ length: count }, (_, at) => (random.nextFloat() < share && at >= size ? 0 : 1));
  }

  private references(part: 'validation' | 'test'): Promise<Map<number, string>> {
    let references = this.referencesOf.get(part);
    if (references === undefined) {
      references = this.data.references(part);
      this.referencesOf.set(part, references);
    }
    return references;
  }

  private runnerOnce(): Promise<TranslationRunner> {
    this.runner ??= TranslationRunner.create(this.model.spec, this.threads);
    return this.runner;
  }
}

/**
 * Reads the pairs of an experiment; paths are relative to `folder`. The caller disposes of the data.
 * @throws UserError where the data cannot be understood or is too little
 */
async function loadExperimentPairs(
  { data: options, features, training }: TranslationExperiment,
  folder: string,
  emit: (event: TrainingEvent) => void,
  signal: AbortSignal,
): Promise<ParallelDataset> {
  const source = (value: string | number) => (typeof value === 'number' ? value : openDataSource(value, folder));
  let told = -1;
  return loadPairs({
    train: await openDataSource(options.train, folder),
    validation: await source(options.validation),
    test: await source(options.test),
    columns: { source: options.source, target: options.target },
    pieces: await piecesOf(features, folder),
    vocabulary: { maximumSize: features.vocabulary, minimumCount: features.minimumCount },
    shared: features.shared,
    maximumLength: options.maximumLength,
    seed: training.seed,
    idStore: { spill: () => new SpillFile() },
    onProgress: (done, total) => {
      const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
      if (percent !== told) emit({ type: 'phase', phase: 'reading', fraction: percent / 100 });
      told = percent;
    },
    signal,
  });
}

async function piecesOf(features: TranslationExperiment['features'], folder: string): Promise<PiecesSettings> {
  if (features.type !== 'tokenizer') return { type: features.type, lowercase: features.lowercase };
  const source = await readForeignTokenizer(features.source, folder);
  return {
    type: 'tokenizer',
    tokenizers: {
      source,
      target: features.target === undefined ? source : await readForeignTokenizer(features.target, folder),
    },
  };
}

function modelSetup({ features, model, training }: TranslationExperiment, { sides }: ParallelDataset): TranslatorSetup {
  const { cell, hidden, layers, bidirectional, attention, inputFeeding } = model;
  return {
    architecture: 'translator',
    spec: {
      sourceVocabulary: sides.source.vocabulary.size,
      targetVocabulary: sides.target.vocabulary.size,
      shared: features.shared,
      embedding: features.embedding.size,
      ...{ cell, hidden, layers, bidirectional, attention, inputFeeding },
    },
    options: {
      dropout: model.dropout,
      labelSmoothing: training.labelSmoothing,
      scheduledSampling: training.scheduledSampling > 0,
      sparseEmbedding: features.embedding.updates === 'sparse',
    },
  };
}
