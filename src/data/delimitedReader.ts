/** Reads CSV and TSV: rows of strings with the line each starts on; knows nothing of what the columns mean. */
import { CsvError, Parser } from 'csv-parse';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { locateColumns } from './columns';
import type { DataRecord } from './dataRecord';
import { maximumRecordBytes } from './lines';
import type { DataFile } from './source';
import { Utf8Decoder } from './utf8';

/**
 * `csv` follows RFC 4180: fields in double quotes may hold commas, line breaks and doubled quotes.
 * `tsv` follows the IANA registration, where a field holds no tab and no line break and a quote is an ordinary character;
 * a field that is wholly in quotes, with those inside doubled, is unquoted all the same, since spreadsheets write it so.
 */
export type Delimited = 'csv' | 'tsv';

interface Row {
  readonly fields: readonly string[];
  /** Line that the row starts on, from 1. */
  readonly line: number;
}

/** All rows with the header first, chunk by chunk; blank lines are left out. UserError where the file breaks its format. */
async function* readRows(file: Pick<DataFile, 'name' | 'open'>, format: Delimited): AsyncGenerator<readonly Row[]> {
  let rows: Row[] = [];
  let line = 1;
  let width = 0;
  const parser = new Parser({
    bom: true,
    delimiter: format === 'csv' ? ',' : '\t',
    quote: format === 'csv' ? '"' : null,
    escape: format === 'csv' ? '"' : null,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: maximumRecordBytes,
    // Returning null keeps the row out of the parser's own stream: rows are handed over a chunk at a time instead.
    on_record: (record: string[]): null => {
      const fields = format === 'csv' ? record : record.map(unquote);
      const start = line;
      line += 1;
      for (const field of record) line += countLineBreaks(field);
      if (fields.length === 1 && fields[0]!.trim() === '') return null;
      if (width === 0) width = fields.length;
      if (fields.length !== width) throw wrongWidth(file.name, start, fields.length, width, format);
      rows.push({ fields, line: start });
      return null;
    },
  });
  // Each error also reaches the callback of the write or end that met it; this listener only keeps it from being thrown twice.
  parser.on('error', () => undefined);
  // The broken field's own line: that of the row and the line breaks in the fields before it.
  const place = () => ({
    file: file.name,
    line: line + fieldsSoFar(parser).reduce((sum, field) => sum + countLineBreaks(field), 0),
  });
  const settled = (act: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => {
      act((error) => {
        if (error === undefined || error === null) resolve();
        else reject(error instanceof CsvError ? explain(error, place(), format) : error);
      });
    });
  const decoder = new Utf8Decoder(file.name);
  try {
    for await (const chunk of file.open()) {
      decoder.decode(chunk);
      await settled((done) => parser.write(chunk, done));
      if (rows.length > 0) yield rows;
      rows = [];
    }
    decoder.end();
    await settled((done) => parser.end(done));
    if (rows.length > 0) yield rows;
  } finally {
    parser.destroy();
  }
}

/** Records of the wanted columns, in the order asked for. UserError for a missing header, column or field. */
export async function* readDelimited(
  file: Pick<DataFile, 'name' | 'open'>,
  format: Delimited,
  columns: readonly string[],
): AsyncGenerator<readonly DataRecord[]> {
  let positions: readonly number[] | null = null;
  let count = 0;
  for await (const rows of readRows(file, format)) {
    let data = rows;
    if (positions === null) {
      const [header, ...others] = rows;
      positions = locateColumns(trimmed(header!.fields), columns, { file: file.name, line: header!.line });
      data = others;
    }
    const wanted = positions;
    count += data.length;
    if (data.length > 0) {
      yield data.map((row) => ({ values: wanted.map((position) => row.fields[position]!), line: row.line }));
    }
  }
  if (positions === null)
    throw new UserError(sentence`The file is empty; expected a header row and examples.`, { file: file.name });
  if (count === 0) {
    throw new UserError(sentence`The file has a header row but no examples after it; add one example a row.`, {
      file: file.name,
      line: 1,
    });
  }
}

/** The header and the first rows as they are; an empty file gives no columns. */
export async function peekDelimited(
  file: Pick<DataFile, 'name' | 'open'>,
  format: Delimited,
  count: number,
): Promise<{ columns: string[]; rows: string[][] }> {
  const rows: string[][] = [];
  for await (const batch of readRows(file, format)) {
    for (const row of batch) rows.push([...row.fields]);
    if (rows.length > count) break;
  }
  return { columns: trimmed(rows[0] ?? []), rows: rows.slice(1, count + 1) };
}

function trimmed(header: readonly string[]): string[] {
  return header.map((name) => name.trim());
}

/** A TSV field that is wholly in quotes without them; any other field as it is. */
function unquote(field: string): string {
  if (field.length < 2 || !field.startsWith('"') || !field.endsWith('"')) return field;
  const inner = field.slice(1, -1);
  return inner.replaceAll('""', '').includes('"') ? field : inner.replaceAll('""', '"');
}

/** Line breaks in a text; CRLF is one. */
export function countLineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) {
    if (text.charCodeAt(at + 1) !== 10) count += 1;
  }
  return count;
}

function wrongWidth(file: string, line: number, found: number, expected: number, format: Delimited): UserError {
  const cure =
    format === 'csv'
      ? sentence`put fields with commas or line breaks in double quotes`
      : sentence`take tabs and line breaks out of the fields`;
  const fields = found === 1 ? sentence`1 field` : sentence`${found} fields`;
  return new UserError(sentence`The row has ${fields} but the header has ${expected}; ${cure}.`, { file, line });
}

/** The complete fields of the row that the parser is reading; its declared types leave out the state that holds them. */
function fieldsSoFar(parser: Parser): readonly string[] {
  const { state } = parser as unknown as { readonly state: { readonly record: readonly string[] } };
  return state.record;
}

/** A mistake that csv-parse found, in one sentence; `at` is where the broken field starts. */
function explain(error: CsvError, at: { readonly file: string; readonly line: number }, format: Delimited): Error {
  const code: string = error.code;
  if (code === 'CSV_QUOTE_NOT_CLOSED') {
    return new UserError(
      sentence`A quote opens in this row and is never closed; close it, or write a quote in a text as "".`,
      at,
    );
  }
  if (code === 'CSV_INVALID_CLOSING_QUOTE') {
    return new UserError(
      sentence`A quoted field of this row goes on after its closing quote; write a quote inside a quoted field as "".`,
      at,
    );
  }
  if (code === 'INVALID_OPENING_QUOTE' || code === 'CSV_INVALID_OPENING_QUOTE') {
    return new UserError(
      sentence`A field of this row has a quote in it but does not start with one; put the field in quotes and write the quote as "".`,
      at,
    );
  }
  if (code === 'CSV_MAX_RECORD_SIZE') {
    const cause =
      format === 'csv'
        ? sentence`a quote that opens in it is probably never closed`
        : sentence`a line break is missing`;
    return new UserError(sentence`The row is longer than 16 MiB; ${cause}.`, at);
  }
  return error;
}
