/** Reads JSONL, one object a line; knows nothing of what the keys mean. */
import { UserError } from '../errors';
import { sentence, type SentenceValue } from '../sentence';
import { missingColumn } from './columns';
import type { DataRecord } from './dataRecord';
import { readLines } from './lines';
import type { DataFile } from './source';

/** Records of the wanted keys in the order asked for; numbers and booleans become their text, null the empty text. */
export async function* readJsonLines(
  file: Pick<DataFile, 'name' | 'open'>,
  keys: readonly string[],
): AsyncGenerator<readonly DataRecord[]> {
  let count = 0;
  for await (const { first, lines } of readLines(file)) {
    const records: DataRecord[] = [];
    for (const [offset, text] of lines.entries()) {
      if (text.trim() === '') continue;
      const place = { file: file.name, line: first + offset };
      const object = parseObject(text, place);
      records.push({ values: keys.map((key) => valueOf(object, key, place)), line: place.line });
    }
    count += records.length;
    if (records.length > 0) yield records;
  }
  if (count === 0)
    throw new UserError(sentence`The file is empty; expected one JSON object a line.`, { file: file.name });
}

/** The keys of the first objects, in the order in which they first occur, and the values as text. */
export async function peekJsonLines(
  file: Pick<DataFile, 'name' | 'open'>,
  count: number,
): Promise<{ columns: string[]; rows: string[][] }> {
  const objects: Readonly<Record<string, unknown>>[] = [];
  for await (const { first, lines } of readLines(file)) {
    for (const [offset, text] of lines.entries()) {
      if (text.trim() === '' || objects.length >= count) continue;
      objects.push(parseObject(text, { file: file.name, line: first + offset }));
    }
    if (objects.length >= count) break;
  }
  const columns = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const show = (value: unknown) =>
    typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  return { columns, rows: objects.map((object) => columns.map((key) => show(object[key]))) };
}

interface LinePlace {
  readonly file: string;
  readonly line: number;
}

function parseObject(text: string, place: LinePlace): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(sentence`The line is not valid JSON (${reason(error)}); expected one object a line.`, {
      ...place,
      ...columnOf(error),
    });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new UserError(sentence`The line is JSON but ${kindOf(value)}; expected one object a line.`, place);
}

/** What V8 says of the syntax, without the excerpt of the line that it adds. */
function reason(error: SyntaxError): string {
  return error.message
    .replace(/,? ("|\.\.\.).*? is not valid JSON$/su, '')
    .replace(/ in JSON at position \d+.*$/su, '');
}

/** Column of the mistake, from 1, where V8 tells it. */
function columnOf(error: SyntaxError): { column?: number } {
  const position = /at position (\d+)/u.exec(error.message)?.[1];
  return position === undefined ? {} : { column: Number(position) + 1 };
}

function valueOf(object: Readonly<Record<string, unknown>>, key: string, place: LinePlace): string {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return '';
  if (value === undefined) throw missingColumn(key, Object.keys(object), 'key', place);
  throw new UserError(
    sentence`The value of "${key}" is ${kindOf(value)}; expected a string, a number or a boolean.`,
    place,
  );
}

function kindOf(value: unknown): SentenceValue {
  if (Array.isArray(value)) return sentence`an array`;
  switch (typeof value) {
    case 'string':
      return sentence`a string`;
    case 'number':
      return sentence`a number`;
    case 'boolean':
      return sentence`a boolean`;
    default:
      return value === null ? 'null' : sentence`an object`;
  }
}
