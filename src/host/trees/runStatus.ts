/** How the state of a run looks and what it is called. */
import * as vscode from 'vscode';
import type { RunState } from '../../runs/readRun';

const icons: Readonly<Record<RunState, readonly [icon: string, color: string]>> = {
  running: ['sync~spin', 'charts.blue'],
  finished: ['pass', 'testing.iconPassed'],
  stopped: ['debug-pause', 'descriptionForeground'],
  interrupted: ['debug-disconnect', 'charts.orange'],
  failed: ['error', 'testing.iconFailed'],
};

/** The icon of a state; its shape alone tells it apart. */
export function statusIcon(status: RunState): vscode.ThemeIcon {
  const [icon, color] = icons[status];
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}

/** The state in a word. */
export function statusName(status: RunState): string {
  switch (status) {
    case 'running':
      return vscode.l10n.t('training');
    case 'finished':
      return vscode.l10n.t('finished');
    case 'stopped':
      return vscode.l10n.t('stopped');
    case 'interrupted':
      return vscode.l10n.t('interrupted');
    case 'failed':
      return vscode.l10n.t('failed');
  }
}
