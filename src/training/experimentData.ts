/** Loads what an experiment trains on: its data set, and pre-trained word vectors for the vocabulary. */
import type { Dataset } from '../data/dataset';
import { loadDataset } from '../data/loadDataset';
import type { TokenizerSettings } from '../data/tokenizer';
import type { VocabularyLimits } from '../data/vocabulary';
import { readWordVectors, type WordVectors } from '../data/wordVectors';
import type { ClassificationExperiment } from '../experiment/classificationSchema';
import { openDataFile } from '../files/dataSource';
import { SpillFile } from '../files/spillFile';
import { embeddingName } from '../nn/layers';
import type { TrainingEvent } from '../protocol';
import { told } from '../sentence';
import { type ExamplePaths, openExamples } from './openData';
import type { Weights } from './weights';

/**
 * Reads the data of an experiment; paths are relative to `folder`. The caller disposes of the data.
 * @throws UserError where the data cannot be understood or is too little
 */
export async function loadExperimentData(
  experiment: ClassificationExperiment,
  folder: string,
  emit: (event: TrainingEvent) => void,
  signal: AbortSignal,
): Promise<{ data: Dataset; vectors: WordVectors | null }> {
  const { features } = experiment;
  const { vectors: vectorPath } = features.embedding;
  const vectorFile = vectorPath === undefined ? null : await openDataFile(vectorPath, folder);
  const onProgress = progressInPercents((fraction) => {
    emit({ type: 'phase', phase: 'reading', fraction });
  });
  const data = await loadTexts(
    experiment,
    { type: features.type, lowercase: features.lowercase },
    { maximumSize: features.vocabulary, minimumCount: features.minimumCount },
    { folder, emit, onProgress, signal },
  );
  try {
    if (vectorFile === null) return { data, vectors: null };
    const { tokens } = data.vocabulary;
    const vectors = await readWordVectors(vectorFile, { tokens, width: features.embedding.size, onProgress, signal });
    return { data, vectors };
  } catch (error) {
    data.dispose();
    throw error;
  }
}

/** What reading is told and tells. */
export interface Reading {
  /** Folder that paths are relative to. */
  readonly folder: string;
  readonly emit: (event: TrainingEvent) => void;
  /** Takes the bytes read and those of all files. */
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Reads the labelled texts of an experiment and tells what is doubtful in them. The caller disposes of the data.
 * @throws UserError where the data cannot be understood or is too little
 */
export async function loadTexts(
  { data: options, training }: TextExperiment,
  tokenizer: TokenizerSettings,
  vocabulary: VocabularyLimits,
  { folder, emit, onProgress, signal }: Reading,
): Promise<Dataset> {
  const source = (value: ExamplePaths | number) =>
    typeof value === 'number' ? value : openExamples(value, options, folder);
  const data = await loadDataset({
    train: await openExamples(options.train, options, folder),
    validation: await source(options.validation),
    test: await source(options.test),
    columns: { text: options.text, label: options.label },
    tokenizer,
    maximumLength: options.maximumLength,
    vocabulary,
    deduplicate: options.deduplicate,
    seed: training.seed,
    idStore: { spill: () => new SpillFile() },
    onProgress,
    signal,
  });
  for (const warning of data.warnings) emit({ type: 'warning', ...told(warning) });
  return data;
}

/** What all classifications of texts have in common. */
type TextExperiment = Pick<ClassificationExperiment, 'data' | 'training'>;

/** Starts the embedding's rows from the vectors that were found. */
export function applyVectors(weights: Weights, vectors: WordVectors | null): void {
  if (vectors === null) return;
  const table = weights.array(embeddingName);
  vectors.found.forEach((isFound, row) => {
    const from = row * vectors.width;
    if (isFound === 1) table.set(vectors.values.subarray(from, from + vectors.width), from);
  });
}

/** Tells a share at most once for each hundredth. */
export function progressInPercents(tell: (fraction: number) => void): (done: number, total: number) => void {
  let told = -1;
  return (done, total) => {
    const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
    if (percent === told) return;
    told = percent;
    tell(percent / 100);
  };
}
