/** What can be learned from data that was looked at, and from which columns; pure, knows nothing of experiment files. */
import { type DataLook, sentenceColumns } from './dataLook';
import { countValues, guessColumns, guessFeatures } from './guessColumns';
import type { Peek } from './records';
import { parseTime } from './series/times';

/** A task with what it reads. */
export type TaskGuess =
  | {
      readonly task: 'classification';
      readonly features: 'words' | 'characters';
      /** Undefined for a folder of one text file per class. */
      readonly table?: {
        readonly text: string;
        readonly label: string;
        readonly columns: readonly string[];
        readonly labels: readonly string[];
      };
    }
  /** Columns count from 1. */
  | {
      readonly task: 'tagging';
      readonly tokenColumn: number;
      readonly tagColumn: number;
      readonly tags: readonly string[];
    }
  | {
      readonly task: 'translation';
      readonly source: string;
      readonly target: string;
      readonly columns: readonly string[];
    }
  | { readonly task: 'languageModel' }
  | {
      readonly task: 'forecasting';
      readonly time?: string;
      readonly values: readonly string[];
      /** Whether cells are empty. */
      readonly hasGaps: boolean;
    }
  /** Number series with a class each; `label` is the column of a table with a row a series. */
  | { readonly task: 'series'; readonly label?: string };

/** The task that suits the data; undefined for a table that suits none. */
export function guessTask(look: DataLook): TaskGuess | undefined {
  switch (look.format) {
    case 'text':
      return { task: 'languageModel' };
    case 'series':
      return { task: 'series' };
    case 'sentences': {
      const { token, tag } = sentenceColumns(look.rows);
      const tags = countValues(look.rows.map((row) => row[tag - 1]!)).map(({ value }) => value);
      return { task: 'tagging', tokenColumn: token, tagColumn: tag, tags };
    }
    case 'lines':
      return { task: 'classification', features: guessFeatures(look.rows.map(([text]) => text ?? '')) };
    case 'csv':
    case 'tsv':
    case 'jsonl':
      return guessTable(look);
  }
}

interface Column {
  readonly name: string;
  /** As they stand in the table, without white space around. */
  readonly values: readonly string[];
  readonly kind: 'time' | 'number' | 'index' | 'other';
}

const timeNames = /^(time|timestamp|date|datetime|ds)$/i;
const indexNames = /^(|id|index|row|no|nr|unnamed: 0)$/i;
const labelNames = /^(label|class|category|target|y)$/i;

function guessTable(look: Peek): TaskGuess | undefined {
  const columns = look.columns.map((name, at) =>
    describe(
      name,
      look.rows.map((row) => (row[at] ?? '').trim()),
    ),
  );
  const kindOf = (name: string): Column['kind'] => columns.find((column) => column.name === name)!.kind;
  const { text, label, labels } = guessColumns(look.columns, look.rows);
  if (text !== undefined && label !== undefined && kindOf(text) === 'other') {
    const index = look.columns.indexOf(text);
    const features = guessFeatures(look.rows.map((row) => row[index] ?? ''));
    return { task: 'classification', features, table: { text, label, columns: look.columns, labels } };
  }
  return guessParallel(columns) ?? guessNumbers(columns, look.format);
}

function describe(name: string, values: readonly string[]): Column {
  const filled = values.filter((value) => value !== '');
  const numbers = filled.map(Number);
  const isNumeric = filled.length > 0 && numbers.every(Number.isFinite);
  const isRising = numbers.every((value, at) => at === 0 || value > numbers[at - 1]!);
  const isTime =
    filled.length === values.length &&
    filled.length > 0 &&
    (filled.every((value) => parseTime(value) !== null) || (timeNames.test(name) && (!isNumeric || isRising)));
  if (isTime) return { name, values, kind: 'time' };
  if (!isNumeric) return { name, values, kind: 'other' };
  return { name, values, kind: isRising && indexNames.test(name) ? 'index' : 'number' };
}

/** Names of columns that hold two languages. */
const languageNames =
  /^(source|target|src|tgt|en|de|fr|es|it|pt|nl|ru|zh|ja|ko|ar|pl|sv|english|german|french|spanish|italian|portuguese|dutch|russian|chinese|japanese|korean)$/i;
/** Correlation of the lengths of two columns of texts from which on one is taken for the translation of the other. */
const parallelFrom = 0.4;

/** Two columns of texts that go along with one another. */
function guessParallel(columns: readonly Column[]): TaskGuess | undefined {
  const texts = columns.filter(
    ({ kind, values }) =>
      kind === 'other' && countValues(values).length > values.length / 2 && values.some((value) => /\s/u.test(value)),
  );
  const named = texts.filter(({ name }) => languageNames.test(name));
  const [first, second] = named.length >= 2 ? named : texts;
  if (first === undefined || second === undefined) return undefined;
  if (named.length < 2 && correlation(lengths(first), lengths(second)) < parallelFrom) return undefined;
  return {
    task: 'translation',
    source: first.name,
    target: second.name,
    columns: columns.map(({ name }) => name),
  };
}

const lengths = ({ values }: Column): number[] => values.map(({ length }) => length);

/** Pearson's; 0 where a side does not vary. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], y: readonly number[], mx: number, my: number): number =>
    x.reduce((sum, value, at) => sum + (value - mx) * (y[at]! - my), 0);
  const scale = Math.sqrt(product(a, a, meanA, meanA) * product(b, b, meanB, meanB));
  return scale === 0 ? 0 : product(a, b, meanA, meanB) / scale;
}

/** Columns of numbers beside a class and no time from which on a row is a series. */
const shortestSeries = 8;

/** Numbers in the order of time, or a series with its class a row. */
function guessNumbers(columns: readonly Column[], format: Peek['format']): TaskGuess | undefined {
  if (format === 'jsonl') return undefined;
  const numbers = columns.filter(({ kind }) => kind === 'number');
  const time = columns.find(({ kind }) => kind === 'time');
  const others = columns.filter(({ kind }) => kind === 'other');
  if (time === undefined) {
    const label = columns.find(({ name }) => labelNames.test(name)) ?? (others.length === 1 ? others[0] : undefined);
    const rest = numbers.filter((column) => column !== label);
    const isOfClass = label !== undefined && countValues(label.values).length <= Math.max(2, label.values.length / 2);
    if (isOfClass && rest.length >= shortestSeries && rest.length + 1 === columns.length) {
      return { task: 'series', label: label.name };
    }
    if (others.length > 0) return undefined;
  }
  const values = numbers.filter((column) => countValues(column.values).length > 1);
  if (values.length === 0) return undefined;
  return {
    task: 'forecasting',
    ...(time === undefined ? {} : { time: time.name }),
    values: values.map(({ name }) => name),
    hasGaps: values.some((column) => column.values.includes('')),
  };
}
