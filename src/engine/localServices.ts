/** The services of this process, put together from training and inference; knows no connection. */
import { availableParallelism } from 'node:os';
import type { DataFile } from '../data/source';
import { openDataFile } from '../files/dataSource';
import { readBounded } from '../files/readBounded';
import { openSeriesSource } from '../files/seriesSource';
import { describeModel } from '../inference/describeModel';
import { lastRows } from '../inference/lastRows';
import { seriesClassifierOf, textClassifierOf } from '../inference/loadModel';
import { defaultSearch } from '../inference/translator';
import type { TrainingEnvironment } from '../training/trainExperiment';
import { generateText } from './generateText';
import { largestModel, ModelCache } from './modelCache';
import type { EngineServices } from './services';

/**
 * Creates the services that run in this process. Training and evaluation are loaded when they are asked for: who wants the
 * class of a text does not wait for them.
 */
export function createServices(environment: TrainingEnvironment): EngineServices {
  const models = new ModelCache(availableParallelism());
  return {
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
      const { evaluateModel } = await import('./evaluateModel');
      return evaluateModel(await models.get(parameters.model), parameters, report, signal);
    },
    mistakes: async (parameters, signal) => {
      const { findMistakes } = await import('./findMistakes');
      return findMistakes(parameters, models, signal);
    },
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
