/** Activation: makes the services and registers the command table, nothing else. */
import * as vscode from 'vscode';
import { registerCommands } from './host/commands';
import { TrainingPanel } from './host/trainingPanel';

/** Called by the editor at the first command or restored panel. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Sequence Lab', { log: true });
  const trainingPanel = new TrainingPanel(context.extensionUri, log);
  context.subscriptions.push(log, trainingPanel, registerCommands({ log, trainingPanel }));
  log.info(`Sequence Lab ${String((context.extension.packageJSON as { version: unknown }).version)} is active.`);
}
