/** Reads one number series from a table whose rows stand in the order of time. */
import { UserError } from '../../errors';
import { sentence } from '../../sentence';
import { locateColumns } from '../columns';
import { readDelimited } from '../delimitedReader';
import { detectFormat, type DataFile } from '../source';
import { ValueBudget } from './labelledSeries';
import { type MissingRule, settleMissing } from './missingValues';
import { cellNumber, headerOf } from './tableReaders';

/** The columns of a table that are read. */
export interface ValueColumns {
  /** Column of times; null numbers the rows. */
  readonly time: string | null;
  readonly values: readonly string[];
}

/** A series as measured. */
export interface ValueSeries {
  /** Path as the user named it. */
  readonly name: string;
  readonly rows: number;
  /** `[rows, channels]`, all known. */
  readonly values: Float32Array;
  /** By row as the file has it; null without a column of times. */
  readonly times: readonly string[] | null;
  /** Line of each row, from 1. */
  readonly lines: Int32Array;
  /** Values that were missing and were filled in. */
  readonly filled: number;
}

/** @throws UserError with file and line for a missing column, a cell that is no number, or a refused missing value */
export async function readValueSeries(
  file: Pick<DataFile, 'name' | 'open'>,
  { time, values: columns }: ValueColumns,
  missing: MissingRule,
): Promise<ValueSeries> {
  const format = detectFormat({ name: file.name, kind: 'file' });
  if (format !== 'csv' && format !== 'tsv') {
    throw new UserError(sentence`A series that is forecast is a CSV or TSV file.`, { file: file.name });
  }
  const header = await headerOf(file, format);
  const wanted = [...(time === null ? [] : [time]), ...columns];
  locateColumns(header, wanted, { file: file.name, line: 1 });
  const budget = new ValueBudget();
  const [numbers, times, lines]: [number[], string[], number[]] = [[], [], []];
  for await (const records of readDelimited(file, format, wanted)) {
    for (const { values: cells, line } of records) {
      const place = { file: file.name, line };
      budget.take(columns.length, place);
      if (time !== null) times.push(cells[0]!);
      const first = time === null ? 0 : 1;
      columns.forEach((column, at) => numbers.push(cellNumber(cells[first + at]!, column, place)));
      lines.push(line);
    }
  }
  const values = Float32Array.from(numbers);
  const filled = settleMissing(values, columns, missing, (step) => ({ file: file.name, line: lines[step]! }));
  return {
    name: file.name,
    rows: lines.length,
    values,
    times: time === null ? null : times,
    lines: Int32Array.from(lines),
    filled,
  };
}
