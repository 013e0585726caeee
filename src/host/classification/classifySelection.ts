/** Classify Selection: the selected text, each of several selections, or the paragraph at the cursor. */
import * as vscode from 'vscode';
import { UserError } from '../../errors';
import type { Models } from '../contracts';
import type { SelectionAnswers } from '../selectionAnswers';
import { rangeOf } from '../markedTexts/markedTexts';
import { paragraphAt, type Span, trimSpan } from '../markedTexts/spans';
import type { Classification, Classifications } from './classifications';

/** Milliseconds of silence before the status bar tells that something goes on. */
const quietMilliseconds = 250;

/** Classifies what is selected and shows the results after it; first the classes, then the words that decided. */
export async function classifySelection(
  models: Models,
  classifications: Classifications,
  selections: SelectionAnswers,
): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    throw new UserError(vscode.l10n.t('No text is open; open a file and select the text to classify.'));
  }
  const { document } = editor;
  const spans = selectedSpans(editor);
  if (spans.length === 0) {
    throw new UserError(
      vscode.l10n.t('There is no text at the cursor; select the text to classify, or put the cursor into a paragraph.'),
    );
  }
  const texts = spans.map((span) => document.getText(rangeOf(document, span)));
  const { version } = document;
  const classified = await withLateProgress(vscode.l10n.t('Classifying…'), predict(models, texts, spans, false));
  if (classified === undefined) return;
  classifications.add(document, classified);
  // The decoration is there; what follows adds to it, unless it has changed in the meantime.
  const explained = await predict(models, texts, spans, true);
  if (explained === undefined) return;
  const [{ text, model, prediction }] = explained as [Classification];
  selections.tell({ task: 'classification', text, model, found: prediction });
  if (document.version !== version) return;
  const shown = new Set(classifications.of(document).map(({ span }) => span.start));
  classifications.add(
    document,
    explained.filter(({ span }) => shown.has(span.start)),
  );
}

async function predict(
  models: Models,
  texts: readonly string[],
  spans: readonly Span[],
  explain: boolean,
): Promise<Classification[] | undefined> {
  const predictions = await models.classify(texts, { explain });
  const model = models.active?.fsPath;
  if (predictions === undefined || model === undefined) return undefined;
  return predictions.map((prediction, at) => ({
    span: spans[at]!,
    text: texts[at]!,
    model,
    prediction,
    marksWords: true,
  }));
}

/** Tells in the status bar that something goes on, but only where it takes long: most answers are there at once. */
export async function withLateProgress<T>(title: string, work: Promise<T>): Promise<T> {
  const progress = setTimeout(() => {
    const settled = work.then(
      () => undefined,
      () => undefined, // Whoever awaits the work hears of the failure.
    );
    void vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => settled);
  }, quietMilliseconds);
  try {
    return await work;
  } finally {
    clearTimeout(progress);
  }
}

/** The selections that hold text; where nothing is selected, the paragraphs at the cursors, each once. */
export function selectedSpans({ document, selections }: vscode.TextEditor): Span[] {
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
