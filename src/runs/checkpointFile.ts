/** A checkpoint as a file that is whole or absent, even after a crash; must not know what a trainer keeps in it. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { atomicWrite } from '../files/atomicWrite';
import type { AtomicWriteOptions } from '../files/atomicWrite';
import { fileError, fileErrorCode } from '../files/fileErrors';
import { allocateTensor, DamagedTensors, decodeHeader, encodeSafetensors, headerLength } from './safetensors';
import type { Checkpoint, CheckpointTensor } from './safetensors';

/** Most bytes to ask the system for at once. */
const largestRead = 1 << 24;

/**
 * Replaces the checkpoint at `path`; the one before stays whole until the new one is. The tensors must not change before
 * the promise settles.
 * @throws UserError where the disk is full or the place cannot be written
 */
export function writeCheckpoint(path: string, checkpoint: Checkpoint, options?: AtomicWriteOptions): Promise<void> {
  return atomicWrite(path, encodeSafetensors(checkpoint), options);
}

/**
 * The checkpoint at `path`, or null where there is none.
 * @throws UserError where it is cut short or damaged
 */
export async function readCheckpoint(path: string): Promise<Checkpoint | null> {
  try {
    const handle = await open(path, 'r');
    try {
      return await decodeFrom(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') {
      return null;
    }
    if (error instanceof DamagedTensors) {
      throw new UserError(sentence`The checkpoint ${path} is damaged: ${error.wording}; start a new run.`);
    }
    throw fileError(error, path, 'read');
  }
}

/** Tensor by tensor: a whole file may be larger than what one array holds. */
async function decodeFrom(handle: FileHandle): Promise<Checkpoint> {
  const { size } = await handle.stat();
  const first = new Uint8Array(Math.min(8, size));
  await readFully(handle, first, 0);
  const header = new Uint8Array(headerLength(first, size));
  await readFully(handle, header, 8);
  const dataStart = 8 + header.length;
  const { entries, metadata } = decodeHeader(header, size - dataStart);
  const tensors = new Map<string, CheckpointTensor>();
  for (const entry of entries) {
    const { tensor, bytes } = allocateTensor(entry);
    await readFully(handle, bytes, dataStart + entry.begin);
    tensors.set(entry.name, tensor);
  }
  return { tensors, metadata };
}

async function readFully(handle: FileHandle, target: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < target.length;) {
    const length = Math.min(largestRead, target.length - done);
    const { bytesRead } = await handle.read(target, done, length, position + done);
    if (bytesRead === 0) {
      throw new DamagedTensors(sentence`it ends after ${position + done} bytes`);
    }
    done += bytesRead;
  }
}
