/** Experiment files of the task `translation`: a sentence to a sentence. Must not know any other task. */
import * as z from 'zod';
import { taskScores } from '../scores';
import { sentence } from '../sentence';
import { trainingSchema } from './trainingSchema';
import { carried, filledText, flag, section, shareBelowOne, shareWithin, wholeNumber } from './values';

const dataPath = () => filledText(sentence`the path of a CSV, TSV or JSONL file`);
const column = () => filledText(sentence`the name of a column`);

const dataSchema = section({
  train: dataPath().describe(
    'The pairs of sentences: a CSV, TSV or JSONL file with a column for each language; relative to this file.',
  ),
  validation: z
    .union([shareWithin(), dataPath()])
    .default(0.05)
    .describe('Share of the pairs, or a file of its own, to pick the best epoch by.'),
  test: z
    .union([shareBelowOne(), dataPath()])
    .default(0.05)
    .describe('Share of the pairs, or a file of its own, to score the finished model on; 0 for none.'),
  source: column().default('source').describe('Column of the text to translate.'),
  target: column().default('target').describe('Column of its translation.'),
  maximumLength: wholeNumber(1, 4096)
    .default(100)
    .describe('Longest sentence in pieces: longer pairs are not trained on, and no translation is longer.'),
})
  .superRefine(({ validation, test, source, target }, context) => {
    if (typeof validation === 'number' && typeof test === 'number' && validation + test >= 1) {
      context.addIssue({
        code: 'custom',
        path: ['validation'],
        message: carried(
          sentence`validation (${validation}) and test (${test}) leave nothing to train on; their sum must be below 1.`,
        ),
      });
    }
    if (source === target) {
      context.addIssue({
        code: 'custom',
        path: ['target'],
        message: carried(
          sentence`found ${JSON.stringify(target)}, which is the column of the text to translate too; name the column of the translation.`,
        ),
      });
    }
  })
  .describe('Where the pairs are and how they are split.');

const vocabulary = (byDefault: number) =>
  wholeNumber(16, 1_000_000).default(byDefault).describe('Most pieces to know on a side, the most frequent first.');
const minimumCount = (byDefault: number) =>
  wholeNumber(1, 1_000_000_000)
    .default(byDefault)
    .describe('Pieces that occur less often in the training part are unknown.');
const lowercase = () =>
  flag()
    .default(false)
    .describe('Take capital and small letters as one: translations are small, and so is what BLEU compares.');
const shared = () => flag().default(false).describe('One vocabulary and one table of vectors for both languages.');
const embedding = () =>
  section({
    size: wholeNumber(1, 4096).default(256).describe('Numbers in the vector of a piece.'),
    updates: z
      .enum(['dense', 'sparse'])
      .default('dense')
      .describe(
        'Update all vectors at every step, which lets those of rare pieces go on moving, or only those of the batch, which is faster.',
      ),
  })
    .prefault({})
    .describe('The vectors that stand for the pieces.');
const tokenizerPath = () => filledText(sentence`the path of a tokenizer.json`);

const featuresSchema = z
  .discriminatedUnion('type', [
    section({
      type: z
        .literal('bpe')
        .optional()
        .default('bpe')
        .describe('A piece is a part of a word, learned on the training part by byte-pair encoding.'),
      lowercase: lowercase(),
      vocabulary: vocabulary(8000),
      minimumCount: minimumCount(1),
      shared: shared(),
      embedding: embedding(),
    }),
    section({
      type: z.literal('words').describe('A piece is a word.'),
      lowercase: lowercase(),
      vocabulary: vocabulary(20_000),
      minimumCount: minimumCount(2),
      shared: shared(),
      embedding: embedding(),
    }),
    section({
      type: z.literal('tokenizer').describe("Pieces are those of a Hugging Face tokenizer's byte-pair encoding."),
      source: tokenizerPath().describe('tokenizer.json for the text to translate; relative to this file.'),
      target: tokenizerPath()
        .optional()
        .describe('tokenizer.json for the translation; that of the source unless given.'),
      vocabulary: vocabulary(32_000),
      minimumCount: minimumCount(1),
      shared: shared(),
      embedding: embedding(),
    }).superRefine(({ shared: isShared, source, target }, context) => {
      if (isShared && target !== undefined && target !== source) {
        context.addIssue({
          code: 'custom',
          path: ['shared'],
          message: carried(
            sentence`a shared vocabulary needs one tokenizer for both languages; remove "target" or set "shared" to false.`,
          ),
        });
      }
    }),
  ])
  .prefault({})
  .describe('How a text becomes numbers.');

const modelSchema = section({
  cell: z.enum(['gru', 'lstm']).default('gru').describe('The recurrent cell of encoder and decoder.'),
  hidden: wholeNumber(1, 8192)
    .default(256)
    .describe('Numbers in the hidden state of the decoder and of each direction of the encoder.'),
  layers: wholeNumber(1, 16).default(1).describe('Recurrent layers of the encoder, and of the decoder.'),
  bidirectional: flag().default(true).describe('Let the encoder read in both directions.'),
  attention: z
    .enum(['bahdanau', 'luong'])
    .default('bahdanau')
    .describe('How the decoder finds what to look at: additive (Bahdanau) or multiplicative (Luong, general form).'),
  inputFeeding: flag().default(false).describe('Feed the readout of a step into the next one (Luong).'),
  dropout: shareBelowOne()
    .default(0.3)
    .describe('Share of numbers set to 0 while training: of the vectors, between layers and before the output.'),
})
  .prefault({})
  .describe('The encoder–decoder network.');

/** An experiment of translation; everything but `data` has a default. */
export const translationSchema = section({
  task: z.literal('translation').describe('What to learn: the translation of a sentence.'),
  data: dataSchema,
  features: featuresSchema,
  model: modelSchema,
  training: trainingSchema(taskScores.translation, {
    labelSmoothing: shareBelowOne()
      .default(0.1)
      .describe('Share of the target probability that is spread evenly over all pieces.'),
    scheduledSampling: shareBelowOne()
      .default(0)
      .describe(
        "Share of the decoder's inputs that are its own predictions in the last epoch; it rises evenly from 0 in the first.",
      ),
  })
    .prefault({})
    .describe('How the model is trained.'),
});

/** An experiment of translation with all defaults. */
export type TranslationExperiment = z.output<typeof translationSchema>;
