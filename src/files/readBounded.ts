/** Reads a whole file that must not be larger than a bound. */
import { open } from 'node:fs/promises';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { fileError } from './fileErrors';

/** The bytes of a file; UserError where it is missing, may not be read, or has more than `most` bytes. */
export async function readBounded(path: string, most: number): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      if (size > most) {
        throw new UserError(sentence`the file has ${size} bytes, more than the ${most} that are read.`, { file: path });
      }
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof UserError ? error : fileError(error, path, 'read');
  }
}
