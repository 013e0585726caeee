/** Records for the tests of runs. */
import { classificationSchema } from '../../../src/experiment/classificationSchema';
import type { EpochMetrics, Report, StepMetrics } from '../../../src/protocol';

export const sampleExperiment = classificationSchema.parse({ data: { train: 'chat.csv' }, training: { seed: 7 } });

export const sampleStep = (step: number): StepMetrics => ({
  step,
  epoch: 1,
  loss: 1 / step,
  gradientNorm: 0.1 * step,
  learningRate: 1e-3,
  tokens: 100 + step,
});

const validation = {
  loss: 0.5,
  accuracy: 0.75,
  macroF1: 0.7,
  perClass: [{ label: 'bad', precision: 1, recall: 0.5, f1: 2 / 3, support: 4 }],
  confusion: [
    [2, 2],
    [0, 4],
  ],
};

export const sampleEpoch: EpochMetrics = { epoch: 1, steps: 3, trainingLoss: 0.6, validation, best: true };

export const sampleReport = (status: Report['status']): Report => ({
  experimentFile: '/experiments/spam.rnn.json',
  status,
  task: 'classification',
  best: { epoch: 1, validation },
  test: null,
  epochs: 1,
  steps: 3,
  tokensPerSecond: 1000,
  seconds: 2,
  parameters: 10,
  data: {
    classes: [{ label: 'bad', count: 4 }],
    examples: { train: 8, validation: 1, test: 1 },
    vocabulary: 5,
    coverage: 0.9,
    duplicatesAcrossParts: 0,
    vectorsFound: null,
  },
});
