/** The translated stretches of the open documents: shown after the text, followed as it changes. Translates nothing. */
import * as vscode from 'vscode';
import type { Translation } from '../../protocol';
import { rangeOf } from '../classification/classifications';
import { apartFrom, followChanges, type Span } from '../classification/spans';

/** A translated stretch of a document. */
export interface TranslatedText {
  readonly span: Span;
  /** The text that was translated; the span holds exactly it. */
  readonly text: string;
  /** The translation, white space between sentences as in the text. */
  readonly translation: string;
  /** Path of the model. */
  readonly model: string;
  readonly sentences: readonly Translation[];
}

/** UTF-16 units of a translation that fit after a line. */
const longestShown = 160;

/** Keeps and shows the translations of every open document. */
export class Translations implements vscode.Disposable {
  private readonly documents = new Map<string, readonly TranslatedText[]>();
  private readonly result = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    after: { color: new vscode.ThemeColor('editorGhostText.foreground'), margin: '0 0 0 1em' },
  });
  private readonly disposables: vscode.Disposable;

  constructor() {
    this.disposables = vscode.Disposable.from(
      this.result,
      vscode.workspace.onDidChangeTextDocument((event) => {
        this.follow(event);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.documents.delete(document.uri.toString())),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) if (this.of(editor.document).length > 0) this.draw(editor);
      }),
    );
  }

  /** The translations of a document. */
  of(document: vscode.TextDocument): readonly TranslatedText[] {
    return this.documents.get(document.uri.toString()) ?? [];
  }

  /** The translation that a place of a document belongs to, its end included. */
  at(document: vscode.TextDocument, position: vscode.Position): TranslatedText | undefined {
    const offset = document.offsetAt(position);
    return this.of(document).find(({ span }) => span.start <= offset && offset <= span.end);
  }

  /** Adds translations in place of those that share text with them; those whose text is no longer there are left out. */
  add(document: vscode.TextDocument, added: readonly TranslatedText[]): void {
    const current = added.filter(({ span, text }) => document.getText(rangeOf(document, span)) === text);
    const kept = apartFrom(
      this.of(document),
      current.map(({ span }) => span),
    );
    this.set(document, [...kept, ...current]);
  }

  /** Puts these in place of all translations of a document. */
  set(document: vscode.TextDocument, translations: readonly TranslatedText[]): void {
    if (translations.length > 0) this.documents.set(document.uri.toString(), translations);
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
    const shown = this.of(editor.document).map(({ span, translation }) => ({
      range: rangeOf(editor.document, span),
      renderOptions: { after: { contentText: `→ ${onOneLine(translation)}` } },
    }));
    editor.setDecorations(this.result, shown);
  }
}

function onOneLine(text: string): string {
  const line = text.replace(/\s+/gu, ' ');
  return line.length > longestShown ? `${line.slice(0, longestShown - 1)}…` : line;
}
