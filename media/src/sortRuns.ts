/** The order and the choice of the runs in the table; knows no DOM. */
import type { RunRow } from '../../src/panelMessages';
import { mainScore } from '../../src/scores';

/** A column to sort by. */
export const sortColumns = [
  'name',
  'status',
  'model',
  'parameters',
  'loss',
  'accuracy',
  'score',
  'test',
  'seconds',
  'created',
] as const;
export type SortColumn = (typeof sortColumns)[number];
export interface SortOrder {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/** The runs whose name, model or status holds every word of the filter. */
export function filterRuns(runs: readonly RunRow[], filter: string, status: (run: RunRow) => string): RunRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return runs.filter((run) => {
    const text = `${run.name} ${run.model} ${status(run)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The runs in order; those without the value come last either way, and equal ones newest first. */
export function sortRuns(runs: readonly RunRow[], { column, descending }: SortOrder): RunRow[] {
  const collator = new Intl.Collator(undefined, { numeric: true });
  return [...runs].sort((a, b) => {
    const [first, second] = [valueOf(a, column), valueOf(b, column)];
    if (first === null || second === null) {
      if (first !== second) return first === null ? 1 : -1;
      return b.created - a.created;
    }
    const order = typeof first === 'string' ? collator.compare(first, String(second)) : first - Number(second);
    return order === 0 ? b.created - a.created : descending ? -order : order;
  });
}

/** The order after a click on a column's header: the other way round on the second. */
export function nextOrder(order: SortOrder, column: SortColumn): SortOrder {
  if (order.column === column) return { column, descending: !order.descending };
  return { column, descending: !['name', 'status', 'model', 'loss', 'parameters', 'seconds'].includes(column) };
}

function valueOf(run: RunRow, column: SortColumn): string | number | null {
  switch (column) {
    case 'name':
    case 'status':
    case 'model':
      return run[column];
    case 'parameters':
    case 'seconds':
    case 'created':
      return run[column];
    case 'loss':
    case 'accuracy':
      return run.best?.scores[column] ?? null;
    case 'score':
      return run.best === null ? null : mainScore(run.best.scores).value;
    case 'test':
      return run.test === null ? null : mainScore(run.test).value;
  }
}
