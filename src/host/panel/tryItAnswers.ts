/** What models say of a text as the box "Try it" shows it; pure. */
import type { ClassPrediction, TagPrediction } from '../../protocol';
import type { BoxAnswer } from '../../tryItMessages';
import type { SelectionAnswer } from '../selectionAnswers';
import { colouredSpans, type LegendEntry, type TagStyle } from '../tagging/tagLegend';
import type { TextTranslation } from '../translation/translateTexts';

/** How spans look, as everywhere else in the editor. */
export interface SpanLooks {
  /** The types among spans, each with its style. */
  readonly legendFor: (spans: readonly { readonly type: string }[]) => readonly LegendEntry[];
  /** The style in the user's language. */
  readonly nameOf: (style: TagStyle) => string;
}

/** The answer to a text, as a message carries it. */
export function boxAnswer(answer: Pick<SelectionAnswer, 'task' | 'found'>, looks: SpanLooks): BoxAnswer {
  const { task, found } = answer as SelectionAnswer;
  switch (task) {
    case 'classification':
      return { task, prediction: classified(found) };
    case 'tagging':
      return { task, tagged: tagged(found, looks) };
    case 'translation':
      return { task, translated: translated(found) };
  }
}

function classified({ label, probability, classes, tokens }: ClassPrediction) {
  return { label, probability, classes: [...classes], ...(tokens === undefined ? {} : { tokens: [...tokens] }) };
}

function tagged(prediction: TagPrediction, { legendFor, nameOf }: SpanLooks) {
  const spans = colouredSpans(prediction);
  return {
    spans: spans.map(({ type, start, end, probability }) => ({ type, start, end, probability })),
    legend: legendFor(spans).map(({ type, count, style }) => ({ type, count, ...style, colorName: nameOf(style) })),
  };
}

function translated({ translation, sentences }: TextTranslation) {
  return {
    translation,
    sentences: sentences.map(({ source, target, sourceStarts, targetStarts, attention }) => ({
      source: [...source],
      target: [...target],
      sourceStarts: [...sourceStarts],
      targetStarts: [...targetStarts],
      weights: attention.map((row) => [...row]),
    })),
  };
}
