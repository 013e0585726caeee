/** Classify Selection: the selected text, each of several selections, or the paragraph at the cursor. */
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Models } from '../contracts';
import type { SelectionAnswers } from '../selectionAnswers';
import { selectedTexts } from '../markedTexts/selectedTexts';
import type { Span } from '../markedTexts/spans';
import { withLateProgress } from '../lateProgress';
import type { Classification, Classifications } from './classifications';

/** Milliseconds that the editor has the cores for drawing the classes, before the engine takes them for the explanation. */
const drawingMilliseconds = 100;

/** Classifies what is selected and shows the results after it; first the classes, then the words that decided. */
export async function classifySelection(
  models: Models,
  classifications: Classifications,
  selections: SelectionAnswers,
): Promise<void> {
  const { document, spans, texts } = selectedTexts({
    noEditor: vscode.l10n.t('No text is open; open a file and select the text to classify.'),
    noText: vscode.l10n.t(
      'There is no text at the cursor; select the text to classify, or put the cursor into a paragraph.',
    ),
  });
  const { version } = document;
  const classified = await withLateProgress(vscode.l10n.t('Classifying…'), predict(models, texts, spans, false));
  if (classified === undefined) return;
  classifications.add(document, classified);
  // The decoration is there; what follows adds to it, unless it has changed in the meantime.
  await delay(drawingMilliseconds);
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
