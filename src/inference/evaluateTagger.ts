/** Scores taggers on sentences whose tags are known, whoever computes the scores of their steps. */
import { planEvaluationBatches } from '../data/batches';
import type { TaggedDataset } from '../data/taggedDataset';
import type { TaggingMetrics } from '../protocol';
import { TaggingScorer } from './taggingMetrics';
import { bestPath, type ChainScores, logProbabilities, type StepScores } from './viterbi';

/** Padded tokens of an evaluation batch. */
const tokenBudget = 8192;

export interface TaggerEvaluation {
  readonly data: TaggedDataset;
  readonly sentences: Int32Array;
  /** The CRF's scores; null without one. */
  readonly crf: ChainScores | null;
  /** Scores of the tags for each sentence of a batch, in order. */
  readonly emissions: (sentences: Int32Array) => Promise<readonly StepScores[]>;
  readonly onProgress?: ((fraction: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @throws the signal's reason when it aborts */
export async function evaluateTagger(evaluation: TaggerEvaluation): Promise<TaggingMetrics> {
  const { data, sentences, crf, emissions, onProgress, signal } = evaluation;
  const scorer = new TaggingScorer(crf !== null);
  const names = (tags: Int32Array): string[] => Array.from(tags, (tag) => data.tags[tag]!);
  let done = 0;
  for (const batch of planEvaluationBatches(data.lengths, sentences, { tokenBudget })) {
    signal?.throwIfAborted();
    const scores = await emissions(batch);
    batch.forEach((sentence, at) => {
      const truth = data.tagsOf(sentence);
      const logProbability = logProbabilities(scores[at]!, crf);
      scorer.add(names(truth), names(bestPath(scores[at]!, crf)), logProbability(0, truth));
    });
    done += batch.length;
    onProgress?.(done / sentences.length);
  }
  return scorer.metrics();
}
