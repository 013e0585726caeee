/** Scores as lines of text: a summary, a table of the classes, the confusion matrix; pure. */
import type { ClassificationMetrics, ClassScores, Metrics } from '../protocol';
import { type ScoreName, scoresOf } from '../scores';
import { printable } from './displayText';
import { formatAmount, formatCount, formatNumber } from './format';
import { renderTable } from './table';

/** Classes up to which the confusion matrix is shown; a larger one does not fit a screen. */
const CONFUSION_LIMIT = 12;
/** Rows of the table of classes; with more classes the rarest are left out, and the table says so. */
const CLASS_LIMIT = 30;
/** Columns that a label may take in the tables, and as a heading in the confusion matrix. */
const LABEL_WIDTH = { row: 32, heading: 12 };

const scoreLabels: Readonly<Record<ScoreName, string>> = {
  loss: 'loss',
  accuracy: 'accuracy',
  macroF1: 'macro F1',
  f1: 'span F1',
  bleu: 'BLEU',
  perplexity: 'perplexity',
  bitsPerCharacter: 'bits per character',
  mse: 'MSE',
  mae: 'MAE',
};

/** `loss 0.250, accuracy 0.900, macro F1 0.875`. */
export function summarizeMetrics(metrics: Metrics): string {
  const scores = Object.entries(scoresOf(metrics)) as [ScoreName, number][];
  return scores.map(([name, value]) => `${scoreLabels[name]} ${formatNumber(value)}`).join(', ');
}

/** What there is beside the summary: of classes a table, then the confusion matrix where they are few. */
export function renderMetrics(metrics: Metrics): string[] {
  if ('confusion' in metrics) return [...renderClasses(metrics.perClass), ...renderConfusion(metrics)];
  return 'perType' in metrics ? renderClasses(metrics.perType) : [];
}

function renderClasses(perClass: readonly ClassScores[]): string[] {
  const shown =
    perClass.length <= CLASS_LIMIT
      ? perClass
      : [...perClass].sort((a, b) => b.support - a.support).slice(0, CLASS_LIMIT);
  const hidden = perClass.length - shown.length;
  return [
    ...renderTable(
      [
        { title: 'class', maximumWidth: LABEL_WIDTH.row },
        { title: 'precision', align: 'right' },
        { title: 'recall', align: 'right' },
        { title: 'F1', align: 'right' },
        { title: 'examples', align: 'right' },
      ],
      shown.map(({ label, precision, recall, f1, support }) => [
        printable(label),
        formatNumber(precision),
        formatNumber(recall),
        formatNumber(f1),
        formatCount(support),
      ]),
    ),
    ...(hidden > 0 ? [`… and ${formatAmount(hidden, 'rarer class', 'rarer classes')}`] : []),
  ];
}

function renderConfusion({ perClass, confusion }: ClassificationMetrics): string[] {
  if (perClass.length < 2 || perClass.length > CONFUSION_LIMIT) {
    return [];
  }
  const labels = perClass.map(({ label }) => printable(label));
  return [
    '',
    ...renderTable(
      [
        { title: 'true \\ predicted', maximumWidth: LABEL_WIDTH.row },
        ...labels.map((label) => ({ title: label, align: 'right' as const, maximumWidth: LABEL_WIDTH.heading })),
      ],
      labels.map((label, index) => [label, ...confusion[index]!.map(formatCount)]),
    ),
  ];
}
