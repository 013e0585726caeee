/** The command table: what each command of the palette does, and what a person sees when one fails. */
import * as vscode from 'vscode';
import { commandIds, type CommandId } from './commandIds';
import { showFailure } from './showFailure';
import type { TrainingPanel } from './trainingPanel';

/** What the commands act on. */
export interface Services {
  readonly log: vscode.LogOutputChannel;
  readonly trainingPanel: TrainingPanel;
}

/** The action of every command. */
export function createCommands({ log, trainingPanel }: Services): Record<CommandId, () => unknown> {
  return {
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
      vscode.commands.registerCommand(id, async () => {
        try {
          await commands[id]();
        } catch (error) {
          await showFailure(error, id, services.log);
        }
      }),
    ),
  );
}
