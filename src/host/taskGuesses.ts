/** What can be learned from a file, found by a look at it and offered to the user; writes nothing. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { DataLook } from '../data/dataLook';
import type { TaskGuess } from '../data/guessTask';
import type { Peek } from '../data/records';

/** Classes or tags that are named. */
const named = 5;

/** Every task but the classification of texts. */
export type OtherGuess = Exclude<TaskGuess, { readonly task: 'classification' }>;

/** Offers the task that suits the data, and for a table the way to choose columns of texts and classes nevertheless. */
export async function chooseTask(
  data: vscode.Uri,
  look: DataLook,
  guess: OtherGuess,
): Promise<'task' | 'columns' | undefined> {
  type Item = vscode.QuickPickItem & { readonly choice?: 'task' | 'columns' };
  const items: Item[] = [
    { label: vscode.l10n.t('recommended'), kind: vscode.QuickPickItemKind.Separator },
    { label: taskName(guess), description: describeGuess(guess), choice: 'task' },
  ];
  if (isTable(look) && look.columns.length > 1) {
    items.push(
      { label: '', kind: vscode.QuickPickItemKind.Separator },
      {
        label: `$(list-selection) ${vscode.l10n.t('Choose columns of texts and classes…')}`,
        choice: 'columns',
      },
    );
  }
  const choice = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Train RNN on {0}', basename(data.fsPath)),
    placeHolder: vscode.l10n.t('What to learn from this data'),
  });
  return choice?.choice;
}

function taskName({ task }: OtherGuess): string {
  switch (task) {
    case 'tagging':
      return vscode.l10n.t('Tag each token');
    case 'translation':
      return vscode.l10n.t('Translate sentences');
    case 'languageModel':
      return vscode.l10n.t('Go on with a text');
    case 'forecasting':
      return vscode.l10n.t('Forecast, and find anomalies');
    case 'series':
      return vscode.l10n.t('Classify number series');
  }
}

/** What of the data a task reads, in a few words. */
export function describeGuess(guess: TaskGuess): string {
  switch (guess.task) {
    case 'classification':
      return vscode.l10n.t('Texts with classes');
    case 'tagging':
      return vscode.l10n.t('Tags: {0}', shorten(guess.tags.slice(0, named).join(', '), 60));
    case 'translation':
      return `${guess.source} → ${guess.target}`;
    case 'languageModel':
      return vscode.l10n.t('Running text');
    case 'forecasting':
      return [...(guess.time === undefined ? [] : [guess.time]), shorten(guess.values.join(', '), 60)].join(' → ');
    case 'series':
      return guess.label === undefined ? vscode.l10n.t('Number series') : `1, 2, 3, … → ${guess.label}`;
  }
}

/** A look at a file by its kind. */
export async function lookAt(file: vscode.Uri, rows: number): Promise<DataLook> {
  const [{ lookAtData }, { openDataSource }, { openTextSource }, { openSeriesSource }] = await Promise.all([
    import('../data/dataLook'),
    import('../files/dataSource'),
    import('../files/textFiles'),
    import('../files/seriesSource'),
  ]);
  return lookAtData(file.fsPath, rows, {
    source: (name) => openDataSource(name),
    text: (name) => openTextSource(name),
    series: (name) => openSeriesSource(name),
  });
}

/** The task that suits what was seen; undefined for a table that suits none. */
export async function guessOf(look: DataLook): Promise<TaskGuess | undefined> {
  const { guessTask } = await import('../data/guessTask');
  return guessTask(look);
}

/** Whether what was seen has columns. */
export function isTable(look: DataLook): look is Peek {
  return 'columns' in look;
}

/** A text on one line of at most so many characters. */
export function shorten(text: string, most = 24): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
