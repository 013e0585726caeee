/** A classifier of TF-IDF vectors from the bytes of a model file alone: text in, classes and influence of words out. */
import type { Dataset } from '../data/dataset';
import { nGramCount, type NGrams } from '../data/nGrams';
import { padRows, spell, TfIdf, type TfIdfBlock, type TfIdfContent } from '../data/tfIdf';
import { createTokenizer, type Tokenizer, type TokenSpan } from '../data/tokenizer';
import { buildVocabulary, everyToken, padId, unknownId, Vocabulary } from '../data/vocabulary';
import {
  buildVectorInfluence,
  exportedVectorNames,
  featureWeights,
  idfName,
  readVectorParameters,
} from '../models/vectorClassifier';
import type { ParameterSpec } from '../nn/scope';
import type { DecodedModel } from '../onnx/decode';
import type { ClassPrediction, TokenInfluence } from '../protocol';
import { Session, tensor, type Tensor } from '../runtime/session';
import { type Classifier, describePrediction } from './classifier';
import { damagedModel, type ModelFile, storedFloats } from './modelFile';
import { touchedRows } from './touchedRows';
import type { VectorClassifierMetadata } from './vectorClassifierMetadata';

/** Numbers of a batch's vectors, which the file's graph makes in full. */
const vectorBudget = 8_000_000;
/** Padded ids of a run of the graph. */
const idBudget = 2_000_000;
/** Most texts of a batch. */
const batchSize = 256;

export class VectorClassifier implements Classifier {
  readonly task = 'classification';
  readonly vocabulary = null;
  private readonly tokenizer: Tokenizer;
  private influenceGraph: { session: Session; parameters: readonly ParameterSpec[] } | null = null;

  private constructor(
    readonly metadata: VectorClassifierMetadata,
    readonly tfIdf: TfIdf,
    private readonly session: Session,
    private readonly parameters: ReadonlyMap<string, Float32Array>,
    private readonly threads: number,
  ) {
    this.tokenizer = createTokenizer(metadata.tokenizer);
  }

  /** @throws UserError naming `file` where the weights do not fit the description */
  static async create(
    { bytes, model, file, threads }: ModelFile,
    metadata: VectorClassifierMetadata,
  ): Promise<VectorClassifier> {
    const parameters = readVectorParameters(metadata.model, (name) => storedFloats(model, name));
    const content = readTfIdf(model, metadata);
    if (parameters === undefined || content === undefined) throw damagedModel(file);
    const tfIdf = new TfIdf(content);
    if (tfIdf.size !== metadata.model.features) throw damagedModel(file);
    try {
      return new VectorClassifier(metadata, tfIdf, await Session.create(bytes, { threads }), parameters, threads);
    } catch {
      throw damagedModel(file);
    }
  }

  /** As `Classifier.predict`; a text without a known n-gram is the zero vector. */
  async predict(texts: readonly string[], explain = false, signal?: AbortSignal): Promise<ClassPrediction[]> {
    const { maximumLength, labels } = this.metadata;
    const predictions: ClassPrediction[] = [];
    for (const batch of this.batches(texts)) {
      signal?.throwIfAborted();
      const spans = batch.map((text) => this.tokenizer.tokenizeWithOffsets(text).slice(0, maximumLength));
      const words = spans.map((tokens) => tokens.map(({ token }) => token));
      const found = (await this.probabilities(words)).map((row) => describePrediction(labels, row));
      if (!explain) {
        predictions.push(...found);
        continue;
      }
      const influences = await this.influences(spans, found);
      predictions.push(...found.map((prediction, at) => ({ ...prediction, tokens: influences[at]! })));
    }
    return predictions;
  }

  async probabilitiesOf(data: Dataset, examples: Int32Array): Promise<Float32Array[]> {
    const { tokens } = data.vocabulary;
    const rows: Float32Array[] = [];
    for (const batch of this.batches(Array.from(examples))) {
      rows.push(
        ...(await this.probabilities(
          batch.map((example) => Array.from(data.tokens(example), (id) => (id > unknownId ? tokens[id]! : ''))),
        )),
      );
    }
    return rows;
  }

  /** Probabilities of the classes for the words of each text, `[texts][classes]`, by the file's own graph. */
  async probabilities(texts: readonly (readonly string[])[]): Promise<Float32Array[]> {
    const { words, characters } = this.tfIdf;
    const sequences: Record<TfIdfBlock['kind'], () => Int32Array[]> = {
      words: () => texts.map((text) => words.encode(text)),
      characters: () =>
        texts.map((text) => characters.encode(text.flatMap((word) => (word === '' ? [] : spell(word))))),
    };
    const inputs = this.tfIdf.blocks.map(({ kind }) => ({ kind, ids: sequences[kind]() }));
    const longest = Math.max(...inputs.flatMap(({ ids }) => ids.map(({ length }) => length)));
    if (texts.length > 1 && texts.length * longest > idBudget) {
      const half = texts.length >> 1;
      const first = await this.probabilities(texts.slice(0, half));
      return [...first, ...(await this.probabilities(texts.slice(half)))];
    }
    const feeds = Object.fromEntries(inputs.map(({ kind, ids }) => [exportedVectorNames[kind], paddedIds(ids)]));
    const results = await this.session.run(feeds);
    const { data } = results[exportedVectorNames.probabilities] as Tensor<'float32'>;
    const classes = this.metadata.labels.length;
    return texts.map((_, row) => data.slice(row * classes, (row + 1) * classes));
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
    await this.influenceGraph?.session.dispose();
  }

  private batches<T>(items: readonly T[]): T[][] {
    const size = Math.max(1, Math.min(batchSize, Math.floor(vectorBudget / this.tfIdf.size)));
    return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
  }

  /** What each n-gram adds to the predicted class (gradient × value), in equal parts for the words that it stands in. */
  private async influences(
    texts: readonly (readonly TokenSpan[])[],
    predictions: readonly ClassPrediction[],
  ): Promise<TokenInfluence[][]> {
    const vocabulary = vocabularyOf(texts.flat());
    const sequences = texts.map((spans) => vocabulary.encode(spans.map(({ token }) => token)));
    const reader = this.tfIdf.over(vocabulary);
    const rows = reader.rows(sequences);
    const { width, ids, values } = padRows(rows);
    const ofEntries = await this.entryInfluences(ids, values, width, predictions);
    return texts.map((spans, text) => {
      const perPlace = new Map<number, number>();
      const start = rows.offsets[text]!;
      for (let at = start; at < rows.offsets[text + 1]!; at += 1) {
        perPlace.set(rows.ids[at]!, ofEntries[text * width + at - start]!);
      }
      const counts = new Map<number, number>();
      reader.visit(sequences[text]!, (place) => counts.set(place, (counts.get(place) ?? 0) + 1));
      const shares = new Float64Array(spans.length);
      const isKnown = new Uint8Array(spans.length);
      reader.visit(sequences[text]!, (place, first, end) => {
        const share = perPlace.get(place)! / counts.get(place)! / (end - first);
        for (let word = first; word < end; word += 1) {
          shares[word]! += share;
          isKnown[word] = 1;
        }
      });
      return spans.map(({ token, start: from, end }, word) => ({
        text: token,
        start: from,
        end,
        influence: shares[word]!,
        known: isKnown[word] === 1,
      }));
    });
  }

  /** Gradient × value of each entry `[texts, width]`, by the graph that training uses. */
  private async entryInfluences(
    ids: Int32Array,
    values: Float32Array,
    width: number,
    predictions: readonly ClassPrediction[],
  ): Promise<Float32Array> {
    const { model, labels } = this.metadata;
    this.influenceGraph ??= await createInfluenceGraph(model, this.threads);
    const { session, parameters } = this.influenceGraph;
    const feeds: Record<string, Tensor> = {};
    for (const { name, shape } of parameters) feeds[name] = tensor('float32', shape, this.parameters.get(name)!);
    const touched = touchedRows(ids, this.parameters.get(featureWeights)!, model.hidden[0] ?? model.classes);
    const size = predictions.length;
    feeds[featureWeights] = touched.rows;
    feeds['places'] = tensor('int32', [size, width], touched.places);
    feeds['values'] = tensor('float32', [size, width], values);
    feeds['classes'] = tensor(
      'int32',
      [size],
      Int32Array.from(predictions, ({ label }) => labels.indexOf(label)),
    );
    const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
    return ((await session.run(used))['influence'] as Tensor<'float32'>).data;
  }
}

async function createInfluenceGraph(spec: VectorClassifierMetadata['model'], threads: number) {
  const { bytes, parameters } = buildVectorInfluence(spec);
  return { session: await Session.create(bytes, { threads }), parameters };
}

/** All words of some texts. */
function vocabularyOf(spans: readonly TokenSpan[]): Vocabulary {
  const words = [...new Set(spans.map(({ token }) => token))];
  return buildVocabulary(words, new Float64Array(words.length), everyToken).vocabulary;
}

/** Sequences as int64 `[sequences, longest]`, padded on the right. */
function paddedIds(sequences: readonly Int32Array[]): Tensor {
  const longest = Math.max(1, ...sequences.map(({ length }) => length));
  const ids = new BigInt64Array(sequences.length * longest).fill(BigInt(padId));
  sequences.forEach((sequence, row) => {
    sequence.forEach((id, at) => (ids[row * longest + at] = BigInt(id)));
  });
  return tensor('int64', [sequences.length, longest], ids);
}

/** The n-grams out of the file's graph; undefined where they contradict the metadata. */
function readTfIdf(model: DecodedModel, metadata: VectorClassifierMetadata): TfIdfContent | undefined {
  const nodes = model.integerLists('TfIdfVectorizer');
  const { words, characters } = metadata.features;
  const blocks: TfIdfBlock[] = [];
  for (const [kind, range, tokens] of [
    ['words', words, metadata.vocabulary],
    ['characters', characters, metadata.characters],
  ] as const) {
    const idf = storedFloats(model, idfName(kind));
    if (idf === undefined) continue;
    const node = nodes.shift();
    if (node === undefined || range === false) return undefined;
    const nGrams = readNGrams(node, range, tokens.length);
    if (nGrams === undefined || nGramCount(nGrams) !== idf.length) return undefined;
    blocks.push({ kind, nGrams, idf });
  }
  if (nodes.length > 0 || blocks.length === 0) return undefined;
  const vocabularies = [metadata.vocabulary, metadata.characters];
  if (vocabularies.some((tokens) => tokens[padId] !== '<pad>' || tokens[unknownId] !== '<unk>')) return undefined;
  const [ofWords, ofCharacters] = vocabularies.map((tokens) => new Vocabulary(tokens));
  return { options: metadata.features, words: ofWords!, characters: ofCharacters!, blocks };
}

function readNGrams(
  node: ReadonlyMap<string, readonly number[]>,
  range: readonly [number, number],
  vocabulary: number,
): NGrams | undefined {
  const pool = node.get('pool_int64s') ?? [];
  const starts = node.get('ngram_counts') ?? [];
  const counts = starts.map((start, at) => ((starts[at + 1] ?? pool.length) - start) / (at + 1));
  const isSound =
    counts.length === range[1] &&
    starts[0] === 0 &&
    counts.every((count) => Number.isInteger(count) && count >= 0) &&
    pool.every((id) => Number.isInteger(id) && id > unknownId && id < vocabulary);
  return isSound ? { range, pool: Int32Array.from(pool), counts } : undefined;
}
