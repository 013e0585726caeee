/** The services of this process, put together from training and inference; knows no connection. */
import { availableParallelism } from 'node:os';
import { loadEvaluationDataset } from '../data/loadDataset';
import { readBounded } from '../files/readBounded';
import { SpillFile } from '../files/spillFile';
import { describeModel } from '../inference/describeModel';
import { evaluateClassifier } from '../inference/evaluateClassifier';
import { ofTask } from '../inference/loadModel';
import { openExamples } from '../training/openData';
import { trainExperiment, type TrainingEnvironment } from '../training/trainExperiment';
import { evaluateOnText } from './evaluateOnText';
import { evaluateTagging } from './evaluateTagging';
import { findMistakes } from './findMistakes';
import { generateText } from './generateText';
import { largestModel, ModelCache } from './modelCache';
import type { EngineServices } from './services';

/** Creates the services that run in this process. */
export function createServices(environment: TrainingEnvironment): EngineServices {
  const models = new ModelCache(availableParallelism());
  return {
    train: (parameters, report, signal) => trainExperiment(parameters, environment, report, signal),
    predict: async ({ model, texts, explain }, signal) =>
      (await models.of('classification', model)).predict(texts, explain, signal),
    tag: async ({ model, texts }, signal) => (await models.of('tagging', model)).predict(texts, signal),
    generate: async ({ model, ...parameters }, report, signal) =>
      generateText(await models.of('languageModel', model), parameters, report, signal),
    evaluate: async (parameters, report, signal) => {
      const model = await models.get(parameters.model);
      if (model.task === 'tagging') return evaluateTagging(model, parameters, report, signal);
      if (model.task === 'languageModel') return evaluateOnText(model, parameters.data, report, signal);
      const classifier = ofTask(model, 'classification', parameters.model);
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
