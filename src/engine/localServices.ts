/** The services of this process, put together from training and inference; knows no connection. */
import { availableParallelism } from 'node:os';
import { loadEvaluationDataset } from '../data/loadDataset';
import { Vocabulary } from '../data/vocabulary';
import { openDataSource } from '../files/dataSource';
import { readBounded } from '../files/readBounded';
import { SpillFile } from '../files/spillFile';
import { describeModel } from '../inference/describeModel';
import { evaluateClassifier } from '../inference/evaluateClassifier';
import { ofTask } from '../inference/loadModel';
import { defaultSearch } from '../inference/translator';
import { trainExperiment, type TrainingEnvironment } from '../training/trainExperiment';
import { evaluateTranslator } from './evaluateTranslator';
import { findMistakes } from './findMistakes';
import { largestModel, ModelCache } from './modelCache';
import type { EngineServices } from './services';

/** Creates the services that run in this process. */
export function createServices(environment: TrainingEnvironment): EngineServices {
  const models = new ModelCache(availableParallelism());
  return {
    train: (parameters, report, signal) => trainExperiment(parameters, environment, report, signal),
    predict: async ({ model, texts, explain }, signal) =>
      (await models.of('classification', model)).predict(texts, explain, signal),
    translate: async ({ model, texts, ...search }, signal) =>
      (await models.of('translation', model)).translate(texts, { ...defaultSearch, ...search }, signal),
    evaluate: async (parameters, report, signal) => {
      const model = await models.get(parameters.model);
      if (model.task === 'translation') return evaluateTranslator(model, parameters, report, signal);
      const classifier = ofTask(model, 'classification', parameters.model);
      const { columns, labels, maximumLength, tokenizer, vocabulary } = classifier.metadata;
      const data = await loadEvaluationDataset({
        source: await openDataSource(parameters.data),
        vocabulary: new Vocabulary(vocabulary),
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
