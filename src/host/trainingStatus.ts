/** The status bar item of a training: epoch, loss and time left; a click opens the panel. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ActiveTraining, Trainings } from './contracts';
import { clock, MovingMean, shortNumber } from './progressText';
import { smoothing } from './settings';
import { phaseName } from './trainings';

/** Milliseconds between two drawings. */
const pause = 250;

/** Shows the active training for as long as there is one. */
export class TrainingStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('sequenceLab.training', vscode.StatusBarAlignment.Left, 50);
  private readonly subscriptions: vscode.Disposable;
  private loss: { readonly of: ActiveTraining; readonly mean: MovingMean; value: number } | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly trainings: Trainings) {
    this.item.name = vscode.l10n.t('Sequence Lab Training');
    this.item.command = 'sequenceLab.viewTrainingPanel';
    this.subscriptions = vscode.Disposable.from(
      trainings.onDidChangeActive(() => {
        this.draw();
      }),
      trainings.onEvent(({ training, event }) => {
        if (event.type === 'step') {
          if (this.loss?.of !== training) this.loss = { of: training, mean: new MovingMean(smoothing()), value: 0 };
          this.loss.value = this.loss.mean.add(event.loss);
        }
        this.timer ??= setTimeout(() => {
          this.timer = undefined;
          this.draw();
        }, pause);
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
    this.item.dispose();
  }

  private draw(): void {
    const training = this.trainings.active;
    if (training === null) {
      this.loss = undefined;
      this.item.hide();
      return;
    }
    this.item.text = `$(sync~spin) ${this.describe(training)}`;
    const name = training.run?.name ?? basename(training.experiment.fsPath);
    this.item.tooltip = vscode.l10n.t('{0}: show the training panel', name);
    this.item.accessibilityInformation = { label: `${name}: ${this.describe(training)}`, role: 'button' };
    this.item.show();
  }

  private describe(training: ActiveTraining): string {
    const { phase, run, step } = training.last;
    if (training.isStopping) return vscode.l10n.t('Stopping');
    if (run === undefined || step === undefined || this.loss === undefined) {
      const name = basename(training.experiment.fsPath).replace(/\.rnn\.json$/i, '');
      return `${name}: ${phaseName(phase?.phase ?? 'reading')}`;
    }
    const left = clock(step.secondsLeft);
    return [
      vscode.l10n.t('Epoch {0}/{1}', step.epoch, run.epochs),
      vscode.l10n.t('loss {0}', shortNumber(this.loss.value)),
      ...(left === undefined ? [] : [vscode.l10n.t('{0} left', left)]),
    ].join(' · ');
  }
}
