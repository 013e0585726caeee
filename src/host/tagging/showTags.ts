/** Show Tags: the legend as a list; choosing a type selects its spans, the last entry switches the model. */
import * as vscode from 'vscode';
import { UserError } from '../../errors';
import { rangeOf } from '../markedTexts/markedTexts';
import type { Models, Runs } from '../contracts';
import { chooseModel } from '../models/chooseModel';
import type { TaggedTexts } from './taggedTexts';
import { styleName } from './tagWords';

interface TagItem extends vscode.QuickPickItem {
  /** The type; undefined for the entry that switches the model. */
  readonly type?: string;
}

export async function showTags(models: Models, taggedTexts: TaggedTexts, runs: Pick<Runs, 'list'>): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const legend = editor === undefined ? [] : taggedTexts.legendOf(editor.document);
  if (editor === undefined || legend.length === 0) {
    throw new UserError(vscode.l10n.t('There are no tags in this editor; run Tag Selection first.'));
  }
  const items = legend.map(({ type, style, count }): TagItem => ({
    label: type,
    description: `${styleName(style)} · ${count}`,
    type,
  }));
  const separator: TagItem = { label: '', kind: vscode.QuickPickItemKind.Separator };
  const change: TagItem = { label: `$(symbol-class) ${vscode.l10n.t('Use another model…')}` };
  const picked = await vscode.window.showQuickPick([...items, separator, change], {
    title: vscode.l10n.t('Tags'),
    placeHolder: vscode.l10n.t('The type whose spans are selected'),
  });
  if (picked === undefined) return;
  const { type } = picked;
  if (type === undefined) {
    const model = await chooseModel(await runs.list(), models.activeOf('tagging'), 'tagging');
    if (model !== undefined) await models.activate(model);
    return;
  }
  const ranges = taggedTexts
    .spansOf(editor.document)
    .filter((span) => span.type === type)
    .map((span) => rangeOf(editor.document, span));
  editor.selections = ranges.map(({ start, end }) => new vscode.Selection(start, end));
  if (ranges[0] !== undefined) editor.revealRange(ranges[0]);
}
