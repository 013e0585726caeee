/** The commands with their options, as data: parsing, help and suggestions all read this table; runs nothing. */

export type CommandName = 'train' | 'predict' | 'evaluate' | 'inspect' | 'init';

/** An option of a command. */
export interface OptionSpec {
  /** What stands for its value in the help; undefined for one without a value. */
  readonly value?: string;
  /** Whether it may be given more than once. */
  readonly multiple?: boolean;
  readonly help: string;
}

/** A command as the help tells it. */
export interface CommandSpec {
  readonly summary: string;
  /** Arguments that must be given, in order. */
  readonly positionals: readonly { readonly name: string; readonly help: string }[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Complete sentences that stand below the options. */
  readonly notes: readonly string[];
  /** Whether the engine does its work. */
  readonly usesEngine: boolean;
  /** What is said on the first Ctrl-C. */
  readonly stopping?: string;
}

const json: OptionSpec = { help: 'Print one JSON object a line on stdout, and nothing else there.' };
const model = { name: 'MODEL.onnx', help: 'A model file that a training wrote.' };

/** Options that every command takes. */
export const commonOptions: Readonly<Record<string, OptionSpec>> = {
  help: { help: 'Tell what there is, and do nothing.' },
};

/** Every command; the order is that of the help. */
export const commandTable: Readonly<Record<CommandName, CommandSpec>> = {
  train: {
    summary: 'Train the model that an experiment file describes.',
    usesEngine: true,
    positionals: [{ name: 'FILE.rnn.json', help: 'The experiment.' }],
    options: {
      out: {
        value: 'DIR',
        help: 'Where the folder of the run is made; default .sequence-lab/runs beside the experiment.',
      },
      runs: { value: 'DIR', help: 'Another name for --out.' },
      resume: { help: 'Go on with the latest unfinished run of the experiment.' },
      threads: { value: 'N', help: 'Threads to use; default: all cores.' },
      json,
    },
    notes: [
      'Ctrl-C writes a checkpoint and stops; --resume goes on from there. A second Ctrl-C stops at once.',
      'With --json each event is a line, and the last line has "type": "result".',
    ],
    stopping: 'Stopping: writing a checkpoint… (once more to stop at once)',
  },
  predict: {
    summary: 'Use a model: tell the class of texts, tag, translate or continue them, forecast series.',
    usesEngine: true,
    positionals: [model],
    options: {
      text: { value: 'TEXT', multiple: true, help: 'A text; may be given more than once.' },
      input: { value: 'FILE', help: 'A file with one text a line; - is stdin. A file or folder of number series.' },
      explain: {
        help: 'Tell how much each word spoke for (+) or against (−) the class, or where a translator looked.',
      },
      beam: { value: 'N', help: 'Translators: translations that are followed at a time; default 5.' },
      'length-penalty': { value: 'A', help: 'Translators: how much longer translations are preferred; default 1.' },
      length: { value: 'N', help: 'Language models: tokens to add; default 200.' },
      temperature: {
        value: 'T',
        help: 'Language models: below 1 surer, above 1 bolder, 0 the likeliest; default 0.8.',
      },
      'top-k': { value: 'N', help: 'Language models: choose among the N likeliest tokens only.' },
      'top-p': { value: 'P', help: 'Language models: choose among the likeliest tokens that reach the share P.' },
      seed: { value: 'N', help: 'Language models: the same number gives the same text.' },
      json,
    },
    notes: [
      'Without --text and --input the texts are read from stdin, one a line. Blank lines are passed over.',
      'A pipe gets class, probability and text between tabs; of a tagger the text and its spans; a translation is a line of its own.',
      'To a language model a file or stdin is one text to go on with, and what is printed is the text that it adds.',
      'A model of number series tells the class of each series, or the forecast, its band and the anomalies of each row.',
    ],
  },
  evaluate: {
    summary: 'Score a model on labelled data.',
    usesEngine: true,
    positionals: [
      model,
      {
        name: 'DATA',
        help: 'A CSV, TSV or JSONL file, a folder of one text file per class, a CoNLL file; plain text for a language model.',
      },
    ],
    options: {
      text: { value: 'COLUMN', help: 'Column of texts or tokens, where it differs from that of the training.' },
      label: { value: 'COLUMN', help: 'Column of labels or tags, where it differs from that of the training.' },
      labels: { value: 'FILE', help: 'File with the labels or tags of the lines of DATA, where they stand apart.' },
      beam: { value: 'N', help: 'Translators: translations that are followed at a time; default 1, greedy.' },
      'length-penalty': { value: 'A', help: 'Translators: how much longer translations are preferred; default 1.' },
      json,
    },
    notes: [],
  },
  inspect: {
    summary: 'Tell what a model file contains.',
    usesEngine: true,
    positionals: [model],
    options: { json },
    notes: [],
  },
  init: {
    summary: 'Write an experiment file to start from.',
    usesEngine: false,
    positionals: [],
    options: {
      from: {
        value: 'DATA',
        help: 'Look at this data for what can be learned from it, and write NAME.rnn.json beside it.',
      },
      features: {
        value: 'TYPE',
        help: 'Of texts with classes: words, characters, bpe (parts of words) or tfidf (one vector a text, quick to train); default: what suits the data.',
      },
      force: { help: 'Replace a file that is there already.' },
      json,
    },
    notes: [
      'Texts with classes, pairs of sentences, tagged sentences, running text and number series are told apart by what they look like.',
      'Without --from it writes experiment.rnn.json here, for a table data.csv with the columns text and label.',
    ],
  },
};

/** All names of commands, in the order of the table. */
export const commandNames = Object.keys(commandTable) as CommandName[];
