/** Scores of a translator on pairs: the loss on given targets, and BLEU of greedy translations. */
import type { IdPair } from '../data/pairBatches';
import type { Pieces } from '../data/pieces';
import type { Vocabulary } from '../data/vocabulary';
import type { TranslationMetrics } from '../protocol';
import type { Feeds } from '../runtime/session';
import { BleuCounter } from './bleu';
import type { TranslationRunner } from './translationRunner';

/** A pair to score: ids, and the target as its file has it. */
export interface ScoredPair extends IdPair {
  readonly reference: string;
}

/** What the scorer needs of a model beside its graphs. */
export interface ScoredModel {
  readonly runner: TranslationRunner;
  readonly parameters: Feeds;
  readonly maximumLength: number;
  /** Whether the model writes small letters only, so that BLEU takes capital and small letters as one. */
  readonly lowercase: boolean;
  /** The text of target ids. */
  readonly write: (ids: Int32Array) => string;
}

/** How a side writes, as the scorer needs it. */
export function writingOf({
  pieces,
  vocabulary,
}: {
  readonly pieces: Pieces;
  readonly vocabulary: Vocabulary;
}): Pick<ScoredModel, 'lowercase' | 'write'> {
  return {
    lowercase: pieces.spec.type !== 'tokenizer' && pieces.spec.lowercase,
    write: (ids) => pieces.join(Array.from(ids, (id) => vocabulary.tokens[id]!)),
  };
}

/** Counts batches as they come, in constant memory. */
export class TranslationScorer {
  private readonly bleu: BleuCounter;
  private lossSum = 0;
  private tokens = 0;

  constructor(private readonly model: ScoredModel) {
    this.bleu = new BleuCounter(model.lowercase);
  }

  /** @throws the signal's reason when it aborts */
  async add(pairs: readonly ScoredPair[], signal?: AbortSignal): Promise<void> {
    const { runner, parameters, maximumLength, write } = this.model;
    const short = pairs.map(({ source, target }) => ({
      source: source.subarray(0, maximumLength),
      target: target.subarray(0, maximumLength),
    }));
    const { sum, tokens } = await runner.loss(short, parameters);
    this.lossSum += sum;
    this.tokens += tokens;
    const found = await runner.greedy(
      short.map(({ source }) => source),
      maximumLength,
      parameters,
      signal,
    );
    for (const [at, ids] of found.entries()) this.bleu.add(write(ids), pairs[at]!.reference);
  }

  metrics(): TranslationMetrics {
    return { loss: this.tokens === 0 ? 0 : this.lossSum / this.tokens, bleu: this.bleu.score() };
  }
}
