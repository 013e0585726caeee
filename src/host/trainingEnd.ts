/** What a person is told when a training ended: only what they did not just do themselves and do not have in front of them. */
import { basename, dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../errors';
import type { TrainingResult } from '../protocol';
import { describeScores, mainScoreText } from './scoreText';
import { reportWords, userSentence } from './userSentence';

/** Milliseconds that a passing word stays in the status bar. */
const passing = 10_000;

/** Tells how a run ended: a notification where the panel is out of sight or the run failed, else a passing word. */
export function tellEnd(experiment: vscode.Uri, result: TrainingResult, log: vscode.LogOutputChannel): void {
  const { name, report, model } = result;
  switch (report.status) {
    case 'finished': {
      const scores = report.test ?? report.best?.validation ?? null;
      const sentence =
        scores === null
          ? vscode.l10n.t('{0} is trained.', name)
          : vscode.l10n.t('{0} is trained: {1}.', name, describeScores(scores));
      if (isPanelInFront()) {
        vscode.window.setStatusBarMessage(sentence, passing);
        return;
      }
      const show = { title: vscode.l10n.t('Show Panel'), act: () => runCommand('sequenceLab.viewTrainingPanel') };
      const use = { title: vscode.l10n.t('Use Model'), act: () => useModel(model) };
      offer(vscode.window.showInformationMessage(sentence, ...(model === null ? [show] : [show, use])));
      return;
    }
    case 'stopped':
    case 'running': {
      const { best } = report;
      vscode.window.setStatusBarMessage(
        best !== null && model !== null
          ? vscode.l10n.t(
              'Training stopped. The best model (epoch {0}, {1}) is saved.',
              best.epoch,
              mainScoreText(best.validation),
            )
          : (reportWords(report) ?? vscode.l10n.t('Training stopped.')),
        passing,
      );
      return;
    }
    case 'failed': {
      const sentence = vscode.l10n.t(
        '{0} failed: {1}',
        name,
        reportWords(report) ?? vscode.l10n.t('its report does not say why.'),
      );
      offer(vscode.window.showErrorMessage(sentence, openExperiment(experiment), showLog(log)));
    }
  }
}

/** Shows why a training did not come to be: a user's mistake with the way to its place, a fault of ours with the log. */
export function tellFailure(experiment: vscode.Uri, error: unknown, log: vscode.LogOutputChannel): void {
  if (!(error instanceof UserError)) {
    log.error(`Training ${experiment.fsPath} failed.`, error instanceof Error ? error : String(error));
    const message = error instanceof Error ? error.message : String(error);
    const sentence = vscode.l10n.t('Sequence Lab ran into a fault of its own: {0}', message);
    offer(vscode.window.showErrorMessage(sentence, showLog(log)));
    return;
  }
  log.warn(userSentence(error));
  const { file, line, column, key } = error.place;
  const uri = file === undefined ? experiment : vscode.Uri.file(resolve(dirname(experiment.fsPath), file));
  const place = { file: basename(uri.fsPath), ...definedOnly({ line, column, key }) };
  const sentence = userSentence(new UserError(error.wording, place));
  const open =
    uri.fsPath === experiment.fsPath
      ? openExperiment(experiment, line, column)
      : { title: vscode.l10n.t('Open File'), act: () => openAt(uri, line, column) };
  offer(vscode.window.showErrorMessage(sentence, open, showLog(log)));
}

/** A button of a notification and what it does. */
interface Action extends vscode.MessageItem {
  act(): unknown;
}

function offer(answer: Thenable<Action | undefined>): void {
  void answer.then((action) => action?.act());
}

function openExperiment(experiment: vscode.Uri, line?: number, column?: number): Action {
  return { title: vscode.l10n.t('Open Experiment'), act: () => openAt(experiment, line, column) };
}

function showLog(log: vscode.LogOutputChannel): Action {
  return {
    title: vscode.l10n.t('Show Log'),
    act: () => {
      log.show();
    },
  };
}

/** Opens a file at a place counted from 1. A file that is gone or no text is told by the editor. */
async function openAt(file: vscode.Uri, line = 1, column = 1): Promise<void> {
  const place = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  await vscode.commands.executeCommand('vscode.open', file, {
    selection: new vscode.Range(place, place),
    preview: false,
  });
}

function useModel(model: string | null): Thenable<unknown> | undefined {
  return model === null ? undefined : runCommand('sequenceLab.loadModel', vscode.Uri.file(model));
}

function runCommand(command: string, ...parameters: readonly unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(command, ...parameters);
}

function isPanelInFront(): boolean {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  // The editor puts a prefix of its own before the type.
  return input instanceof vscode.TabInputWebview && input.viewType.endsWith('sequenceLab.trainingPanel');
}

function definedOnly(place: { line: number | undefined; column: number | undefined; key: string | undefined }) {
  return Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined));
}
