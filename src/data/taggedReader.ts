/** Reads sentences with a tag for each token: CoNLL-style columns, or one file of tokens beside one of tags. */
import { UserError } from '../errors';
import { type Sentence, sentence } from '../sentence';
import { readLines } from './lines';
import { pairLines } from './pairedLines';
import type { DataFile } from './source';

/** A sentence and where it stands. */
export interface TaggedSentence {
  readonly tokens: readonly string[];
  readonly tags: readonly string[];
  /** Line of each tag in its file, from 1. */
  readonly lines: readonly number[];
}

/** Which columns of a CoNLL-style file hold what, counted from 1. */
export interface TagColumns {
  readonly token: number;
  /** Undefined for the last one. */
  readonly tag?: number | undefined;
}

/** A file of columns, or files of tokens and of tags with a sentence a line. */
export type TaggedFiles =
  | { readonly kind: 'columns'; readonly file: ReadableFile; readonly columns: TagColumns }
  | { readonly kind: 'parallel'; readonly tokens: ReadableFile; readonly tags: ReadableFile };

type ReadableFile = Pick<DataFile, 'name' | 'open'>;

/** The sentences, one after the other. Throws a UserError where the files cannot be understood. */
export function readTagged(files: TaggedFiles): AsyncGenerator<TaggedSentence> {
  return files.kind === 'columns' ? readColumns(files.file, files.columns) : readParallel(files.tokens, files.tags);
}

/**
 * One token a line, columns between tabs or else between white space, a blank line after each sentence. Passed over are
 * `-DOCSTART-` lines, comments as CoNLL-U has them (`# text = …`), and of CoNLL-U the lines of contracted words (`1-2`).
 */
async function* readColumns(file: ReadableFile, columns: TagColumns): AsyncGenerator<TaggedSentence> {
  const needed = Math.max(columns.token, columns.tag ?? 2);
  let width = 0;
  let found = false;
  let tokens: string[] = [];
  let tags: string[] = [];
  let places: number[] = [];
  for await (const { first, lines } of readLines(file)) {
    for (const [offset, text] of lines.entries()) {
      const line = first + offset;
      const fields = splitFields(text);
      const isBoundary = fields.length === 0 || fields[0] === '-DOCSTART-';
      if (isBoundary && tokens.length > 0) {
        yield { tokens, tags, lines: places };
        tokens = [];
        tags = [];
        places = [];
      }
      if (isBoundary || (tokens.length === 0 && isComment(text))) continue;
      if (fields.length < needed) throw tooFewColumns(fields.length, needed, { file: file.name, line });
      if (width !== 0 && fields.length !== width) {
        throw new UserError(
          sentence`The line has ${columnCount(fields.length)}, but those before it have ${width}; expected the same on every line.`,
          { file: file.name, line },
        );
      }
      width = fields.length;
      if (columns.token > 1 && /^\d+[-.]\d+$/u.test(fields[0]!)) continue;
      tokens.push(fields[columns.token - 1]!);
      tags.push(fields[(columns.tag ?? width) - 1]!);
      places.push(line);
      found = true;
    }
  }
  if (tokens.length > 0) yield { tokens, tags, lines: places };
  if (!found)
    throw new UserError(sentence`The file has no tokens; expected one a line, with its tag.`, { file: file.name });
}

async function* readParallel(tokenFile: ReadableFile, tagFile: ReadableFile): AsyncGenerator<TaggedSentence> {
  let found = false;
  for await (const { first: text, second: tagLine, line } of pairLines(tokenFile, tagFile)) {
    const tokens = splitSpaces(text);
    const tags = splitSpaces(tagLine);
    if (tokens.length !== tags.length) {
      throw new UserError(
        sentence`The line has ${tags.length === 1 ? sentence`1 tag` : sentence`${tags.length} tags`}, but its line in ${tokenFile.name} has ${tokens.length === 1 ? sentence`1 token` : sentence`${tokens.length} tokens`}; expected a tag for each token.`,
        { file: tagFile.name, line },
      );
    }
    if (tokens.length === 0) continue;
    found = true;
    yield { tokens, tags, lines: tags.map(() => line) };
  }
  if (!found) {
    throw new UserError(sentence`The file has no tokens; expected a sentence a line.`, { file: tokenFile.name });
  }
}

/** The columns of a line: between tabs where there is one, else between white space; none of a blank line. */
export function splitFields(text: string): string[] {
  if (!text.includes('\t')) return splitSpaces(text);
  const fields = text.split('\t').map((field) => field.trim());
  return fields.every((field) => field === '') ? [] : fields;
}

function splitSpaces(text: string): string[] {
  const trimmed = text.trim();
  return trimmed === '' ? [] : trimmed.split(/\s+/u);
}

/** A line of CoNLL-U about its sentence; `# O` is a token. */
export function isComment(text: string): boolean {
  return !text.includes('\t') && /^#\s*(newdoc|newpar|[\w.-]+ = )/u.test(text);
}

function tooFewColumns(found: number, needed: number, place: { file: string; line: number }): UserError {
  return new UserError(
    sentence`The line has ${columnCount(found)}; expected at least ${needed}, a token and its tag among them.`,
    place,
  );
}

function columnCount(count: number): Sentence {
  return count === 1 ? sentence`1 column` : sentence`${count} columns`;
}
