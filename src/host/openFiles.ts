/** Files as the editor has them: the one in front, and what is not yet saved. */
import * as vscode from 'vscode';

/** The file of the tab in front; files too large for the editor's documents have a tab, too. */
export function activeFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const tab = input instanceof vscode.TabInputText ? input.uri : undefined;
  const uri = vscode.window.activeTextEditor?.document.uri ?? tab;
  return uri?.scheme === 'file' ? uri : undefined;
}

/** Saves a file that stands changed in the editor: the engine reads what is on the disk. */
export async function saveOpenFile(file: vscode.Uri): Promise<void> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
  if (open?.isDirty === true) await open.save();
}
