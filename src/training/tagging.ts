/** Tagging of tokens by a recurrent network, as a task of training. */
import { planBatches } from '../data/batches';
import { assembleTagBatch, type TagBatch } from '../data/tagBatches';
import { loadTagged, type TaggedDataset } from '../data/taggedDataset';
import type { PartName } from '../data/split';
import { readWordVectors, type WordVectors } from '../data/wordVectors';
import type { TaggingExperiment } from '../experiment/taggingSchema';
import { openDataFile } from '../files/dataSource';
import { evaluateTagger } from '../inference/evaluateTagger';
import type { TaggerSetup } from '../models/architectures';
import type { DataSummary, TaggingMetrics, TrainingEvent } from '../protocol';
import { tensor } from '../runtime/session';
import { told } from '../sentence';
import { applyVectors } from './experimentData';
import { openTagged, type TaggedPaths } from './openData';
import { paddingTensors } from './paddingTensors';
import { worthwhileReplicas } from './replicaCount';
import type { NamedTensors, Shard } from './shard';
import { TaggingEvaluator } from './taggingEvaluator';
import type { EpochPlan, ExportedScores, TrainingTask, Watch } from './task';
import { deal } from './textClassification';
import type { Weights } from './weights';

/** Sentences that the gate of the export compares in one padded batch. */
const gateSentences = 32;

export class Tagging implements TrainingTask<TaggingMetrics> {
  readonly task = 'tagging' as const;
  private evaluator: Promise<TaggingEvaluator> | null = null;

  private constructor(
    private readonly experiment: TaggingExperiment,
    private readonly data: TaggedDataset,
    private readonly vectors: WordVectors | null,
    readonly model: TaggerSetup,
    private readonly threads: number,
  ) {}

  /**
   * Reads the data of an experiment; paths are relative to `folder`.
   * @throws UserError where the data cannot be understood or is too little
   */
  static async open(
    experiment: TaggingExperiment,
    folder: string,
    threads: number,
    emit: (event: TrainingEvent) => void,
    signal: AbortSignal,
  ): Promise<Tagging> {
    const { data: options, features, training } = experiment;
    const columns = { token: options.tokenColumn, tag: options.tagColumn };
    const files = (paths: TaggedPaths) => openTagged(paths, columns, folder);
    const part = (paths: TaggedPaths | number) => (typeof paths === 'number' ? paths : files(paths));
    const { vectors: vectorPath, size: width } = features.embedding;
    const vectorFile = vectorPath === undefined ? null : await openDataFile(vectorPath, folder);
    const data = await loadTagged({
      train: await files(options.train),
      validation: await part(options.validation),
      test: await part(options.test),
      lowercase: features.lowercase,
      maximumLength: options.maximumLength,
      vocabulary: { maximumSize: features.vocabulary, minimumCount: features.minimumCount },
      seed: training.seed,
      signal,
    });
    for (const warning of data.warnings) emit({ type: 'warning', ...told(warning) });
    const { tokens } = data.vocabulary;
    const vectors = vectorFile === null ? null : await readWordVectors(vectorFile, { tokens, width, signal });
    return new Tagging(experiment, data, vectors, taggerSetup(experiment, data), threads);
  }

  get hasTest(): boolean {
    return this.data.parts.test.length > 0;
  }

  replicas(available: number): number {
    return worthwhileReplicas(available, this.experiment.training.batchSize);
  }

  start(weights: Weights): void {
    applyVectors(weights, this.vectors);
  }

  summary(): DataSummary {
    const { data, vectors } = this;
    const { train, validation, test } = data.parts;
    return {
      classes: data.tagCounts(),
      examples: { train: train.length, validation: validation.length, test: test.length },
      vocabulary: data.vocabulary.size,
      coverage: data.coverage('train'),
      duplicatesAcrossParts: data.duplicatesAcrossParts,
      vectorsFound: vectors?.foundShare ?? null,
    };
  }

  *fingerprint(): Iterable<string | Uint8Array> {
    const { tags, vocabulary, parts } = this.data;
    for (const text of [JSON.stringify(this.model.spec), ...tags, ...vocabulary.tokens]) yield `${text}\n`;
    for (const part of Object.values(parts)) yield new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  }

  plan(epoch: number): EpochPlan {
    const { data, experiment } = this;
    const { batchSize, tokens, seed } = experiment.training;
    const size = batchSize === undefined ? { tokenBudget: tokens } : { batchSize };
    const batches = planBatches(data.lengths, data.parts.train, size, { seed, epoch });
    return {
      steps: batches.length,
      shards: (at, replicas) => {
        const parts = deal(batches[at]!, replicas).map((sentences) => this.assemble(sentences));
        const { crf } = this.model.spec;
        const normaliser = parts.reduce((sum, part) => sum + (crf ? part.size : part.tokens), 0);
        return parts.map((part) => toShard(part, normaliser));
      },
    };
  }

  async evaluate(part: 'validation' | 'test', parameters: NamedTensors, watch: Watch): Promise<TaggingMetrics> {
    const evaluator = await this.evaluatorOnce();
    return evaluateTagger({
      data: this.data,
      sentences: this.data.parts[part],
      crf: evaluator.crf(parameters),
      emissions: (sentences) => evaluator.emissions(this.idsOf(sentences), parameters),
      ...watch,
    });
  }

  async export(
    experiment: string,
    parameters: NamedTensors,
    scores: ExportedScores<TaggingMetrics>,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const { data, model } = this;
    const { maximumLength, tokenColumn, tagColumn } = this.experiment.data;
    const metadata = {
      task: this.task,
      experiment,
      created: new Date().toISOString(),
      tokenizer: { type: 'words' as const, lowercase: this.experiment.features.lowercase },
      vocabulary: [...data.vocabulary.tokens],
      labels: [...data.tags],
      maximumLength,
      columns: { token: tokenColumn, tag: tagColumn ?? null },
      model: model.spec,
      ...scores,
    };
    const evaluator = await this.evaluatorOnce();
    return evaluator.export(metadata, parameters, this.idsOf(this.spread('validation', gateSentences)), signal);
  }

  async dispose(): Promise<void> {
    await (await this.evaluator)?.dispose();
  }

  private evaluatorOnce(): Promise<TaggingEvaluator> {
    this.evaluator ??= TaggingEvaluator.create(this.model.spec, this.threads);
    return this.evaluator;
  }

  private assemble(sentences: Int32Array): TagBatch {
    const { data } = this;
    const numbered = Array.from(sentences, (at) => ({ ids: data.tokens(at), tags: data.tagsOf(at) }));
    return assembleTagBatch(numbered, data.tags.length);
  }

  private idsOf(sentences: Int32Array): Int32Array[] {
    return Array.from(sentences, (sentence) => this.data.tokens(sentence));
  }

  /** Up to `count` sentences, evenly from all of a part. */
  private spread(part: PartName, count: number): Int32Array {
    const sentences = this.data.parts[part];
    const stride = Math.max(1, Math.floor(sentences.length / count));
    return sentences.filter((_, at) => at % stride === 0).slice(0, count);
  }
}

/** A part of a batch as the graph's inputs; `normaliser` is the number of sequences or tokens of the whole batch. */
export function toShard({ time, size, ids, tags, previous, lengths, tokens }: TagBatch, normaliser: number): Shard {
  const isPadded = lengths.some((length) => length !== time);
  return {
    variant: isPadded ? 'padded' : 'full',
    feeds: {
      ids: tensor('int32', [time, size], ids),
      tags: tensor('int32', [time, size], tags),
      previous: tensor('int32', [time, size], previous),
      normaliser: tensor('float32', [], Float32Array.of(normaliser)),
      ...(isPadded ? paddingTensors(time, size, lengths) : {}),
    },
    sizes: { time, batch: size },
    tokens,
  };
}

function taggerSetup({ features, model }: TaggingExperiment, data: TaggedDataset): TaggerSetup {
  const { size, trainable, updates } = features.embedding;
  return {
    architecture: 'tagger',
    spec: {
      vocabulary: data.vocabulary.size,
      embedding: size,
      cell: model.cell === 'rnn' && model.activation === 'relu' ? 'rnn-relu' : model.cell,
      hidden: model.hidden,
      layers: model.layers,
      bidirectional: model.bidirectional,
      tags: data.tags.length,
      crf: model.crf,
    },
    options: { dropout: model.dropout, trainEmbedding: trainable, sparseEmbedding: updates === 'sparse' },
  };
}
