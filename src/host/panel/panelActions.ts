/** What a button or a click in the panel does; answers go back to the panel as messages. */
import { open } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../errors';
import type { HostMessage, PanelMessage } from '../../panelMessages';
import type { Mistake } from '../../protocol';
import { readMetrics } from '../../runs/metricsFile';
import { runFiles, type RunSummary } from '../../runs/readRun';
import type { Models, Runs, Trainings } from '../contracts';
import { logFailure } from '../showFailure';
import { compareExperiments } from './compareExperiments';
import { csvHeader, curvesCsv, validationScores } from './curvesCsv';
import type { TagStyleOf } from './describeDetail';
import type { RunFeed } from './runFeed';
import { RunForecasts } from './runForecasts';
import { scoreNames } from '../../scores';
import type { TryIt, TryItServices } from './tryIt';

/** What the panel needs of the rest of the host. */
export interface PanelServices extends TryItServices {
  readonly trainings: Trainings;
  readonly runs: Runs;
  readonly tagStyle: TagStyleOf;
}

/** Most misclassified examples that the panel lists. */
const mostMistakes = 1000;

/** What the page asks for beyond its own coming and going. */
type PanelActionMessage = Exclude<PanelMessage, { type: 'ready' | 'run' | 'problem' }>;

/** Acts for one open panel. */
export class PanelActions {
  private readonly search = new AbortController();
  private readonly forecasts: RunForecasts;
  private listed: { readonly run: string; readonly mistakes: readonly Mistake[] } | undefined;

  constructor(
    private readonly services: PanelServices,
    private readonly feed: RunFeed,
    private readonly tryIt: TryIt,
    private readonly post: (message: HostMessage) => void,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.forecasts = new RunForecasts({
      ...{ client: services.engine.client, post, noModel, open: openAtLine },
      checkTrust: () => {
        if (!vscode.workspace.isTrusted) throw new UserError(restricted());
      },
      explain: (error) => logFailure(error, 'Forecasting', log),
    });
  }

  /** Stops what is under way for the panel. */
  dispose(): void {
    this.search.abort();
    this.forecasts.cancel();
  }

  /** @throws UserError where the user can mend it */
  async perform(message: PanelActionMessage): Promise<void> {
    const { trainings, models, runs } = this.services;
    switch (message.type) {
      case 'stop':
        trainings.stop();
        break;
      case 'resume':
        if (isTrusted()) {
          const run = this.run(message.run);
          await trainings.start(vscode.Uri.file(experimentFile(run)), { resume: run.directory });
        }
        break;
      case 'rename':
        await rename(this.run(message.run), runs);
        break;
      case 'remove':
        await remove(this.run(message.run), runs);
        break;
      case 'openExperiment':
        await openExperiment(this.run(message.run));
        break;
      case 'useModel':
        await this.useModel(this.run(message.run), models);
        break;
      case 'findMistakes':
        await this.findMistakes(this.run(message.run));
        break;
      case 'openMistake':
        await this.openMistake(message.run, message.index);
        break;
      case 'compare':
        this.compare(this.run(message.left), this.run(message.right));
        break;
      case 'exportCsv':
        await exportCsv(message.runs.map((run) => this.run(run)));
        break;
      case 'exportPng':
        await exportPng(message.bytes);
        break;
      case 'forecast':
        await this.forecasts.forecast(this.run(message.run), message.file);
        break;
      case 'openAnomaly':
        await this.forecasts.openAnomaly(message.run, message.index);
        break;
      case 'select':
        this.forecasts.keepOnly(message.run);
        this.feed.select(message.run);
        break;
      case 'watch':
        this.feed.watch(message.runs);
        break;
      case 'ask':
      case 'continue':
      case 'stopContinuing':
      case 'findAnomalies':
        await this.tryIt.perform(message, (run) => this.feed.find(run));
        break;
    }
  }

  private run(id: string): RunSummary {
    const run = this.feed.find(id);
    if (run === undefined) throw new UserError(vscode.l10n.t('The run {0} is not there any more.', basename(id)));
    return run;
  }

  private async useModel({ model, name }: RunSummary, models: Models): Promise<void> {
    if (!isTrusted()) return;
    if (model === null) throw new UserError(noModel(name));
    await models.activate(vscode.Uri.file(model));
  }

  private async findMistakes({ directory: run }: RunSummary): Promise<void> {
    if (!isTrusted()) return;
    try {
      const { client } = this.services.engine;
      const { mistakes, count } = await client.mistakes({ run, limit: mostMistakes }, this.search.signal);
      this.listed = { run, mistakes };
      const shown = mistakes.map(({ text, series, truth, predicted, probability, line, file }) => ({
        ...{ text, truth, predicted, probability, line },
        ...(series === undefined ? {} : { series: { ...series, file: basename(file) } }),
      }));
      this.post({ type: 'mistakes', run, mistakes: shown, count, problem: null });
    } catch (error) {
      if (this.search.signal.aborted) return;
      const problem = logFailure(error, 'Listing the errors', this.log);
      this.post({ type: 'mistakes', run, mistakes: [], count: 0, problem });
    }
  }

  /** Opens only files that the engine named: the page says which by number. */
  private async openMistake(run: string, index: number): Promise<void> {
    const mistake = this.listed?.run === run ? this.listed.mistakes[index] : undefined;
    if (mistake === undefined) return;
    if (mistake.series?.isWholeFile === true) {
      // It may be no text: the editor knows what shows it, and says so where nothing does.
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(mistake.file), vscode.ViewColumn.Beside);
      return;
    }
    await openAtLine(mistake.file, mistake.line);
  }

  private compare(left: RunSummary, right: RunSummary): void {
    const rows = compareExperiments(left.experiment, right.experiment);
    this.post({ type: 'comparison', left: left.directory, right: right.directory, rows });
  }
}

/** Where it is not, says why nothing happens. */
function isTrusted(): boolean {
  if (vscode.workspace.isTrusted) return true;
  void vscode.window.showWarningMessage(restricted());
  return false;
}

function restricted(): string {
  return vscode.l10n.t('This folder is in restricted mode; trust it to train and to use models.');
}

function noModel(name: string): string {
  return vscode.l10n.t('The run {0} has no model yet.', name);
}

/** Shows a file beside the panel at a line, from 1. */
async function openAtLine(path: string, line: number): Promise<void> {
  const position = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(path), {
    viewColumn: vscode.ViewColumn.Beside,
    selection: new vscode.Range(position, position),
  });
}

/** The file that a run was started from; before the first report, the one beside its folder for runs. */
function experimentFile({ report, directory, experimentName }: RunSummary): string {
  return report?.experimentFile ?? resolve(directory, '../../..', `${experimentName}.rnn.json`);
}

/** Opens the file that the run was started from, else the run's own copy. */
async function openExperiment(run: RunSummary): Promise<void> {
  const options = { viewColumn: vscode.ViewColumn.Beside };
  try {
    await vscode.window.showTextDocument(vscode.Uri.file(experimentFile(run)), options);
  } catch {
    // It was moved or removed; the copy tells the same.
    await vscode.window.showTextDocument(vscode.Uri.file(runFiles(run.directory).experiment), options);
  }
}

async function rename(run: RunSummary, runs: Runs): Promise<void> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Rename the run'),
    value: run.displayName,
    validateInput: (value) => (value.trim() === '' ? vscode.l10n.t('Type a name.') : undefined),
  });
  if (name !== undefined && name.trim() !== run.displayName) await runs.rename(run, name.trim());
}

async function remove(run: RunSummary, runs: Runs): Promise<void> {
  const confirm = vscode.l10n.t('Delete');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Delete the run {0} with its model and curves?', run.displayName),
    { modal: true },
    confirm,
  );
  if (answer === confirm) await runs.remove(run);
}

async function exportCsv(runs: readonly RunSummary[]): Promise<void> {
  const [first] = runs;
  if (first === undefined) throw new UserError(vscode.l10n.t('Tick a run to export its curves.'));
  const target = await askWhere(
    runs.length === 1 ? first.displayName.replace(/[\\/:*?"<>|]/g, '-') : 'curves',
    'csv',
    dirname(first.directory),
  );
  if (target === undefined) return;
  const file = await open(target.fsPath, 'w');
  try {
    const found = await Promise.all(runs.map(async ({ directory }) => validationScores(await linesOf(directory))));
    const scores = scoreNames.filter((name) => found.some((names) => names.includes(name)));
    await file.write(csvHeader(scores));
    for (const { displayName, directory } of runs) {
      for (const piece of curvesCsv(displayName, await linesOf(directory), scores)) await file.write(piece);
    }
  } finally {
    await file.close();
  }
  tellSaved(target);
}

function linesOf(directory: string): ReturnType<typeof readMetrics> {
  return readMetrics(runFiles(directory).metrics);
}

async function exportPng(bytes: Uint8Array): Promise<void> {
  const target = await askWhere('curves', 'png', vscode.workspace.workspaceFolders?.[0]?.uri.fsPath);
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, bytes);
  tellSaved(target);
}

async function askWhere(
  name: string,
  extension: string,
  runsFolder: string | undefined,
): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? runsFolder ?? '';
  return vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(join(folder, `${name}.${extension}`)),
    filters: { [extension.toUpperCase()]: [extension] },
  });
}

function tellSaved(target: vscode.Uri): void {
  vscode.window.setStatusBarMessage(vscode.l10n.t('Saved {0}', basename(target.fsPath)), 5000);
}
