/** The translated stretches of the open documents: shown after the text, followed as it changes. Translates nothing. */
import type * as vscode from 'vscode';
import type { Translation } from '../../protocol';
import { type MarkedText, MarkedTexts, rangeOf, textAfter } from '../markedTexts/markedTexts';

/** A translated stretch of a document. */
export interface TranslatedText extends MarkedText {
  /** The translation, white space between sentences as in the text. */
  readonly translation: string;
  readonly sentences: readonly Translation[];
}

/** UTF-16 units of a translation that fit after a line. */
const longestShown = 160;

/** Keeps and shows the translations of every open document. */
export class Translations extends MarkedTexts<TranslatedText> {
  private readonly result = textAfter();

  constructor() {
    super();
    this.disposables.push(this.result);
  }

  protected override draw(editor: vscode.TextEditor): void {
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
