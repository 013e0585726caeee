/** The bundled command line as a process of its own, the way a user runs it. */
import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

const script = resolve('dist/cli.cjs');

/** How a command ended. */
export interface CliResult {
  /** Exit code, or null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** Working directory. */
  readonly cwd: string;
  /** What stands on stdin. */
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A command that runs. */
export class CliProcess {
  stdout = '';
  stderr = '';
  /** Resolves when the process has ended and all its output is here. */
  readonly ended: Promise<CliResult>;
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private over = false;

  constructor(args: readonly string[], { cwd, input = '', env = process.env }: CliOptions) {
    assert.ok(existsSync(script), 'dist/cli.cjs is missing; npm run build makes it');
    this.child = spawn(process.execPath, [script, ...args], {
      cwd,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    // A command that does not read its input ends before it is written.
    this.child.stdin.on('error', () => undefined);
    this.child.stdin.end(input);
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, signal) => {
        this.over = true;
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The events that a command with --json has printed as whole lines. */
  events(): Record<string, unknown>[] {
    return jsonLines(this.stdout.slice(0, this.stdout.lastIndexOf('\n') + 1));
  }

  /** Waits until `done` or the end of the process; false for the end. */
  async until(done: () => boolean): Promise<boolean> {
    while (!done()) {
      if (this.over) return false;
      await wait(2);
    }
    return true;
  }

  /** Waits until so many training steps were told; false where the process ended first. */
  untilSteps(count: number): Promise<boolean> {
    return this.until(() => this.stdout.split('{"type":"step"').length > count);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Reads its output no more, as `head` does when it has enough. */
  closeOutput(): void {
    this.child.stdout.destroy();
  }

  /** Ctrl-C as a terminal sends it: to this process and to those that it has started. */
  interrupt(): void {
    try {
      process.kill(-this.pid, 'SIGINT');
    } catch {
      // It has ended by itself.
    }
  }
}

/** Runs a command to its end. */
export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return new CliProcess(args, options).ended;
}

/** Runs a command that must succeed without a word on stderr; returns what it printed. */
export async function succeed(args: readonly string[], options: CliOptions): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, options);
  assert.equal(stderr, '');
  assert.equal(code, 0, stdout);
  return stdout;
}

/** Lines of JSON, each of which must be an object. */
export function jsonLines(text: string): Record<string, unknown>[] {
  if (text === '') return [];
  assert.ok(text.endsWith('\n'), `the last line is cut: ${text.slice(-100)}`);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const value: unknown = JSON.parse(line);
      assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), line);
      return value as Record<string, unknown>;
    });
}

/** Ids of the processes that a process has started, where /proc tells. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return []; // It has just ended.
  }
}

/** Whether a process works; one that only waits to be forgotten does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/su.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // No such process.
  }
}
