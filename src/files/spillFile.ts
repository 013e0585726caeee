/** A temporary file for numbers that outgrow the memory; knows nothing of what they mean. */
import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../errors';
import { sentence } from '../sentence';

const prefix = 'sequence-lab-spill-';

/** Bytes that are appended and read back by position, gone with the process. */
export class SpillFile {
  readonly #path: string;
  #descriptor: number | null;
  #written = 0;

  /** Makes the file in a folder, which is made as well; default: the system's folder for temporary files. */
  constructor(directory: string = os.tmpdir()) {
    mkdirSync(directory, { recursive: true });
    removeLeftOvers(directory);
    this.#path = path.join(directory, `${prefix}${process.pid}-${Date.now()}-${Math.random().toString(36).slice(2)}`);
    this.#descriptor = openSync(this.#path, 'wx+', 0o600);
    // Without a name the file vanishes with the process, even a killed one. Windows keeps the name of an open file.
    if (process.platform !== 'win32') rmSync(this.#path);
  }

  /** Appends all bytes; UserError where the disk is full. */
  write(bytes: Uint8Array): void {
    let done = 0;
    try {
      while (done < bytes.length) {
        done += writeSync(this.#open(), bytes, done, bytes.length - done, this.#written + done);
      }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
        throw new UserError(sentence`The disk is full; the data set needs room for temporary files.`, {
          file: path.dirname(this.#path),
        });
      }
      throw error;
    }
    this.#written += bytes.length;
  }

  /** Fills the target with the bytes from `position`. */
  read(position: number, target: Uint8Array): void {
    let done = 0;
    while (done < target.length) {
      const count = readSync(this.#open(), target, done, target.length - done, position + done);
      if (count === 0) throw new RangeError(`the spill file ends before byte ${position + target.length}`);
      done += count;
    }
  }

  /** Closes and removes the file; may be called again. */
  dispose(): void {
    if (this.#descriptor === null) return;
    closeSync(this.#descriptor);
    this.#descriptor = null;
    rmSync(this.#path, { force: true });
  }

  #open(): number {
    if (this.#descriptor === null) throw new Error('the spill file has been disposed of');
    return this.#descriptor;
  }
}

/** Files of processes that were killed where an open file cannot lose its name. */
function removeLeftOvers(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number(name.slice(prefix.length).split('-')[0]);
    if (!isRunning(pid)) rmSync(path.join(directory, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is there though it may not be signalled.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
