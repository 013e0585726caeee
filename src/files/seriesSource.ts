/** Opens number series on the disk: a file, or a folder with a folder of example files for each class; knows no formats. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { type DiskFile, openDataFile } from './dataSource';
import { fileError } from './fileErrors';

/** An example that is a file of its own. */
export interface ExampleFile {
  readonly label: string;
  readonly file: DiskFile;
}

export type SeriesSource =
  | { readonly kind: 'file'; readonly name: string; readonly file: DiskFile }
  | { readonly kind: 'classes'; readonly name: string; readonly examples: readonly ExampleFile[] };

/** What example files end in. */
const extensions = ['.npy', '.csv'];
/** Most example files of a source. */
const most = 1_000_000;

/**
 * A file or a folder of class folders; the folders' names are the labels, the files stand in the order of their names.
 * `name` is the path as the user wrote it, relative to `base`.
 * @throws UserError where there is nothing that can be read
 */
export async function openSeriesSource(name: string, base: string = process.cwd()): Promise<SeriesSource> {
  const full = path.resolve(base, name);
  const found = await stat(full).catch(() => null);
  if (found?.isDirectory() !== true) return { kind: 'file', name, file: await openDataFile(name, base) };
  const examples: ExampleFile[] = [];
  for (const label of await namesIn(full, true)) {
    for (const file of await namesIn(path.join(full, label), false)) {
      if (!extensions.includes(path.extname(file).toLowerCase())) continue;
      if (examples.length >= most)
        throw new UserError(sentence`The folder has more than ${most} examples.`, { file: name });
      examples.push({ label, file: await openDataFile(path.join(name, label, file), base) });
    }
  }
  if (examples.length === 0) {
    throw new UserError(
      sentence`The folder has no .npy or .csv files in folders of their classes, as wave/1.npy and shake/1.npy.`,
      { file: name },
    );
  }
  return { kind: 'classes', name, examples };
}

async function namesIn(folder: string, folders: boolean): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const wanted = entries.filter((entry) => entry.isDirectory() === folders && !entry.name.startsWith('.'));
    return wanted.map((entry) => entry.name).sort((a, b) => (a < b ? -1 : 1));
  } catch (error) {
    throw fileError(error, folder, 'read');
  }
}
