/** Text in chunks to whole lines in constant memory; knows no file format. */
import { UserError } from '../errors';
import { sentence } from '../sentence';
import type { DataFile } from './source';
import { Utf8Decoder } from './utf8';

/** Bytes that one record (a line, or a row with line breaks inside) may have; more means a broken file. */
export const maximumRecordBytes = 16 * 1024 * 1024;

/** The lines of one chunk without their line breaks; `first` is the number of the first of them, from 1. */
export interface LineBatch {
  readonly first: number;
  readonly lines: readonly string[];
}

/**
 * The lines of a file, chunk by chunk. A line ends with LF or CRLF; the last one may lack it.
 * UserError for text that is not UTF-8 and for a line longer than 16 MiB.
 */
export async function* readLines(file: Pick<DataFile, 'name' | 'open'>): AsyncGenerator<LineBatch> {
  const decoder = new Utf8Decoder(file.name);
  let rest = '';
  let first = 1;
  for await (const chunk of file.open()) {
    const lines = (rest + decoder.decode(chunk)).split('\n');
    rest = lines.pop()!;
    if (rest.length > maximumRecordBytes) {
      throw new UserError(sentence`The line is longer than 16 MiB; expected one example a line.`, {
        file: file.name,
        line: first + lines.length,
      });
    }
    if (lines.length > 0) yield { first, lines: lines.map(withoutReturn) };
    first += lines.length;
  }
  decoder.end();
  if (rest !== '') yield { first, lines: [withoutReturn(rest)] };
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
