/** Scores a model of any task on a file of examples. */
import { loadEvaluationDataset } from '../data/loadDataset';
import { SpillFile } from '../files/spillFile';
import type { Classifier } from '../inference/classifier';
import { evaluateClassifier } from '../inference/evaluateClassifier';
import { Forecaster } from '../inference/forecaster';
import type { LoadedModel } from '../inference/loadModel';
import { SeriesClassifier } from '../inference/seriesClassifier';
import type { EvaluateParameters, EvaluateResult } from '../protocol';
import { openExamples } from '../training/openData';
import { evaluateNumbers } from './evaluateNumbers';
import { evaluateOnText } from './evaluateOnText';
import { evaluateTagging } from './evaluateTagging';
import { evaluateTranslator } from './evaluateTranslator';

/**
 * @param onProgress takes the share done, 0…1
 * @throws UserError where the data cannot be understood; the signal's reason when it aborts
 */
export async function evaluateModel(
  model: LoadedModel,
  parameters: EvaluateParameters,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<EvaluateResult> {
  if (model.task === 'tagging') return evaluateTagging(model, parameters, onProgress, signal);
  if (model.task === 'translation') return evaluateTranslator(model, parameters, onProgress, signal);
  if (model.task === 'languageModel') return evaluateOnText(model, parameters.data, onProgress, signal);
  if (model instanceof SeriesClassifier || model instanceof Forecaster) {
    return evaluateNumbers(model, parameters, onProgress, signal);
  }
  return evaluateOnExamples(model, parameters, onProgress, signal);
}

async function evaluateOnExamples(
  classifier: Classifier,
  { data: path, labels: labelFile, text, label }: EvaluateParameters,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<EvaluateResult> {
  const { columns: trained, labels, maximumLength, tokenizer } = classifier.metadata;
  const columns = { text: text ?? trained.text, label: label ?? trained.label };
  const data = await loadEvaluationDataset({
    source: await openExamples(labelFile === undefined ? path : { texts: path, labels: labelFile }, columns),
    vocabulary: classifier.vocabulary,
    classes: labels,
    tokenizer,
    columns,
    maximumLength,
    idStore: { spill: () => new SpillFile() },
    signal,
  });
  try {
    const metrics = await evaluateClassifier(classifier, data, onProgress, signal);
    return { task: 'classification', examples: data.parts.test.examples.length, metrics };
  } finally {
    data.dispose();
  }
}
