/** Activation: makes the services and registers the command table, nothing else. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { registerClassificationFeatures } from './host/classification/classificationCommands';
import { Classifications } from './host/classification/classifications';
import { registerCommands } from './host/commands';
import { EngineHost } from './host/engineHost';
import { registerExperimentFeatures } from './host/experimentFiles/experimentFeatures';
import { createModelStatus } from './host/models/modelStatus';
import { ModelStore } from './host/models/modelStore';
import { TrainingPanel } from './host/trainingPanel';
import { WorkspaceRuns } from './host/workspaceRuns';

let engine: EngineHost | undefined;

/** Called by the editor at the first command or restored panel. */
export function activate(context: vscode.ExtensionContext): void {
  const started = performance.now();
  const log = vscode.window.createOutputChannel('Sequence Lab', { log: true });
  engine = new EngineHost(join(context.extensionPath, 'dist', 'engine.cjs'), log);
  const runs = new WorkspaceRuns();
  const models = new ModelStore(engine, context.workspaceState, runs);
  const classifications = new Classifications();
  const trainingPanel = new TrainingPanel(context.extensionUri, log);
  const services = { log, trainingPanel, models, classifications, runs };
  context.subscriptions.push(log, trainingPanel, runs, models, classifications, createModelStatus(models));
  context.subscriptions.push(
    registerCommands(services),
    registerClassificationFeatures(services),
    registerExperimentFeatures(runs, log),
  );
  const version = String((context.extension.packageJSON as { version: unknown }).version);
  log.info(`Sequence Lab ${version} is active after ${(performance.now() - started).toFixed(1)} ms.`);
}

/** Called by the editor when the window closes: leaves no process behind. */
export async function deactivate(): Promise<void> {
  await engine?.end();
}
