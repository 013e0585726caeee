/** A translator from the bytes of a model file alone: text in, translation and where the model looked out. */
import { beginId, encodeText, endId } from '../data/pairVocabulary';
import { createPieces, wordStarts } from '../data/pieces';
import { Vocabulary } from '../data/vocabulary';
import { exportedTranslator, readExportedTranslator, translatorParameters } from '../models/translatorSearch';
import type { Translation } from '../protocol';
import { type Feeds, Session, tensor, type Tensor } from '../runtime/session';
import { beamSearch, type Found } from './beamSearch';
import { damagedModel, type ModelFile, storedFloats } from './modelFile';
import type { ScoredModel } from './translationScorer';
import { translationLimit, TranslationRunner } from './translationRunner';
import type { TranslatorMetadata } from './translatorMetadata';
import { largestWeight, type TextSide, writeTranslation } from './writeTranslation';

/** How translations are searched for. */
export interface TranslationSearch {
  /** Sequences that are followed at a time; 1 takes the most probable piece at each step. */
  readonly beam: number;
  /** α of GNMT's length penalty. */
  readonly lengthPenalty: number;
}

/** What is made of a text without a word. */
const nothing: Translation = {
  text: '',
  probability: 1,
  source: [],
  target: [],
  sourceStarts: [],
  targetStarts: [],
  attention: [],
};

export const defaultSearch: TranslationSearch = { beam: 5, lengthPenalty: 1 };

/** What the file's own graph makes of sources. */
export interface ExportedTranslation {
  readonly ids: readonly number[];
  readonly logProbabilities: readonly number[];
  /** Weights of the source's ids and its end, for each id. */
  readonly attention: readonly Float32Array[];
}

export class Translator {
  readonly task = 'translation';
  readonly source: TextSide;
  readonly target: TextSide;

  private constructor(
    readonly metadata: TranslatorMetadata,
    /** Graphs that take the parameters as inputs, and the parameters. */
    readonly runner: TranslationRunner,
    readonly parameters: Feeds,
    private readonly bytes: Uint8Array,
    private readonly threads: number,
  ) {
    const side = ({ pieces, vocabulary }: TranslatorMetadata['source']): TextSide => ({
      pieces: createPieces(pieces),
      vocabulary: new Vocabulary(vocabulary),
    });
    this.source = side(metadata.source);
    this.target = metadata.target === null ? this.source : side(metadata.target);
  }

  /** @throws UserError naming `file` where the weights do not fit the description */
  static async create({ bytes, model, file, threads }: ModelFile, metadata: TranslatorMetadata): Promise<Translator> {
    const arrays = readExportedTranslator(metadata.model, (name) => storedFloats(model, name));
    if (arrays === undefined) throw damagedModel(file);
    const parameters = Object.fromEntries(
      translatorParameters(metadata.model).map(({ name, shape }) => [
        name,
        tensor('float32', shape, arrays.get(name)!),
      ]),
    );
    const runner = await TranslationRunner.create(metadata.model, threads);
    return new Translator(metadata, runner, parameters, bytes, threads);
  }

  /** Ids of a source text, without end, cut to the greatest length. */
  encode(text: string): { ids: Int32Array; tokens: string[] } {
    const { ids, tokens } = encodeText(this.source.pieces, this.source.vocabulary, text);
    const { maximumLength } = this.metadata;
    return { ids: ids.subarray(0, maximumLength), tokens: tokens.slice(0, maximumLength) };
  }

  /**
   * Translates each text, in order, as one sentence. A text without anything to translate stays as it is.
   * @throws the signal's reason when it aborts
   */
  async translate(
    texts: readonly string[],
    { beam, lengthPenalty }: TranslationSearch = defaultSearch,
    signal?: AbortSignal,
  ): Promise<Translation[]> {
    const translations: Translation[] = [];
    for (const text of texts) {
      signal?.throwIfAborted();
      const { ids, tokens } = this.encode(text);
      if (ids.length === 0) {
        translations.push(nothing);
        continue;
      }
      const { found, attention } = await this.search(ids, { beam, lengthPenalty }, signal);
      const written = found.tokens.map((id) => this.target.vocabulary.tokens[id]!);
      const source = tokens.map((token) => this.source.pieces.join([token]));
      translations.push({
        text: writeTranslation(
          this.target,
          found.tokens,
          attention.map((weights) => largestWeight(weights, tokens.length)),
          tokens,
        ),
        probability: Math.exp(found.logProbability),
        source,
        target: written.map((piece) => this.target.pieces.join([piece])),
        sourceStarts: wordStarts(this.source.pieces, tokens),
        targetStarts: wordStarts(this.target.pieces, written),
        // The end of the source has a place in the weights, but no text.
        attention: attention.map((weights) => Array.from(weights.subarray(0, source.length))),
      });
    }
    return translations;
  }

  /** What scores need of the model; translations are greedy without a search. */
  scored(search?: TranslationSearch): ScoredModel {
    const { runner, parameters, metadata, target } = this;
    return {
      ...{ runner, parameters, maximumLength: metadata.maximumLength, target },
      ...(search !== undefined && {
        search: async (source, signal) => {
          const { found, attention } = await this.search(source, search, signal);
          const lookedAt = Int32Array.from(attention, (weights) => largestWeight(weights, source.length));
          return { ids: Int32Array.from(found.tokens), lookedAt };
        },
      }),
    };
  }

  /** Translates greedily by the file's own graph: what another runtime would find. */
  async translateByFile(sources: readonly Int32Array[], steps: number): Promise<ExportedTranslation[]> {
    const session = await Session.create(this.bytes, { threads: this.threads });
    try {
      return await runExported(session, sources, steps);
    } finally {
      await session.dispose();
    }
  }

  async dispose(): Promise<void> {
    await this.runner.dispose();
  }

  /** The translation of one source, ids without end, with the weights of each of its tokens. */
  private async search(
    ids: Int32Array,
    { beam, lengthPenalty }: TranslationSearch,
    signal: AbortSignal | undefined,
  ): Promise<{ found: Found<Float32Array>; attention: Float32Array[] }> {
    const { maximumLength, model } = this.metadata;
    const found = await beamSearch(await this.runner.expander(ids, this.parameters), {
      ...{ beam, lengthPenalty, beginId, endId, signal },
      maximumLength: translationLimit(ids.length, maximumLength),
      vocabulary: model.targetVocabulary,
    });
    return { found, attention: found.tokens.map((_, at) => found.details[at]!) };
  }
}

async function runExported(
  session: Session,
  sources: readonly Int32Array[],
  steps: number,
): Promise<ExportedTranslation[]> {
  const lengths = Int32Array.from(sources, ({ length }) => length + 1);
  const time = Math.max(...lengths);
  const ids = new BigInt64Array(sources.length * time);
  sources.forEach((source, row) => {
    source.forEach((id, at) => (ids[row * time + at] = BigInt(id)));
    ids[row * time + source.length] = BigInt(endId);
  });
  const results = await session.run({
    [exportedTranslator.ids]: tensor('int64', [sources.length, time], ids),
    [exportedTranslator.lengths]: tensor('int32', [sources.length], lengths),
    [exportedTranslator.maximumLength]: tensor('int64', [1], BigInt64Array.of(BigInt(steps))),
  });
  const tokens = results[exportedTranslator.tokens] as Tensor<'int64'>;
  const logProbabilities = results[exportedTranslator.logProbabilities] as Tensor<'float32'>;
  const attention = results[exportedTranslator.attention] as Tensor<'float32'>;
  return sources.map((_, row) => {
    const own = Array.from(tokens.data.subarray(row * steps, (row + 1) * steps), Number);
    const end = own.indexOf(endId);
    const count = end < 0 ? steps : end;
    return {
      ids: own.slice(0, count),
      logProbabilities: Array.from(logProbabilities.data.subarray(row * steps, row * steps + count)),
      attention: own.slice(0, count).map((_id, step) => {
        const from = (row * steps + step) * time;
        return attention.data.slice(from, from + lengths[row]!);
      }),
    };
  });
}
