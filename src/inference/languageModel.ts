/** A language model from the bytes of a model file alone: a text in, and how it goes on out. */
import { setImmediate as turn } from 'node:timers/promises';
import { createLosslessTokenizer, type LosslessTokenizer } from '../data/losslessTokenizer';
import { createRandom } from '../data/random';
import type { TextPart } from '../data/textCorpus';
import { padId, unknownId, Vocabulary } from '../data/vocabulary';
import { sentence } from '../sentence';
import { exportedNames, nextStateName, stateNames } from '../models/languageModel';
import type { LanguageModelMetrics } from '../protocol';
import { Session, tensor, type Tensor } from '../runtime/session';
import type { LanguageModelMetadata } from './languageModelMetadata';
import { languageModelMetrics, planScoring } from './languageModelMetrics';
import { damagedModel, type ModelFile } from './modelFile';
import { checkSampling, outOfRange, sampleToken, type SamplingOptions } from './sampling';

/** States between two runs, `[layers, batch, hidden]` by name. */
export type States = Readonly<Record<string, Tensor<'float32'>>>;

export interface GenerationOptions extends SamplingOptions {
  /** Tokens to add. */
  readonly length: number;
  readonly seed: number;
}

/** Tokens of a prompt that are read in one run. */
const promptWindow = 256;
/** Milliseconds of work after which the event loop gets a turn. */
const slice = 15;

export class LanguageModel {
  readonly task = 'languageModel';
  private readonly tokenizer: LosslessTokenizer;
  private readonly vocabulary: Vocabulary;
  /** Ids that can be generated: all but padding and unknown. */
  private readonly tokens: Int32Array;

  private constructor(
    readonly metadata: LanguageModelMetadata,
    private readonly session: Session,
  ) {
    this.tokenizer = createLosslessTokenizer(metadata.tokenizer);
    this.vocabulary = new Vocabulary(metadata.vocabulary);
    this.tokens = Int32Array.from(metadata.vocabulary.keys()).filter((id) => id !== padId && id !== unknownId);
  }

  /** @throws UserError naming `file` where the graph does not fit the description */
  static async create({ bytes, file, threads }: ModelFile, metadata: LanguageModelMetadata): Promise<LanguageModel> {
    try {
      const model = new LanguageModel(metadata, await Session.create(bytes, { threads }));
      const { logProbabilities } = await model.run(Int32Array.of(unknownId), 1);
      if (logProbabilities.length === metadata.vocabulary.length) return model;
    } catch {
      // Told below, as any other graph that does not fit.
    }
    throw damagedModel(file);
  }

  /**
   * Log-probabilities `[batch, time, vocabulary]` of the tokens after `ids` `[batch, time]`, and the states after them.
   * @param states those of a run before; zeros without
   */
  async run(
    ids: Int32Array,
    batch: number,
    states: States = this.zeroStates(batch),
  ): Promise<{ logProbabilities: Float32Array; states: States }> {
    const results = await this.session.run({
      ...states,
      [exportedNames.ids]: tensor('int64', [batch, ids.length / batch], BigInt64Array.from(ids, BigInt)),
    });
    return {
      logProbabilities: results[exportedNames.logProbabilities]!.data as Float32Array,
      states: Object.fromEntries(
        stateNames(this.metadata.model).map((name) => [name, results[nextStateName(name)] as Tensor<'float32'>]),
      ),
    };
  }

  /**
   * Goes on with a text, token by token; `onText` takes each token's text. An empty prompt is read as a line break, or as
   * the most frequent token where the vocabulary has none.
   * @returns the tokens that were added
   * @throws UserError for an option out of its range, and the signal's reason when it aborts
   */
  async generate(
    prompt: string,
    options: GenerationOptions,
    onText: (text: string) => void,
    signal?: AbortSignal,
  ): Promise<number> {
    checkSampling(options);
    const { length, seed } = options;
    if (!(Number.isSafeInteger(length) && length >= 1 && length <= 1_000_000)) {
      throw outOfRange('length', sentence`a whole number from 1 to 1000000`, length);
    }
    if (!Number.isSafeInteger(seed)) throw outOfRange('seed', sentence`a whole number`, seed);
    const random = createRandom(seed, 'generate');
    // A space at the end belongs to the word that follows: the first word brings it along, and it is not told twice.
    const isSpaceHeld = this.metadata.tokenizer.type !== 'characters' && prompt.endsWith(' ');
    let candidates = isSpaceHeld ? this.tokens.filter((id) => this.startsWord(id)) : this.tokens;
    let drop = candidates.length > 0 && isSpaceHeld ? 1 : 0;
    if (candidates.length === 0) candidates = this.tokens;
    const write = this.tokenizer.writer();
    let ids = this.encodePrompt(isSpaceHeld ? prompt.slice(0, -1) : prompt);
    let states: States | undefined;
    let started = performance.now();
    const pause = async (): Promise<void> => {
      signal?.throwIfAborted();
      if (performance.now() - started < slice) return;
      await turn();
      signal?.throwIfAborted();
      started = performance.now();
    };
    for (; ids.length > promptWindow; ids = ids.subarray(promptWindow)) {
      ({ states } = await this.run(ids.subarray(0, promptWindow), 1, states));
      await pause();
    }
    const size = this.vocabulary.size;
    for (let count = 0; count < length; count += 1) {
      const result = await this.run(ids, 1, states);
      states = result.states;
      const id = sampleToken(result.logProbabilities.subarray(-size), candidates, options, () => random.nextFloat());
      onText(write(this.vocabulary.tokens[id]!).slice(drop));
      candidates = this.tokens;
      drop = 0;
      ids = Int32Array.of(id);
      await pause();
    }
    return length;
  }

  /**
   * The scores on a text: every token but the first is predicted.
   * @throws the signal's reason when it aborts
   */
  async score(
    part: TextPart,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<LanguageModelMetrics> {
    const size = this.vocabulary.size;
    const { streams, all, window } = planScoring(part, size);
    let states: States | undefined;
    let sum = 0;
    let count = 0;
    for (let from = 0; from < streams.longest; from += window) {
      signal.throwIfAborted();
      const { time, ids, targets } = streams.window(from, Math.min(streams.longest, from + window), all);
      const rows = Int32Array.from(ids, (_, at) => ids[(at % time) * streams.count + Math.floor(at / time)]!);
      const result = await this.run(rows, streams.count, states);
      states = result.states;
      targets.forEach((target, at) => {
        if (target < 0) return;
        const row = (at % streams.count) * time + Math.floor(at / streams.count);
        sum -= result.logProbabilities[row * size + target]!;
        count += 1;
      });
      onProgress(Math.min(1, (from + time) / streams.longest));
      await turn();
    }
    return languageModelMetrics(sum / count, part);
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }

  private encodePrompt(prompt: string): Int32Array {
    const ids = this.vocabulary.encode(this.tokenizer.tokenize(prompt));
    if (ids.length > 0) return ids;
    const start = this.vocabulary.idOf(this.tokenizer.tokenize('\n')[0]!);
    return Int32Array.of(start === unknownId ? this.tokens[0]! : start);
  }

  /** Whether a token is a space with something after it. */
  private startsWord(id: number): boolean {
    return /^ \S/u.test(this.tokenizer.writer()(this.vocabulary.tokens[id]!));
  }

  private zeroStates(batch: number): States {
    const { layers, hidden } = this.metadata.model;
    const zero = (): Float32Array => new Float32Array(layers * batch * hidden);
    return Object.fromEntries(
      stateNames(this.metadata.model).map((name) => [name, tensor('float32', [layers, batch, hidden], zero())]),
    );
  }
}
