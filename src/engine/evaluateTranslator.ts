/** Scores a translator's file on pairs of sentences. */
import { planPairEvaluation } from '../data/pairBatches';
import { encodeText } from '../data/pairVocabulary';
import { readPairs } from '../data/parallelDataset';
import { openDataSource } from '../files/dataSource';
import { type ScoredPair, TranslationScorer } from '../inference/translationScorer';
import { defaultSearch, type Translator } from '../inference/translator';
import type { EvaluateParameters, EvaluateResult } from '../protocol';

/** Pairs that are sorted by length together, and pairs of a batch. */
const pool = 4096;
const batchSize = 128;

/**
 * The scores on all pairs of a file that have text on both sides; translations are greedy, as in training, unless a beam is
 * given.
 * @throws UserError where the file cannot be understood
 * @throws the signal's reason when it aborts
 */
export async function evaluateTranslator(
  translator: Translator,
  { data, text, label, beam, lengthPenalty }: EvaluateParameters,
  report: (fraction: number) => void,
  signal: AbortSignal,
): Promise<EvaluateResult> {
  const { columns } = translator.metadata;
  const source = await openDataSource(data);
  const bytes = source.files.reduce((sum, file) => sum + file.bytes, 0);
  const scorer = new TranslationScorer(
    translator.scored(
      // A beam of one is a greedy search, which goes through whole batches.
      beam === undefined || beam === 1
        ? undefined
        : { beam, lengthPenalty: lengthPenalty ?? defaultSearch.lengthPenalty },
    ),
  );
  let examples = 0;
  let bytesRead = 0;
  let waiting: ScoredPair[] = [];
  const score = async (): Promise<void> => {
    const lengths = {
      source: Int32Array.from(waiting, (pair) => pair.source.length),
      target: Int32Array.from(waiting, (pair) => pair.target.length),
    };
    const all = Int32Array.from(waiting.keys());
    for (const batch of planPairEvaluation(lengths, all, batchSize)) {
      signal.throwIfAborted();
      await scorer.add(
        Array.from(batch, (at) => waiting[at]!),
        signal,
      );
    }
    examples += waiting.length;
    waiting = [];
    report(bytes === 0 ? 1 : Math.min(1, bytesRead / bytes));
  };
  const named = { source: text ?? columns.source, target: label ?? columns.target };
  for await (const { pairs } of readPairs(source, named, (count) => (bytesRead += count))) {
    for (const pair of pairs) {
      const { ids, tokens } = translator.encode(pair.source);
      const target = encodeText(translator.target.pieces, translator.target.vocabulary, pair.target).ids;
      if (ids.length > 0 && target.length > 0) {
        waiting.push({ source: ids, target, reference: pair.target, sourcePieces: tokens });
      }
    }
    if (waiting.length >= pool) await score();
  }
  if (waiting.length > 0) await score();
  return { task: 'translation', examples, metrics: scorer.metrics() };
}
