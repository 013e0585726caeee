/** Copies the sample experiments into a folder of the user's, and never over a file that is there. */
import { copyFile, constants, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { fileError, fileErrorCode } from '../files/fileErrors';
import { localFolders } from './workspaceScan';

/**
 * Asks for the workspace folder where there are several, copies, and opens the first experiment; says what to do where
 * no folder is open.
 * @throws UserError where the folder cannot be written
 */
export async function createSamples(samples: string): Promise<void> {
  const folder = await chooseFolder();
  if (folder === undefined) return;
  const copied = await copyMissing(samples, folder.uri.fsPath);
  const experiment = copied.find((path) => path.endsWith('.rnn.json'));
  if (experiment === undefined) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('The sample experiments are there already.'), 8_000);
    return;
  }
  await vscode.window.showTextDocument(vscode.Uri.file(experiment), { preview: false });
}

async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = localFolders();
  if (folders.length > 1) {
    return vscode.window.showWorkspaceFolderPick({
      placeHolder: vscode.l10n.t('The folder that takes the sample experiments'),
    });
  }
  if (folders[0] === undefined) {
    const open = vscode.l10n.t('Open Folder');
    const sentence = vscode.l10n.t('Open a folder first; the sample experiments are copied into it.');
    if ((await vscode.window.showInformationMessage(sentence, open)) === open) {
      await vscode.commands.executeCommand('vscode.openFolder');
    }
  }
  return folders[0];
}

/** Copies the files of `from` that `to` does not have; gives the paths of the copies, in the order of their names. */
async function copyMissing(from: string, to: string): Promise<string[]> {
  const copied: string[] = [];
  const entries = await readdir(from, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    try {
      if (entry.isDirectory()) {
        await mkdir(target, { recursive: true });
        copied.push(...(await copyMissing(source, target)));
      } else {
        await copyFile(source, target, constants.COPYFILE_EXCL);
        copied.push(target);
      }
    } catch (error) {
      if (fileErrorCode(error) !== 'EEXIST') throw fileError(error, target, 'written');
    }
  }
  return copied;
}
