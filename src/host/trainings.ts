/** Starts, stops and follows trainings, one at a time, and tells how they ended. Must not know who shows their numbers. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { TrainingEvent, TrainingResult } from '../protocol';
import { TrainingState } from './activeTraining';
import type { ActiveTraining, Trainings } from './contracts';
import { type EngineHost, isAbort, isEngineExit } from './engineHost';
import { saveOpenFile } from './openFiles';
import { trainParameters } from './settings';
import { tellEnd, tellFailure } from './trainingEnd';
import { ensureTrusted } from './trust';
import { inWords } from './userSentence';
import { scoresOf } from '../scores';

/** A training of this window. */
class Training extends TrainingState implements ActiveTraining {
  readonly started = performance.now();

  constructor(readonly experiment: vscode.Uri) {
    super();
  }
}

/** Milliseconds of reading and preparing from which on a notification shows them. */
const worthShowing = 700;

/** The trainings of this window. */
export class TrainingService implements Trainings, vscode.Disposable {
  private current: Training | null = null;
  private readonly events = new vscode.EventEmitter<{
    readonly training: ActiveTraining;
    readonly event: TrainingEvent;
  }>();
  readonly onEvent = this.events.event;
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeActive = this.changed.event;

  constructor(
    private readonly engine: EngineHost,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get active(): ActiveTraining | null {
    return this.current;
  }

  async start(
    experiment: vscode.Uri,
    { resume = false }: { readonly resume?: boolean | string } = {},
  ): Promise<TrainingResult | undefined> {
    if (!ensureTrusted()) return undefined;
    if (this.tellIfBusy()) return undefined;
    const training = new Training(experiment);
    this.setCurrent(training);
    try {
      await saveOpenFile(experiment);
      this.log.info(`${resume === false ? 'Training' : 'Resuming'} ${experiment.fsPath}.`);
      this.showReading(training);
      const parameters = trainParameters(experiment, resume);
      const take = (event: TrainingEvent): void => {
        this.take(training, event);
      };
      const result = await this.engine.client.train(parameters, take, training.signal);
      this.log.info(`${result.name}: ${result.report.status} after ${result.report.steps} steps.`);
      this.setCurrent(null);
      tellEnd(experiment, result, this.log);
      return result;
    } catch (error) {
      this.setCurrent(null);
      // The engine's host tells of a crash, and of nothing else.
      if (isEngineExit(error)) this.log.error(`Training ${experiment.fsPath} was cut off.`);
      else if (isAbort(error)) this.log.info(`Training ${experiment.fsPath} was called off before it began.`);
      else tellFailure(experiment, error, this.log);
      return undefined;
    } finally {
      training.end();
    }
  }

  stop(): void {
    if (this.current === null || this.current.isStopping) return;
    this.current.stop();
    this.changed.fire();
  }

  dispose(): void {
    this.events.dispose();
    this.changed.dispose();
  }

  private setCurrent(training: Training | null): void {
    this.current = training;
    void vscode.commands.executeCommand('setContext', 'sequenceLab.isTraining', training !== null);
    this.changed.fire();
  }

  private take(training: Training, event: TrainingEvent): void {
    const first = event.type === 'step' && training.last.step === undefined;
    training.add(event);
    if (first) this.log.info(`The first step came after ${Math.round(performance.now() - training.started)} ms.`);
    this.write(event);
    this.events.fire({ training, event });
    if (event.type === 'run') this.changed.fire();
  }

  private write(event: TrainingEvent): void {
    switch (event.type) {
      case 'run':
        this.log.info(`${event.name} begins at step ${event.resumedAt}: ${event.directory}`);
        break;
      case 'warning':
        this.log.warn(inWords(event.wording));
        break;
      case 'epoch': {
        const scores = Object.entries(scoresOf(event.validation)).map(([name, value]) => `${name} ${value}`);
        this.log.info(`Epoch ${event.epoch}: training loss ${event.trainingLoss}; validation ${scores.join(', ')}.`);
        break;
      }
      case 'phase':
      case 'step':
      case 'checkpoint':
        break;
    }
  }

  /** Long work before the first step gets a notification with a way to cancel it. */
  private showReading(training: Training): void {
    const show = setTimeout(() => {
      const title = vscode.l10n.t('Preparing {0}', basename(training.experiment.fsPath));
      void vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title, cancellable: true },
        async (progress, token) => {
          token.onCancellationRequested(() => {
            training.stop();
            this.changed.fire();
          });
          let shown = 0;
          const listener = this.onEvent(({ event }) => {
            if (event.type !== 'phase') return;
            const percent = (event.fraction ?? 0) * 100;
            progress.report({ message: phaseName(event.phase), increment: Math.max(0, percent - shown) });
            shown = Math.max(shown, percent);
          });
          await training.begun;
          listener.dispose();
        },
      );
    }, worthShowing);
    void training.begun.then(() => {
      clearTimeout(show);
    });
  }

  /** Whether a training goes on; if so, says that another one has to wait. */
  tellIfBusy(): boolean {
    if (this.current === null) return false;
    const { run, experiment } = this.current;
    const name = run?.name ?? basename(experiment.fsPath);
    const stop = vscode.l10n.t('Stop {0}', name);
    const sentence = vscode.l10n.t('{0} is in training; one run trains at a time.', name);
    void vscode.window.showInformationMessage(sentence, stop).then((answer) => {
      if (answer === stop) this.stop();
    });
    return true;
  }
}

/** What a phase is called in front of a person. */
export function phaseName(phase: Extract<TrainingEvent, { type: 'phase' }>['phase']): string {
  switch (phase) {
    case 'reading':
      return vscode.l10n.t('reading the data');
    case 'preparing':
      return vscode.l10n.t('preparing the model');
    case 'training':
      return vscode.l10n.t('training');
    case 'evaluating':
      return vscode.l10n.t('evaluating');
    case 'exporting':
      return vscode.l10n.t('exporting the model');
  }
}
