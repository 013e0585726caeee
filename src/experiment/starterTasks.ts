/** The experiment files to start from of all tasks but the classification of texts: sensible values with a word about each; pure. */
import { type Json, writeCommentedJson } from './commentedJson';

/** Where the data of a task are; `train` is a path relative to the experiment file. */
export type StarterTask = { readonly train: string } & (
  | {
      readonly task: 'tagging';
      readonly tokenColumn: number;
      readonly tagColumn: number;
      readonly tags: readonly string[];
    }
  | {
      readonly task: 'translation';
      readonly source: string;
      readonly target: string;
      readonly columns: readonly string[];
    }
  | { readonly task: 'languageModel' }
  | {
      readonly task: 'forecasting';
      readonly time?: string;
      readonly values: readonly string[];
      readonly hasGaps: boolean;
    }
  | { readonly task: 'series'; readonly label?: string }
);

const head =
  'An experiment of Sequence Lab. Train it: the command "Train RNN" in the editor, or sequence-lab train FILE';

const shares = { validation: 0.1, test: 0.1 };
const shareComment = (what: string): string =>
  `Shares of the ${what} that are held back: to choose the best epoch, and for the final score.`;

/** Comments on keys that several tasks have. */
const common: Readonly<Record<string, string>> = {
  '': head,
  'model.cell': 'One of rnn, gru and lstm.',
  'model.hidden': 'Numbers in the memory; more remember more, and take longer.',
  'model.dropout': 'Share of the values that is left out at random in training, against learning by heart.',
  'training.learningRate': 'Lower it when the loss jumps, raise it when the loss hardly falls.',
  'training.earlyStopping': 'Stop after so many epochs without a better validation; the best weights are kept.',
  'training.seed': 'Equal seeds give equal runs.',
};

/** Tags that the comment names. */
const namedTags = 8;

/** The text of a commented experiment. */
export function writeStarterTask(data: StarterTask): string {
  const { experiment, comments } = describe(data);
  return writeCommentedJson(experiment, { ...common, ...comments });
}

function training(
  epochs: number,
  batchSize: number,
  learningRate: number,
  more: Readonly<Record<string, Json>> = {},
): Json {
  return { epochs, batchSize, ...more, learningRate, clip: { norm: 1 }, earlyStopping: { patience: 3 }, seed: 1 };
}

function describe(data: StarterTask): { experiment: Json; comments: Readonly<Record<string, string>> } {
  const { train } = data;
  switch (data.task) {
    case 'tagging': {
      const { tokenColumn, tagColumn, tags } = data;
      return {
        experiment: {
          task: 'tagging',
          data: { train, tokenColumn, tagColumn, ...shares },
          features: { type: 'words', vocabulary: 20_000, minimumCount: 2, embedding: { size: 100 } },
          model: { cell: 'lstm', hidden: 100, layers: 1, bidirectional: true, crf: true, dropout: 0.3 },
          training: training(20, 32, 0.003),
        },
        comments: {
          'data.train': 'One token a line with its tag, and a blank line after each sentence.',
          'data.tokenColumn': 'Columns count from 1.',
          'data.tagColumn': `Seen: ${list(tags.slice(0, namedTags))}${tags.length > namedTags ? ', …' : '.'}`,
          'data.validation': shareComment('sentences'),
          'model.crf': 'Score the tags of a sentence together, so that they fit one another.',
        },
      };
    }
    case 'translation': {
      const { source, target, columns } = data;
      return {
        experiment: {
          task: 'translation',
          data: { train, source, target, validation: 0.05, test: 0.05 },
          features: { type: 'bpe', vocabulary: 8000, embedding: { size: 256 } },
          model: { cell: 'gru', hidden: 256, layers: 1, attention: 'bahdanau', dropout: 0.3 },
          training: training(15, 64, 0.001),
        },
        comments: {
          'data.train': 'The pairs of sentences: a table with a column for each language.',
          'data.source': `The column of the text to translate; columns: ${list(columns)}.`,
          'data.target': 'The column of its translation.',
          'data.validation': shareComment('pairs'),
          'features.type': 'Parts of words, learned on the data: "bpe"; or "words".',
          'model.cell': 'One of gru and lstm.',
          'model.attention': 'How the decoder finds what to look at: "bahdanau" or "luong".',
        },
      };
    }
    case 'languageModel':
      return {
        experiment: {
          task: 'languageModel',
          data: { train, ...shares },
          features: { type: 'characters', embedding: { size: 64 } },
          model: { cell: 'lstm', hidden: 256, layers: 1, dropout: 0.3 },
          training: training(10, 32, 0.003, { sequenceLength: 64 }),
        },
        comments: {
          'data.train': 'Running text: a file, a folder of .txt files, or a pattern such as notes/**/*.md.',
          'data.validation': shareComment('text, taken from its end,'),
          'features.type': 'What a token is: "characters", "words", or "bpe" for parts of words learned on the text.',
          'training.sequenceLength': 'Tokens that the gradient travels back; the memory is carried on beyond them.',
        },
      };
    case 'forecasting': {
      const { time, values, hasGaps } = data;
      return {
        experiment: {
          task: 'forecasting',
          data: {
            train,
            ...(time === undefined ? {} : { time }),
            values: [...values],
            ...(hasGaps ? { missing: 'interpolate' } : {}),
            ...shares,
          },
          features: { context: 48, horizon: 1 },
          model: { cell: 'gru', hidden: 64, layers: 1, dropout: 0 },
          training: training(20, 32, 0.003),
        },
        comments: {
          'data.train': 'The series: a table whose rows stand in the order of time.',
          'data.values': 'The columns that are forecast together.',
          'data.missing': 'Cells are empty; they are filled in on a straight line between their neighbours.',
          'data.validation': shareComment('rows, the last ones,'),
          'features.context': 'Rows that a forecast is made from.',
          'features.horizon': 'Rows that are forecast at once.',
          'model.cell': 'One of rnn, gru and lstm.',
        },
      };
    }
    case 'series': {
      const { label } = data;
      return {
        experiment: {
          task: 'classification',
          data: { train, ...(label === undefined ? {} : { layout: 'wide', label }), ...shares },
          features: { type: 'numbers' },
          model: { cell: 'lstm', hidden: 64, layers: 1, bidirectional: true, dropout: 0.2 },
          training: training(40, 32, 0.003),
        },
        comments: {
          'data.train': 'The labelled series: a .ts file, a table, or a folder with a folder of files for each class.',
          'data.layout': 'A row is a whole series: "wide"; or a step of one: "long".',
          'data.label': 'The column of classes.',
          'data.validation': shareComment('series'),
        },
      };
    }
  }
}

function list(words: readonly string[]): string {
  return words.map((word) => word.replace(/\s+/gu, ' ')).join(', ');
}
