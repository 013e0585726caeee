/** Scores of a classifier as lines of text: a summary, a table of the classes, the confusion matrix; pure. */
import type { ClassificationMetrics } from '../protocol';
import { printable } from './displayText';
import { formatAmount, formatCount, formatNumber } from './format';
import { renderTable } from './table';

/** Classes up to which the confusion matrix is shown; a larger one does not fit a screen. */
const CONFUSION_LIMIT = 12;
/** Rows of the table of classes; with more classes the rarest are left out, and the table says so. */
const CLASS_LIMIT = 30;
/** Columns that a label may take in the tables, and as a heading in the confusion matrix. */
const LABEL_WIDTH = { row: 32, heading: 12 };

/** `loss 0.250, accuracy 0.900, macro F1 0.875`. */
export function summarizeMetrics({ loss, accuracy, macroF1 }: ClassificationMetrics): string {
  return `loss ${formatNumber(loss)}, accuracy ${formatNumber(accuracy)}, macro F1 ${formatNumber(macroF1)}`;
}

/** The table of the classes, then the confusion matrix where there are few classes. */
export function renderMetrics(metrics: ClassificationMetrics): string[] {
  return [...renderClasses(metrics), ...renderConfusion(metrics)];
}

function renderClasses({ perClass }: ClassificationMetrics): string[] {
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
