/** The classified stretches of the open documents: shown after the text, followed as it changes. Predicts nothing. */
import * as vscode from 'vscode';
import type { ClassPrediction } from '../../protocol';
import { probabilityText } from './hoverText';
import { markTokens } from './influence';
import { apartFrom, followChanges, type Span } from './spans';

/** A classified stretch of a document. */
export interface Classification {
  readonly span: Span;
  /** The text that was classified; the span holds exactly it. */
  readonly text: string;
  /** Path of the model. */
  readonly model: string;
  readonly prediction: ClassPrediction;
  /** Whether the words that decided it are marked in the editor, too. */
  readonly marksWords: boolean;
}

/** UTF-16 units of a label that fit after a line. */
const longestLabel = 40;

/** Keeps and shows the classifications of every open document. */
export class Classifications implements vscode.Disposable {
  private readonly documents = new Map<string, readonly Classification[]>();
  private readonly result = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    after: { color: new vscode.ThemeColor('editorGhostText.foreground'), margin: '0 0 0 1em' },
  });
  private readonly words = {
    for: wordDecoration('sequenceLab.influenceFor'),
    forStrong: wordDecoration('sequenceLab.influenceForStrong'),
    against: wordDecoration('sequenceLab.influenceAgainst', true),
    againstStrong: wordDecoration('sequenceLab.influenceAgainstStrong', true),
  };
  private readonly disposables: vscode.Disposable;

  constructor() {
    this.disposables = vscode.Disposable.from(
      this.result,
      ...Object.values(this.words),
      vscode.workspace.onDidChangeTextDocument((event) => {
        this.follow(event);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.documents.delete(document.uri.toString())),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) if (this.of(editor.document).length > 0) this.draw(editor);
      }),
    );
  }

  /** The classifications of a document. */
  of(document: vscode.TextDocument): readonly Classification[] {
    return this.documents.get(document.uri.toString()) ?? [];
  }

  /** The classification that a place of a document belongs to, its end included. */
  at(document: vscode.TextDocument, position: vscode.Position): Classification | undefined {
    const offset = document.offsetAt(position);
    return this.of(document).find(({ span }) => span.start <= offset && offset <= span.end);
  }

  /** Adds classifications in place of those that share text with them; those whose text is no longer there are left out. */
  add(document: vscode.TextDocument, added: readonly Classification[]): void {
    const current = added.filter(({ span, text }) => document.getText(rangeOf(document, span)) === text);
    const kept = apartFrom(
      this.of(document),
      current.map(({ span }) => span),
    );
    this.set(document, [...kept, ...current]);
  }

  /** Puts these in place of all classifications of a document. */
  set(document: vscode.TextDocument, classifications: readonly Classification[]): void {
    if (classifications.length > 0) this.documents.set(document.uri.toString(), classifications);
    else this.documents.delete(document.uri.toString());
    for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) this.draw(editor);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const before = this.of(document);
    if (before.length === 0 || contentChanges.length === 0) return;
    const after = before.flatMap((one) => {
      const span = followChanges(one.span, contentChanges);
      return span === undefined ? [] : [{ ...one, span }];
    });
    // The editor moves what it shows by itself; only what goes must be taken away.
    if (after.length < before.length) this.set(document, after);
    else this.documents.set(document.uri.toString(), after);
  }

  private draw(editor: vscode.TextEditor): void {
    const { document } = editor;
    const classifications = this.of(document);
    const results = classifications.map(({ span, prediction }) => ({
      range: rangeOf(document, span),
      renderOptions: { after: { contentText: resultText(prediction) } },
    }));
    editor.setDecorations(this.result, results);
    const ranges: Record<keyof Classifications['words'], vscode.Range[]> = {
      for: [],
      forStrong: [],
      against: [],
      againstStrong: [],
    };
    for (const { span, prediction, marksWords } of classifications) {
      if (!marksWords) continue;
      for (const { token, side, isStrong } of markTokens(prediction.tokens ?? [])) {
        const range = rangeOf(document, { start: span.start + token.start, end: span.start + token.end });
        ranges[isStrong ? (`${side}Strong` as const) : side].push(range);
      }
    }
    for (const name of ['for', 'forStrong', 'against', 'againstStrong'] as const) {
      editor.setDecorations(this.words[name], ranges[name]);
    }
  }
}

/** The range of a span. */
export function rangeOf(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** What stands after a classified text, as `toxic 0.91`. */
function resultText({ label, probability }: ClassPrediction): string {
  const shown = label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label;
  return `${shown} ${probabilityText(probability)}`;
}

/** A word's background; what speaks against the class is underlined with dots, too, so that colour is not alone. */
function wordDecoration(color: string, isDotted = false): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    backgroundColor: new vscode.ThemeColor(color),
    borderRadius: '2px',
    ...(isDotted ? { textDecoration: 'underline dotted' } : {}),
  });
}
