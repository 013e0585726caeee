/** Runs the graphs of a translator on ids, with parameters that are given anew each time; knows no texts. */
import { assemblePairs, type IdPair, type PairBatch } from '../data/pairBatches';
import { beginId, endId } from '../data/pairVocabulary';
import { buildTranslatorForward } from '../models/translator';
import type { TranslatorSpec } from '../models/translatorParts';
import { buildTranslatorEncoder, buildTranslatorStep, stateNames } from '../models/translatorSearch';
import { type Feeds, Session, tensor, type Tensor } from '../runtime/session';
import type { Expand } from './beamSearch';
import { largestWeight } from './writeTranslation';

/** A translation as ids. */
export interface IdTranslation {
  /** Without the end. */
  readonly ids: Int32Array;
  /** For each id the place in the source, its end left out, that the model looked at the most. */
  readonly lookedAt: Int32Array;
}

/** Most tokens of a translation, its end counted: sentences are not much longer than what they translate. */
export function translationLimit(sourceLength: number, maximumLength: number): number {
  return Math.min(maximumLength, 2 * sourceLength + 10) + 1;
}

/** The inputs of a graph that reads source texts. */
export function sourceFeeds({ source, sourceTime, sourceLengths, size }: PairBatch, padded: boolean): Feeds {
  const ids = tensor('int32', [sourceTime, size], source);
  if (!padded) return { source: ids };
  const [mask, last] = [new Float32Array(sourceTime * size), new Float32Array(sourceTime * size)];
  sourceLengths.forEach((length, column) => {
    for (let step = 0; step < length; step++) mask[step * size + column] = 1;
    last[(length - 1) * size + column] = 1;
  });
  const dims = [sourceTime, 1, size];
  return { source: ids, mask: tensor('float32', dims, mask), last: tensor('float32', dims, last) };
}

/** The inputs of a graph that is told the target texts too. */
export function pairFeeds(batch: PairBatch, padded: boolean): Feeds {
  const { target, targetTime, size, labels, places } = batch;
  return {
    ...sourceFeeds(batch, padded),
    target: tensor('int32', [targetTime, size], target),
    labels: tensor('int32', [labels.length], labels),
    places: tensor('int32', [places.length], places),
  };
}

export class TranslationRunner {
  private readonly names: readonly string[];

  private constructor(
    readonly spec: TranslatorSpec,
    private readonly encoder: Session,
    private readonly decoder: Session,
    private readonly forward: Session,
  ) {
    this.names = stateNames(spec);
  }

  static async create(spec: TranslatorSpec, threads: number): Promise<TranslationRunner> {
    const session = (bytes: Uint8Array): Promise<Session> => Session.create(bytes, { threads });
    return new TranslationRunner(
      spec,
      await session(buildTranslatorEncoder(spec)),
      await session(buildTranslatorStep(spec)),
      await session(buildTranslatorForward(spec)),
    );
  }

  /** What the model makes of given targets: see `buildTranslatorForward`. */
  async judge(
    pairs: readonly IdPair[],
    parameters: Feeds,
  ): Promise<{ losses: Float32Array; largest: Float32Array; attention: Float32Array; batch: PairBatch }> {
    const batch = assemblePairs(pairs);
    const results = await run(this.forward, { ...parameters, ...pairFeeds(batch, true) });
    const { losses, largest, attention } = results as Record<string, Tensor<'float32'>>;
    return { losses: losses!.data, largest: largest!.data, attention: attention!.data, batch };
  }

  /** Sum of the losses of a batch's target tokens in nats, and their number. */
  async loss(pairs: readonly IdPair[], parameters: Feeds): Promise<{ sum: number; tokens: number }> {
    const batch = assemblePairs(pairs);
    const { losses } = await run(this.forward, { ...parameters, ...pairFeeds(batch, true) }, ['losses']);
    const { data } = losses as Tensor<'float32'>;
    return { sum: data.reduce((sum, loss) => sum + loss, 0), tokens: data.length };
  }

  /**
   * Translates sources (ids without end), each step with the most probable token.
   * @throws the signal's reason when it aborts
   */
  async greedy(
    sources: readonly Int32Array[],
    maximumLength: number,
    parameters: Feeds,
    signal?: AbortSignal,
  ): Promise<IdTranslation[]> {
    const { memory, states: first } = await this.read(sources, parameters);
    const limits = sources.map(({ length }) => translationLimit(length, maximumLength));
    const written = sources.map(() => ({ ids: [] as number[], lookedAt: [] as number[] }));
    const places = Math.max(...sources.map(({ length }) => length)) + 1;
    const isOpen = sources.map(() => true);
    let states = first;
    let ids = new BigInt64Array(sources.length).fill(BigInt(beginId));
    for (let step = 1; isOpen.includes(true); step++) {
      signal?.throwIfAborted();
      const results = await this.step(memory, states, ids, parameters, ['best', 'attention']);
      states = results.states;
      ids = results['best']!.data as BigInt64Array<ArrayBuffer>;
      const { data: weights } = results['attention'] as Tensor<'float32'>;
      for (const [at, translation] of written.entries()) {
        if (!isOpen[at]) continue;
        const id = Number(ids[at]);
        if (id !== endId) {
          translation.ids.push(id);
          translation.lookedAt.push(largestWeight(weights.subarray(at * places), sources[at]!.length));
        }
        isOpen[at] = id !== endId && step < limits[at]!;
      }
    }
    return written.map(({ ids: own, lookedAt }) => ({
      ids: Int32Array.from(own),
      lookedAt: Int32Array.from(lookedAt),
    }));
  }

  /** The way of a beam search through the translations of one source. */
  async expander(source: Int32Array, parameters: Feeds): Promise<Expand<Float32Array>> {
    const read = await this.read([source], parameters);
    const memories = new Map<number, Feeds>([[1, read.memory]]);
    const places = source.length + 1;
    let { states } = read;
    return async (parents, tokens) => {
      const size = tokens.length;
      const memory = memories.get(size) ?? this.repeat(read.memory, size);
      memories.set(size, memory);
      const ids = BigInt64Array.from(tokens, BigInt);
      const own = this.choose(states, parents);
      const results = await this.step(memory, own, ids, parameters, ['logProbabilities', 'attention']);
      states = results.states;
      const { data } = results['attention'] as Tensor<'float32'>;
      return {
        logProbabilities: (results['logProbabilities'] as Tensor<'float32'>).data,
        details: tokens.map((_, at) => data.slice(at * places, (at + 1) * places)),
      };
    };
  }

  async dispose(): Promise<void> {
    await Promise.all([this.encoder, this.decoder, this.forward].map((session) => session.dispose()));
  }

  private async read(sources: readonly Int32Array[], parameters: Feeds): Promise<{ memory: Feeds; states: Feeds }> {
    const batch = assemblePairs(sources.map((source) => ({ source, target: new Int32Array(0) })));
    const results = await run(this.encoder, { ...parameters, ...sourceFeeds(batch, true) });
    const { keys, values, penalty, ...states } = results as Record<string, Tensor<'float32'>>;
    return { memory: { keys: keys!, values: values!, penalty: penalty! }, states };
  }

  private async step(
    memory: Feeds,
    states: Feeds,
    ids: BigInt64Array,
    parameters: Feeds,
    wanted: readonly string[],
  ): Promise<Record<string, Tensor> & { states: Feeds }> {
    const feeds = { ...parameters, ...memory, ...states, ids: tensor('int64', [ids.length], ids) };
    const results = await run(this.decoder, feeds, [...wanted, ...this.names.map((name) => `next.${name}`)]);
    const next = Object.fromEntries(this.names.map((name) => [name, results[`next.${name}`]!]));
    return Object.assign({ ...results }, { states: next });
  }

  /** The states of the sequences that go on, `[hidden, sequences]`. */
  private choose(states: Feeds, parents: readonly number[]): Feeds {
    return Object.fromEntries(
      Object.entries(states).map(([name, { dims, data }]) => {
        const [hidden, before] = dims as [number, number];
        const columns = new Float32Array(hidden * parents.length);
        for (let row = 0; row < hidden; row++) {
          parents.forEach((parent, at) => {
            columns[row * parents.length + at] = (data as Float32Array)[row * before + parent]!;
          });
        }
        return [name, tensor('float32', [hidden, parents.length], columns)];
      }),
    );
  }

  /** What was read of one source, once for each of several sequences. */
  private repeat(memory: Feeds, size: number): Feeds {
    const isLast = (name: string): boolean => name === 'keys' && this.spec.attention === 'bahdanau';
    return Object.fromEntries(
      Object.entries(memory).map(([name, { dims, data }]) => {
        const numbers = data as Float32Array;
        const copies = new Float32Array(numbers.length * size);
        if (isLast(name)) numbers.forEach((number, at) => copies.fill(number, at * size, (at + 1) * size));
        else for (let at = 0; at < size; at++) copies.set(numbers, at * numbers.length);
        const shape = isLast(name) ? [...dims.slice(0, -1), size] : [size, ...dims.slice(1)];
        return [name, tensor('float32', shape, copies)];
      }),
    );
  }
}

/** Runs a session on those of the feeds that it takes. */
async function run(session: Session, feeds: Feeds, wanted?: readonly string[]): Promise<Record<string, Tensor>> {
  return session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!])), wanted);
}
