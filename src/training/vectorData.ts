/** Loads what a classification of TF-IDF vectors trains on: its texts as words, and the n-grams of the training part. */
import type { Dataset } from '../data/dataset';
import { fitTfIdf, type TfIdf } from '../data/tfIdf';
import { everyToken, unknownId } from '../data/vocabulary';
import type { VectorClassificationExperiment } from '../experiment/vectorClassificationSchema';
import type { TrainingEvent } from '../protocol';
import { loadTexts, progressInPercents } from './experimentData';

/** Texts and n-grams; every word of the data has an id, because n-grams of characters read unknown words too. */
export interface VectorData {
  readonly data: Dataset;
  readonly tfIdf: TfIdf;
  /** Share of the training part's words that stand in n-grams, 0…1. */
  readonly coverage: number;
}

/**
 * Reads the data of an experiment; paths are relative to `folder`. The caller disposes of the data.
 * @throws UserError where the data cannot be understood or is too little
 */
export async function loadVectorData(
  experiment: VectorClassificationExperiment,
  folder: string,
  emit: (event: TrainingEvent) => void,
  signal: AbortSignal,
): Promise<VectorData> {
  const { features } = experiment;
  const onProgress = progressInPercents((fraction) => {
    emit({ type: 'phase', phase: 'reading', fraction });
  });
  const tokenizer = { type: 'words', lowercase: features.lowercase } as const;
  const data = await loadTexts(experiment, tokenizer, everyToken, { folder, emit, onProgress, signal });
  try {
    const limits = { maximum: features.vocabulary, minimumCount: features.minimumCount };
    const texts = (visit: (words: Int32Array) => void) => {
      signal.throwIfAborted();
      for (const example of data.parts.train.examples) visit(data.tokens(example));
    };
    const tfIdf = fitTfIdf(features, limits, data.vocabulary, texts);
    return { data, tfIdf, coverage: coverageOf(data, tfIdf) };
  } catch (error) {
    data.dispose();
    throw error;
  }
}

function coverageOf(data: Dataset, tfIdf: TfIdf): number {
  const isKnown = data.vocabulary.tokens.map((word, id) => id > unknownId && tfIdf.words.knows(word));
  const { examples, tokens } = data.parts.train;
  let known = 0;
  for (const example of examples) for (const id of data.tokens(example)) if (isKnown[id]) known += 1;
  return tokens === 0 ? 0 : known / tokens;
}
