/** What a person sees when something fails: a mistake of theirs as its sentence, a fault of ours with a way to the log. */
import * as vscode from 'vscode';
import { UserError } from '../errors';
import { isAbort, isEngineExit } from './engineHost';
import { userSentence } from './userSentence';

/** Shows a user's mistake as its sentence; anything else is logged with its stack and shown with a way to the log. */
export async function showFailure(error: unknown, during: string, log: vscode.LogOutputChannel): Promise<void> {
  // Called off by the user, or told already by the engine's host.
  if (isAbort(error) || isEngineExit(error)) return;
  if (error instanceof UserError) {
    await vscode.window.showErrorMessage(userSentence(error));
    return;
  }
  const showLog = vscode.l10n.t('Show Log');
  if ((await vscode.window.showErrorMessage(logFailure(error, during, log), showLog)) === showLog) log.show();
}

/** Logs a failure that is no user's mistake, and gives the sentence for it; that of a user's mistake is its own. */
export function logFailure(error: unknown, during: string, log: vscode.LogOutputChannel): string {
  if (error instanceof UserError) return userSentence(error);
  log.error(`${during} failed.`, error instanceof Error ? error : String(error));
  const message = error instanceof Error ? error.message : String(error);
  return vscode.l10n.t('Sequence Lab ran into a fault of its own: {0}', message);
}
