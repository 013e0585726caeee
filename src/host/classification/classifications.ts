/** The classified stretches of the open documents: shown after the text, followed as it changes. Predicts nothing. */
import * as vscode from 'vscode';
import type { ClassPrediction } from '../../protocol';
import { type MarkedText, MarkedTexts, rangeOf, textAfter } from '../markedTexts/markedTexts';
import { probabilityText } from './hoverText';
import { markTokens } from './influence';

/** A classified stretch of a document. */
export interface Classification extends MarkedText {
  readonly prediction: ClassPrediction;
  /** Whether the words that decided it are marked in the editor, too. */
  readonly marksWords: boolean;
}

/** UTF-16 units of a label that fit after a line. */
const longestLabel = 40;

/** Keeps and shows the classifications of every open document. */
export class Classifications extends MarkedTexts<Classification> {
  private readonly result = textAfter();
  private readonly words = {
    for: wordDecoration('sequenceLab.influenceFor'),
    forStrong: wordDecoration('sequenceLab.influenceForStrong'),
    against: wordDecoration('sequenceLab.influenceAgainst', true),
    againstStrong: wordDecoration('sequenceLab.influenceAgainstStrong', true),
  };

  constructor() {
    super();
    this.disposables.push(this.result, ...Object.values(this.words));
  }

  protected override draw(editor: vscode.TextEditor): void {
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
