/** What the panel shows of the selected run's scores, by its task; pure. */
import type { DetailedScores, HostMessage, TagScores } from '../../panelMessages';
import type { Metrics, Task } from '../../protocol';
import { scoresOf } from '../../scores';
import type { TagStyle } from '../tagging/tagLegend';

/** How Tag Selection shows a type of span. */
export type TagStyleOf = (type: string) => TagStyle;

type Detail = Omit<Extract<HostMessage, { type: 'detail' }>, 'type' | 'run'>;

/** The scores of both parts; those of the test part are shown in detail where there are any. */
export function describeDetail(
  task: Task,
  validation: Metrics | null,
  test: Metrics | null,
  styleOf: TagStyleOf,
): Detail {
  const metrics = test ?? validation;
  return {
    task,
    part: test === null ? 'validation' : 'test',
    validation: validation === null ? null : scoresOf(validation),
    test: test === null ? null : scoresOf(test),
    scores: metrics === null ? null : detailedScores(metrics),
    tags: metrics === null ? null : tagScores(metrics, styleOf),
  };
}

/** What the confusion matrix needs; null for a task without classes. */
function detailedScores(metrics: Metrics): DetailedScores | null {
  if (!('confusion' in metrics)) return null;
  return {
    perClass: metrics.perClass.map((scores) => ({ ...scores })),
    confusion: metrics.confusion.map((row) => [...row]),
  };
}

/** What the table of span types needs, the most frequent type first; null for a task without spans. */
function tagScores(metrics: Metrics, styleOf: TagStyleOf): TagScores | null {
  if (!('perType' in metrics)) return null;
  const { accuracy, precision, recall, f1, perType } = metrics;
  return {
    ...{ accuracy, precision, recall, f1 },
    // The styles are given out in the order of the metrics, whichever part they are of.
    perType: perType
      .map(({ label: type, ...scores }) => ({ type, ...scores, style: { ...styleOf(type) } }))
      .sort((a, b) => b.support - a.support),
  };
}
