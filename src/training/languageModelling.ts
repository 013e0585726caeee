/**
 * Language modelling as a task of training: the text is cut into parallel streams, read window by window, with the states
 * carried over from each window to the next and reset where an epoch starts.
 */
import type { LosslessSettings } from '../data/losslessTokenizer';
import { runningTokenizer } from '../data/runningTokenizer';
import { Streams } from '../data/streams';
import { readTextCorpus, type TextCorpus } from '../data/textCorpus';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import type { LanguageModelExperiment } from '../experiment/languageModelSchema';
import { openTextSource } from '../files/textFiles';
import type { LanguageModelSetup } from '../models/architectures';
import type { DataSummary, LanguageModelMetrics, TrainingEvent } from '../protocol';
import { tensor, type Tensor } from '../runtime/session';
import { exportLanguageModel } from './exportLanguageModel';
import { LanguageModelEvaluator, nextStates, zeroStates } from './languageModelEvaluator';
import { readForeignTokenizer } from './readForeignTokenizer';
import { worthwhileReplicas } from './replicaCount';
import type { NamedTensors, Shard } from './shard';
import type { EpochPlan, ExportedScores, TrainingTask, Watch } from './task';

export class LanguageModelling implements TrainingTask<LanguageModelMetrics> {
  readonly task = 'languageModel' as const;
  private readonly streams: Streams;
  /** States after the last window, by shard. */
  private states: readonly NamedTensors[] = [];
  private evaluator: Promise<LanguageModelEvaluator> | null = null;

  private constructor(
    private readonly experiment: LanguageModelExperiment,
    private readonly corpus: TextCorpus,
    readonly model: LanguageModelSetup,
    private readonly threads: number,
  ) {
    this.streams = new Streams(corpus.parts.train.ids, streamCount(experiment));
    if (this.streams.length === 0) {
      throw new UserError(
        sentence`The training part has ${corpus.parts.train.ids.length} tokens, too few for ${this.streams.count} streams side by side; lower training.batchSize or use more text.`,
        { file: experiment.data.train },
      );
    }
  }

  /**
   * Reads the text of an experiment; paths are relative to `folder`.
   * @throws UserError where the text cannot be read or is too little
   */
  static async open(
    experiment: LanguageModelExperiment,
    folder: string,
    threads: number,
    emit: (event: TrainingEvent) => void,
    signal: AbortSignal,
  ): Promise<LanguageModelling> {
    const { data, features } = experiment;
    const source = (value: string | number) => (typeof value === 'number' ? value : openTextSource(value, folder));
    let told = -1;
    const corpus = await readTextCorpus({
      train: await openTextSource(data.train, folder),
      validation: await source(data.validation),
      test: await source(data.test),
      tokenizer: await tokenizerOf(features, folder),
      vocabulary: { maximumSize: features.vocabulary, minimumCount: features.minimumCount },
      onProgress: (done, total) => {
        const percent = Math.floor((100 * done) / Math.max(1, total));
        if (percent > told) emit({ type: 'phase', phase: 'reading', fraction: percent / 100 });
        told = percent;
      },
      signal,
    });
    return new LanguageModelling(experiment, corpus, modelSetup(experiment, corpus), threads);
  }

  get hasTest(): boolean {
    return this.corpus.parts.test.ids.length > 0;
  }

  replicas(available: number): number {
    return worthwhileReplicas(available, this.streams.count);
  }

  summary(): DataSummary {
    const { parts, vocabulary, coverage } = this.corpus;
    return {
      classes: [],
      examples: {
        train: parts.train.ids.length,
        validation: parts.validation.ids.length,
        test: parts.test.ids.length,
      },
      unit: 'tokens',
      vocabulary: vocabulary.size,
      coverage,
      duplicatesAcrossParts: 0,
      vectorsFound: null,
    };
  }

  *fingerprint(): Iterable<string | Uint8Array> {
    const { vocabulary, parts } = this.corpus;
    for (const text of [JSON.stringify(this.model.spec), ...vocabulary.tokens]) yield `${text}\n`;
    for (const { ids } of Object.values(parts)) yield new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength);
  }

  plan(): EpochPlan {
    const { streams } = this;
    const { sequenceLength } = this.experiment.training;
    return {
      steps: Math.ceil(streams.length / sequenceLength),
      shards: (batch, replicas) => {
        const from = batch * sequenceLength;
        const to = Math.min(streams.length, from + sequenceLength);
        const groups = dealStreams(streams.count, replicas);
        const normaliser = (to - from) * streams.count;
        return groups.map((group, at): Shard => {
          const { time, ids, targets } = streams.window(from, to, group);
          const dims = [time, group.length];
          return {
            variant: 'full',
            feeds: {
              ids: tensor('int32', dims, ids),
              targets: tensor('int32', dims, targets),
              normaliser: tensor('float32', [], Float32Array.of(normaliser)),
              ...(batch === 0 ? zeroStates(this.model.spec, group.length) : this.states[at]!),
            },
            sizes: { time, batch: group.length },
            tokens: ids.length,
          };
        });
      },
      take: (_batch, outputs) => {
        this.states = outputs.map((output) => nextStates(this.model.spec, output));
      },
    };
  }

  carried(): NamedTensors {
    return Object.fromEntries(
      this.states.flatMap((states, shard) =>
        Object.entries(states).map(([name, state]) => [`${shard}.${name}`, state] as const),
      ),
    );
  }

  restoreCarried(tensors: NamedTensors): void {
    const states: Record<string, Tensor<'float32'>>[] = [];
    for (const [key, state] of Object.entries(tensors)) {
      const [shard, name] = key.split('.') as [string, string];
      (states[Number(shard)] ??= {})[name] = state;
    }
    this.states = states;
  }

  async evaluate(part: 'validation' | 'test', parameters: NamedTensors, watch: Watch): Promise<LanguageModelMetrics> {
    return (await this.evaluatorOnce()).evaluate(this.corpus.parts[part], parameters, watch);
  }

  async export(
    experiment: string,
    parameters: NamedTensors,
    scores: ExportedScores<LanguageModelMetrics>,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const metadata = {
      task: this.task,
      experiment,
      created: new Date().toISOString(),
      tokenizer: this.corpus.tokenizer,
      vocabulary: [...this.corpus.vocabulary.tokens],
      model: this.model.spec,
      ...scores,
    };
    return exportLanguageModel(
      metadata,
      parameters,
      await this.evaluatorOnce(),
      this.corpus.parts.validation.ids,
      signal,
    );
  }

  async dispose(): Promise<void> {
    await (await this.evaluator)?.dispose();
  }

  private evaluatorOnce(): Promise<LanguageModelEvaluator> {
    this.evaluator ??= LanguageModelEvaluator.create(this.model.spec, this.threads);
    return this.evaluator;
  }
}

async function tokenizerOf(features: LanguageModelExperiment['features'], folder: string): Promise<LosslessSettings> {
  if (features.type !== 'tokenizer') return { type: features.type, lowercase: features.lowercase };
  const foreign = await readForeignTokenizer(features.source, folder);
  return { type: 'tokenizer', ...runningTokenizer(foreign, features.source) };
}

/** Streams that are read side by side; with a token budget as many as fill it. */
function streamCount({ training }: LanguageModelExperiment): number {
  const { batchSize, tokens, sequenceLength } = training;
  return batchSize ?? Math.max(1, Math.floor(tokens / sequenceLength));
}

/** The streams of each replica: the same ones in every window, so that each keeps its own states. */
function dealStreams(count: number, replicas: number): number[][] {
  const groups = Math.min(replicas, count);
  return Array.from({ length: groups }, (_, group) =>
    Array.from({ length: Math.ceil((count - group) / groups) }, (__, at) => group + at * groups),
  );
}

function modelSetup({ features, model, training }: LanguageModelExperiment, corpus: TextCorpus): LanguageModelSetup {
  return {
    architecture: 'languageModel',
    spec: {
      vocabulary: corpus.vocabulary.size,
      embedding: features.embedding.size,
      cell: model.cell === 'rnn' && model.activation === 'relu' ? 'rnn-relu' : model.cell,
      hidden: model.hidden,
      layers: model.layers,
      tied: model.tied,
    },
    options: { dropout: model.dropout, labelSmoothing: training.labelSmoothing },
  };
}
