/** A first look at data of any kind, enough to tell what can be learned from it; knows no tasks and opens nothing itself. */
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { readLines } from './lines';
import { type Peek, peekSource } from './records';
import { type DataFile, type DataSource, fileName } from './source';
import { isComment, splitFields } from './taggedReader';

/** What there is to see of data. */
export type DataLook =
  | Peek
  /** One token a line with its tag, columns as they stand in the first lines. */
  | { readonly format: 'sentences'; readonly rows: readonly (readonly string[])[] }
  /** Running text. */
  | { readonly format: 'text' }
  /** Number series with a class each, in a format of their own. */
  | { readonly format: 'series' };

/** How data are opened by their name; each throws a UserError where there is nothing of the kind. */
export interface DataOpeners {
  readonly source: (name: string) => Promise<DataSource>;
  readonly text: (name: string) => Promise<DataSource>;
  readonly series: (name: string) => Promise<unknown>;
}

const tables = ['csv', 'tsv', 'jsonl', 'ndjson'];
const sentenceFiles = ['conll', 'conllu', 'iob', 'iob2', 'bio'];
const textFiles = ['txt', 'md', 'text'];

/** Lines of a file that are no table which decide what it is. */
const decidingLines = 400;

/**
 * Looks at a file or folder: at its name, and at its first rows.
 * @throws UserError where there is nothing, or nothing that anything could be learned from
 */
export async function lookAtData(name: string, rows: number, open: DataOpeners): Promise<DataLook> {
  let source: DataSource;
  try {
    source = await open.source(name);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return lookIntoFolders(name, open, error);
  }
  if (source.kind === 'folder') return peekSource(source, rows);
  const extension = /\.([^.]*)$/u.exec(fileName(name))?.[1]?.toLowerCase() ?? '';
  const file = source.files[0]!;
  if (extension === 'ts') return lookAtSeries(file);
  if (extension === 'tsv') return (await lookAtSentences(file)) ?? peekSource(source, rows);
  if (tables.includes(extension)) return peekSource(source, rows);
  const sentences = await lookAtSentences(file);
  if (sentences !== null) return sentences;
  if (textFiles.includes(extension)) return { format: 'text' };
  throw new UserError(
    sentenceFiles.includes(extension)
      ? sentence`The file does not have a token and its tag on each line, with a blank line after each sentence.`
      : sentence`What the file holds cannot be told by its name; expected .csv, .tsv or .jsonl for tables, .txt or .md for running text, .conll for tagged sentences, .ts for number series, or a folder.`,
    { file: name },
  );
}

/** A folder without texts of its own: of series by class, or with texts further down. */
async function lookIntoFolders(name: string, open: DataOpeners, otherwise: UserError): Promise<DataLook> {
  for (const [format, opener] of [
    ['series', open.series],
    ['text', open.text],
  ] as const) {
    try {
      await opener(name);
      return { format };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  throw otherwise;
}

/** A `.ts` file of the UCR/UEA archive says what it is in lines that start with @; a program of that name does not. */
async function lookAtSeries(file: DataFile): Promise<DataLook> {
  for await (const { lines } of readLines(file)) {
    const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#'));
    if (first === undefined) continue;
    if (/^@\w/u.test(first.trim())) return { format: 'series' };
    break;
  }
  throw new UserError(
    sentence`The file does not start as a .ts file of the UCR/UEA archive does, with lines such as @problemName; expected number series.`,
    { file: file.name },
  );
}

/** The first lines of a CoNLL-style file; null where the file is none. */
async function lookAtSentences(file: DataFile): Promise<DataLook | null> {
  const rows: string[][] = [];
  let gaps = 0;
  reading: for await (const { lines } of readLines(file)) {
    for (const line of lines) {
      const fields = splitFields(line);
      if (fields.length === 0) gaps += rows.length > 0 ? 1 : 0;
      else if (!isComment(line) && fields[0] !== '-DOCSTART-') rows.push(fields);
      if (rows.length + gaps >= decidingLines) break reading;
    }
  }
  return gaps > 0 && areTokens(rows) ? { format: 'sentences', rows } : null;
}

/** Whether rows are tokens: equally wide, with few different values in the last column of them that is a tag. */
function areTokens(rows: readonly (readonly string[])[]): boolean {
  const width = rows[0]?.length ?? 0;
  if (rows.length < 4 || width < 2 || rows.some((row) => row.length !== width)) return false;
  const { tag } = sentenceColumns(rows);
  const tags = new Set(rows.map((row) => row[tag - 1]!));
  return tags.size >= 2 && tags.size <= Math.max(2, rows.length / 2);
}

/** The columns of token and tag, from 1: CoNLL-U numbers its tokens and has the part of speech in the fourth of ten. */
export function sentenceColumns(rows: readonly (readonly string[])[]): {
  readonly token: number;
  readonly tag: number;
} {
  const width = rows[0]!.length;
  const isNumbered = width > 2 && rows.every(([first]) => /^\d+([-.]\d+)?$/u.test(first!));
  return { token: isNumbered ? 2 : 1, tag: isNumbered && width === 10 ? 4 : width };
}
