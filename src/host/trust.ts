/** What may be done in a folder that the user does not trust: nothing that reads data, writes files or runs the engine. */
import * as vscode from 'vscode';

/** Whether the workspace is trusted; where it is not, says in one sentence why nothing happens. */
export function ensureTrusted(): boolean {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const sentence = vscode.l10n.t('Sequence Lab trains and uses models only in folders that you trust.');
  void vscode.window.showInformationMessage(sentence, manage).then((answer) => {
    if (answer === manage) void vscode.commands.executeCommand('workbench.trust.manage');
  });
  return false;
}
