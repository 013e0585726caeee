/** The three trees of the activity bar: experiments, runs and models. */
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { RunSummary } from '../../runs/readRun';
import type { Trainings } from '../contracts';
import { bestScores, describeNetwork, experimentFileOf, resumableRuns } from '../runLists';
import type { RunsOnDisk } from '../runsOnDisk';
import type { WorkspaceScan } from '../workspaceScan';
import { createLabTree } from './labTree';
import type { ExperimentNode, ModelNode, RunNode } from './nodes';
import { statusIcon, statusName } from './runStatus';
import { describeScores, mainScoreText } from '../scoreText';
import { reportWords } from '../userSentence';

/** What the trees show. */
export interface TreeSources {
  readonly scan: WorkspaceScan;
  readonly runs: RunsOnDisk;
  readonly trainings: Trainings;
}

/** Puts the trees into the activity bar for the life of the extension. */
export function createTrees({ scan, runs, trainings }: TreeSources): vscode.Disposable {
  const epochs: vscode.Event<unknown> = (listener) =>
    trainings.onEvent(({ event }) => {
      if (event.type === 'epoch') listener(undefined);
    });
  return vscode.Disposable.from(
    createLabTree<ExperimentNode>({
      view: 'sequenceLab.experiments',
      load: async () => experimentNodes((await scan.files()).experiments, await runs.list()),
      draw: drawExperiment,
      changes: [runs.onDidChange],
    }),
    createLabTree<RunNode>({
      view: 'sequenceLab.runs',
      load: async () => runNodes(await runs.list()),
      draw: (node) => drawRun(node, trainings),
      changes: [runs.onDidChange, epochs],
    }),
    createLabTree<ModelNode>({
      view: 'sequenceLab.models',
      load: async () => modelNodes(await runs.list()),
      draw: drawModel,
      changes: [runs.onDidChange],
    }),
  );
}

function experimentNodes(experiments: readonly vscode.Uri[], runs: readonly RunSummary[]): ExperimentNode[] {
  const resumable = new Set(resumableRuns(runs).map(experimentFileOf));
  return experiments.map((uri) => ({
    kind: 'experiment',
    uri,
    runs: runs.filter((run) => experimentFileOf(run) === uri.fsPath).length,
    resumable: resumable.has(uri.fsPath),
  }));
}

function drawExperiment({ uri, runs, resumable }: ExperimentNode): vscode.TreeItem {
  const item = new vscode.TreeItem(basename(uri.fsPath).replace(/\.rnn\.json$/i, ''));
  const folder = vscode.workspace.asRelativePath(dirname(uri.fsPath));
  const isRoot = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath === dirname(uri.fsPath);
  const count = runs === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', runs);
  item.id = uri.toString();
  item.resourceUri = uri;
  item.iconPath = new vscode.ThemeIcon('beaker');
  item.description = [...(isRoot ? [] : [folder]), ...(runs === 0 ? [] : [count])].join(' · ');
  item.tooltip = uri.fsPath;
  item.contextValue = resumable ? 'experiment resumable' : 'experiment';
  item.command = { command: 'vscode.open', title: vscode.l10n.t('Open Experiment'), arguments: [uri] };
  return item;
}

function runNodes(runs: readonly RunSummary[]): RunNode[] {
  const resumable = new Set(resumableRuns(runs));
  return runs.map((run) => ({ kind: 'run', run, resumable: resumable.has(run) }));
}

function drawRun({ run, resumable }: RunNode, trainings: Trainings): vscode.TreeItem {
  const item = new vscode.TreeItem(run.displayName);
  const scores = bestScores(run);
  const epoch =
    run.status === 'running' && trainings.active?.run?.directory === run.directory
      ? trainings.active.last.epoch
      : undefined;
  const best = scores ?? epoch?.validation;
  item.id = run.directory;
  item.iconPath = statusIcon(run.status);
  item.description = [
    ...(epoch === undefined ? [] : [vscode.l10n.t('epoch {0}', epoch.epoch)]),
    ...(best === undefined ? [statusName(run.status)] : [mainScoreText(best)]),
    describeNetwork(run),
  ].join(' · ');
  item.tooltip = describeRun(run);
  item.accessibilityInformation = { label: `${run.displayName}, ${statusName(run.status)}, ${item.description}` };
  const traits = [
    run.status === 'running' ? 'running' : 'ended',
    resumable ? 'resumable' : '',
    run.model === null ? '' : 'model',
  ];
  item.contextValue = ['run', ...traits.filter((trait) => trait !== '')].join(' ');
  item.command = {
    command: 'sequenceLab.viewTrainingPanel',
    title: vscode.l10n.t('View Training Panel'),
    arguments: [{ kind: 'run', run, resumable } satisfies RunNode],
  };
  return item;
}

function describeRun(run: RunSummary): vscode.MarkdownString {
  const scores = bestScores(run);
  const text = new vscode.MarkdownString();
  const reason = run.report === null ? undefined : reportWords(run.report);
  const lines = [
    ...(run.displayName === run.name ? [] : [run.name]),
    `${statusName(run.status)} · ${run.created.toLocaleString(vscode.env.language)}`,
    ...(scores === null ? [] : [describeScores(scores)]),
    ...(reason === undefined ? [] : [reason]),
  ];
  text.appendText(`${run.displayName}\n\n${lines.join('\n\n')}`);
  return text;
}

function modelNodes(runs: readonly RunSummary[]): ModelNode[] {
  return runs.flatMap((run) => (run.model === null ? [] : [{ kind: 'model' as const, run, path: run.model }]));
}

function drawModel({ run, path }: ModelNode): vscode.TreeItem {
  const item = new vscode.TreeItem(run.displayName);
  const scores = bestScores(run);
  item.id = path;
  item.iconPath = new vscode.ThemeIcon('package');
  item.description = [...(scores === null ? [] : [mainScoreText(scores)]), describeNetwork(run)].join(' · ');
  item.tooltip = path;
  item.contextValue = 'model';
  return item;
}
