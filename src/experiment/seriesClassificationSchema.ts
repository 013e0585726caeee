/** Experiment files of the task `classification` on number series: which class is this series of? */
import * as z from 'zod';
import { taskScores } from '../scores';
import { sentence } from '../sentence';
import { checkActivation, recurrentKeys } from './recurrentSchema';
import { classWeightsSchema, labelSmoothing, trainingSchema } from './trainingSchema';
import { carried, filledText, flag, section, shareBelowOne, shareWithin, wholeNumber } from './values';

const dataPath = () =>
  filledText(
    sentence`the path of a .ts, CSV or TSV file or of a folder with a folder of .npy or .csv files for each class`,
  );
const columnName = (byDefault: string) => filledText(sentence`the name of a column`).default(byDefault);

/** How missing values are settled; a key of every task on numbers. */
export const missingSchema = () =>
  z
    .enum(['refuse', 'interpolate'])
    .default('refuse')
    .describe('Refuse missing values, or fill them in on a straight line between their neighbours.');

const dataSchema = section({
  train: dataPath().describe(
    'The labelled series: a .ts file of the UCR/UEA archive, a CSV or TSV file, or a folder with a folder of .npy or .csv files (a row a frame) for each class; relative to this file.',
  ),
  validation: z
    .union([shareWithin(), dataPath()])
    .default(0.1)
    .describe('Share of the series, or a file or folder of its own, to pick the best epoch by.'),
  test: z
    .union([shareBelowOne(), dataPath()])
    .default(0.1)
    .describe('Share of the series, or a file or folder of its own, to score the finished model on; 0 for none.'),
  layout: z
    .enum(['wide', 'long'])
    .default('wide')
    .describe('Whether a row of a CSV or TSV file is a whole series of one channel, or one step of a series.'),
  label: columnName('label').describe('Column of the class in a CSV or TSV file.'),
  series: columnName('series').describe('Column that tells the series of a long file apart.'),
  time: filledText(sentence`the name of a column`)
    .optional()
    .describe('Column of times in a long file; it is passed over, for the rows stand in the order of time.'),
  channels: z
    .array(filledText(sentence`the name of a column`), carried(sentence`a list of columns`))
    .min(1, carried(sentence`a list of columns`))
    .optional()
    .describe('Columns of values in a long file; all the others unless given.'),
  missing: missingSchema(),
  maximumLength: wholeNumber(1, 1_000_000)
    .default(4096)
    .describe('Longest series in steps; what goes beyond it is cut off.'),
})
  .superRefine(({ validation, test }, context) => {
    if (typeof validation === 'number' && typeof test === 'number' && validation + test >= 1) {
      context.addIssue({
        code: 'custom',
        path: ['validation'],
        message: carried(
          sentence`validation (${validation}) and test (${test}) leave nothing to train on; their sum must be below 1.`,
        ),
      });
    }
  })
  .describe('Where the series are and how they are split.');

/** An experiment of classification of number series; everything but `data` and `features.type` has a default. */
export const seriesClassificationSchema = section({
  task: z
    .literal('classification')
    .optional()
    .default('classification')
    .describe('What to learn: the class of a series.'),
  data: dataSchema,
  features: section({
    type: z.literal('numbers').describe('A step is the numbers of all channels.'),
    standardize: flag()
      .default(true)
      .describe('Subtract the mean of each channel and divide by its standard deviation, both of the training part.'),
  }).describe('How a series becomes the input of the network.'),
  model: section({
    ...recurrentKeys,
    summary: z
      .enum(['last', 'mean'])
      .default('last')
      .describe('What stands for a series: the last state of each direction, or the mean of all states.'),
  })
    .superRefine(checkActivation)
    .prefault({})
    .describe('The recurrent network.'),
  training: trainingSchema(taskScores.classification, {
    labelSmoothing: labelSmoothing(),
    classWeights: classWeightsSchema,
  })
    .prefault({})
    .describe('How the model is trained.'),
});

/** An experiment of classification of number series with all defaults. */
export type SeriesClassificationExperiment = z.output<typeof seriesClassificationSchema>;
