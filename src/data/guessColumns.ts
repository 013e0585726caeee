/** Which column of a table is the text and which the label, judged by the values alone and, between equals, the name; pure. */

/** The guess; undefined where no column fits. */
export interface ColumnGuess {
  readonly text: string | undefined;
  readonly label: string | undefined;
  /** Values of the label among the rows, the most frequent first. */
  readonly labels: readonly string[];
}

/** A value of a column and how many rows have it. */
export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

interface ColumnProfile {
  readonly name: string;
  /** Mean length of the values that are not empty, in UTF-16 units. */
  readonly meanLength: number;
  /** Different values, the most frequent first. */
  readonly distinct: readonly string[];
  /** Different values per value that is not empty, 0…1. */
  readonly variety: number;
  /** Share of the rows with a value, 0…1. */
  readonly filled: number;
  /** Whether every value is a number. */
  readonly numeric: boolean;
}

/** A label is short and repeats: at most so many different values, so long, and so varied. */
const LABEL = { most: 200, meanLength: 40, variety: 0.5, filled: 0.5 };
/** Share of texts with more than one word from which on tokens are words. */
const WORDS_FROM = 0.1;
const labelNames = /^(label|class|category|target|intent|sentiment|topic|tag|y)s?$/i;

/**
 * Guesses from a sample of rows. The text is the column with the greatest mean length times variety; the label is the
 * one with short, repeated values: one that is called so, else the one with the fewest different values.
 */
export function guessColumns(columns: readonly string[], rows: readonly (readonly string[])[]): ColumnGuess {
  const profiles = columns.map((name, index) =>
    profile(
      name,
      rows.map((row) => (row[index] ?? '').trim()),
    ),
  );
  const texts = profiles.filter(({ numeric, distinct }) => !numeric && distinct.length > 1);
  const text = best(texts, ({ meanLength, variety }) => meanLength * variety);
  const labels = profiles.filter(
    (column) =>
      column !== text &&
      column.distinct.length >= 2 &&
      column.distinct.length <= LABEL.most &&
      column.meanLength <= LABEL.meanLength &&
      column.variety <= LABEL.variety &&
      column.filled >= LABEL.filled,
  );
  const named = labels.filter(({ name }) => labelNames.test(name));
  const label = best(named.length > 0 ? named : labels, ({ distinct }) => -distinct.length);
  return { text: text?.name, label: label?.name, labels: label?.distinct ?? [] };
}

/** What a token of these texts should be: characters for names and other single words, words for anything longer. */
export function guessFeatures(texts: readonly string[]): 'words' | 'characters' {
  const longer = texts.filter((text) => /\S\s+\S/u.test(text)).length;
  return longer < WORDS_FROM * texts.length ? 'characters' : 'words';
}

/** The different values that are not empty, the most frequent first. */
export function countValues(values: Iterable<string>): ValueCount[] {
  const counts = new Map<string, number>();
  for (const value of values) {
    const trimmed = value.trim();
    if (trimmed !== '') counts.set(trimmed, (counts.get(trimmed) ?? 0) + 1);
  }
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
}

function profile(name: string, values: readonly string[]): ColumnProfile {
  const counts = countValues(values);
  let length = 0;
  let filled = 0;
  let numeric = true;
  for (const value of values) {
    if (value === '') {
      continue;
    }
    length += value.length;
    filled++;
    numeric &&= Number.isFinite(Number(value));
  }
  return {
    name,
    meanLength: filled === 0 ? 0 : length / filled,
    distinct: counts.map(({ value }) => value),
    variety: filled === 0 ? 0 : counts.length / filled,
    filled: values.length === 0 ? 0 : filled / values.length,
    numeric,
  };
}

/** The item with the greatest score, the first one among equals. */
function best<T>(items: readonly T[], score: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (found, item) => (found === undefined || score(item) > score(found) ? item : found),
    undefined,
  );
}
