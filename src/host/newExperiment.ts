/** From data to an experiment file in a few key presses: which data, which columns, which model. Trains nothing. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import * as vscode from 'vscode';
import { countValues, guessFeatures } from '../data/guessColumns';
import type { Peek } from '../data/records';
import { UserError } from '../errors';
import {
  type Preset,
  presets,
  type Speed,
  speeds,
  standardPreset,
  type VectorPreset,
  vectorPreset,
} from '../experiment/presets';
import { writeStarterExperiment } from '../experiment/starterExperiment';
import { shortNumber } from './progressText';
import { chooseTask, describeGuess, guessOf, isTable, lookAt, type OtherGuess, shorten } from './taskGuesses';
import { inWords } from './userSentence';
import { findData } from './workspaceScan';

/** Rows that decide what a file offers in a list of files, and rows of the chosen one whose classes are counted. */
const sampleRows = 5_000;
const countedRows = 10_000;
/** Files whose columns are read for the list. */
const mostFiles = 40;
/** Classes that are named with their counts. */
const namedClasses = 5;

/** The columns of a table that an experiment reads. */
interface Columns {
  readonly text: string;
  readonly label: string;
}

/** What the user chose in a list: a file, or another way to get one. */
export type DataChoice = { readonly file: vscode.Uri } | { readonly command: 'browse' | 'samples' };

/**
 * Lets the user choose a data file of the workspace or elsewhere; undefined where they do not.
 * @param open the file that they look at, which is offered, too, where something can be learned from it
 */
export async function chooseData(open?: vscode.Uri): Promise<DataChoice | undefined> {
  const items = offerData(open);
  const choice = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Train RNN'),
    placeHolder: vscode.l10n.t(
      'What to learn from: texts with classes, tagged or translated sentences, running text or number series',
    ),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return choice?.choice;
}

/** The folder of a file within the workspace; empty for the workspace's own. */
function folderOf(file: vscode.Uri): string {
  const parts = vscode.workspace.asRelativePath(file).split('/');
  return parts.slice(0, -1).join('/');
}

type DataItem = vscode.QuickPickItem & { readonly choice?: DataChoice };

async function offerData(open: vscode.Uri | undefined): Promise<DataItem[]> {
  const files = (await findData()).slice(0, mostFiles);
  const looks = await Promise.all(files.map(async (file) => ({ file, ...(await lookBriefly(file)) })));
  // A document that nothing can be learned from, as a program in TypeScript, is not worth a line.
  const opened = open === undefined ? undefined : { file: open, ...(await lookBriefly(open)) };
  if (opened?.fits === true) looks.unshift(opened);
  // What can be trained on comes first.
  const sorted = [...looks.filter(({ fits }) => fits), ...looks.filter(({ fits }) => !fits)];
  return [
    ...sorted.map(({ file, detail }) => ({
      label: `$(table) ${basename(file.fsPath)}`,
      description: folderOf(file),
      detail,
      choice: { file },
    })),
    ...(files.length > 0 ? [{ label: '', kind: vscode.QuickPickItemKind.Separator }] : []),
    { label: `$(folder-opened) ${vscode.l10n.t('Choose another file…')}`, choice: { command: 'browse' } },
    ...(files.length > 0
      ? []
      : [
          { label: `$(beaker) ${vscode.l10n.t('Create sample experiments')}`, choice: { command: 'samples' } as const },
        ]),
  ];
}

async function lookBriefly(file: vscode.Uri): Promise<{ fits: boolean; detail: string }> {
  try {
    const look = await lookAt(file, sampleRows);
    const guess = await guessOf(look);
    if (!isTable(look)) return { fits: true, detail: guess === undefined ? '' : describeGuess(guess) };
    if (guess === undefined) {
      return { fits: false, detail: vscode.l10n.t('Columns: {0}', look.columns.join(', ')) };
    }
    return {
      fits: true,
      detail: guess.task === 'classification' ? describeColumns(guess.table!, look, sampleRows) : describeGuess(guess),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { fits: false, detail: inWords(error.wording) };
  }
}

/** Asks for a data file by the editor's file dialog. */
export async function browseData(): Promise<vscode.Uri | undefined> {
  const files = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Choose Data'),
    openLabel: vscode.l10n.t('Learn from This'),
    filters: {
      [vscode.l10n.t('Data')]: ['csv', 'tsv', 'jsonl', 'ndjson', 'txt', 'md', 'conll', 'conllu', 'iob', 'bio', 'ts'],
    },
  });
  return files?.[0];
}

/**
 * Lets the user choose columns and model for `data` and writes the experiment beside it; undefined where they do not.
 * @throws UserError where the data or the folder is out of order
 */
export async function createExperiment(data: vscode.Uri): Promise<vscode.Uri | undefined> {
  const look = await lookAt(data, countedRows);
  const guess = await guessOf(look);
  if (guess !== undefined && guess.task !== 'classification') {
    const choice = await chooseTask(data, look, guess);
    if (choice === undefined) return undefined;
    if (choice === 'task') return vscode.Uri.file(await writeTask(data.fsPath, guess));
  }
  if (!isTable(look)) return undefined;
  let columns: Columns | undefined = guess?.task === 'classification' ? guess.table : undefined;
  columns ??= await chooseColumns(data, look);
  for (;;) {
    if (columns === undefined) return undefined;
    const preset = await choosePreset(data, look, columns);
    if (preset === undefined) return undefined;
    if (preset !== 'columns') return vscode.Uri.file(await writeExperiment(data.fsPath, look, columns, preset));
    columns = (await chooseColumns(data, look)) ?? columns;
  }
}

async function choosePreset(
  data: vscode.Uri,
  look: Peek,
  columns: Columns,
): Promise<Preset | VectorPreset | 'columns' | undefined> {
  type Item = vscode.QuickPickItem & { readonly preset?: Preset | VectorPreset | 'columns' };
  const items: Item[] = speeds.flatMap((speed) => [
    // The line above the first group says that it is the one to take.
    {
      label: speed === standardPreset.speed ? vscode.l10n.t('recommended') : '',
      kind: vscode.QuickPickItemKind.Separator,
    },
    ...presets
      .filter((preset) => preset.speed === speed)
      .map((preset) => ({
        label: presetName(preset),
        description: describePreset(preset),
        preset,
      })),
  ]);
  items.push(
    { label: vscode.l10n.t('without word order'), kind: vscode.QuickPickItemKind.Separator },
    { label: vscode.l10n.t('Quick TF-IDF'), description: describeVectorPreset(vectorPreset), preset: vectorPreset },
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    {
      label: `$(list-selection) ${vscode.l10n.t('Choose other columns…')}`,
      description: `${columns.text} → ${columns.label}`,
      preset: 'columns',
    },
  );
  const choice = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Train RNN on {0}', basename(data.fsPath)),
    placeHolder: describeColumns(columns, look, countedRows),
  });
  return choice?.preset;
}

async function chooseColumns(data: vscode.Uri, look: Peek): Promise<Columns | undefined> {
  const title = vscode.l10n.t('Train RNN on {0}', basename(data.fsPath));
  const text = await vscode.window.showQuickPick(
    look.columns.map((label, index) => ({ label, detail: example(look, index) })),
    { title, placeHolder: vscode.l10n.t('The column of texts') },
  );
  if (text === undefined) return undefined;
  const label = await vscode.window.showQuickPick(
    look.columns.filter((name) => name !== text.label).map((name) => ({ label: name, detail: classes(look, name) })),
    { title, placeHolder: vscode.l10n.t('The column of classes') },
  );
  return label === undefined ? undefined : { text: text.label, label: label.label };
}

function presetName({ speed, cell }: Preset): string {
  return `${speedName(speed)} ${cell.toUpperCase()}`;
}

function speedName(speed: Speed): string {
  switch (speed) {
    case 'fast':
      return vscode.l10n.t('Fast');
    case 'balanced':
      return vscode.l10n.t('Balanced');
    case 'accurate':
      return vscode.l10n.t('Accurate');
  }
}

function describePreset({ model, training }: Preset): string {
  return [
    vscode.l10n.t('hidden size {0}', model.hidden),
    ...(model.layers > 1 ? [vscode.l10n.t('{0} layers', model.layers)] : []),
    model.bidirectional ? vscode.l10n.t('reads in both directions') : vscode.l10n.t('reads forwards'),
    vscode.l10n.t('up to {0} epochs', training.epochs),
  ].join(', ');
}

function describeVectorPreset({ training }: VectorPreset): string {
  return [vscode.l10n.t('counts words and pieces of words'), vscode.l10n.t('up to {0} epochs', training.epochs)].join(
    ', ',
  );
}

/** `message → label: fine 1,402, toxic 1,395`. */
function describeColumns({ text, label }: Columns, look: Peek, limit: number): string {
  const counted = look.rows.length < limit ? '' : ` · ${vscode.l10n.t('first {0} rows', count(limit))}`;
  return `${text} → ${label}: ${classes(look, label)}${counted}`;
}

function classes({ columns, rows }: Peek, column: string): string {
  const index = columns.indexOf(column);
  const counts = countValues(rows.map((row) => row[index] ?? ''));
  const named = counts.slice(0, namedClasses).map(({ value, count: amount }) => `${shorten(value)} ${count(amount)}`);
  const rest = counts.length - named.length;
  return [...named, ...(rest > 0 ? [vscode.l10n.t('{0} more', count(rest))] : [])].join(', ');
}

function example({ rows }: Peek, column: number): string {
  return shorten(rows.find((row) => (row[column] ?? '').trim() !== '')?.[column] ?? '', 80);
}

function count(amount: number): string {
  return amount < 1000 ? shortNumber(amount).replace(/\.0+$/, '') : amount.toLocaleString(vscode.env.language);
}

/** Writes a classification of texts beside its data. */
async function writeExperiment(
  data: string,
  { format, columns, rows }: Peek,
  chosen: Columns,
  preset: Preset | VectorPreset,
): Promise<string> {
  const index = columns.indexOf(chosen.text);
  const labels = countValues(rows.map((row) => row[columns.indexOf(chosen.label)] ?? '')).map(({ value }) => value);
  const features = guessFeatures(rows.map((row) => row[index] ?? ''));
  const table = format === 'lines' ? {} : { table: { text: chosen.text, label: chosen.label, columns, labels } };
  return writeBeside(data, writeStarterExperiment({ train: basename(data), features, ...table }, preset));
}

/** Writes an experiment of another task beside its data. */
async function writeTask(data: string, guess: OtherGuess): Promise<string> {
  const { writeStarterTask } = await import('../experiment/starterTasks');
  return writeBeside(data, writeStarterTask({ train: basename(data), ...guess }));
}

/** Writes `chat.rnn.json` beside `chat.csv`, or `chat-2.rnn.json` where that is another experiment. */
async function writeBeside(data: string, text: string): Promise<string> {
  const { fileError, fileErrorCode } = await import('../files/fileErrors');
  for (let number = 1; ; number++) {
    const name = basename(data, extname(data)) + (number === 1 ? '' : `-${number}`);
    const path = join(dirname(data), `${name}.rnn.json`);
    try {
      await writeFile(path, text, { flag: 'wx' });
      return path;
    } catch (error) {
      if (fileErrorCode(error) !== 'EEXIST') throw fileError(error, path, 'written');
      if ((await readFile(path, 'utf8').catch(() => '')) === text) return path;
    }
  }
}
