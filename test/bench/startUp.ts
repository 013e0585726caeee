/** What a person waits for at the command line: the first training step, and the class of a text. */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

const dist = join(import.meta.dirname, '../../dist');

/** Milliseconds from a command to its first JSON line of which `isIt` holds; the command is then interrupted. */
async function until(
  args: readonly string[],
  cwd: string,
  isIt: (line: { type?: string }) => boolean,
): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [join(dist, 'cli.cjs'), ...args, '--json'], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  let found: number | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    if (found !== null || !isIt(JSON.parse(line) as { type?: string })) continue;
    found = performance.now() - start;
    child.kill('SIGINT');
  }
  await closed;
  if (found === null) throw new Error(`sequence-lab ${args.join(' ')} did not tell what was waited for.`);
  return found;
}

/** A copy of the chat sample to train in. */
export class ChatSample {
  private constructor(private readonly folder: string) {}

  static async make(): Promise<ChatSample> {
    const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-bench-'));
    await cp(join(dist, 'samples/chat-toxicity'), folder, { recursive: true });
    return new ChatSample(folder);
  }

  /** Milliseconds from the command to its first training step. */
  firstStep(): Promise<number> {
    return until(['train', 'chat-toxicity.rnn.json'], this.folder, ({ type }) => type === 'step');
  }

  /** Trains a model, for `classify`. */
  async train(): Promise<void> {
    const args = [join(dist, 'cli.cjs'), 'train', 'chat-toxicity.rnn.json', '--out', 'runs'];
    const child = spawn(process.execPath, args, { cwd: this.folder, stdio: ['ignore', 'ignore', 'inherit'] });
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`The sample's training ended with code ${String(code)}.`);
  }

  /** Milliseconds of a whole command that loads a model and classifies a text, to its end. */
  async classify(): Promise<number> {
    const args = [
      join(dist, 'cli.cjs'),
      'predict',
      'runs/chat-toxicity-1/model.onnx',
      '--text',
      'well played, see you tomorrow',
    ];
    const start = performance.now();
    const child = spawn(process.execPath, args, { cwd: this.folder, stdio: ['ignore', 'ignore', 'inherit'] });
    await new Promise((resolve) => child.once('close', resolve));
    return performance.now() - start;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
