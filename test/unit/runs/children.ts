/** Starts a TypeScript file beside the tests as a process, to be killed. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Child {
  readonly process: ChildProcess;
  /** The next line of its output; null after its end. */
  nextLine(): Promise<string | null>;
  /** Kills it without a word to it, and waits for its end. */
  kill(): Promise<void>;
}

export function startChild(file: string, ...parameters: string[]): Child {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, file), ...parameters], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    nextLine: async () => {
      const next: IteratorResult<string, unknown> = await lines.next();
      return next.done === true ? null : next.value;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
  };
}
