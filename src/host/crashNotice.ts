/** Tells the user once when the engine crashed, with the next step: resume the run that it took along, or read the log. */
import * as vscode from 'vscode';
import type { Trainings } from './contracts';
import { describe, type EngineHost } from './engineHost';

/** Watches the engine for the life of the extension. */
export function tellOfCrashes(
  engine: EngineHost,
  trainings: Trainings,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return engine.onCrash((exit) => {
    const training = trainings.active;
    const resume = vscode.l10n.t('Resume');
    const showLog = vscode.l10n.t('Show Log');
    const how = describe(exit);
    const run = training?.run ?? null;
    const sentence =
      run === null
        ? vscode.l10n.t('The engine ended unexpectedly ({0}). It starts again when it is needed.', how)
        : vscode.l10n.t('The engine ended unexpectedly ({0}) while {1} was in training.', how, run.name);
    const actions = run === null ? [showLog] : [resume, showLog];
    void vscode.window.showErrorMessage(sentence, ...actions).then((answer) => {
      if (answer === showLog) log.show();
      if (answer === resume && training !== null) void trainings.start(training.experiment, { resume: true });
    });
  });
}
