/** Experiment files of the task `languageModel`: how does this text go on? Must not know any other task. */
import * as z from 'zod';
import { taskScores } from '../scores';
import { sentence } from '../sentence';
import { labelSmoothing, trainingSchema } from './trainingSchema';
import { carried, filledText, flag, section, shareBelowOne, shareWithin, wholeNumber } from './values';

const textPath = () =>
  filledText(sentence`the path of a plain-text file, of a folder of .txt files, or a pattern of paths`);

const dataSchema = section({
  train: textPath().describe(
    'The text: a plain-text file, a folder of .txt files, or a pattern such as notes/**/*.md; relative to this file.',
  ),
  validation: z
    .union([shareWithin(), textPath()])
    .default(0.1)
    .describe('Share of the text, taken from its end, or a text of its own, to pick the best epoch by.'),
  test: z
    .union([shareBelowOne(), textPath()])
    .default(0.1)
    .describe(
      'Share of the text, taken from its end behind the validation, or a text of its own, to score the finished model on; 0 for none.',
    ),
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
  .describe('Where the text is and how it is split: training, validation and test follow one another.');

const embedding = (size: number) =>
  section({ size: wholeNumber(1, 4096).default(size).describe('Numbers in the vector of a token.') })
    .prefault({})
    .describe('The vectors that stand for the tokens.');
const lowercase = () => flag().default(false).describe('Take capital and small letters as one.');
const vocabulary = (least = 3, byDefault = 20_000) =>
  wholeNumber(least, 1_000_000).default(byDefault).describe('Most tokens to know, the most frequent first.');
const minimumCount = (byDefault: number) =>
  wholeNumber(1, 1_000_000_000)
    .default(byDefault)
    .describe('Tokens that occur less often in the training part are unknown.');

const featuresSchema = z
  .discriminatedUnion('type', [
    section({
      type: z.literal('characters').optional().default('characters').describe('A token is a character.'),
      lowercase: lowercase(),
      vocabulary: vocabulary(),
      minimumCount: minimumCount(1),
      embedding: embedding(64),
    }),
    section({
      type: z.literal('words').describe('A token is a word with the space before it, or other white space.'),
      lowercase: lowercase(),
      vocabulary: vocabulary(),
      minimumCount: minimumCount(2),
      embedding: embedding(128),
    }),
    section({
      type: z
        .literal('bpe')
        .describe(
          'A token is a part of a word, learned on the training part by byte-pair encoding; white space stays.',
        ),
      lowercase: lowercase(),
      vocabulary: vocabulary(16, 4000),
      minimumCount: minimumCount(1),
      embedding: embedding(128),
    }),
    section({
      type: z
        .literal('tokenizer')
        .describe("Tokens are the pieces of a Hugging Face tokenizer's byte-pair encoding that keeps white space."),
      source: filledText(sentence`the path of a tokenizer.json`).describe('tokenizer.json; relative to this file.'),
      vocabulary: vocabulary(16, 32_000),
      minimumCount: minimumCount(1),
      embedding: embedding(128),
    }),
  ])
  .prefault({})
  .describe('How the text becomes numbers.');

const modelSchema = section({
  cell: z.enum(['rnn', 'gru', 'lstm']).default('lstm').describe('The recurrent cell.'),
  activation: z
    .enum(['tanh', 'relu'])
    .optional()
    .describe('Activation of the cell "rnn", and only of it; tanh unless given.'),
  hidden: wholeNumber(1, 8192).default(256).describe('Numbers in the hidden state.'),
  layers: wholeNumber(1, 16).default(1).describe('Recurrent layers, one upon the other.'),
  dropout: shareBelowOne()
    .default(0.3)
    .describe('Share of numbers set to 0 between layers and before the output while training.'),
  tied: flag()
    .default(false)
    .describe("Use the tokens' vectors for the output too; they must have the size of the hidden state."),
})
  .superRefine(({ cell, activation }, context) => {
    if (activation !== undefined && cell !== 'rnn') {
      context.addIssue({
        code: 'custom',
        path: ['activation'],
        message: carried(
          sentence`only the cell "rnn" has a choice of activation, and this cell is ${JSON.stringify(cell)}; remove the key or set "cell" to "rnn".`,
        ),
      });
    }
  })
  .prefault({})
  .describe('The recurrent network.');

/** An experiment with a language model; everything but `data` has a default. */
export const languageModelSchema = section({
  task: z.literal('languageModel').describe('What to learn: how a text goes on.'),
  data: dataSchema,
  features: featuresSchema,
  model: modelSchema,
  training: trainingSchema(taskScores.languageModel, {
    sequenceLength: wholeNumber(1, 65_536)
      .default(64)
      .describe(
        'Tokens that the gradient travels back (truncated back-propagation through time); "batchSize" counts the streams that are read side by side.',
      ),
    labelSmoothing: labelSmoothing(),
  })
    .prefault({})
    .describe('How the model is trained.'),
}).superRefine(({ features, model }, context) => {
  if (model.tied && features.embedding.size !== model.hidden) {
    context.addIssue({
      code: 'custom',
      path: ['model', 'tied'],
      message: carried(
        sentence`the tokens' vectors have ${features.embedding.size} numbers and the hidden state ${model.hidden}; with "tied" both sizes must be equal.`,
      ),
    });
  }
});

/** An experiment with a language model, all defaults filled in. */
export type LanguageModelExperiment = z.output<typeof languageModelSchema>;
