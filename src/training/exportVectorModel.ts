/**
 * A trained classifier of TF-IDF vectors as a file, behind a gate: its graph, which counts the n-grams itself, must
 * predict what the equations of training do with the vectors made here.
 */
import type { Dataset } from '../data/dataset';
import type { TfIdf } from '../data/tfIdf';
import { loadModel, ofTask } from '../inference/loadModel';
import { encodeMetadata } from '../inference/metadataFormat';
import { VectorClassifier } from '../inference/vectorClassifier';
import type { VectorClassifierMetadata } from '../inference/vectorClassifierMetadata';
import { buildVectorExport } from '../models/vectorClassifier';
import { checkAgreement, spread } from './exportModel';
import type { NamedTensors } from './shard';
import type { VectorEvaluator } from './vectorEvaluator';

/** Examples that the gate compares in one padded batch. */
const gateExamples = 32;

/**
 * The bytes of `model.onnx`.
 * @param examples examples to compare predictions on
 * @throws Error where file and training disagree by more than 1e-4 on a padded batch, single texts or a text of one word
 */
export async function exportVectorModel(
  metadata: Omit<VectorClassifierMetadata, 'version'>,
  tfIdf: TfIdf,
  parameters: NamedTensors,
  evaluator: VectorEvaluator,
  data: Dataset,
  examples: Int32Array,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const arrays = new Map(Object.entries(parameters).map(([name, { data: values }]) => [name, values]));
  const bytes = buildVectorExport(metadata.model, tfIdf, arrays, encodeMetadata(metadata));
  const exported = ofTask(await loadModel(bytes, 'model.onnx', 1), 'classification', 'model.onnx');
  if (!(exported instanceof VectorClassifier))
    throw new Error('The exported model is not read as a classifier of vectors.');
  try {
    const reader = tfIdf.over(data.vocabulary);
    const texts = Array.from(spread(examples, gateExamples), (example) => data.tokens(example));
    const single = texts.slice(0, 4).map((text) => [text]);
    for (const batch of [texts, ...single, [texts[0]!.slice(0, 1)]]) {
      signal?.throwIfAborted();
      const expected = await evaluator.logProbabilities(reader.rows(batch), parameters);
      const words = batch.map((text) => Array.from(text, (id) => data.vocabulary.tokens[id]!));
      checkAgreement(await exported.probabilities(words), expected, (at) => batch[at]!.length);
    }
  } finally {
    await exported.dispose();
  }
  return bytes;
}
