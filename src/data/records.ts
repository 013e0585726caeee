/** One way to read every data format: records of wanted columns, streamed; knows nothing of tasks or tokens. */
import { UserError } from '../errors';
import { sentence } from '../sentence';
import type { DataRecord } from './dataRecord';
import { peekDelimited, readDelimited } from './delimitedReader';
import { peekJsonLines, readJsonLines } from './jsonLinesReader';
import { readLines } from './lines';
import { classOfFile, detectFormat, type DataFile, type DataFormat, type DataSource } from './source';

/**
 * The records of one file, a batch per chunk read. The format `lines` has no columns: each record has one value, the line.
 * CSV and TSV must start with a header row: the first row is always taken for it, so that a file without one fails with
 * the list of what was found there. Blank lines are passed over. Throws a UserError where the file cannot be understood.
 */
export function readRecords(
  file: Pick<DataFile, 'name' | 'open'>,
  format: DataFormat,
  columns: readonly string[],
): AsyncGenerator<readonly DataRecord[]> {
  switch (format) {
    case 'csv':
    case 'tsv':
      return readDelimited(file, format, columns);
    case 'jsonl':
      return readJsonLines(file, columns);
    case 'lines':
      return readTextLines(file);
  }
}

async function* readTextLines(file: Pick<DataFile, 'name' | 'open'>): AsyncGenerator<readonly DataRecord[]> {
  let count = 0;
  for await (const { first, lines } of readLines(file)) {
    const records = lines.map((line, offset) => ({ values: [line], line: first + offset }));
    const filled = records.filter((record) => record.values[0]!.trim() !== '');
    count += filled.length;
    if (filled.length > 0) yield filled;
  }
  if (count === 0) throw new UserError(sentence`The file is empty; expected one example a line.`, { file: file.name });
}

/** A look at a source: its columns (or keys) and its first rows. */
export interface Peek {
  readonly format: DataFormat;
  /** A class folder has the columns `text` and `label`. */
  readonly columns: readonly string[];
  /** Values in the order of the columns. */
  readonly rows: readonly (readonly string[])[];
}

/** Reads no more than the first rows; UserError for an empty or broken source. */
export async function peekSource(source: DataSource, count = 5): Promise<Peek> {
  const format = detectFormat(source);
  if (format === 'lines') {
    const rows: string[][] = [];
    for (const file of source.files) {
      if (rows.length < count) rows.push(...(await peekLines(file, count - rows.length)));
    }
    return { format, columns: ['text', 'label'], rows };
  }
  const file = source.files[0]!;
  const { columns, rows } =
    format === 'jsonl' ? await peekJsonLines(file, count) : await peekDelimited(file, format, count);
  if (columns.length === 0) {
    throw new UserError(sentence`The file is empty; expected examples.`, { file: source.name });
  }
  return { format, columns, rows };
}

async function peekLines(file: DataFile, count: number): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const batch of readTextLines(file)) {
    for (const record of batch) rows.push([record.values[0]!, classOfFile(file.name)]);
    if (rows.length >= count) break;
  }
  return rows.slice(0, count);
}
