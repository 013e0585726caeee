/** Activation: makes the services and registers the command table, nothing else. */
import * as vscode from 'vscode';
import { registerClassificationFeatures } from './host/classification/classificationCommands';
import { Classifications } from './host/classification/classifications';
import { registerCommands } from './host/commands';
import { tellOfCrashes } from './host/crashNotice';
import { EngineHost } from './host/engineHost';
import { registerExperimentFeatures } from './host/experimentFiles/experimentFeatures';
import { createModelStatus } from './host/models/modelStatus';
import { ModelStore } from './host/models/modelStore';
import { RunsOnDisk } from './host/runsOnDisk';
import { SelectionAnswers } from './host/selectionAnswers';
import { Anomalies } from './host/series/anomalies';
import { TagHover } from './host/tagging/tagHover';
import { TaggedTexts } from './host/tagging/taggedTexts';
import { TrainingPanel } from './host/trainingPanel';
import { TrainingService } from './host/trainings';
import { TrainingStatus } from './host/trainingStatus';
import { registerTranslationFeatures } from './host/translation/translationCommands';
import { Translations } from './host/translation/translations';
import { createTrees } from './host/trees/trees';
import { WorkspaceScan } from './host/workspaceScan';

let engine: EngineHost | undefined;

/** Called by the editor at the first command, view or restored panel. */
export function activate(context: vscode.ExtensionContext): void {
  const started = performance.now();
  const log = vscode.window.createOutputChannel('Sequence Lab', { log: true });
  engine = new EngineHost(context.asAbsolutePath('dist/engine.cjs'), log);
  const trainings = new TrainingService(engine, log);
  const scan = new WorkspaceScan();
  const runs = new RunsOnDisk(scan, trainings, log);
  const models = new ModelStore(engine, context.workspaceState, runs);
  const classifications = new Classifications();
  const translations = new Translations();
  const anomalies = new Anomalies();
  const taggedTexts = new TaggedTexts();
  const selections = new SelectionAnswers();
  const trainingPanel = new TrainingPanel(context.extensionUri, log, {
    ...{ engine, trainings, runs, models, taggedTexts, selections },
    tagStyle: (type) => taggedTexts.styleOf(type),
  });
  const samples = context.asAbsolutePath('dist/samples');
  context.subscriptions.push(
    log,
    engine,
    trainings,
    scan,
    runs,
    models,
    classifications,
    translations,
    anomalies,
    taggedTexts,
    selections,
    trainingPanel,
    createModelStatus(models),
    new TrainingStatus(trainings),
    tellOfCrashes(engine, trainings, log),
    createTrees({ scan, runs, trainings }),
    registerCommands({
      ...{ log, engine, trainings, runs, models, classifications, taggedTexts, anomalies, trainingPanel, samples },
      ...{ translations, selections },
    }),
    registerClassificationFeatures({ models, classifications }),
    vscode.languages.registerHoverProvider('*', new TagHover(taggedTexts)),
    registerTranslationFeatures(translations),
    registerExperimentFeatures(runs, log),
  );
  const version = String((context.extension.packageJSON as { version: unknown }).version);
  log.info(`Sequence Lab ${version} is active after ${(performance.now() - started).toFixed(1)} ms.`);
}

/** Called by the editor before the window closes: no process of ours stays behind. */
export async function deactivate(): Promise<void> {
  await engine?.end();
}
