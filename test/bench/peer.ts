/** The way to the peer: a Python process that measures PyTorch on the same rows, in turn with us. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The environment that the parity tests install. */
const environment = join(import.meta.dirname, '../parity/.venv');

export class TorchPeer {
  private constructor(
    readonly version: string,
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly lines: AsyncIterator<string>,
  ) {}

  /** Starts it; null where its Python environment is not there. */
  static async start(): Promise<TorchPeer | null> {
    const python = join(environment, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
    if (!existsSync(python)) return null;
    const child = spawn(python, [join(import.meta.dirname, 'torch_peer.py')]);
    child.stderr.pipe(process.stderr);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { version } = JSON.parse(await nextLine(lines)) as { version: string };
    return new TorchPeer(version, child, lines);
  }

  /** Milliseconds of a row: a median, or one epoch. */
  async measure(kind: 'train' | 'infer' | 'epoch', row: object, threads: number): Promise<number> {
    this.child.stdin.write(`${JSON.stringify({ kind, row, threads })}\n`);
    const { milliseconds } = JSON.parse(await nextLine(this.lines)) as { milliseconds: number };
    return milliseconds;
  }

  /** Ends the process. */
  close(): void {
    this.child.stdin.end();
  }
}

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const result = await lines.next();
  if (result.done === true) throw new Error('The peer ended before it answered; its error is above.');
  return result.value;
}
