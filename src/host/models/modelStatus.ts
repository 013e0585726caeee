/** The status bar's word on which model classifies; a click switches it. */
import * as vscode from 'vscode';
import type { Models } from '../contracts';
import { activeModelName } from './modelStore';

/** Shows the active model for as long as there is one. */
export function createModelStatus(models: Models): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('sequenceLab.model', vscode.StatusBarAlignment.Right, 90);
  item.name = vscode.l10n.t('Sequence Lab: model');
  item.command = 'sequenceLab.selectModel';
  const show = () => {
    const name = activeModelName(models);
    if (name === undefined) {
      item.hide();
      return;
    }
    item.text = `$(symbol-class) ${name}`;
    const sentence = vscode.l10n.t('Classify Selection uses this model; click to switch it.');
    item.tooltip = `${sentence}\n${models.active?.fsPath ?? ''}`;
    item.accessibilityInformation = { label: vscode.l10n.t('Model for classification: {0}', name), role: 'button' };
    item.show();
  };
  show();
  return vscode.Disposable.from(item, models.onDidChangeActive(show));
}
