/** Opens data files and class folders on the disk for the readers of `src/data`; knows nothing of formats or records. */
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors';
import { sentence } from '../sentence';

/** A file whose bytes can be streamed as often as needed. */
export interface DiskFile {
  readonly name: string;
  readonly bytes: number;
  open(): AsyncIterable<Uint8Array>;
}

/** A file, or a folder with its `.txt` files in the order of their names. */
export interface DiskSource {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  readonly files: readonly DiskFile[];
}

/** Bytes that a stream reads at once: constant memory whatever the file's size. */
const chunkBytes = 256 * 1024;

/**
 * A data file or class folder. `name` is the path as the user wrote it, which messages show; it is taken relative to
 * `base`, the folder of the experiment file or the working directory. UserError where there is nothing that can be read.
 */
export async function openDataSource(name: string, base: string = process.cwd()): Promise<DiskSource> {
  const full = path.resolve(base, name);
  const found = await explained(name, () => stat(full));
  if (found.isFile()) return { name, kind: 'file', files: [await openDataFile(name, base)] };
  if (!found.isDirectory()) throw new UserError(sentence`The path is neither a file nor a folder.`, { file: name });
  const entries = await explained(name, () => readdir(full, { withFileTypes: true }));
  const texts = entries.filter((entry) => !entry.isDirectory() && entry.name.toLowerCase().endsWith('.txt'));
  if (texts.length === 0) {
    throw new UserError(sentence`The folder has no .txt files; expected one for each class, with one example a line.`, {
      file: name,
    });
  }
  const names = texts.map((entry) => entry.name).sort((a, b) => (a < b ? -1 : 1));
  const files = await Promise.all(names.map((file) => openDataFile(path.join(name, file), base)));
  return { name, kind: 'folder', files };
}

/** One file; UserError where it is missing or may not be read. */
export async function openDataFile(name: string, base: string = process.cwd()): Promise<DiskFile> {
  const full = path.resolve(base, name);
  const bytes = await explained(name, async () => {
    const handle = await open(full, 'r');
    try {
      const found = await handle.stat();
      if (found.isDirectory()) throw new UserError(sentence`The path is a folder; expected a file.`, { file: name });
      return found.size;
    } finally {
      await handle.close();
    }
  });
  return {
    name,
    bytes,
    async *open() {
      const stream = createReadStream(full, { highWaterMark: chunkBytes });
      try {
        for await (const chunk of stream) yield chunk as Uint8Array;
      } catch (error) {
        throw explain(name, error);
      } finally {
        stream.destroy();
      }
    },
  };
}

async function explained<T>(name: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw explain(name, error);
  }
}

/** A system error that the user can mend as a UserError; any other error as it is. */
function explain(name: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new UserError(sentence`There is no such file or folder; check the path.`, { file: name });
    case 'EACCES':
    case 'EPERM':
      return new UserError(sentence`The file may not be read; check its permissions.`, { file: name });
    case 'EISDIR':
      return new UserError(sentence`The path is a folder; expected a file.`, { file: name });
    default:
      return error;
  }
}
