/** What the box "Try it" knows: texts, models and answers by task, and the text that a model goes on with. Draws nothing. */
import type { HostMessage, PanelMessage } from '../../src/panelMessages';
import type { Task } from '../../src/protocol';
import { type AnsweredTask, type BoxAnswer, type BoxModels, isAnswered, tasks } from '../../src/tryItMessages';
import type { HeatCell } from './heatMap';
import type { PanelState } from './panelState';

/** Milliseconds without a key before a text is answered; a search takes longer than one run of a graph. */
const pauses: Readonly<Record<AnsweredTask, number>> = { classification: 60, tagging: 60, translation: 250 };

/** A text with what became of it. */
export interface Answered {
  readonly text: string;
  /** Name of the model. */
  readonly model: string;
  /** Null where there is a problem. */
  readonly answer: BoxAnswer | null;
  readonly problem: string | null;
}

/** The text that a language model made up behind the typed one. */
export interface Continuation {
  readonly text: string;
  readonly isRunning: boolean;
  readonly problem: string | null;
}

/** A run as far as the box cares. */
export interface BoxRun {
  readonly id: string;
  readonly name: string;
  readonly task: Task;
  readonly inputs: 'texts' | 'numbers';
  readonly hasModel: boolean;
}

/** What the box needs of the page. */
export interface TryItSurroundings {
  readonly tell: (message: PanelMessage) => void;
  readonly changed: () => void;
  readonly state: () => Pick<PanelState, 'tried' | 'triedTask'>;
  readonly set: (change: Partial<Pick<PanelState, 'tried' | 'triedTask'>>) => void;
  /** The selected run first. */
  readonly runs: () => readonly BoxRun[];
  readonly selected: () => BoxRun | undefined;
}

/** A message of the host about the box. */
export type TryItHostMessage = Extract<
  HostMessage,
  { type: 'models' | 'answer' | 'selection' | 'continued' | 'continuedEnd' }
>;

const noContinuation: Continuation = { text: '', isRunning: false, problem: null };

/** The box with everything that may happen to it. */
export class TryIt {
  models: BoxModels = {};
  continuation: Continuation = noContinuation;
  /** The sentence whose attention is shown. */
  sentence = 0;
  /** The cell of the heat map that is pointed at. */
  cell: HeatCell | undefined;
  private readonly answers = new Map<Task, Answered>();
  private asked:
    { readonly id: number; readonly task: AnsweredTask; readonly text: string; readonly model: string } | undefined;
  private lastId = 0;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly outside: TryItSurroundings) {}

  /** The task that is tried: the chosen one, else the selected run's, else one that has a model. */
  get task(): Task {
    const chosen = this.outside.state().triedTask ?? this.outside.selected()?.task;
    return chosen ?? tasks.find((task) => this.models[task] !== undefined) ?? 'classification';
  }

  /** The tasks that can be tried here. */
  get choices(): readonly Task[] {
    const { task } = this;
    const known = new Set([task, ...this.outside.runs().map((run) => run.task)]);
    return tasks.filter((one) => known.has(one) || this.models[one] !== undefined);
  }

  /** The run whose model could be taken for the task. */
  get usableRun(): BoxRun | undefined {
    return this.outside.runs().find(({ task, hasModel }) => hasModel && task === this.task);
  }

  /** Whether the task is about numbers, which nobody types. */
  get isAboutNumbers(): boolean {
    const { task } = this;
    const selected = this.outside.selected();
    if (task === 'forecasting') return true;
    return (this.models[task]?.inputs ?? (selected?.task === task ? selected.inputs : 'texts')) === 'numbers';
  }

  /** What was typed for the task. */
  get text(): string {
    return this.outside.state().tried[this.task] ?? '';
  }

  get answered(): Answered | undefined {
    return this.answers.get(this.task);
  }

  receive(message: TryItHostMessage): void {
    switch (message.type) {
      case 'models':
        this.takeModels(message.models);
        break;
      case 'answer':
        if (this.asked?.id === message.id) {
          const { task, text, model } = this.asked;
          this.asked = undefined;
          this.take(task, { text, model, answer: message.answer, problem: message.problem });
        }
        break;
      case 'selection':
        this.takeSelection(message);
        break;
      case 'continued':
        if (message.id !== this.lastId || !this.continuation.isRunning) break;
        this.continuation = { ...this.continuation, text: this.continuation.text + message.text };
        break;
      case 'continuedEnd':
        if (message.id !== this.lastId || !this.continuation.isRunning) break;
        this.continuation = { ...this.continuation, isRunning: false, problem: message.problem };
        break;
    }
  }

  /** Takes a typed text; its answer comes once the keys are silent for a moment. */
  type(text: string): void {
    const { task } = this;
    if (task === 'languageModel') this.startOver();
    this.outside.set({ tried: { ...this.outside.state().tried, [task]: text } });
    clearTimeout(this.waiting);
    if (!isAnswered(task)) return;
    this.waiting = setTimeout(() => {
      this.refresh();
      this.outside.changed();
    }, pauses[task]);
  }

  /** Tries another task. */
  choose(task: Task): void {
    this.stop();
    this.outside.set({ triedTask: task });
    this.refresh();
    this.outside.changed();
  }

  /** Asks for the answer that the box should show and does not have; earlier questions no longer count. */
  refresh(): void {
    const { task, text } = this;
    if (task !== 'languageModel') this.stop();
    if (!isAnswered(task)) return;
    const model = this.models[task];
    if (text.trim() === '') {
      this.answers.delete(task);
      if (this.asked?.task === task) this.asked = undefined;
    } else if (model?.inputs === 'texts') {
      const known = this.asked?.task === task ? this.asked : this.answers.get(task);
      if (known?.text === text && known.model === model.name) return;
      this.asked = { id: ++this.lastId, task, text, model: model.name };
      this.outside.tell({ type: 'ask', id: this.lastId, task, text });
    }
  }

  /** Lets the language model go on from the typed text and what it made up already. */
  continue(): void {
    if (this.continuation.isRunning) return;
    const { text } = this.continuation;
    this.continuation = { text, isRunning: true, problem: null };
    this.outside.tell({ type: 'continue', id: ++this.lastId, text: this.text + text });
    this.outside.changed();
  }

  /** Stops the language model; what it made up stays. */
  stop(): void {
    if (!this.continuation.isRunning) return;
    this.continuation = { ...this.continuation, isRunning: false };
    this.outside.tell({ type: 'stopContinuing' });
    this.outside.changed();
  }

  /** Takes away what the language model made up. */
  startOver(): void {
    this.stop();
    this.continuation = noContinuation;
    this.outside.changed();
  }

  /** Shows the attention of a sentence. */
  showSentence(sentence: number): void {
    this.sentence = sentence;
    this.cell = undefined;
    this.outside.changed();
  }

  /** Points at a cell of the heat map, or at none. */
  point(cell: HeatCell | undefined): void {
    if (cell?.row === this.cell?.row && cell?.column === this.cell?.column) return;
    this.cell = cell;
    this.outside.changed();
  }

  private takeModels(models: BoxModels): void {
    this.models = models;
    // A model that is gone answers no more, and what went wrong may go well now.
    if (this.asked !== undefined && models[this.asked.task]?.name !== this.asked.model) this.asked = undefined;
    for (const [task, { problem }] of this.answers) if (problem !== null) this.answers.delete(task);
    this.refresh();
  }

  /** A new one is shown at once; an older one only where there is no text of the task yet. */
  private takeSelection({ text, model, answer, isNew }: Extract<HostMessage, { type: 'selection' }>): void {
    const { tried } = this.outside.state();
    const { task } = answer;
    if (!isNew && (tried[task] ?? '') !== '') return;
    if (this.asked?.task === task) this.asked = undefined;
    if (isNew) {
      clearTimeout(this.waiting);
      this.stop();
    }
    this.take(task, { text, model, answer, problem: null });
    this.outside.set({ tried: { ...tried, [task]: text }, ...(isNew ? { triedTask: task } : {}) });
  }

  private take(task: AnsweredTask, answered: Answered): void {
    this.answers.set(task, answered);
    if (task !== 'translation') return;
    this.sentence = 0;
    this.cell = undefined;
  }
}
