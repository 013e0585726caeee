/** What the commands around training do: train, stop, resume, and the menus of the trees. */
import * as vscode from 'vscode';
import { UserError } from '../errors';
import type { RunSummary } from '../runs/readRun';
import type { TrainingCommandId } from './commandIds';
import type { EngineHost } from './engineHost';
import { isData, isExperiment, mayBeData } from './fileKinds';
import { browseData, chooseData, createExperiment } from './newExperiment';
import { activeFile, saveOpenFile } from './openFiles';
import { experimentFileOf, resumableRuns } from './runLists';
import type { RunsOnDisk } from './runsOnDisk';
import { createSamples } from './samples';
import type { TrainingPanel } from './trainingPanel';
import type { TrainingService } from './trainings';
import { isNode, type Node } from './trees/nodes';

/** What the commands act on. */
export interface TrainingServices {
  readonly engine: EngineHost;
  readonly trainings: TrainingService;
  readonly runs: RunsOnDisk;
  readonly trainingPanel: TrainingPanel;
  /** Path of the folder of samples. */
  readonly samples: string;
}

/** The action of each command; menus hand in the thing that they were opened on, and with it all that is selected. */
export function createTrainingCommands(
  services: TrainingServices,
): Record<TrainingCommandId, (target?: unknown, selected?: unknown) => unknown> {
  const { trainings, runs } = services;
  return {
    'sequenceLab.trainRnn': (target) => trainRnn(services, target),
    'sequenceLab.stopTraining': () => {
      trainings.stop();
    },
    'sequenceLab.resumeTraining': (target) => resumeTraining(services, target),
    'sequenceLab.createSampleExperiments': () => createSamples(services.samples),
    'sequenceLab.compareRuns': (target, selected) => compareRuns(runs, target, selected),
    'sequenceLab.renameRun': (target) => renameRun(runs, target),
    'sequenceLab.deleteRun': (target, selected) => deleteRuns(runs, target, selected),
    'sequenceLab.revealInExplorer': (target) => reveal(target),
    'sequenceLab.useModel': (target) => useModel(runs, target),
  };
}

/** Trains the experiment that was chosen or is open; with data, or nothing, makes an experiment first. */
async function trainRnn(
  { engine, trainings, trainingPanel, samples }: TrainingServices,
  target: unknown,
): Promise<void> {
  if (trainings.tellIfBusy()) return;
  const chosen = fileOf(target);
  const file = chosen ?? activeFile();
  engine.warmUp();
  const experiment =
    file !== undefined && isExperiment(file.path) ? file : await makeExperiment(file, chosen !== undefined, samples);
  if (experiment === undefined) return;
  startInPanel(trainings, trainingPanel, experiment);
}

/** @param isChosen whether the user named the file, rather than having it open */
async function makeExperiment(
  file: vscode.Uri | undefined,
  isChosen: boolean,
  samples: string,
): Promise<vscode.Uri | undefined> {
  if (file !== undefined && (isData(file.path) || (isChosen && mayBeData(file.path)))) {
    await saveOpenFile(file);
    return createExperiment(file);
  }
  const choice = await chooseData(file !== undefined && mayBeData(file.path) ? file : undefined);
  if (choice === undefined) return undefined;
  if ('file' in choice) return createExperiment(choice.file);
  if (choice.command === 'samples') {
    await createSamples(samples);
    return undefined;
  }
  const found = await browseData();
  return found === undefined ? undefined : createExperiment(found);
}

async function resumeTraining({ trainings, runs, trainingPanel }: TrainingServices, target: unknown): Promise<void> {
  if (trainings.tellIfBusy()) return;
  const file = fileOf(target) ?? activeFile();
  const experiment = file !== undefined && isExperiment(file.path) ? file : await chooseUnfinished(await runs.list());
  if (experiment === undefined) return;
  startInPanel(trainings, trainingPanel, experiment, { resume: true });
}

/**
 * Starts a training and brings the panel to the front with its first event: a wrong experiment file has none and stays in
 * sight. The training goes on for long, and tells by itself how it ends.
 */
function startInPanel(
  trainings: TrainingService,
  trainingPanel: TrainingPanel,
  experiment: vscode.Uri,
  options: { readonly resume?: boolean } = {},
): void {
  const listener = trainings.onEvent(({ event }) => {
    if (event.type === 'warning') return;
    listener.dispose();
    trainingPanel.reveal();
  });
  void trainings.start(experiment, options).finally(() => {
    listener.dispose();
  });
}

async function chooseUnfinished(runs: readonly RunSummary[]): Promise<vscode.Uri | undefined> {
  const resumable = resumableRuns(runs);
  if (resumable.length === 0) throw new UserError(vscode.l10n.t('There is no unfinished run to resume.'));
  const items = resumable.map((run) => ({
    label: run.displayName,
    description: run.created.toLocaleString(vscode.env.language),
    run,
  }));
  const choice =
    items.length === 1
      ? items[0]
      : await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('The run to go on with') });
  return choice === undefined ? undefined : vscode.Uri.file(experimentFileOf(choice.run));
}

/** Shows two runs' complete experiments side by side. */
async function compareRuns(runs: RunsOnDisk, target: unknown, selected: unknown): Promise<void> {
  const [first, second] = await chooseTwo(await runs.list(), runsOf(target, selected));
  if (first === undefined || second === undefined) return;
  const { runFiles } = await import('../runs/readRun');
  const [left, right] = [first, second].map(({ directory }) => vscode.Uri.file(runFiles(directory).experiment));
  await vscode.commands.executeCommand('vscode.diff', left, right, `${first.displayName} ↔ ${second.displayName}`);
}

async function chooseTwo(all: readonly RunSummary[], given: readonly RunSummary[]): Promise<readonly RunSummary[]> {
  if (given.length >= 2) return given;
  if (all.length < 2) throw new UserError(vscode.l10n.t('There are not yet two runs to compare.'));
  const chosen = [...given];
  for (const placeHolder of [vscode.l10n.t('The first run'), vscode.l10n.t('The run to compare it with')].slice(
    given.length,
  )) {
    const run = await chooseRun(
      all.filter(({ directory }) => chosen.every((other) => other.directory !== directory)),
      placeHolder,
    );
    if (run === undefined) return [];
    chosen.push(run);
  }
  return chosen;
}

async function chooseRun(runs: readonly RunSummary[], placeHolder: string): Promise<RunSummary | undefined> {
  const items = runs.map((run) => ({
    label: run.displayName,
    description: run.created.toLocaleString(vscode.env.language),
    run,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.run;
}

async function renameRun(runs: RunsOnDisk, target: unknown): Promise<void> {
  const run = runsOf(target)[0] ?? (await chooseRun(await runs.list(), vscode.l10n.t('The run to rename')));
  if (run === undefined) return;
  const { longestDisplayName } = await import('../runs/runNames');
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Rename {0}', run.displayName),
    prompt: vscode.l10n.t('Its folder stays {0}. Without a name it is called so again.', run.name),
    value: run.displayName,
    validateInput: (text) =>
      Array.from(text).length > longestDisplayName
        ? vscode.l10n.t('At most {0} characters.', longestDisplayName)
        : undefined,
  });
  if (name !== undefined) await runs.rename(run, name);
}

async function deleteRuns(runs: RunsOnDisk, target: unknown, selected: unknown): Promise<void> {
  const given = runsOf(target, selected);
  const chosen = given.length > 0 ? given : [await chooseRun(await runs.list(), vscode.l10n.t('The run to delete'))];
  for (const run of chosen) if (run !== undefined) await runs.remove(run);
}

async function reveal(target: unknown): Promise<void> {
  const path = isNode(target) ? placeOf(target) : undefined;
  if (path === undefined)
    throw new UserError(vscode.l10n.t('Choose a run, a model or an experiment in its list first.'));
  await vscode.commands.executeCommand('revealInExplorer', path);
}

async function useModel(runs: RunsOnDisk, target: unknown): Promise<void> {
  const given = runsOf(target)[0];
  const trained = (await runs.list()).filter(({ model }) => model !== null);
  const run = given ?? (await chooseRun(trained, vscode.l10n.t('The run whose model is used')));
  if (run?.model == null) return;
  await vscode.commands.executeCommand('sequenceLab.loadModel', vscode.Uri.file(run.model));
}

/** The runs behind a menu's arguments: all that are selected where the menu was opened on one of them. */
function runsOf(target: unknown, selected?: unknown): readonly RunSummary[] {
  const nodes = Array.isArray(selected) && selected.length > 0 ? (selected as unknown[]) : [target];
  return nodes.filter(isNode).flatMap((node) => (node.kind === 'experiment' ? [] : [node.run]));
}

function placeOf(node: Node): vscode.Uri {
  switch (node.kind) {
    case 'experiment':
      return node.uri;
    case 'run':
      return vscode.Uri.file(node.run.directory);
    case 'model':
      return vscode.Uri.file(node.path);
  }
}

/** The file behind a command's argument: a file of the explorer or an editor's title, or a node of a tree. */
function fileOf(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return target;
  if (!isNode(target)) return undefined;
  return target.kind === 'experiment' ? target.uri : vscode.Uri.file(experimentFileOf(target.run));
}
