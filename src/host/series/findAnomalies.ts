/** Find Anomalies: a forecaster reads the open table, and the rows that it did not expect are marked. */
import * as vscode from 'vscode';
import { UserError } from '../../errors';
import type { ForecastResult } from '../../protocol';
import type { RunSummary } from '../../runs/readRun';
import type { SeriesCommandId } from '../commandIds';
import type { Engine, Models, Runs } from '../contracts';
import { browseForModel } from '../models/chooseModel';
import { mainScoreText } from '../scoreText';
import type { Anomalies, Anomaly } from './anomalies';
import { forecastFiles } from './forecastFiles';

/** What these commands act on. */
export interface SeriesServices {
  readonly engine: Engine;
  readonly models: Pick<Models, 'activeOf'>;
  readonly runs: Pick<Runs, 'list'>;
  readonly anomalies: Anomalies;
}

/** The actions of these commands. */
export function seriesCommands(services: SeriesServices): Record<SeriesCommandId, () => unknown> {
  const { anomalies } = services;
  return {
    'sequenceLab.findAnomalies': () => findAnomalies(services),
    'sequenceLab.clearAnomalies': () => {
      const document = vscode.window.activeTextEditor?.document;
      if (document !== undefined) anomalies.set(document, []);
    },
  };
}

async function findAnomalies(services: SeriesServices): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined || !/\.(csv|tsv)$/iu.test(document.fileName)) {
    throw new UserError(
      vscode.l10n.t('Open the CSV or TSV file of a series first; its unusual rows are marked there.'),
    );
  }
  const model = await usableModel(services, document);
  if (model === undefined) return;
  const { version } = document;
  const result = await forecast(services.engine, model, document);
  // What was read is not what stands there any more.
  if (result === undefined || document.version !== version) return;
  services.anomalies.set(document, anomaliesOf(result));
  await tell(result, document);
}

/** The forecast with a notification that can call it off; undefined where it was. */
async function forecast(
  engine: Engine,
  model: string,
  document: vscode.TextDocument,
): Promise<ForecastResult | undefined> {
  const title = vscode.l10n.t('Looking for anomalies…');
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const stopping = new AbortController();
    token.onCancellationRequested(() => {
      stopping.abort();
    });
    let told = 0;
    const parameters = {
      model,
      data: vscode.workspace.asRelativePath(document.uri),
      content: document.getText(),
    };
    return engine.client.forecast(
      parameters,
      (fraction) => {
        progress.report({ increment: 100 * (fraction - told) });
        told = fraction;
      },
      stopping.signal,
    );
  });
}

function anomaliesOf({ rows, alarms, columns }: ForecastResult): Anomaly[] {
  return alarms.map(({ first, last, peak, cause }) => {
    const { values, forecast: expected, line: causeLine } = rows[cause]!;
    const found = columns.map((column, at) => {
      const value = short(values[at]!);
      if (expected === null) return `${column} ${value}`;
      const [low, high] = [short(expected.low[at]!), short(expected.high[at]!)];
      return vscode.l10n.t('{0} is {1}, expected {2} to {3}', column, value, low, high);
    });
    return {
      lines: rows
        .slice(first, last + 1)
        .filter(({ anomaly }) => anomaly)
        .map(({ line }) => line - 1),
      message: vscode.l10n.t(
        'Anomaly with a score of {0}: in line {1}, {2}',
        short(rows[peak]!.score ?? 0),
        causeLine,
        found.join('; '),
      ),
    };
  });
}

async function tell({ alarms, threshold }: ForecastResult, document: vscode.TextDocument): Promise<void> {
  const name = vscode.workspace.asRelativePath(document.uri);
  if (alarms.length === 0) {
    const sentence = vscode.l10n.t('{0} has no anomaly: no row reaches the score of {1}.', name, short(threshold));
    void vscode.window.showInformationMessage(sentence);
    return;
  }
  const show = vscode.l10n.t('Show Problems');
  const sentence =
    alarms.length === 1
      ? vscode.l10n.t('{0} has one anomaly.', name)
      : vscode.l10n.t('{0} has {1} anomalies.', name, alarms.length);
  if ((await vscode.window.showInformationMessage(sentence, show)) === show) {
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  }
}

/**
 * The active forecaster; else the newest run's that was trained on this file; else the only forecaster, or
 * the one that the user chooses.
 */
async function usableModel({ engine, models, runs }: SeriesServices, document: vscode.TextDocument) {
  const isForecaster = async (path: string): Promise<boolean> =>
    (await engine.client.inspect({ model: path })).task === 'forecasting';
  const active = models.activeOf('forecasting')?.fsPath;
  // An active file that is gone or damaged is no reason to give up: a run's model is as good.
  if (active !== undefined && (await isForecaster(active).catch(() => false))) return active;
  const trained = (await runs.list()).filter(
    ({ model, experiment }) => model !== null && experiment.task === 'forecasting',
  );
  const own = trained.find((run) => forecastFiles(run).some(({ path }) => path === document.uri.fsPath));
  if (own !== undefined) return own.model!;
  if (trained.length === 1) return trained[0]!.model!;
  const chosen = trained.length === 0 ? await offerToBrowse() : await choose(trained);
  if (chosen === undefined || (await isForecaster(chosen))) return chosen;
  throw new UserError(vscode.l10n.t('This model does not forecast number series; choose a forecaster.'), {
    file: chosen,
  });
}

async function offerToBrowse(): Promise<string | undefined> {
  const browse = vscode.l10n.t('Browse…');
  const sentence = vscode.l10n.t('There is no forecaster here yet; train an experiment with "task": "forecasting".');
  const answer = await vscode.window.showInformationMessage(sentence, browse);
  return answer === browse ? (await browseForModel())?.fsPath : undefined;
}

async function choose(trained: readonly RunSummary[]): Promise<string | undefined> {
  const items = trained.map((run) => {
    const metrics = run.report?.test ?? run.report?.best?.validation;
    return {
      label: `$(graph-line) ${run.displayName}`,
      description: metrics === undefined ? '' : mainScoreText(metrics),
      detail: vscode.l10n.t('Trained {0}', run.created.toLocaleString(vscode.env.language)),
      model: run.model!,
    };
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Forecaster'),
    placeHolder: vscode.l10n.t('The model that Find Anomalies uses'),
    matchOnDescription: true,
  });
  return picked?.model;
}

/** Four significant digits. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
