/** Reads number series from CSV and TSV: a row a series (wide), or a row a step (long). */
import { UserError } from '../../errors';
import { sentence } from '../../sentence';
import { locateColumns } from '../columns';
import { type Delimited, peekDelimited, readDelimited } from '../delimitedReader';
import type { DataFile } from '../source';
import {
  type LabelledSeries,
  parseNumber,
  type SeriesPlace,
  type SeriesTable,
  type ValueBudget,
} from './labelledSeries';

type File = Pick<DataFile, 'name' | 'open'>;

/** The columns of a table in which each row is a step. */
export interface LongColumns {
  /** Column that tells the series apart. */
  readonly series: string;
  readonly label: string;
  /** Column of times; it is passed over, for the rows stand in the order of time. */
  readonly time?: string | undefined;
  /** Columns of values; all others unless given. */
  readonly channels?: readonly string[] | undefined;
}

/**
 * A row a series of one channel: the label, and the values in the order of their columns. Empty cells at the end of a row
 * end its series.
 * @throws UserError with file and line for a missing column, a cell that is no number, or a row without values
 */
export async function readWide(
  file: File,
  format: Delimited,
  label: string,
  budget: ValueBudget,
): Promise<SeriesTable> {
  const header = await headerOf(file, format);
  locateColumns(header, [label], { file: file.name, line: 1 });
  const columns = header.filter((name) => name !== label);
  if (columns.length === 0) {
    throw new UserError(sentence`The file has no columns of values beside the label.`, { file: file.name, line: 1 });
  }
  const series: LabelledSeries[] = [];
  for await (const records of readDelimited(file, format, [label, ...columns])) {
    for (const { values: cells, line } of records) {
      const place = { file: file.name, line };
      let length = columns.length;
      while (length > 0 && cells[length]!.trim() === '') length--;
      if (length === 0) throw new UserError(sentence`The row has no values; expected at least one.`, place);
      budget.take(length, place);
      const values = new Float32Array(length);
      for (let at = 0; at < length; at++) values[at] = cellNumber(cells[at + 1]!, columns[at]!, place);
      series.push({ values, length, label: labelOf(cells[0]!, label, place), place });
    }
  }
  return { channels: ['1'], series };
}

/**
 * A row a step, with the series that it belongs to; the rows of a series are in the order of time, and all have its label.
 * @throws UserError with file and line for a missing column, a cell that is no number, or a series with two labels
 */
export async function readLong(
  file: File,
  format: Delimited,
  columns: LongColumns,
  budget: ValueBudget,
): Promise<SeriesTable> {
  const header = await headerOf(file, format);
  const special = [columns.series, columns.label, ...(columns.time === undefined ? [] : [columns.time])];
  const channels = columns.channels ?? header.filter((name) => !special.includes(name));
  locateColumns(header, [...special, ...channels], { file: file.name, line: 1 });
  if (channels.length === 0) {
    throw new UserError(sentence`The file has no columns of values beside series, time and label.`, {
      file: file.name,
      line: 1,
    });
  }
  const found = new Map<string, { numbers: number[]; label: string; place: SeriesPlace }>();
  for await (const records of readDelimited(file, format, [columns.series, columns.label, ...channels])) {
    for (const { values: cells, line } of records) {
      const place = { file: file.name, line };
      const [name, label] = [cells[0]!.trim(), labelOf(cells[1]!, columns.label, place)];
      if (name === '')
        throw new UserError(sentence`The column "${columns.series}" is empty; expected the name of a series.`, place);
      budget.take(channels.length, place);
      const known = found.get(name) ?? { numbers: [], label, place };
      found.set(name, known);
      if (known.label !== label) {
        throw new UserError(
          sentence`The series ${JSON.stringify(name)} has the label ${JSON.stringify(label)} here and ${JSON.stringify(known.label)} before; a series has one label.`,
          place,
        );
      }
      channels.forEach((channel, at) => known.numbers.push(cellNumber(cells[at + 2]!, channel, place)));
    }
  }
  const series = [...found.values()].map(({ numbers, label, place }): LabelledSeries => ({
    values: Float32Array.from(numbers),
    length: numbers.length / channels.length,
    label,
    place,
  }));
  return { channels, series };
}

/** The names of a table's columns. */
export async function headerOf(file: File, format: Delimited): Promise<string[]> {
  const { columns } = await peekDelimited(file, format, 1);
  if (columns.length === 0)
    throw new UserError(sentence`The file is empty; expected a header row.`, { file: file.name });
  return columns;
}

/** The number in a cell of a column, NaN where it is missing. */
export function cellNumber(text: string, column: string, place: SeriesPlace): number {
  return parseNumber(text, sentence`The column "${column}"`, place);
}

function labelOf(text: string, column: string, place: SeriesPlace): string {
  const label = text.trim();
  if (label === '')
    throw new UserError(sentence`The column "${column}" is empty; expected the label of the series.`, place);
  return label;
}
