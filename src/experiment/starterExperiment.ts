/** The experiment file that a person starts from: sensible values with a word about each; pure. */
import { type Json, writeCommentedJson } from './commentedJson';
import { type Preset, standardPreset, type VectorPreset } from './presets';

/** Where the examples are: a table with a column of texts and one of labels, or a folder of one text file per class. */
export interface StarterData {
  /** Path of the data, relative to the experiment file. */
  readonly train: string;
  /** What a token should be. */
  readonly features: 'words' | 'characters' | 'bpe';
  /** The columns of a table; undefined for a folder. */
  readonly table?: {
    readonly text: string;
    readonly label: string;
    /** All columns, to choose another one. */
    readonly columns: readonly string[];
    /** Labels that were seen. */
    readonly labels: readonly string[];
  };
}

/** Labels that the comment names. */
const NAMED_LABELS = 8;

/** The text of a commented experiment on `data`, with the model and training of a preset. */
export function writeStarterExperiment(
  { train, features, table }: StarterData,
  preset: Preset | VectorPreset = standardPreset,
): string {
  const { model, training } = preset;
  const experiment: Json = {
    task: 'classification',
    data: {
      train,
      ...(table === undefined ? {} : { text: table.text, label: table.label }),
      validation: 0.1,
      test: 0.1,
    },
    features: featuresOf(features, preset),
    model: { ...model },
    training: {
      epochs: training.epochs,
      batchSize: training.batchSize,
      optimizer: 'adam',
      learningRate: training.learningRate,
      clip: { norm: 1 },
      earlyStopping: { patience: training.patience },
      seed: 1,
    },
  };
  const dataComments: Record<string, string> =
    table === undefined
      ? { 'data.train': 'The examples: a folder of one text file per class, one example a line.' }
      : {
          'data.train': 'The examples: a table with a heading, or one JSON object a line.',
          'data.text': describeColumns(table.columns),
          'data.label': describeLabels(table.labels),
        };
  return writeCommentedJson(experiment, {
    '': 'An experiment of Sequence Lab. Train it: the command "Train RNN" in the editor, or sequence-lab train FILE',
    ...dataComments,
    'data.validation': 'Shares of the examples that are held back: to choose the best epoch, and for the final score.',
    ...('embedding' in preset ? recurrentComments : vectorComments),
    'training.learningRate': 'Lower it when the loss jumps, raise it when the loss hardly falls.',
    'training.clip': 'Longest gradient; longer ones are cut, which keeps long texts from breaking the training.',
    'training.earlyStopping': 'Stop after so many epochs without a better validation; the best weights are kept.',
    'training.seed': 'Equal seeds give equal runs.',
  });
}

const recurrentComments: Readonly<Record<string, string>> = {
  'features.type':
    'What a token is: "words", "bpe" for parts of words, or "characters" for names, codes and other single words.',
  'features.vocabulary': 'Words become vectors that are learned; rarer words than these count as unknown.',
  'features.minimumCount': 'A word must occur so often to get a vector of its own.',
  'model.cell': 'One of rnn, gru and lstm.',
  'model.hidden': 'Numbers in the memory; more remember more, and take longer.',
  'model.bidirectional': 'Read the text from both ends.',
  'model.dropout': 'Share of the values that is left out at random in training, against learning by heart.',
};

const vectorComments: Readonly<Record<string, string>> = {
  'features.type': 'A text is one vector of weighted counts of n-grams; their order in the text does not matter.',
  'features.words': 'Count single words and pairs of neighbours.',
  'features.characters':
    'Count pieces of two to four characters too, which see through misspelling; false counts none.',
  'features.vocabulary': 'Most n-grams of words, and most of characters; rarer ones than these are left out.',
  'features.minimumCount': 'An n-gram must occur so often to count.',
  'model.hidden': 'Sizes of the hidden layers; [] for none, which is logistic regression.',
  'model.dropout': 'Share of the values that is left out at random in training, against learning by heart.',
};

function featuresOf(features: StarterData['features'], preset: Preset | VectorPreset): Readonly<Record<string, Json>> {
  if (!('embedding' in preset)) {
    return { type: 'tfidf', words: [1, 2], characters: [2, 4], vocabulary: 50_000, minimumCount: 2 };
  }
  const { embedding } = preset;
  if (features === 'bpe') return { type: 'bpe', vocabulary: 8000, embedding: { size: embedding.words } };
  return features === 'words'
    ? { type: 'words', vocabulary: 20_000, minimumCount: 2, embedding: { size: embedding.words } }
    : { type: 'characters', embedding: { size: embedding.characters } };
}

function describeColumns(columns: readonly string[]): string {
  return columns.length === 0 ? 'The column of texts.' : `The column of texts; columns: ${list(columns)}.`;
}

function describeLabels(labels: readonly string[]): string {
  return labels.length === 0
    ? 'The column of classes.'
    : `The column of classes; seen: ${list(labels.slice(0, NAMED_LABELS))}${labels.length > NAMED_LABELS ? ', …' : '.'}`;
}

function list(words: readonly string[]): string {
  return words.map((word) => word.replace(/\s+/gu, ' ')).join(', ');
}
