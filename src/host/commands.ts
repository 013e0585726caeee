/** The command table: what each command of the palette does, and what a person sees when one fails. */
import * as vscode from 'vscode';
import { type ClassificationServices, classificationCommands } from './classification/classificationCommands';
import { commandIds, commandsWithoutTrust, type CommandId } from './commandIds';
import { generationCommands, type GenerationServices } from './generation/continueText';
import { seriesCommands, type SeriesServices } from './series/findAnomalies';
import { showFailure } from './showFailure';
import { type TaggingServices, taggingCommands } from './tagging/taggingCommands';
import { createTrainingCommands, type TrainingServices } from './trainingCommands';
import { translationCommands, type TranslationServices } from './translation/translationCommands';
import { isNode } from './trees/nodes';
import { ensureTrusted } from './trust';

/** What the commands act on. */
export type Services = TrainingServices &
  ClassificationServices &
  GenerationServices &
  TranslationServices &
  SeriesServices &
  TaggingServices & { readonly log: vscode.LogOutputChannel };

/** What a command does; menus and links hand it arguments. */
export type CommandAction = (...parameters: readonly unknown[]) => unknown;

/** The action of every command. */
export function createCommands(services: Services): Record<CommandId, CommandAction> {
  const { log, trainingPanel } = services;
  return {
    ...createTrainingCommands(services),
    ...classificationCommands(services),
    ...generationCommands(services),
    ...translationCommands(services),
    ...seriesCommands(services),
    ...taggingCommands(services),
    'sequenceLab.viewTrainingPanel': (target) => {
      trainingPanel.reveal(isNode(target) && target.kind !== 'experiment' ? target.run.directory : undefined);
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
