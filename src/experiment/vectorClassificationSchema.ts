/** Experiment files of the task `classification` whose texts are TF-IDF vectors. Must not know any other task. */
import * as z from 'zod';
import { taskScores } from '../scores';
import { sentence } from '../sentence';
import { dataSchema } from './classificationSchema';
import { classWeightsSchema, labelSmoothing, trainingSchema } from './trainingSchema';
import { carried, flag, positiveNumber, section, shareBelowOne, wholeNumber } from './values';

const rangeWords = (most: number) =>
  carried(sentence`the shortest and the longest length of n-grams, as [1, 2], each a whole number from 1 to ${most}`);

/** The shortest and the longest n-gram. */
const nGramRange = (most: number) =>
  z.tuple([wholeNumber(1, most), wholeNumber(1, most)], rangeWords(most)).superRefine(([least, longest], context) => {
    if (least > longest) {
      context.addIssue({
        code: 'custom',
        message: carried(
          sentence`found [${least}, ${longest}], expected the shorter length first, as [${longest}, ${least}].`,
        ),
      });
    }
  });

const featuresSchema = section({
  type: z
    .literal('tfidf')
    .describe('The text is one vector: how often each n-gram occurs in it, rare ones weighing more (TF-IDF).'),
  lowercase: flag().default(true).describe('Take capital and small letters as one.'),
  words: nGramRange(5)
    .default([1, 2])
    .describe('Shortest and longest run of words that is counted; [1, 2] counts words and pairs of neighbours.'),
  characters: z
    .union([z.literal(false, 'false'), nGramRange(8)])
    .default([2, 4])
    .describe('Shortest and longest run of characters within a word that is counted; false counts words alone.'),
  sublinear: flag().default(true).describe('Count an n-gram that occurs n times as 1 + ln(n), not as n.'),
  vocabulary: wholeNumber(1, 1_000_000)
    .default(50_000)
    .describe('Most n-grams to know, of words and of characters each, the most frequent first.'),
  minimumCount: wholeNumber(1, 1_000_000_000)
    .default(2)
    .describe('N-grams that occur less often in the training part are left out.'),
}).describe('How a text becomes numbers.');

const modelSchema = section({
  hidden: z
    .array(wholeNumber(1, 8192), carried(sentence`a list of sizes of hidden layers, as [64]`))
    .max(16, carried(sentence`a list of at most 16 sizes of hidden layers`))
    .default([64])
    .describe(
      'Sizes of the hidden layers (ReLU), from the first to the last; [] for none, which is logistic regression.',
    ),
  dropout: shareBelowOne().default(0.5).describe('Share of numbers set to 0 after each hidden layer while training.'),
})
  .prefault({})
  .describe('The feed-forward network.');

/** An experiment of classification with TF-IDF vectors; everything but `data` and the type of features has a default. */
export const vectorClassificationSchema = section({
  task: z
    .literal('classification')
    .optional()
    .default('classification')
    .describe('What to learn: the class of a text.'),
  data: dataSchema,
  features: featuresSchema,
  model: modelSchema,
  training: trainingSchema(taskScores.classification, {
    labelSmoothing: labelSmoothing(),
    classWeights: classWeightsSchema,
    learningRate: positiveNumber().default(2e-3).describe('Size of the steps, before the schedule.'),
  })
    .prefault({})
    .describe('How the model is trained.'),
});

/** An experiment of classification with TF-IDF vectors, with all defaults. */
export type VectorClassificationExperiment = z.output<typeof vectorClassificationSchema>;
