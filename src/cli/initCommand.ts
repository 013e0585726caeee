/** `sequence-lab init`: writes an experiment file to start from, with task and columns guessed from the data. */
import { writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { DataLook } from '../data/dataLook';
import { guessColumns } from '../data/guessColumns';
import { guessTask } from '../data/guessTask';
import { UserError } from '../errors';
import { standardPreset, vectorPreset } from '../experiment/presets';
import { type StarterData, writeStarterExperiment } from '../experiment/starterExperiment';
import { type StarterTask, writeStarterTask } from '../experiment/starterTasks';
import { type CommandContext, type DescribeData, exitCodes } from './commandContext';
import { asUserError } from './fileErrors';
import { quoteArgument } from './quoteArgument';

/** What `init` writes about without data: names to be replaced. */
const withoutData: FoundData = {
  task: 'classification',
  train: 'data.csv',
  features: 'words',
  table: { text: 'text', label: 'label', columns: [], labels: [] },
};

/** Writes the file and says what to do with it. */
export async function initCommand({ options, output, describeData }: CommandContext): Promise<number> {
  const from = options.values.get('from')?.[0];
  const features = chosenFeatures(options.values.get('features')?.[0]);
  const data = withFeatures(from === undefined ? withoutData : await lookAt(from, describeData), features, from);
  const path = from === undefined ? 'experiment.rnn.json' : experimentPath(from);
  const text =
    data.task === 'classification'
      ? writeStarterExperiment(data, features === 'tfidf' ? vectorPreset : standardPreset)
      : writeStarterTask(data);
  await write(path, text, options.flags.has('force'));
  if (options.flags.has('json')) {
    output.json({ type: 'result', path, ...data, ...(features === undefined ? {} : { features }) });
    return exitCodes.done;
  }
  if (from !== undefined) output.line(tellFound(data));
  output.line(`Wrote ${path}`);
  output.line(`Next: sequence-lab train ${quoteArgument(path)}`);
  return exitCodes.done;
}

/** What the file will be about. */
type FoundData = ({ readonly task: 'classification' } & StarterData) | StarterTask;

/** What was found in the data, in one sentence. */
function tellFound(data: FoundData): string {
  switch (data.task) {
    case 'classification':
      return data.table === undefined
        ? 'Took the names of the files for the classes of their lines.'
        : `Took "${data.table.text}" for the texts and "${data.table.label}" for the classes.`;
    case 'tagging':
      return `Took column ${data.tokenColumn} for the tokens and column ${data.tagColumn} for their tags.`;
    case 'translation':
      return `Took "${data.source}" for the texts to translate and "${data.target}" for their translations.`;
    case 'languageModel':
      return 'Took it for running text: the model learns how it goes on.';
    case 'forecasting': {
      const values = data.values.map((name) => `"${name}"`).join(', ');
      return data.time === undefined
        ? `Took ${values} for a series whose rows stand in the order of time, to forecast.`
        : `Took ${values} for a series in the order of "${data.time}", to forecast.`;
    }
    case 'series':
      return data.label === undefined
        ? 'Took it for number series with a class each.'
        : `Took each row for a number series and "${data.label}" for its class.`;
  }
}

/** The data with the features that were asked for, which only a classification of texts has. */
function withFeatures(data: FoundData, features: Features | undefined, file: string | undefined): FoundData {
  if (features === undefined) return data;
  if (data.task !== 'classification') {
    throw new UserError('The option --features is for texts with classes, which these data are not; leave it out.', {
      ...(file === undefined ? {} : { file }),
    });
  }
  return features === 'tfidf' ? data : { ...data, features };
}

const featureTypes = ['words', 'characters', 'bpe', 'tfidf'] as const;
type Features = (typeof featureTypes)[number];

function chosenFeatures(word: string | undefined): Features | undefined {
  if (word === undefined) return undefined;
  const found = featureTypes.find((type) => type === word);
  if (found === undefined) {
    throw new UserError(
      `There are no features ${JSON.stringify(word)}; --features is words, characters, bpe or tfidf.`,
    );
  }
  return found;
}

/** `chat.csv` → `chat.rnn.json` beside it. */
export function experimentPath(data: string): string {
  return join(dirname(data), `${basename(data, extname(data))}.rnn.json`);
}

async function lookAt(path: string, describeData: DescribeData): Promise<FoundData> {
  const look = await describeData(path);
  const guess = guessTask(look);
  if (guess !== undefined) return { train: basename(path), ...guess };
  const { columns, rows } = look as Extract<DataLook, { columns: unknown }>;
  const missing = guessColumns(columns, rows).text === undefined ? 'texts' : 'classes (few short values that repeat)';
  throw new UserError(
    `No column looks like ${missing} among ${columns.map((name) => `"${name}"`).join(', ')}, no two like a text and its translation, and they are not numbers alone; ` +
      'run sequence-lab init without --from and fill in "text" and "label".',
    { file: path },
  );
}

async function write(path: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(path, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new UserError('This file is there already; --force replaces it.', { file: path });
    }
    throw asUserError(error, path);
  }
}
