/** Stretches of the open documents that something was found about: kept, shown, and followed as the text changes. */
import * as vscode from 'vscode';
import { apartFrom, followChanges, type Span } from './spans';

/** A stretch of a document, and what every finding about it has. */
export interface MarkedText {
  readonly span: Span;
  /** The text that the finding is about; the span holds exactly it. */
  readonly text: string;
  /** Path of the model. */
  readonly model: string;
}

/** Keeps the marked texts of every open document; how they look is left to the kind of finding. */
export abstract class MarkedTexts<T extends MarkedText> implements vscode.Disposable {
  private readonly documents = new Map<string, readonly T[]>();
  /** What ends with it; a kind adds its decorations. */
  protected readonly disposables: { dispose: () => unknown }[] = [
    vscode.workspace.onDidChangeTextDocument((event) => {
      this.follow(event);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => this.documents.delete(document.uri.toString())),
    vscode.window.onDidChangeVisibleTextEditors((editors) => {
      for (const editor of editors) if (this.of(editor.document).length > 0) this.draw(editor);
    }),
  ];

  /** The marked texts of a document. */
  of(document: vscode.TextDocument): readonly T[] {
    return this.documents.get(document.uri.toString()) ?? [];
  }

  /** The marked text that a place of a document belongs to, its end included. */
  at(document: vscode.TextDocument, position: vscode.Position): T | undefined {
    const offset = document.offsetAt(position);
    return this.of(document).find(({ span }) => span.start <= offset && offset <= span.end);
  }

  /** Adds texts in place of those that share characters with them; those whose text is no longer there are left out. */
  add(document: vscode.TextDocument, added: readonly T[]): void {
    const current = added.filter(({ span, text }) => document.getText(rangeOf(document, span)) === text);
    const kept = apartFrom(
      this.of(document),
      current.map(({ span }) => span),
    );
    this.set(document, [...kept, ...current]);
  }

  /** Puts these in place of all marked texts of a document. */
  set(document: vscode.TextDocument, texts: readonly T[]): void {
    if (texts.length > 0) this.documents.set(document.uri.toString(), texts);
    else this.documents.delete(document.uri.toString());
    for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) this.draw(editor);
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** Shows the marked texts of an editor's document, in place of what it shows now. */
  protected abstract draw(editor: vscode.TextEditor): void;

  /** A change inside of a marked text takes its mark away: what was found depends on all of the text. */
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
}

/** The range of a span. */
export function rangeOf(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** Quiet text after the end of a range. */
export function textAfter(): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    after: { color: new vscode.ThemeColor('editorGhostText.foreground'), margin: '0 0 0 1em' },
  });
}
