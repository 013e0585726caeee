/** Writes a file so that there is always the old one or the new one, never a half; must not know what is in it. */
import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileError, fileErrorCode } from './fileErrors';

/** Writes some of `bytes` at the end of what was written so far and tells how many. */
export type WriteSome = (handle: FileHandle, bytes: Uint8Array) => Promise<number>;

export interface AtomicWriteOptions {
  /** In place of the handle's own write: for tests of a disk that fails. */
  readonly writeSome?: WriteSome;
}

/** Bytes that are handed to the system at once; it takes at most 2 GiB. */
const largestWrite = 1 << 24;
const temporaryName = /^\..+\.[0-9a-f]{16}\.tmp$/;

/**
 * Replaces the file at `path` by one with `data`: a temporary file in the same folder is written, synced and renamed, and
 * the folder is synced. On failure the temporary file is removed and the file at `path` is as it was. The arrays in `data`
 * must not change before the promise settles.
 * @throws UserError where the disk is full or the place cannot be written
 */
export async function atomicWrite(
  path: string,
  data: string | Uint8Array | Iterable<Uint8Array>,
  options: AtomicWriteOptions = {},
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeSynced(temporary, chunksOf(data), options.writeSome ?? writeSomeOf);
    await replace(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    // What removing could add, a full or vanished disk, is already in the error that is thrown.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(error, path, 'written');
  }
}

/** Removes the temporary files that killed processes left in a folder; nobody else may be writing there. */
export async function removeTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (temporaryName.test(name)) {
      await rm(join(folder, name), { force: true });
    }
  }
}

function chunksOf(data: string | Uint8Array | Iterable<Uint8Array>): Iterable<Uint8Array> {
  if (typeof data === 'string') {
    return [Buffer.from(data)];
  }
  return data instanceof Uint8Array ? [data] : data;
}

async function writeSomeOf(handle: FileHandle, bytes: Uint8Array): Promise<number> {
  return (await handle.write(bytes)).bytesWritten;
}

async function writeSynced(path: string, chunks: Iterable<Uint8Array>, writeSome: WriteSome): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    for (const chunk of chunks) {
      for (let done = 0; done < chunk.length;) {
        done += await writeSome(handle, chunk.subarray(done, done + largestWrite));
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function replace(from: string, to: string): Promise<void> {
  // On Windows a reader or a virus scanner may hold the old file for a moment.
  const tries = process.platform === 'win32' ? 10 : 1;
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (attempt >= tries || !['EPERM', 'EACCES', 'EBUSY'].includes(fileErrorCode(error) ?? '')) {
        throw error;
      }
      await wait(20 * attempt);
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') {
    return; // Windows has no sync of folders; its file systems keep renames in order by themselves.
  }
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems refuse to sync a folder; the file itself is synced and in its place.
    if (!['EINVAL', 'ENOTSUP', 'ENOSYS', 'EPERM', 'EACCES'].includes(fileErrorCode(error) ?? '')) {
      throw error;
    }
  } finally {
    await handle.close();
  }
}
