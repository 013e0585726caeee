/** The test examples that a run's model gets wrong, with their texts, or steps, and places in the data. */
import { dirname, resolve } from 'node:path';
import type { Dataset } from '../data/dataset';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import type { ClassificationExperiment } from '../experiment/classificationSchema';
import { isTextClassification, isVectorClassification } from '../experiment/experimentKinds';
import type { VectorClassificationExperiment } from '../experiment/vectorClassificationSchema';
import type { Classifier } from '../inference/classifier';
import { indexOfLargest } from '../inference/classificationMetrics';
import { seriesClassifierOf, textClassifierOf } from '../inference/loadModel';
import type { TextClassifier } from '../inference/textClassifier';
import type { VectorClassifier } from '../inference/vectorClassifier';
import type { Mistake, MistakesParameters, MistakesResult } from '../protocol';
import { readRun } from '../runs/readRun';
import { loadExperimentData } from '../training/experimentData';
import { readExampleTexts } from '../training/exampleTexts';
import { loadVectorData } from '../training/vectorData';
import { dataHasChanged, findSeriesMistakes } from './findSeriesMistakes';
import type { ModelCache } from './modelCache';

const defaultLimit = 1000;
/** Examples in a batch of predictions. */
const batchSize = 256;

interface Wrong {
  readonly example: number;
  readonly predicted: number;
  readonly probability: number;
}

/**
 * Divides the data as the run did and predicts the test part.
 * @throws UserError where the run has no model, or its data has changed so that it is divided otherwise
 */
export async function findMistakes(
  { run: directory, limit = defaultLimit }: MistakesParameters,
  models: ModelCache,
  signal: AbortSignal,
): Promise<MistakesResult> {
  const { experiment, model, name, report } = await readRun(directory);
  if (experiment.task !== 'classification') {
    throw new UserError(sentence`The run ${name} is no classification; mistakes are listed for those only.`);
  }
  if (model === null || report === null) {
    throw new UserError(sentence`The run ${name} has no model yet; train it until an epoch has ended.`);
  }
  const folder = dirname(report.experimentFile);
  if (!isTextClassification(experiment)) {
    const seriesModel = seriesClassifierOf(await models.of('classification', model), model);
    return findSeriesMistakes(seriesModel, { experiment, folder, name, limit }, signal);
  }
  const classifier = textClassifierOf(await models.of('classification', model), model);
  const { data, features } = await loadData(experiment, folder, signal);
  try {
    const { labels } = classifier.metadata;
    if (data.classes.join('\n') !== labels.join('\n') || features !== featuresOf(classifier)) {
      throw dataHasChanged(name);
    }
    const wrong = await wrongExamples(classifier, data, signal);
    wrong.sort((a, b) => b.probability - a.probability);
    const shown = wrong.slice(0, limit);
    const texts = await readExampleTexts(
      data,
      shown.map(({ example }) => example),
      experiment,
      folder,
    );
    const byPlace = new Map(texts.map((found) => [`${found.line} ${found.file}`, found]));
    const mistakes = shown.flatMap(({ example, predicted, probability }): Mistake[] => {
      const place = data.place(example);
      const found = byPlace.get(`${place.line} ${place.file}`);
      if (found === undefined) return [];
      const { text, line } = found;
      const file = resolve(folder, found.file);
      return [{ text, file, line, truth: labels[data.labels[example]!]!, predicted: labels[predicted]!, probability }];
    });
    return { mistakes, count: wrong.length };
  } finally {
    data.dispose();
  }
}

type TextExperiment = ClassificationExperiment | VectorClassificationExperiment;

/** The data of a run, and what its features amount to, for a comparison with those of the model. */
async function loadData(
  experiment: TextExperiment,
  folder: string,
  signal: AbortSignal,
): Promise<{ data: Dataset; features: string }> {
  if (isVectorClassification(experiment)) {
    const { data, tfIdf } = await loadVectorData(experiment, folder, () => undefined, signal);
    return { data, features: [...tfIdf.spellings()].join('\n') };
  }
  const { data } = await loadExperimentData(experiment, folder, () => undefined, signal);
  return { data, features: data.vocabulary.tokens.join('\n') };
}

function featuresOf(classifier: TextClassifier | VectorClassifier): string {
  const features = 'tfIdf' in classifier ? classifier.tfIdf.spellings() : classifier.vocabulary.tokens;
  return [...features].join('\n');
}

async function wrongExamples(classifier: Classifier, data: Dataset, signal: AbortSignal): Promise<Wrong[]> {
  const { examples } = data.parts.test;
  const wrong: Wrong[] = [];
  for (let start = 0; start < examples.length; start += batchSize) {
    signal.throwIfAborted();
    const batch = examples.subarray(start, start + batchSize);
    const rows = await classifier.probabilitiesOf(data, batch);
    batch.forEach((example, at) => {
      const predicted = indexOfLargest(rows[at]!);
      if (predicted !== data.labels[example]) wrong.push({ example, predicted, probability: rows[at]![predicted]! });
    });
  }
  return wrong;
}
