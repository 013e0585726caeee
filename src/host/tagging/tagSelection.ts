/** Tag Selection: colours the spans of the selected text, of each of several selections, or of the paragraph at the cursor. */
import * as vscode from 'vscode';
import { withLateProgress } from '../lateProgress';
import { selectedTexts } from '../markedTexts/selectedTexts';
import type { Models } from '../contracts';
import type { SelectionAnswers } from '../selectionAnswers';
import type { TaggedTexts } from './taggedTexts';
import { colouredSpans } from './tagLegend';
import { styleName } from './tagWords';

/** Milliseconds that the legend stays in the status bar as a message. */
const passing = 10_000;
/** Types that the message names. */
const namedTypes = 6;

/** Tags what is selected, colours the spans and names the colours. */
export async function tagSelection(
  models: Models,
  taggedTexts: TaggedTexts,
  selections: SelectionAnswers,
): Promise<void> {
  const {
    document,
    spans: places,
    texts,
  } = selectedTexts({
    noEditor: vscode.l10n.t('No text is open; open a file and select the text to tag.'),
    noText: vscode.l10n.t(
      'There is no text at the cursor; select the text to tag, or put the cursor into a paragraph.',
    ),
  });
  const predictions = await withLateProgress(vscode.l10n.t('Tagging…'), models.tag(texts));
  const model = models.activeOf('tagging')?.fsPath;
  if (predictions === undefined || model === undefined) return;
  const tagged = predictions.map((prediction, at) => ({
    span: places[at]!,
    text: texts[at]!,
    model,
    spans: colouredSpans(prediction),
  }));
  taggedTexts.add(document, tagged);
  selections.tell({ task: 'tagging', text: texts[0]!, model, found: predictions[0]! });
  const types = new Set(tagged.flatMap(({ spans }) => spans.map(({ type }) => type)));
  const named = taggedTexts.legendOf(document).filter(({ type }) => types.has(type));
  const names = named
    .slice(0, namedTypes)
    .map(({ type, style }) => vscode.l10n.t('{0} is {1}', type, styleName(style)));
  const more = named.length > namedTypes ? ', …' : '';
  vscode.window.setStatusBarMessage(
    names.length === 0
      ? vscode.l10n.t('The model finds no span in this text.')
      : `$(symbol-color) ${names.join(', ')}${more}`,
    passing,
  );
}
