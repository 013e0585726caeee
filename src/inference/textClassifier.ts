/** A classifier from the bytes of a model file alone: text in, classes and the influence of each token out. */
import type { Dataset } from '../data/dataset';
import { joinMarked } from '../data/markedWords';
import { createTokenizer, type Tokenizer, type TokenSpan } from '../data/tokenizer';
import { padId, Vocabulary } from '../data/vocabulary';
import {
  buildInfluence,
  exportedNames,
  readExportedParameters,
  type TextClassifierSpec,
} from '../models/textClassifier';
import { embeddingName } from '../nn/layers';
import type { ParameterSpec } from '../nn/scope';
import type { ClassPrediction, TokenInfluence } from '../protocol';
import { Session, tensor, type Tensor } from '../runtime/session';
import { type Classifier, describePrediction } from './classifier';
import type { ClassifierMetadata } from './classifierMetadata';
import { damagedModel, type ModelFile, storedFloats } from './modelFile';

/** Padded tokens of a batch of predictions. */
const tokenBudget = 16_384;

interface Encoded {
  readonly spans: readonly TokenSpan[];
  readonly ids: Int32Array;
}

export class TextClassifier implements Classifier {
  readonly task = 'classification';
  private readonly tokenizer: Tokenizer;
  readonly vocabulary: Vocabulary;
  private influenceGraph: { session: Session; parameters: readonly ParameterSpec[] } | null = null;

  private constructor(
    readonly metadata: ClassifierMetadata,
    private readonly session: Session,
    private readonly parameters: ReadonlyMap<string, Float32Array>,
    private readonly threads: number,
  ) {
    this.tokenizer = createTokenizer(metadata.tokenizer);
    this.vocabulary = new Vocabulary(metadata.vocabulary);
  }

  /** @throws UserError naming `file` where the weights do not fit the description */
  static async create(
    { bytes, model, file, threads }: ModelFile,
    metadata: ClassifierMetadata,
  ): Promise<TextClassifier> {
    const parameters = readExportedParameters(metadata.model, (name) => storedFloats(model, name));
    if (parameters === undefined) throw damagedModel(file);
    try {
      return new TextClassifier(metadata, await Session.create(bytes, { threads }), parameters, threads);
    } catch {
      throw damagedModel(file);
    }
  }

  /**
   * Predicts the class of each text, in order. A text without tokens is read as one unknown token.
   * @throws the signal's reason when it aborts
   */
  async predict(texts: readonly string[], explain = false, signal?: AbortSignal): Promise<ClassPrediction[]> {
    const encoded = texts.map((text) => this.encode(text));
    const predictions: ClassPrediction[] = [];
    for (const batch of batchesByLength(encoded)) {
      signal?.throwIfAborted();
      const probabilities = await this.probabilities(batch.map((at) => encoded[at]!.ids));
      const found = batch.map((_, row) => describePrediction(this.metadata.labels, probabilities[row]!));
      const influences = explain
        ? await this.influences(
            batch.map((at) => encoded[at]!),
            found,
          )
        : null;
      batch.forEach((at, row) => {
        const tokens = influences?.[row];
        predictions[at] = tokens === undefined ? found[row]! : { ...found[row]!, tokens };
      });
    }
    return predictions;
  }

  /** Probabilities of the classes for each sequence of ids, `[sequences][classes]`; every sequence has at least one id. */
  async probabilities(sequences: readonly Int32Array[]): Promise<Float32Array[]> {
    const time = Math.max(...sequences.map(({ length }) => length));
    const ids = new BigInt64Array(sequences.length * time).fill(BigInt(padId));
    sequences.forEach((sequence, row) => {
      sequence.forEach((id, step) => (ids[row * time + step] = BigInt(id)));
    });
    const results = await this.session.run({
      [exportedNames.ids]: tensor('int64', [sequences.length, time], ids),
      [exportedNames.lengths]: tensor(
        'int32',
        [sequences.length],
        Int32Array.from(sequences, ({ length }) => length),
      ),
    });
    const { data } = results[exportedNames.probabilities] as Tensor<'float32'>;
    const classes = this.metadata.labels.length;
    return sequences.map((_, row) => data.slice(row * classes, (row + 1) * classes));
  }

  async probabilitiesOf(data: Dataset, examples: Int32Array): Promise<Float32Array[]> {
    return this.probabilities(Array.from(examples, (example) => data.tokens(example)));
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
    await this.influenceGraph?.session.dispose();
  }

  private encode(text: string): Encoded {
    const spans = this.tokenizer.tokenizeWithOffsets(text).slice(0, this.metadata.maximumLength);
    const ids = this.vocabulary.encode(spans.length === 0 ? [''] : spans.map(({ token }) => token));
    return { spans, ids };
  }

  /** Gradient × input for the predicted class of each text, by the graph that training uses. */
  private async influences(
    batch: readonly Encoded[],
    predictions: readonly ClassPrediction[],
  ): Promise<TokenInfluence[][]> {
    this.influenceGraph ??= await createInfluenceGraph(this.metadata.model, this.threads);
    const { session, parameters } = this.influenceGraph;
    const { embedding: width } = this.metadata.model;
    const table = this.parameters.get(embeddingName)!;
    const size = batch.length;
    const time = Math.max(...batch.map(({ ids }) => ids.length));
    const embedded = new Float32Array(time * width * size);
    const mask = new Float32Array(time * size);
    const last = new Float32Array(time * size);
    batch.forEach(({ ids }, column) => {
      ids.forEach((id, step) => {
        for (let at = 0; at < width; at++) embedded[(step * width + at) * size + column] = table[id * width + at]!;
        mask[step * size + column] = 1;
      });
      last[(ids.length - 1) * size + column] = 1;
    });
    const feeds: Record<string, Tensor> = {
      embedded: tensor('float32', [time, width, size], embedded),
      mask: tensor('float32', [time, 1, size], mask),
      last: tensor('float32', [time, 1, size], last),
      classes: tensor(
        'int32',
        [size],
        Int32Array.from(predictions, ({ label }) => this.metadata.labels.indexOf(label)),
      ),
    };
    for (const { name, shape } of parameters) feeds[name] = tensor('float32', shape, this.parameters.get(name)!);
    const { data } = (await session.run(feeds))['influence'] as Tensor<'float32'>;
    return batch.map(({ spans }, column) =>
      spans.map(({ token, start, end }, step) => ({
        text: this.metadata.tokenizer.type === 'bpe' ? joinMarked([token]) : token,
        start,
        end,
        influence: data[step * size + column]!,
        known: this.vocabulary.knows(token),
      })),
    );
  }
}

async function createInfluenceGraph(
  spec: TextClassifierSpec,
  threads: number,
): Promise<{ session: Session; parameters: readonly ParameterSpec[] }> {
  const { bytes, parameters } = buildInfluence(spec);
  return { session: await Session.create(bytes, { threads }), parameters };
}

/** Positions of texts in batches of similar length. */
function batchesByLength(encoded: readonly Encoded[]): number[][] {
  const order = [...encoded.keys()].sort((a, b) => encoded[a]!.ids.length - encoded[b]!.ids.length);
  const batches: number[][] = [];
  let batch: number[] = [];
  for (const at of order) {
    if ((batch.length + 1) * encoded[at]!.ids.length > tokenBudget && batch.length > 0) {
      batches.push(batch);
      batch = [];
    }
    batch.push(at);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
