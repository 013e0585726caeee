/** Scores of a translator on pairs: the loss on given targets, and BLEU of translations, greedy ones unless told otherwise. */
import type { IdPair } from '../data/pairBatches';
import type { TranslationMetrics } from '../protocol';
import type { Feeds } from '../runtime/session';
import { BleuCounter } from './bleu';
import type { IdTranslation, TranslationRunner } from './translationRunner';
import { type TextSide, writeTranslation } from './writeTranslation';

/** A pair to score: ids, and the target as its file has it. */
export interface ScoredPair extends IdPair {
  readonly reference: string;
  /** Pieces of the source, unknown ones as they stand in the text. */
  readonly sourcePieces: readonly string[];
}

/** What the scorer needs of a model beside its graphs. */
export interface ScoredModel {
  readonly runner: TranslationRunner;
  readonly parameters: Feeds;
  readonly maximumLength: number;
  readonly target: TextSide;
  /** Finds the translation of one source, ids without end; greedy in batches where it is absent. */
  readonly search?: (source: Int32Array, signal?: AbortSignal) => Promise<IdTranslation>;
}

/** Counts batches as they come, in constant memory. */
export class TranslationScorer {
  private readonly bleu: BleuCounter;
  private lossSum = 0;
  private tokens = 0;

  constructor(private readonly model: ScoredModel) {
    // Where the model writes small letters only, capital and small letters are one.
    const { spec } = model.target.pieces;
    this.bleu = new BleuCounter(spec.type !== 'tokenizer' && spec.lowercase);
  }

  /** @throws the signal's reason when it aborts */
  async add(pairs: readonly ScoredPair[], signal?: AbortSignal): Promise<void> {
    const { runner, parameters, maximumLength, target: side } = this.model;
    const short = pairs.map(({ source, target }) => ({
      source: source.subarray(0, maximumLength),
      target: target.subarray(0, maximumLength),
    }));
    const { sum, tokens } = await runner.loss(short, parameters);
    this.lossSum += sum;
    this.tokens += tokens;
    const found = await this.translate(
      short.map(({ source }) => source),
      signal,
    );
    for (const [at, { ids, lookedAt }] of found.entries()) {
      const { reference, sourcePieces } = pairs[at]!;
      this.bleu.add(writeTranslation(side, ids, lookedAt, sourcePieces), reference);
    }
  }

  private async translate(sources: readonly Int32Array[], signal?: AbortSignal): Promise<IdTranslation[]> {
    const { runner, parameters, maximumLength, search } = this.model;
    if (search === undefined) return runner.greedy(sources, maximumLength, parameters, signal);
    const found: IdTranslation[] = [];
    for (const source of sources) found.push(await search(source, signal));
    return found;
  }

  metrics(): TranslationMetrics {
    return { loss: this.tokens === 0 ? 0 : this.lossSum / this.tokens, bleu: this.bleu.score() };
  }
}
