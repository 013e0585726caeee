/** `metrics.jsonl`, which grows by a line at each step and can be cut back to a checkpoint; must not know checkpoints. */
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { fileError, fileErrorCode } from '../files/fileErrors';
import { metricsLineSchema, recordLine } from './runRecords';
import type { MetricsLine } from './runRecords';

/** Appends lines. Synchronous: a line is with the system when `append` returns, and lines cannot overtake each other. */
export class MetricsWriter {
  private readonly descriptor: number;
  private length: number;

  /**
   * @param keep bytes of the file to keep; what stands behind them is cut off
   * @throws UserError where the file cannot be written or has fewer bytes than are to be kept
   */
  constructor(
    private readonly path: string,
    keep: number,
  ) {
    try {
      // Not for appending alone: Windows does not cut such a file.
      this.descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT);
    } catch (error) {
      throw fileError(error, path, 'written');
    }
    this.length = fstatSync(this.descriptor).size;
    if (this.length < keep) {
      closeSync(this.descriptor);
      throw new UserError(
        sentence`${path} has ${this.length} bytes, and the checkpoint goes on from ${keep}; start a new run.`,
      );
    }
    if (this.length > keep) {
      ftruncateSync(this.descriptor, keep);
      this.length = keep;
    }
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.length;
  }

  /** @throws UserError where the disk is full; the file then ends with the line before */
  append(line: MetricsLine): void {
    const bytes = Buffer.from(recordLine(line));
    try {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.descriptor, bytes, done, bytes.length - done, this.length + done);
      }
    } catch (error) {
      this.cutTornLine();
      throw fileError(error, this.path, 'written');
    }
    this.length += bytes.length;
  }

  /** Brings all lines to the disk itself, so that they outlive a power failure. */
  sync(): void {
    try {
      fsyncSync(this.descriptor);
    } catch (error) {
      throw fileError(error, this.path, 'written');
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private cutTornLine(): void {
    try {
      ftruncateSync(this.descriptor, this.length);
    } catch {
      // The failure to write is what the user must hear of; a torn line is passed over by the reader.
    }
  }
}

/**
 * All lines of a metrics file, none where there is no file. A last line that a crash tore is passed over.
 * @throws UserError naming the line that is no record
 */
export async function readMetrics(path: string): Promise<MetricsLine[]> {
  const texts = (await readText(path)).split('\n');
  texts.pop(); // Empty behind the last line break, or the torn rest of a line.
  return texts.flatMap((text, index) => {
    const line = parseLine(text);
    if (line !== undefined) {
      return [line];
    }
    if (index === texts.length - 1) {
      return []; // A power failure can leave the length of a line without its content.
    }
    throw new UserError(sentence`the line is no record of a step or an epoch; the file is damaged.`, {
      file: path,
      line: index + 1,
    });
  });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') {
      return '';
    }
    throw fileError(error, path, 'read');
  }
}

function parseLine(text: string): MetricsLine | undefined {
  try {
    return metricsLineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // No JSON: the caller tells a torn line from a damaged one.
  }
}
