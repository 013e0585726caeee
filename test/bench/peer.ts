/** The way to the peer: a Python process for each measurement, which runs PyTorch on the same row as ours. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Measured } from './measured';

/** The environment that the parity tests install. */
const environment = join(import.meta.dirname, '../parity/.venv');

export type PeerWork = 'train' | 'infer' | 'epoch';

export class TorchPeer {
  private constructor(
    private readonly python: string,
    readonly version: string,
  ) {}

  /** Asks for its version; null where its Python environment is not there. */
  static async find(): Promise<TorchPeer | null> {
    const python = join(environment, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
    if (!existsSync(python)) return null;
    const [first] = await answers(python, '');
    return new TorchPeer(python, (first as { version: string }).version);
  }

  /** A row: the median time, or that of one epoch, and the memory of the process. */
  async measure(kind: PeerWork, row: object, threads: number): Promise<Measured> {
    const [, measured] = await answers(this.python, JSON.stringify({ kind, row, threads }));
    return measured as Measured;
  }
}

/** The lines of JSON that the program answers to a request. */
async function answers(python: string, request: string): Promise<unknown[]> {
  const child = spawn(python, [join(import.meta.dirname, 'torch_peer.py')]);
  child.stderr.pipe(process.stderr);
  child.stdin.end(request);
  const lines: unknown[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(JSON.parse(line));
  if (lines.length < (request === '' ? 1 : 2))
    throw new Error('The peer ended before it answered; its error is above.');
  return lines;
}
