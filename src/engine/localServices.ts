/** The services of this process, put together from training and inference; knows no connection. */
import { availableParallelism } from 'node:os';
import { loadEvaluationDataset } from '../data/loadDataset';
import type { DataFile } from '../data/source';
import { openDataFile, openDataSource } from '../files/dataSource';
import { readBounded } from '../files/readBounded';
import { openSeriesSource } from '../files/seriesSource';
import { SpillFile } from '../files/spillFile';
import { describeModel } from '../inference/describeModel';
import { evaluateClassifier } from '../inference/evaluateClassifier';
import { Forecaster } from '../inference/forecaster';
import { ofTask, seriesClassifierOf, textClassifierOf } from '../inference/loadModel';
import { SeriesClassifier } from '../inference/seriesClassifier';
import { trainExperiment, type TrainingEnvironment } from '../training/trainExperiment';
import { evaluateNumbers } from './evaluateNumbers';
import { findMistakes } from './findMistakes';
import { largestModel, ModelCache } from './modelCache';
import type { EngineServices } from './services';

/** Creates the services that run in this process. */
export function createServices(environment: TrainingEnvironment): EngineServices {
  const models = new ModelCache(availableParallelism());
  return {
    train: (parameters, report, signal) => trainExperiment(parameters, environment, report, signal),
    predict: async ({ model, texts, explain }, signal) =>
      textClassifierOf(await models.of('classification', model), model).predict(texts, explain, signal),
    predictSeries: async ({ model, data }, signal) => {
      const classifier = seriesClassifierOf(await models.of('classification', model), model);
      return classifier.predict(await classifier.read(await openSeriesSource(data), data), signal);
    },
    forecast: async ({ model, data, content }, report, signal) => {
      const forecaster = await models.of('forecasting', model);
      const file = content === undefined ? await openDataFile(data) : textFile(data, content);
      return forecaster.forecast(await forecaster.read(file), report, signal);
    },
    evaluate: async (parameters, report, signal) => {
      const loaded = await models.get(parameters.model);
      if (loaded instanceof SeriesClassifier || loaded instanceof Forecaster) {
        return evaluateNumbers(loaded, parameters, report, signal);
      }
      const classifier = textClassifierOf(ofTask(loaded, 'classification', parameters.model), parameters.model);
      const { columns, labels, maximumLength, tokenizer } = classifier.metadata;
      const data = await loadEvaluationDataset({
        source: await openDataSource(parameters.data),
        vocabulary: classifier.vocabulary,
        classes: labels,
        tokenizer,
        columns: { text: parameters.text ?? columns.text, label: parameters.label ?? columns.label },
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
