/** The command table: what each command of the palette does, and what a person sees when one fails. */
import * as vscode from 'vscode';
import { UserError } from '../errors';
import { type ClassificationServices, classificationCommands } from './classification/classificationCommands';
import { commandIds, commandsWithoutTrust, type CommandId } from './commandIds';
import { isAbort, isEngineExit } from './engineHost';
import { createTrainingCommands, type TrainingServices } from './trainingCommands';
import { ensureTrusted } from './trust';

/** What the commands act on. */
export type Services = TrainingServices & ClassificationServices & { readonly log: vscode.LogOutputChannel };

/** What a command does; menus and links hand it arguments. */
export type CommandAction = (...parameters: readonly unknown[]) => unknown;

/** The action of every command. */
export function createCommands(services: Services): Record<CommandId, CommandAction> {
  const { log, trainingPanel } = services;
  return {
    ...createTrainingCommands(services),
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
          if (commandsWithoutTrust.has(id) || ensureTrusted()) await commands[id](...parameters);
        } catch (error) {
          await showFailure(error, id, services.log);
        }
      }),
    ),
  );
}

/** Shows a user's mistake as its sentence; anything else is logged with its stack and shown with a way to the log. */
async function showFailure(error: unknown, during: string, log: vscode.LogOutputChannel): Promise<void> {
  // Called off by the user, or told already by the engine's host.
  if (isAbort(error) || isEngineExit(error)) return;
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
