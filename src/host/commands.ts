/** The command table: what each command of the palette does, and what a person sees when one fails. */
import * as vscode from 'vscode';
import { UserError } from '../errors';
import { type ClassificationServices, classificationCommands } from './classification/classificationCommands';
import { commandIds, type CommandId } from './commandIds';
import type { TrainingPanel } from './trainingPanel';

/** What the commands act on. */
export interface Services extends ClassificationServices {
  readonly log: vscode.LogOutputChannel;
  readonly trainingPanel: TrainingPanel;
}

/** What a command does with what a menu or a caller hands in. */
type Action = (...parameters: unknown[]) => unknown;

/** The action of every command. */
export function createCommands(services: Services): Record<CommandId, Action> {
  const { log, trainingPanel } = services;
  return {
    ...classificationCommands(services),
    'sequenceLab.viewTrainingPanel': () => {
      trainingPanel.reveal();
    },
    'sequenceLab.showLog': () => {
      log.show();
    },
  };
}

/** Puts the table into the palette for the life of the extension. */
export function registerCommands(services: Services): vscode.Disposable {
  const commands = createCommands(services);
  return vscode.Disposable.from(
    ...commandIds.map((id) =>
      vscode.commands.registerCommand(id, async (...parameters: unknown[]) => {
        try {
          await commands[id](...parameters);
        } catch (error) {
          await showFailure(error, id, services.log);
        }
      }),
    ),
  );
}

/** Shows a user's mistake as its sentence; anything else is logged with its stack and shown with a way to the log. */
async function showFailure(error: unknown, during: string, log: vscode.LogOutputChannel): Promise<void> {
  if (error instanceof UserError) {
    await vscode.window.showErrorMessage(error.sentence);
    return;
  }
  log.error(`${during} failed.`, error instanceof Error ? error : String(error));
  const showLog = vscode.l10n.t('Show Log');
  const message = error instanceof Error ? error.message : String(error);
  const sentence = vscode.l10n.t('Sequence Lab ran into a fault of its own: {0}', message);
  if ((await vscode.window.showErrorMessage(sentence, showLog)) === showLog) log.show();
}
