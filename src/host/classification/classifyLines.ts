/** Classify Each Line: every line of the selections or the document, a few hundred a request, with a way to stop. */
import * as vscode from 'vscode';
import { UserError } from '../../errors';
import type { Models } from '../contracts';
import type { Classification, Classifications } from './classifications';
import type { LineResult } from './resultTable';
import { type Span, trimSpan } from '../markedTexts/spans';

/** A line as it was when the command began. */
interface ChosenLine {
  /** From 0. */
  readonly number: number;
  readonly span: Span;
  readonly text: string;
}

/** Lines in one request to the engine: enough for full batches, few enough to stop soon. */
const linesPerRequest = 256;
/** Milliseconds without a sign before the progress is shown. */
const quietMilliseconds = 400;
/** Milliseconds between two drawings of what is done so far. */
const drawInterval = 500;

/** Classifies every line that is not blank, shows each class after its line, and offers all of them as a document. */
export async function classifyLines(models: Models, classifications: Classifications): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    throw new UserError(vscode.l10n.t('No text is open; open the file whose lines are to be classified.'));
  }
  const { document } = editor;
  const lines = chosenLines(editor);
  if (lines.length === 0) {
    throw new UserError(vscode.l10n.t('There is no line with text; open a file or select lines that have some.'));
  }
  // The model is asked for before the progress begins, so that the question does not stand behind it.
  if ((await models.classify([])) === undefined) return;
  const done = await withCancel(vscode.l10n.t('Classifying {0} lines', lines.length), (report, signal) =>
    classifyAll(models, classifications, document, lines, { report, signal }),
  );
  if (done.length > 0) await offerResults(done, lines.length);
}

interface Work {
  /** Takes the share done since the last call, 0…1. */
  readonly report: (share: number) => void;
  readonly signal: AbortSignal;
}

async function classifyAll(
  models: Models,
  classifications: Classifications,
  document: vscode.TextDocument,
  lines: readonly ChosenLine[],
  { report, signal }: Work,
): Promise<LineResult[]> {
  const done: LineResult[] = [];
  let drawn: Classification[] = [];
  let last = Date.now();
  for (let at = 0; at < lines.length && !signal.aborted; at += linesPerRequest) {
    const batch = lines.slice(at, at + linesPerRequest);
    const texts = batch.map(({ text }) => text);
    const predictions = await models.classify(texts, { signal }).catch((error: unknown) => {
      if (signal.aborted) return undefined; // What is done stays.
      throw error;
    });
    const model = models.active?.fsPath;
    if (predictions === undefined || model === undefined) break;
    for (const [row, prediction] of predictions.entries()) {
      const { number, span, text } = batch[row]!;
      const { label, probability } = prediction;
      done.push({ line: number + 1, label, probability, text });
      drawn.push({ span, text, model, prediction, marksWords: false });
    }
    report(batch.length / lines.length);
    if (Date.now() - last > drawInterval) {
      classifications.add(document, drawn);
      drawn = [];
      last = Date.now();
    }
  }
  classifications.add(document, drawn);
  return done;
}

/** The lines that hold text, without the white space around it: those of the selections, else all. */
function chosenLines({ document, selections }: vscode.TextEditor): ChosenLine[] {
  const chosen = selections.filter((selection) => !selection.isEmpty);
  const numbers = new Set<number>();
  for (const { start, end } of chosen) {
    // A selection that ends at the very start of a line does not mean that line.
    const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
    for (let line = start.line; line <= last; line++) numbers.add(line);
  }
  if (chosen.length === 0) for (let line = 0; line < document.lineCount; line++) numbers.add(line);
  const text = document.getText();
  return [...numbers].flatMap((number) => {
    const { range } = document.lineAt(number);
    const span = trimSpan(text, { start: document.offsetAt(range.start), end: document.offsetAt(range.end) });
    return span === undefined ? [] : { number, span, text: text.slice(span.start, span.end) };
  });
}

/** Shows progress with a way to stop, but only where the work takes long enough to want it. */
async function withCancel<T>(
  title: string,
  start: (report: (share: number) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let done = 0;
  let show: (() => void) | undefined;
  const work = start((share) => {
    done += share;
    show?.();
  }, abort.signal);
  const timer = setTimeout(() => {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void vscode.window.withProgress(options, (progress, token) => {
      token.onCancellationRequested(() => {
        abort.abort();
      });
      let shown = 0;
      show = () => {
        progress.report({ increment: 100 * (done - shown) });
        shown = done;
      };
      show();
      return work.then(
        () => undefined,
        () => undefined, // Whoever awaits the work hears of the failure.
      );
    });
  }, quietMilliseconds);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

/** Says how the lines fell, and opens them as a table or as CSV where the user wants that. */
async function offerResults(results: readonly LineResult[], planned: number): Promise<void> {
  const table = vscode.l10n.t('Open as Table');
  const csv = vscode.l10n.t('Open as CSV');
  const counts = countsText(results);
  const sentence =
    results.length < planned
      ? vscode.l10n.t('Stopped after {0} of {1} lines: {2}.', results.length, planned, counts)
      : vscode.l10n.t('{0} lines classified: {1}.', results.length, counts);
  const answer = await vscode.window.showInformationMessage(sentence, table, csv);
  if (answer === undefined) return;
  const { resultsAsCsv, resultsAsMarkdown } = await import('./resultTable');
  const headings = [
    vscode.l10n.t('Line'),
    vscode.l10n.t('Label'),
    vscode.l10n.t('Probability'),
    vscode.l10n.t('Text'),
  ] as const;
  const opened = await vscode.workspace.openTextDocument(
    answer === csv
      ? { language: 'csv', content: resultsAsCsv(results) }
      : { language: 'markdown', content: resultsAsMarkdown(results, headings) },
  );
  await vscode.window.showTextDocument(opened, { viewColumn: vscode.ViewColumn.Beside, preview: false });
}

/** The five most frequent labels with their counts, as `fine 700, toxic 300`. */
function countsText(results: readonly LineResult[]): string {
  const counts = new Map<string, number>();
  for (const { label } of results) counts.set(label, (counts.get(label) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const shown = sorted.slice(0, 5).map(([label, count]) => `${label} ${count}`);
  return shown.join(', ') + (sorted.length > shown.length ? ', …' : '');
}
