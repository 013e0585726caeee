/** `sequence-lab init`: writes an experiment file to start from, with the columns guessed from the data. */
import { writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { guessColumns, guessFeatures } from '../data/guessColumns';
import { UserError } from '../errors';
import { standardPreset, vectorPreset } from '../experiment/presets';
import { type StarterData, writeStarterExperiment } from '../experiment/starterExperiment';
import { type CommandContext, type DescribeData, exitCodes } from './commandContext';
import { asUserError } from './fileErrors';
import { quoteArgument } from './quoteArgument';

/** What `init` writes about without data. */
const PLACEHOLDER: StarterData = {
  train: 'data.csv',
  features: 'words',
  table: { text: 'text', label: 'label', columns: [], labels: [] },
};

/** Writes the file and says what to do with it. */
export async function initCommand({ options, output, describeData }: CommandContext): Promise<number> {
  const from = options.values.get('from')?.[0];
  const features = chosenFeatures(options.values.get('features')?.[0]);
  const seen = from === undefined ? PLACEHOLDER : await lookAt(from, describeData);
  const data = features === undefined || features === 'tfidf' ? seen : { ...seen, features };
  const path = from === undefined ? 'experiment.rnn.json' : experimentPath(from);
  const preset = features === 'tfidf' ? vectorPreset : standardPreset;
  await write(path, writeStarterExperiment(data, preset), options.flags.has('force'));
  if (options.flags.has('json')) {
    output.json({ type: 'result', path, ...data, ...(features === undefined ? {} : { features }) });
    return exitCodes.done;
  }
  if (data.table !== undefined && from !== undefined) {
    output.line(`Took "${data.table.text}" for the texts and "${data.table.label}" for the classes.`);
  }
  output.line(`Wrote ${path}`);
  output.line(`Next: sequence-lab train ${quoteArgument(path)}`);
  return exitCodes.done;
}

const featureTypes = ['words', 'characters', 'tfidf'] as const;

function chosenFeatures(word: string | undefined): (typeof featureTypes)[number] | undefined {
  if (word === undefined) return undefined;
  const found = featureTypes.find((type) => type === word);
  if (found === undefined) {
    throw new UserError(`There are no features ${JSON.stringify(word)}; --features is words, characters or tfidf.`);
  }
  return found;
}

/** `chat.csv` → `chat.rnn.json` beside it. */
export function experimentPath(data: string): string {
  return join(dirname(data), `${basename(data, extname(data))}.rnn.json`);
}

async function lookAt(path: string, describeData: DescribeData): Promise<StarterData> {
  const { format, columns, rows } = await describeData(path);
  const train = basename(path);
  if (format === 'lines') {
    return { train, features: guessFeatures(rows.map(([text]) => text ?? '')) };
  }
  const { text, label, labels } = guessColumns(columns, rows);
  if (text === undefined || label === undefined) {
    const found = text === undefined ? 'texts' : 'classes (few short values that repeat)';
    throw new UserError(
      `No column looks like ${found} among ${columns.map((name) => `"${name}"`).join(', ')}; ` +
        'run sequence-lab init without --from and fill in "text" and "label".',
      { file: path },
    );
  }
  const index = columns.indexOf(text);
  const features = guessFeatures(rows.map((row) => row[index] ?? ''));
  return { train, features, table: { text, label, columns, labels } };
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
