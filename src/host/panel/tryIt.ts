/** Serves the box "Try it" of one panel: the active models, answers to typed texts, and texts that a model goes on with. */
import * as vscode from 'vscode';
import type { HostMessage, PanelMessage } from '../../panelMessages';
import type { RunSummary } from '../../runs/readRun';
import { type AnsweredTask, type BoxModels, type ModelInputs, tasks } from '../../tryItMessages';
import type { Engine, Models, Runs } from '../contracts';
import { promptCharacters } from '../generation/continueText';
import { modelName } from '../models/modelName';
import type { SelectionAnswer, SelectionAnswers } from '../selectionAnswers';
import { generationLength, generationTemperature } from '../settings';
import { logFailure } from '../showFailure';
import type { TaggedTexts } from '../tagging/taggedTexts';
import { styleName } from '../tagging/tagWords';
import { translateTexts } from '../translation/translateTexts';
import { inputsOf } from './describeRun';
import { openSeries } from './openSeries';
import { boxAnswer, type SpanLooks } from './tryItAnswers';

/** What the box needs of the rest of the host. */
export interface TryItServices {
  readonly engine: Engine;
  readonly models: Models;
  readonly runs: Pick<Runs, 'list'>;
  readonly taggedTexts: Pick<TaggedTexts, 'legendFor'>;
  readonly selections: SelectionAnswers;
}

/** Milliseconds in which generated text is gathered into one message. */
const beat = 40;

/** What the page asks for the box. */
export type TryItMessage = Extract<PanelMessage, { type: 'ask' | 'continue' | 'stopContinuing' | 'findAnomalies' }>;

/** Answers the last question only: a newer one takes the place of one that is under way. */
export class TryIt {
  private question: AbortController | undefined;
  private continuing: AbortController | undefined;
  /** Counts the times that the models were told. */
  private tellings = 0;
  private readonly looks: SpanLooks;
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly services: TryItServices,
    private readonly post: (message: HostMessage) => void,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const { models, selections, taggedTexts } = services;
    this.looks = { legendFor: (spans) => taggedTexts.legendFor(spans), nameOf: styleName };
    this.subscriptions = vscode.Disposable.from(
      models.onDidChangeActive(() => {
        this.tellModels();
      }),
      selections.onDidAnswer((answer) => {
        this.tellSelection(answer, true);
      }),
    );
  }

  /** Tells a page that was just loaded what it needs to begin. */
  start(): void {
    this.question?.abort();
    this.continuing?.abort();
    this.tellModels();
    for (const answer of this.services.selections.latest) this.tellSelection(answer, false);
  }

  /** Does what the page asks; `find` gives the run of an id. */
  async perform(message: TryItMessage, find: (run: string) => RunSummary | undefined): Promise<void> {
    switch (message.type) {
      case 'ask':
        await this.ask(message.id, message.task, message.text);
        break;
      case 'continue':
        await this.continue(message.id, message.text);
        break;
      case 'stopContinuing':
        this.continuing?.abort();
        break;
      case 'findAnomalies':
        await openSeries(message.run === null ? undefined : find(message.run));
        await vscode.commands.executeCommand('sequenceLab.findAnomalies');
        break;
    }
  }

  /** Stops what is under way. */
  dispose(): void {
    this.question?.abort();
    this.continuing?.abort();
    this.subscriptions.dispose();
  }

  private async ask(id: number, task: AnsweredTask, text: string): Promise<void> {
    if (this.services.models.activeOf(task) === undefined) return;
    this.question?.abort();
    const question = new AbortController();
    this.question = question;
    try {
      if (!vscode.workspace.isTrusted) {
        this.post({ type: 'answer', id, answer: null, problem: restricted() });
        return;
      }
      const found = await this.find(task, text, question.signal);
      if (found === undefined || question.signal.aborted) return;
      this.post({ type: 'answer', id, answer: boxAnswer(found, this.looks), problem: null });
    } catch (error) {
      if (question.signal.aborted) return;
      this.post({ type: 'answer', id, answer: null, problem: logFailure(error, 'Trying a text', this.log) });
    }
  }

  /** What the active model makes of a text; undefined where there is none any more. */
  private async find(
    task: AnsweredTask,
    text: string,
    signal: AbortSignal,
  ): Promise<Pick<SelectionAnswer, 'task' | 'found'> | undefined> {
    const { models } = this.services;
    switch (task) {
      case 'classification': {
        const [found] = (await models.classify([text], { explain: true, signal })) ?? [];
        return found === undefined ? undefined : { task, found };
      }
      case 'tagging': {
        const [found] = (await models.tag([text], signal)) ?? [];
        return found === undefined ? undefined : { task, found };
      }
      case 'translation': {
        const translate = (sentences: readonly string[]) => models.translate(sentences, signal);
        const [found] = (await translateTexts([text], translate)) ?? [];
        return found === undefined ? undefined : { task, found };
      }
    }
  }

  private async continue(id: number, text: string): Promise<void> {
    const { models, engine } = this.services;
    this.continuing?.abort();
    const stopping = new AbortController();
    this.continuing = stopping;
    const model = models.activeOf('languageModel')?.fsPath;
    let pending = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      clearTimeout(timer);
      timer = undefined;
      if (pending !== '' && !stopping.signal.aborted) this.post({ type: 'continued', id, text: pending });
      pending = '';
    };
    let problem: string | null = null;
    try {
      if (!vscode.workspace.isTrusted) problem = restricted();
      else if (model !== undefined) {
        const scope = vscode.workspace.workspaceFolders?.[0]?.uri;
        await engine.client.generate(
          {
            model,
            prompt: text.slice(-promptCharacters),
            length: generationLength(scope),
            temperature: generationTemperature(scope),
          },
          (piece) => {
            pending += piece.text;
            timer ??= setTimeout(flush, beat);
          },
          stopping.signal,
        );
      }
    } catch (error) {
      if (!stopping.signal.aborted) problem = logFailure(error, 'Continuing a text', this.log);
    } finally {
      flush();
      this.post({ type: 'continuedEnd', id, problem });
    }
  }

  private tellModels(): void {
    const telling = ++this.tellings;
    const tell = async () => {
      const models = await this.describeModels();
      if (telling === this.tellings) this.post({ type: 'models', models });
    };
    tell().catch((error: unknown) => {
      logFailure(error, 'Telling the panel of the models', this.log);
    });
  }

  private async describeModels(): Promise<BoxModels> {
    const found: BoxModels = {};
    for (const task of tasks) {
      const model = this.services.models.activeOf(task);
      if (model === undefined) continue;
      const inputs = task === 'classification' ? await this.inputsOf(model) : inputsOfTask(task);
      found[task] = { name: modelName(model.fsPath), inputs };
    }
    return found;
  }

  /** Whether a classifier reads texts: its run's experiment says so, else the file itself. */
  private async inputsOf({ fsPath }: vscode.Uri): Promise<ModelInputs> {
    const { runs, engine } = this.services;
    const isModelOf = ({ model }: RunSummary) => model !== null && vscode.Uri.file(model).fsPath === fsPath;
    const run = (await runs.list()).find(isModelOf);
    if (run !== undefined) return inputsOf(run.experiment);
    if (!vscode.workspace.isTrusted) return 'texts';
    return engine.client.inspect({ model: fsPath }).then(
      ({ channels }) => (channels === undefined ? 'texts' : 'numbers'),
      () => 'texts', // The first text that is tried says what is wrong with the file.
    );
  }

  private tellSelection(answer: SelectionAnswer, isNew: boolean): void {
    const { text, model } = answer;
    this.post({
      type: 'selection',
      text,
      model: modelName(model),
      answer: boxAnswer(answer, this.looks),
      isNew,
    });
  }
}

function inputsOfTask(task: keyof BoxModels): ModelInputs {
  return task === 'forecasting' ? 'numbers' : 'texts';
}

function restricted(): string {
  return vscode.l10n.t('This folder is in restricted mode; trust it to train and to use models.');
}
