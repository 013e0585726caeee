/** Experiment files of the task `classification`: which class is this text of? Must not know any other task. */
import * as z from 'zod';
import { taskScores } from '../scores';
import { sentence } from '../sentence';
import { classWeightsSchema, labelSmoothing, trainingSchema } from './trainingSchema';
import { carried, filledText, flag, section, shareBelowOne, shareWithin, wholeNumber } from './values';

const path = () =>
  filledText(sentence`the path of a CSV, TSV or JSONL file or of a folder with a text file for each class`);

const dataPath = () =>
  z.union([
    path(),
    section({
      texts: filledText(sentence`the path of a file`).describe('File with one text a line.'),
      labels: filledText(sentence`the path of a file`).describe('File with the class of each of these lines.'),
    }).describe('Two files side by side: line for line a text and its class.'),
  ]);

/** The section `data` of a classification of texts. */
export const dataSchema = section({
  train: dataPath().describe(
    'The labelled examples: a CSV, TSV or JSONL file, a folder with a text file for each class, or { "texts", "labels" }, two files with a line for each example; relative to this file.',
  ),
  validation: z
    .union([shareWithin(), dataPath()])
    .default(0.1)
    .describe('Share of the examples, or a file or folder of its own, to pick the best epoch by.'),
  test: z
    .union([shareBelowOne(), dataPath()])
    .default(0.1)
    .describe('Share of the examples, or a file or folder of its own, to score the finished model on; 0 for none.'),
  text: filledText(sentence`the name of a column`)
    .default('text')
    .describe('Column of the text.'),
  label: filledText(sentence`the name of a column`)
    .default('label')
    .describe('Column of the class.'),
  deduplicate: flag().default(false).describe('Keep only the first of several examples with the same text.'),
  maximumLength: wholeNumber(1, 65_536)
    .default(256)
    .describe('Longest text in tokens; what goes beyond it is cut off.'),
})
  .superRefine(({ validation, test, text, label }, context) => {
    if (typeof validation === 'number' && typeof test === 'number' && validation + test >= 1) {
      context.addIssue({
        code: 'custom',
        path: ['validation'],
        message: carried(
          sentence`validation (${validation}) and test (${test}) leave nothing to train on; their sum must be below 1.`,
        ),
      });
    }
    if (text === label) {
      context.addIssue({
        code: 'custom',
        path: ['label'],
        message: carried(
          sentence`found ${JSON.stringify(label)}, which is the column of the text too; name the column of the class.`,
        ),
      });
    }
  })
  .describe('Where the examples are and how they are split.');

export const embeddingSchema = (size: number) =>
  section({
    size: wholeNumber(1, 4096).default(size).describe('Numbers in the vector of a token.'),
    vectors: filledText(sentence`the path of a file of word vectors`)
      .optional()
      .describe('File of pre-trained vectors (word2vec, GloVe or fastText) to start from; relative to this file.'),
    trainable: flag().default(true).describe('Train the vectors too, or leave them as they are.'),
    updates: z
      .enum(['sparse', 'dense'])
      .default('sparse')
      .describe('Update only the vectors of the tokens in the batch, or all of them at every step.'),
  })
    .prefault({})
    .describe('The vectors that stand for the tokens.');

export const vocabulary = (byDefault = 20_000) =>
  wholeNumber(1, 1_000_000).default(byDefault).describe('Most tokens to know, the most frequent first.');
export const minimumCount = (byDefault: number) =>
  wholeNumber(1, 1_000_000_000)
    .default(byDefault)
    .describe('Tokens that occur less often in the training part are unknown.');
export const lowercase = (byDefault: boolean) =>
  flag().default(byDefault).describe('Take capital and small letters as one.');

const featuresSchema = z
  .discriminatedUnion('type', [
    section({
      type: z.literal('words').optional().default('words').describe('A token is a word.'),
      lowercase: lowercase(true),
      vocabulary: vocabulary(),
      minimumCount: minimumCount(2),
      embedding: embeddingSchema(100),
    }),
    section({
      type: z.literal('characters').describe('A token is a character.'),
      lowercase: lowercase(false),
      vocabulary: vocabulary(),
      minimumCount: minimumCount(1),
      embedding: embeddingSchema(32),
    }),
    section({
      type: z
        .literal('bpe')
        .describe('A token is a part of a word, learned on the training part by byte-pair encoding.'),
      lowercase: lowercase(true),
      vocabulary: vocabulary(8000),
      minimumCount: minimumCount(1),
      embedding: embeddingSchema(100),
    }),
  ])
  .prefault({})
  .describe('How a text becomes numbers.');

export const recurrentKeys = {
  cell: z.enum(['rnn', 'gru', 'lstm']).default('lstm').describe('The recurrent cell.'),
  activation: z
    .enum(['tanh', 'relu'])
    .optional()
    .describe('Activation of the cell "rnn", and only of it; tanh unless given.'),
  hidden: wholeNumber(1, 8192).default(128).describe('Numbers in the hidden state of each direction.'),
  layers: wholeNumber(1, 16).default(1).describe('Recurrent layers, one upon the other.'),
  bidirectional: flag()
    .default(true)
    .describe("Read the text in both directions; the text's vector is the last state of each direction."),
  dropout: shareBelowOne().default(0.3).describe('Share of numbers set to 0 between layers while training.'),
};

/** Only the plain cell has a choice of activation. */
export function checkActivation(
  { cell, activation }: { readonly cell: string; readonly activation?: string | undefined },
  context: z.RefinementCtx,
): void {
  if (activation === undefined || cell === 'rnn') return;
  context.addIssue({
    code: 'custom',
    path: ['activation'],
    message: carried(
      sentence`only the cell "rnn" has a choice of activation, and this cell is ${JSON.stringify(cell)}; remove the key or set "cell" to "rnn".`,
    ),
  });
}

const modelSchema = section(recurrentKeys)
  .superRefine(checkActivation)
  .transform(({ cell, activation, ...rest }) => ({ ...cellOptions(cell, activation), ...rest }))
  .prefault({})
  .describe('The recurrent network.');

/** A recurrent cell; only the plain one has a choice of activation. */
export type CellOptions =
  { cell: 'rnn'; activation: 'tanh' | 'relu' } | { cell: 'gru' | 'lstm'; activation?: undefined };

export function cellOptions(cell: 'rnn' | 'gru' | 'lstm', activation: 'tanh' | 'relu' | undefined): CellOptions {
  return cell === 'rnn' ? { cell, activation: activation ?? 'tanh' } : { cell };
}

/** An experiment of text classification; everything but `data` has a default. */
export const classificationSchema = section({
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
  })
    .prefault({})
    .describe('How the model is trained.'),
});

/** An experiment of text classification with all defaults. */
export type ClassificationExperiment = z.output<typeof classificationSchema>;
/** Where the examples are and how they are split, with all defaults. */
export type DataOptions = ClassificationExperiment['data'];
/** How a text becomes numbers, with all defaults. */
export type FeaturesOptions = ClassificationExperiment['features'];
/** The recurrent network, with all defaults. */
export type ModelOptions = ClassificationExperiment['model'];
