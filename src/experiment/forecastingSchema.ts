/** Experiment files of the task `forecasting`: how does a number series go on, and where does it not go as expected? */
import * as z from 'zod';
import { taskScores } from '../scores';
import { sentence } from '../sentence';
import { checkActivation, recurrentKeys } from './recurrentSchema';
import { missingSchema } from './seriesClassificationSchema';
import { trainingSchema } from './trainingSchema';
import {
  carried,
  filledText,
  flag,
  nonNegativeNumber,
  positiveNumber,
  section,
  shareBelowOne,
  shareWithin,
  wholeNumber,
} from './values';

const table = () => filledText(sentence`the path of a CSV or TSV file`);
const column = () => filledText(sentence`the name of a column`);

const dataSchema = section({
  train: z
    .union([
      table(),
      z.array(table(), carried(sentence`a list of paths`)).min(1, carried(sentence`a list of at least one path`)),
    ])
    .describe(
      'The series: a CSV or TSV file whose rows stand in the order of time, or a list of such files with the same columns, which one model learns together; relative to this file.',
    ),
  time: column().optional().describe('Column of times, in any notation; rows are numbered without one.'),
  values: z
    .union([
      column(),
      z.array(column(), carried(sentence`a list of columns`)).min(1, carried(sentence`a list of at least one column`)),
    ])
    .default('value')
    .describe('Column of values, or a list of several that are forecast together.'),
  validation: shareWithin()
    .default(0.1)
    .describe('Share of the rows, after those of the training, to pick the best epoch by.'),
  test: shareBelowOne()
    .default(0.1)
    .describe('Share of the rows, the last ones, to score the finished model on; 0 for none.'),
  missing: missingSchema(),
})
  .superRefine(({ validation, test }, context) => {
    if (validation + test >= 1) {
      context.addIssue({
        code: 'custom',
        path: ['validation'],
        message: carried(
          sentence`validation (${validation}) and test (${test}) leave nothing to train on; their sum must be below 1.`,
        ),
      });
    }
  })
  .describe('Where the series are and how they are split in time.');

const anomalySchema = section({
  short: wholeNumber(1, 1_000_000)
    .default(10)
    .describe('Rows whose mean error is looked at; more find slow changes, fewer sudden ones.'),
  long: wholeNumber(10, 10_000_000).default(2000).describe('Rows before them that tell which mean errors are usual.'),
  alarmsPerWeek: nonNegativeNumber()
    .default(1)
    .describe('The threshold is chosen so that the rows before the test part have at most so many alarms a week.'),
  minimumScore: nonNegativeNumber()
    .default(0.5)
    .describe(
      'The threshold is never below this score, the negative decimal logarithm of a probability: 2 is one in a hundred.',
    ),
})
  .superRefine(({ short, long }, context) => {
    if (long <= short) {
      context.addIssue({
        code: 'custom',
        path: ['long'],
        message: carried(sentence`found ${long}, expected more than the ${short} of "short".`),
      });
    }
  })
  .prefault({})
  .describe('How errors of the forecast become the score of an anomaly.');

/** An experiment of forecasting; everything but `task` and `data` has a default. */
export const forecastingSchema = section({
  task: z.literal('forecasting').describe('What to learn: the next values of a number series.'),
  data: dataSchema,
  features: section({
    context: wholeNumber(1, 65_536).default(48).describe('Rows that a forecast is made from.'),
    horizon: wholeNumber(1, 4096).default(1).describe('Rows that are forecast at once.'),
    stride: wholeNumber(1, 65_536).default(1).describe('Rows from one training window to the next.'),
    standardize: flag()
      .default(true)
      .describe('Subtract the mean of each column and divide by its standard deviation, both of the training part.'),
  })
    .prefault({})
    .describe('How a series becomes windows.'),
  model: section(recurrentKeys).superRefine(checkActivation).prefault({}).describe('The recurrent network.'),
  training: trainingSchema(taskScores.forecasting, {
    loss: z.enum(['mse', 'huber']).default('mse').describe("Squared errors, or Huber's, which outliers pull less."),
    huberDelta: positiveNumber().default(1).describe("Standardised error from which Huber's loss is straight."),
  })
    .prefault({})
    .describe('How the model is trained.'),
  anomalies: anomalySchema,
});

/** An experiment of forecasting with all defaults. */
export type ForecastingExperiment = z.output<typeof forecastingSchema>;
