/** Scores a model file on labelled data. */
import type { Dataset } from '../data/dataset';
import { planEvaluationBatches } from '../data/batches';
import type { ClassificationMetrics } from '../protocol';
import { ClassificationScorer } from './classificationMetrics';
import type { Classifier } from './classifier';

/** Padded tokens of an evaluation batch. */
const tokenBudget = 8192;

/**
 * The scores on the part `test` of a data set that was loaded with the model's vocabulary and classes.
 * @throws the signal's reason when it aborts
 */
export async function evaluateClassifier(
  classifier: Pick<Classifier, 'metadata' | 'probabilitiesOf'>,
  data: Dataset,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<ClassificationMetrics> {
  const { labels, classWeights } = classifier.metadata;
  const scorer = new ClassificationScorer(labels, classWeights);
  const { examples } = data.parts.test;
  let done = 0;
  for (const batch of planEvaluationBatches(data.lengths, examples, { tokenBudget })) {
    signal.throwIfAborted();
    const probabilities = await classifier.probabilitiesOf(data, batch);
    const logProbabilities = Float32Array.from(probabilities.flatMap((row) => Array.from(row, Math.log)));
    scorer.add(
      logProbabilities,
      batch.map((example) => data.labels[example]!),
    );
    done += batch.length;
    onProgress(done / examples.length);
  }
  return scorer.metrics();
}
