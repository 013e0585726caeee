/** The services of this process, put together from training and inference; knows no connection. */
import { availableParallelism } from 'node:os';
import { loadEvaluationDataset } from '../data/loadDataset';
import type { DataFile } from '../data/source';
import { openDataFile } from '../files/dataSource';
import { readBounded } from '../files/readBounded';
import { openSeriesSource } from '../files/seriesSource';
import { SpillFile } from '../files/spillFile';
import { describeModel } from '../inference/describeModel';
import { evaluateClassifier } from '../inference/evaluateClassifier';
import { Forecaster } from '../inference/forecaster';
import { lastRows } from '../inference/lastRows';
import { ofTask, seriesClassifierOf, textClassifierOf } from '../inference/loadModel';
import { SeriesClassifier } from '../inference/seriesClassifier';
import { defaultSearch } from '../inference/translator';
import { openExamples } from '../training/openData';
import type { TrainingEnvironment } from '../training/trainExperiment';
import { evaluateNumbers } from './evaluateNumbers';
import { evaluateOnText } from './evaluateOnText';
import { evaluateTagging } from './evaluateTagging';
import { evaluateTranslator } from './evaluateTranslator';
import { findMistakes } from './findMistakes';
import { generateText } from './generateText';
import { largestModel, ModelCache } from './modelCache';
import type { EngineServices } from './services';

/** Creates the services that run in this process. */
export function createServices(environment: TrainingEnvironment): EngineServices {
  const models = new ModelCache(availableParallelism());
  return {
    // Loaded when it is needed: who asks for the class of a text does not wait for it.
    train: async (parameters, report, signal) => {
      const { trainExperiment } = await import('../training/trainExperiment');
      return trainExperiment(parameters, environment, report, signal);
    },
    predict: async ({ model, texts, explain }, signal) =>
      textClassifierOf(await models.of('classification', model), model).predict(texts, explain, signal),
    tag: async ({ model, texts }, signal) => (await models.of('tagging', model)).predict(texts, signal),
    translate: async ({ model, texts, ...search }, signal) =>
      (await models.of('translation', model)).translate(texts, { ...defaultSearch, ...search }, signal),
    generate: async ({ model, ...parameters }, report, signal) =>
      generateText(await models.of('languageModel', model), parameters, report, signal),
    predictSeries: async ({ model, data }, signal) => {
      const classifier = seriesClassifierOf(await models.of('classification', model), model);
      return classifier.predict(await classifier.read(await openSeriesSource(data), data), signal);
    },
    forecast: async ({ model, data, content, last }, report, signal) => {
      const forecaster = await models.of('forecasting', model);
      const file = content === undefined ? await openDataFile(data) : textFile(data, content);
      const result = await forecaster.forecast(await forecaster.read(file), report, signal);
      return last === undefined ? result : lastRows(result, last);
    },
    evaluate: async (parameters, report, signal) => {
      const model = await models.get(parameters.model);
      if (model.task === 'tagging') return evaluateTagging(model, parameters, report, signal);
      if (model.task === 'translation') return evaluateTranslator(model, parameters, report, signal);
      if (model.task === 'languageModel') return evaluateOnText(model, parameters.data, report, signal);
      if (model instanceof SeriesClassifier || model instanceof Forecaster) {
        return evaluateNumbers(model, parameters, report, signal);
      }
      const classifier = textClassifierOf(ofTask(model, 'classification', parameters.model), parameters.model);
      const { columns: trained, labels, maximumLength, tokenizer } = classifier.metadata;
      const columns = { text: parameters.text ?? trained.text, label: parameters.label ?? trained.label };
      const { data: path, labels: beside } = parameters;
      const data = await loadEvaluationDataset({
        source: await openExamples(beside === undefined ? path : { texts: path, labels: beside }, columns),
        vocabulary: classifier.vocabulary,
        classes: labels,
        tokenizer,
        columns,
        maximumLength,
        idStore: { spill: () => new SpillFile() },
        signal,
      });
      try {
        const metrics = await evaluateClassifier(classifier, data, report, signal);
        return { task: 'classification', examples: data.parts.test.examples.length, metrics };
      } finally {
        data.dispose();
      }
    },
    mistakes: async (parameters, signal) => findMistakes(parameters, models, signal),
    inspect: async ({ model }) => describeModel(await readBounded(model, largestModel), model),
  };
}

/** A text as a file. */
function textFile(name: string, content: string): Pick<DataFile, 'name' | 'open'> {
  const bytes = new TextEncoder().encode(content);
  return {
    name,
    // eslint-disable-next-line @typescript-eslint/require-await -- files are read as they arrive
    async *open() {
      yield bytes;
    },
  };
}
