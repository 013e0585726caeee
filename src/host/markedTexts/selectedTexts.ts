/** The texts that a command on a selection is about. */
import * as vscode from 'vscode';
import { UserError } from '../../errors';
import { rangeOf } from './markedTexts';
import { paragraphAt, type Span, trimSpan } from './spans';

/** Stretches of the active editor's document, with their texts. */
export interface SelectedTexts {
  readonly document: vscode.TextDocument;
  readonly spans: readonly Span[];
  readonly texts: readonly string[];
}

/**
 * The selections that hold text; where nothing is selected, the paragraphs at the cursors.
 * @throws UserError with one of the sentences where no editor is open, or no text is at the cursors
 */
export function selectedTexts(sentences: { readonly noEditor: string; readonly noText: string }): SelectedTexts {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) throw new UserError(sentences.noEditor);
  const { document } = editor;
  const spans = selectedSpans(editor);
  if (spans.length === 0) throw new UserError(sentences.noText);
  return { document, spans, texts: spans.map((span) => document.getText(rangeOf(document, span))) };
}

/** The selections that hold text; where nothing is selected, the paragraphs at the cursors, each once. */
function selectedSpans({ document, selections }: vscode.TextEditor): Span[] {
  const text = document.getText();
  const chosen = selections.filter((selection) => !selection.isEmpty);
  const ranges: readonly (vscode.Range | undefined)[] =
    chosen.length > 0 ? chosen : selections.map(({ active }) => paragraphRange(document, active.line));
  const spans = new Map<number, Span>();
  for (const range of ranges) {
    if (range === undefined) continue;
    const span = trimSpan(text, { start: document.offsetAt(range.start), end: document.offsetAt(range.end) });
    if (span !== undefined) spans.set(span.start, span);
  }
  return [...spans.values()];
}

function paragraphRange(document: vscode.TextDocument, line: number): vscode.Range | undefined {
  const isBlank = (at: number) => document.lineAt(at).isEmptyOrWhitespace;
  const found = paragraphAt(document.lineCount, isBlank, line);
  return found === undefined
    ? undefined
    : new vscode.Range(found.first, 0, found.last, document.lineAt(found.last).text.length);
}
