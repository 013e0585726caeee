/** What to write at the end of a data file for one more example, in the file's own manner; must not touch files. */
import { stringify } from 'csv-stringify/sync';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { locateColumns, missingColumn } from './columns';
import { peekDelimited } from './delimitedReader';
import type { LabelledColumns } from './ingest';
import type { DataFormat } from './source';

/** A text and the class that it belongs to. */
export interface LabelledText {
  readonly text: string;
  readonly label: string;
}

/**
 * The characters that, put at the end of a data file, add an example to it: with the file's columns, quoting and line
 * breaks, and a line break before it where the file's last line has none. Columns other than text and label stay empty.
 * @param content the whole file, decoded
 * @param file name for messages
 * @throws UserError where the file lacks the columns
 */
export async function appendedExample(
  content: string,
  file: string,
  format: DataFormat,
  columns: LabelledColumns,
  example: LabelledText,
): Promise<string> {
  const newline = lineBreakOf(content);
  const line = await lineFor(content, file, format, columns, example);
  const isWhole = content === '' || /[\r\n]$/.test(content);
  return `${isWhole ? '' : newline}${line}${newline}`;
}

/** The line break that a file uses: its first one; LF where it has none. */
export function lineBreakOf(content: string): string {
  return /\r\n|\n|\r/.exec(content)?.[0] ?? '\n';
}

async function lineFor(
  content: string,
  file: string,
  format: DataFormat,
  columns: LabelledColumns,
  example: LabelledText,
): Promise<string> {
  switch (format) {
    case 'csv':
    case 'tsv': {
      const header = await headerOf(content, file, format);
      const [text, label] = locateColumns(header, [columns.text, columns.label], { file, line: 1 });
      const fields = header.map((_, at) => (at === text ? example.text : at === label ? example.label : ''));
      return format === 'csv' ? csvRow(fields, content, header) : fields.map(tsvField).join('\t');
    }
    case 'jsonl':
      return jsonLine(content, file, columns, example);
    case 'lines':
      return onOneLine(example.text);
  }
}

/** Bytes handed to the reader at a time, so that it reads no more of a large file than the header. */
const chunkBytes = 64 * 1024;

async function headerOf(content: string, file: string, format: 'csv' | 'tsv'): Promise<string[]> {
  const bytes = new TextEncoder().encode(content);
  async function* open(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunkBytes)
      yield await Promise.resolve(bytes.subarray(at, at + chunkBytes));
  }
  const { columns } = await peekDelimited({ name: file, open }, format, 1);
  if (columns.length === 0)
    throw new UserError(sentence`The file is empty; expected a header row and examples.`, { file });
  return columns;
}

/** A row of RFC 4180; all fields are in quotes where the header's are, else those that need them. */
function csvRow(fields: readonly string[], content: string, header: readonly string[]): string {
  const [firstLine = ''] = content.replace(/^\uFEFF/, '').split(/[\r\n]/, 1);
  const quoted = firstLine === stringify([header], { quoted: true, record_delimiter: '' });
  // A lone carriage return ends a row for some readers, ours among them, so it needs quotes as well.
  return stringify([fields], { quoted, quoted_match: /[\r\n]/, record_delimiter: '' });
}

/** A field without tabs and line breaks; one that a reader would take for a quoted one is quoted, so that it comes back whole. */
function tsvField(field: string): string {
  const plain = onOneLine(field);
  return plain.length >= 2 && plain.startsWith('"') && plain.endsWith('"') ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** An object with the keys in the order of the file's first one, and a label of the same kind as there. */
function jsonLine(content: string, file: string, columns: LabelledColumns, { text, label }: LabelledText): string {
  const first = content
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/, 100)
    .find((line) => line.trim() !== '');
  const object = first === undefined ? {} : parseObject(first, file);
  const keys = Object.keys(object);
  for (const key of [columns.text, columns.label]) {
    if (first !== undefined && !keys.includes(key)) throw missingColumn(key, keys, 'key', { file, line: 1 });
  }
  const values = new Map<string, unknown>([
    [columns.text, text],
    [columns.label, likeValue(object[columns.label], label)],
  ]);
  const order = [...values.keys()].sort((a, b) => keys.indexOf(a) - keys.indexOf(b));
  const gap = first !== undefined && /^\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s/.test(first) ? ' ' : '';
  const members = order.map((key) => `${JSON.stringify(key)}:${gap}${JSON.stringify(values.get(key))}`);
  return `{${members.join(`,${gap}`)}}`;
}

function parseObject(line: string, file: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UserError(sentence`The first line is no JSON object; expected one object a line.`, { file, line: 1 });
}

/** The label as a number or boolean where the file writes it so. */
function likeValue(model: unknown, label: string): unknown {
  if (typeof model !== 'number' && typeof model !== 'boolean') return label;
  const value: unknown = label === 'true' ? true : label === 'false' ? false : Number(label);
  return typeof value === typeof model && String(value) === label ? value : label;
}

function onOneLine(text: string): string {
  return text.replace(/[\t\r\n\v\f\u2028\u2029]+/gu, ' ').trim();
}
