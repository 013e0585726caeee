/** What the commands on a selection found, told to whoever shows it elsewhere; knows neither commands nor documents. */
import * as vscode from 'vscode';
import type { ClassPrediction, TagPrediction } from '../protocol';
import type { TextTranslation } from './translation/translateTexts';

/** A text, and what the model at this path made of it. */
export type SelectionAnswer = { readonly text: string; readonly model: string } & (
  | { readonly task: 'classification'; readonly found: ClassPrediction }
  | { readonly task: 'tagging'; readonly found: TagPrediction }
  | { readonly task: 'translation'; readonly found: TextTranslation }
);

/** Keeps the latest answer of each task and tells of new ones. */
export class SelectionAnswers implements vscode.Disposable {
  private readonly byTask = new Map<SelectionAnswer['task'], SelectionAnswer>();
  private readonly answered = new vscode.EventEmitter<SelectionAnswer>();
  readonly onDidAnswer = this.answered.event;

  /** One for each task that was asked for. */
  get latest(): readonly SelectionAnswer[] {
    return [...this.byTask.values()];
  }

  tell(answer: SelectionAnswer): void {
    this.byTask.set(answer.task, answer);
    this.answered.fire(answer);
  }

  dispose(): void {
    this.answered.dispose();
  }
}
