/** Experiment files of the task `tagging`: which tag has each token? Must not know any other task's data. */
import * as z from 'zod';
import { taskScores } from '../scores';
import { type Sentence, sentence } from '../sentence';
import {
  cellOptions,
  checkActivation,
  embeddingSchema,
  lowercase,
  minimumCount,
  recurrentKeys,
  vocabulary,
} from './classificationSchema';
import { trainingSchema } from './trainingSchema';
import { carried, filledText, flag, section, shareBelowOne, shareWithin, wholeNumber } from './values';

const path = (what: Sentence) => filledText(sentence`the path of ${what}`);

const taggedFiles = () =>
  z.union([
    path(sentence`a file with one token and its tag a line`),
    section({
      tokens: path(sentence`a file`).describe('File with the tokens of one sentence a line, between spaces.'),
      tags: path(sentence`a file`).describe('File with the tags of these tokens, line for line.'),
    }).describe('Two files side by side: line for line the tokens of a sentence and their tags.'),
  ]);

const dataSchema = section({
  train: taggedFiles().describe(
    'The tagged sentences: a CoNLL-style file with one token and its tag a line and a blank line after each sentence, or { "tokens", "tags" }, two files with a sentence a line; relative to this file.',
  ),
  validation: z
    .union([shareWithin(), taggedFiles()])
    .default(0.1)
    .describe('Share of the sentences, or files of its own, to pick the best epoch by.'),
  test: z
    .union([shareBelowOne(), taggedFiles()])
    .default(0.1)
    .describe('Share of the sentences, or files of its own, to score the finished model on; 0 for none.'),
  tokenColumn: wholeNumber(1, 1000).default(1).describe('Column of the token in a CoNLL-style file, counted from 1.'),
  tagColumn: wholeNumber(1, 1000)
    .optional()
    .describe('Column of the tag in a CoNLL-style file, counted from 1; the last one unless given.'),
  maximumLength: wholeNumber(1, 65_536)
    .default(256)
    .describe('Longest sentence in tokens; longer ones are cut into pieces.'),
})
  .superRefine(({ validation, test, tokenColumn, tagColumn }, context) => {
    if (typeof validation === 'number' && typeof test === 'number' && validation + test >= 1) {
      context.addIssue({
        code: 'custom',
        path: ['validation'],
        message: carried(
          sentence`validation (${validation}) and test (${test}) leave nothing to train on; their sum must be below 1.`,
        ),
      });
    }
    if (tokenColumn === tagColumn) {
      context.addIssue({
        code: 'custom',
        path: ['tagColumn'],
        message: carried(
          sentence`found ${tagColumn}, which is the column of the token too; give the column of the tag.`,
        ),
      });
    }
  })
  .describe('Where the sentences are and how they are split.');

const featuresSchema = section({
  type: z.literal('words').optional().default('words').describe('A token is a word.'),
  lowercase: lowercase(true),
  vocabulary: vocabulary(),
  minimumCount: minimumCount(2),
  embedding: embeddingSchema(100),
})
  .prefault({})
  .describe('How a token becomes numbers.');

const modelSchema = section({
  ...recurrentKeys,
  bidirectional: flag().default(true).describe('Read the sentence in both directions.'),
  crf: flag()
    .default(true)
    .describe('Score the tags of a sentence together (a conditional random field), or each one by itself.'),
})
  .superRefine(checkActivation)
  .transform(({ cell, activation, ...rest }) => ({ ...cellOptions(cell, activation), ...rest }))
  .prefault({})
  .describe('The recurrent network.');

/** An experiment of tagging; everything but `task` and `data` has a default. */
export const taggingSchema = section({
  task: z.literal('tagging').describe('What to learn: the tag of each token.'),
  data: dataSchema,
  features: featuresSchema,
  model: modelSchema,
  training: trainingSchema(taskScores.tagging, {}).prefault({}).describe('How the model is trained.'),
});

/** An experiment of tagging with all defaults. */
export type TaggingExperiment = z.output<typeof taggingSchema>;
/** Where sentences are: a CoNLL-style file, or files of tokens and of tags. */
export type TaggedPaths = TaggingExperiment['data']['train'];
