/** What the readers need of a data file or folder: names and bytes; opening them on a disk is the business of `src/files`. */
import { UserError } from '../errors';
import { sentence } from '../sentence';

/** A file that can be read from its start as often as needed, in constant memory. */
export interface DataFile {
  /** Path as the user named it; messages and the error list show it. */
  readonly name: string;
  /** Size in bytes, for progress. */
  readonly bytes: number;
  /** A new pass over the bytes, in chunks of any size. */
  open(): AsyncIterable<Uint8Array>;
}

/** A data file, or a folder with one text file per class. */
export interface DataSource {
  /** Path as the user named it. */
  readonly name: string;
  readonly kind: 'file' | 'folder';
  /** Where the name does not tell it. */
  readonly format?: DataFormat;
  /** The one file, or the folder's `.txt` files in the order of their names. */
  readonly files: readonly DataFile[];
}

/** `lines` is one example a line without columns, as in the files of a class folder. */
export type DataFormat = 'csv' | 'tsv' | 'jsonl' | 'lines';

const formats: Readonly<Record<string, DataFormat>> = { csv: 'csv', tsv: 'tsv', jsonl: 'jsonl', ndjson: 'jsonl' };

/** The last part of a path, whichever slash it uses. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** The label of a file in a class folder: its name without the extension. */
export function classOfFile(path: string): string {
  const name = fileName(path);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** The format of a source: by extension for a file, `lines` for a folder; UserError for any other extension. */
export function detectFormat(source: Pick<DataSource, 'name' | 'kind' | 'format'>): DataFormat {
  if (source.format !== undefined) return source.format;
  if (source.kind === 'folder') return 'lines';
  const name = fileName(source.name);
  const dot = name.lastIndexOf('.');
  const extension = dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
  const format = Object.hasOwn(formats, extension) ? formats[extension] : undefined;
  if (format !== undefined) return format;
  throw new UserError(
    extension === ''
      ? sentence`The file has no extension; expected .csv, .tsv, .jsonl or .ndjson, or a folder with one .txt file per class.`
      : sentence`The file has the extension .${extension}; expected .csv, .tsv, .jsonl or .ndjson, or a folder with one .txt file per class.`,
    { file: source.name },
  );
}
