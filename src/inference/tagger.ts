/** A tagger from the bytes of a model file alone: text in, tags of its tokens and spans out. */
import { tagSpans } from '../data/tagSpans';
import { cutText } from '../data/tagTokens';
import type { TokenSpan } from '../data/tokenizer';
import { padId, Vocabulary } from '../data/vocabulary';
import { type CrfScores, exportedNames, readCrf } from '../models/tagger';
import type { TaggedSpan, TagPrediction } from '../protocol';
import { Session, tensor, type Tensor } from '../runtime/session';
import { damagedModel, type ModelFile, storedFloats } from './modelFile';
import type { TaggerMetadata } from './taggerMetadata';
import { bestPath, logProbabilities, type StepScores } from './viterbi';

/** Padded tokens of a batch of predictions. */
const tokenBudget = 16_384;

/** A piece of a text that is read at a time. */
interface Piece {
  readonly text: number;
  readonly spans: readonly TokenSpan[];
  readonly ids: Int32Array;
}

export class Tagger {
  readonly task = 'tagging';
  private readonly vocabulary: Vocabulary;

  private constructor(
    readonly metadata: TaggerMetadata,
    private readonly session: Session,
    /** The CRF's scores; null for a model without one. */
    readonly crf: CrfScores | null,
  ) {
    this.vocabulary = new Vocabulary(metadata.vocabulary);
  }

  /** @throws UserError naming `file` where the weights do not fit the description */
  static async create({ bytes, model, file, threads }: ModelFile, metadata: TaggerMetadata): Promise<Tagger> {
    const floats = (name: string): Float32Array | undefined => storedFloats(model, name);
    const crf = metadata.model.crf ? readCrf(metadata.labels.length, floats) : null;
    if (crf === undefined) throw damagedModel(file);
    try {
      return new Tagger(metadata, await Session.create(bytes, { threads }), crf);
    } catch {
      throw damagedModel(file);
    }
  }

  /**
   * Tags each text, in order. A text is cut into lines, and a line that is too long into pieces: each is a sentence.
   * @throws the signal's reason when it aborts
   */
  async predict(texts: readonly string[], signal?: AbortSignal): Promise<TagPrediction[]> {
    const pieces = texts.flatMap((text, at) => this.cut(text, at));
    const found = texts.map((): { tokens: TagPrediction['tokens'][number][]; spans: TaggedSpan[] } => ({
      tokens: [],
      spans: [],
    }));
    const results: TagPrediction[] = [];
    for (const batch of batchesByLength(pieces)) {
      signal?.throwIfAborted();
      const scores = await this.emissions(batch.map((at) => pieces[at]!.ids));
      batch.forEach((at, row) => {
        results[at] = this.describe(texts[pieces[at]!.text]!, pieces[at]!.spans, scores[row]!);
      });
    }
    pieces.forEach(({ text }, at) => {
      found[text]!.tokens.push(...results[at]!.tokens);
      found[text]!.spans.push(...results[at]!.spans);
    });
    return found;
  }

  /** Scores of the tags for each sequence of ids, none of them empty; `scores` is `[steps, tags]`. */
  async emissions(sequences: readonly Int32Array[]): Promise<(StepScores & { readonly scores: Float32Array })[]> {
    const time = Math.max(...sequences.map(({ length }) => length));
    const ids = new BigInt64Array(sequences.length * time).fill(BigInt(padId));
    sequences.forEach((sequence, row) => {
      sequence.forEach((id, step) => (ids[row * time + step] = BigInt(id)));
    });
    const results = await this.session.run(
      {
        [exportedNames.ids]: tensor('int64', [sequences.length, time], ids),
        [exportedNames.lengths]: tensor(
          'int32',
          [sequences.length],
          Int32Array.from(sequences, ({ length }) => length),
        ),
      },
      [exportedNames.emissions],
    );
    const { data } = results[exportedNames.emissions] as Tensor<'float32'>;
    const tags = this.metadata.labels.length;
    return sequences.map(({ length: steps }, row) => ({
      scores: data.slice(row * time * tags, (row * time + steps) * tags),
      tags,
      steps,
    }));
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }

  private cut(text: string, at: number): Piece[] {
    const { maximumLength, tokenizer } = this.metadata;
    const pieces: Piece[] = [];
    for (const { 0: line, index } of text.matchAll(/[^\r\n]+/gu)) {
      const spans = cutText(line, tokenizer.lowercase, (token) => this.vocabulary.knows(token)).map(
        ({ token, start, end }) => ({ token, start: index + start, end: index + end }),
      );
      for (let from = 0; from < spans.length; from += maximumLength) {
        const part = spans.slice(from, from + maximumLength);
        pieces.push({ text: at, spans: part, ids: this.vocabulary.encode(part.map(({ token }) => token)) });
      }
    }
    return pieces;
  }

  private describe(text: string, pieces: readonly TokenSpan[], scores: StepScores): TagPrediction {
    const path = bestPath(scores, this.crf);
    const logProbability = logProbabilities(scores, this.crf);
    const tags = Array.from(path, (tag) => this.metadata.labels[tag]!);
    const probability = (start: number, end: number): number =>
      Math.min(1, Math.exp(logProbability(start, path.subarray(start, end))));
    return {
      tokens: pieces.map(({ token, start, end }, at) => ({
        text: text.slice(start, end),
        start,
        end,
        tag: tags[at]!,
        probability: probability(at, at + 1),
        known: this.vocabulary.knows(token),
      })),
      spans: tagSpans(tags).map(({ type, start, end }) => {
        const [from, to] = [pieces[start]!.start, pieces[end - 1]!.end];
        return { type, text: text.slice(from, to), start: from, end: to, probability: probability(start, end) };
      }),
    };
  }
}

/** Positions of pieces in batches of similar length. */
function batchesByLength(pieces: readonly Piece[]): number[][] {
  const order = [...pieces.keys()].sort((a, b) => pieces[a]!.ids.length - pieces[b]!.ids.length);
  const batches: number[][] = [];
  let batch: number[] = [];
  for (const at of order) {
    if ((batch.length + 1) * pieces[at]!.ids.length > tokenBudget && batch.length > 0) {
      batches.push(batch);
      batch = [];
    }
    batch.push(at);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
