/** One engine process from its start to its end: channel, log lines, exit; knows no requests and never restarts. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type Logger,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { forkEngine, type ForkOptions } from './forkEngine';

/** How to start an engine process. */
export interface EngineOptions extends ForkOptions {
  /** Takes each line that the engine prints. */
  readonly log: (line: string) => void;
}

/** How an engine process ended. */
export interface EngineExit {
  /** Exit code, or null where a signal ended it or it never started. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether this side asked for the end. */
  readonly expected: boolean;
  /** The last lines that it printed on stderr, oldest first. */
  readonly lastLines: readonly string[];
  /** Why it could not be started, or undefined where it ran. */
  readonly startError?: Error;
}

/** Lines of stderr that are kept for the error that reports a crash. */
const KEPT_LINES = 20;
/** Milliseconds after the exit in which the last output may still arrive. */
const LAST_OUTPUT = 1_000;
/** Milliseconds that the engine has to end by itself when it is asked to; it gives its work 1.5 s of them. */
const STOP_GRACE = 2_000;

/** A running engine process with a connection to it. */
export class EngineProcess {
  readonly connection: MessageConnection;
  /** Resolves when the process has ended and all that it sent has been handled; never rejects. */
  readonly ended: Promise<EngineExit>;
  private readonly child: ChildProcess;
  private readonly lastLines: string[] = [];
  private expected = false;
  private received = 0;
  private handled = 0;
  private exit: EngineExit | undefined;

  /** @param child a process that was forked in this turn of the event loop; default: a new one */
  constructor(
    private readonly options: EngineOptions,
    child?: ChildProcess,
  ) {
    this.child = child ?? forkEngine(options);
    this.readLines(this.child.stdout);
    this.readLines(this.child.stderr, this.lastLines);
    this.child.on('message', () => this.received++);
    this.connection = createMessageConnection(
      new IPCMessageReader(this.child),
      new IPCMessageWriter(this.child),
      connectionLogger(options.log),
      {
        messageStrategy: {
          handleMessage: (message, next) => {
            this.handled++;
            return next(message);
          },
        },
      },
    );
    this.ended = this.watch();
    this.connection.listen();
  }

  /** How it ended, or undefined while it runs or its last messages are being handled. */
  get exited(): EngineExit | undefined {
    return this.exit;
  }

  /** Process id, or undefined where it could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Whether requests can still be sent: false from the moment in which the end is known or asked for. */
  get usable(): boolean {
    return this.child.connected && !this.expected && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Asks the process to end by closing the channel, kills it after two seconds, and waits for its end. */
  async stop(): Promise<EngineExit> {
    this.expected = true;
    if (this.child.connected) {
      this.child.disconnect();
    }
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_GRACE);
    try {
      return await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the process at once; what it has not written is lost. */
  kill(): void {
    this.expected = true;
    this.child.kill('SIGKILL');
  }

  private async watch(): Promise<EngineExit> {
    const { child } = this;
    // Not the event `close`: it never comes when this side has closed the channel.
    const output = Promise.all([closed(child.stdout), closed(child.stderr), disconnected(child)]);
    const end = await new Promise<Pick<EngineExit, 'code' | 'signal' | 'startError'>>((resolve) => {
      child.on('exit', (code, signal) => {
        resolve({ code, signal });
      });
      child.on('error', (error) => {
        if (child.pid === undefined) {
          resolve({ code: null, signal: null, startError: error });
        } else {
          this.options.log(`The engine's process reported an error: ${error.message}`);
        }
      });
    });
    if (end.startError === undefined) {
      // A descendant of the engine could keep a pipe open for ever.
      const late = new AbortController();
      await Promise.race([output, delay(LAST_OUTPUT, undefined, { signal: late.signal }).catch(() => undefined)]);
      late.abort();
    }
    // The connection handles one message a turn: an answer that came before the exit is delivered before the rejection.
    while (this.handled < this.received) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.exit = { ...end, expected: this.expected, lastLines: [...this.lastLines] };
    this.connection.dispose();
    return this.exit;
  }

  private readLines(stream: Readable | null, kept: string[] = []): void {
    if (stream === null) {
      return;
    }
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
      kept.push(line);
      kept.splice(0, kept.length - KEPT_LINES);
      this.options.log(line);
    });
  }
}

async function closed(stream: Readable | null): Promise<void> {
  if (stream !== null && !stream.closed) {
    await new Promise((resolve) => stream.once('close', resolve));
  }
}

async function disconnected(child: ChildProcess): Promise<void> {
  if (child.connected) {
    await new Promise((resolve) => child.once('disconnect', resolve));
  }
}

function connectionLogger(log: (line: string) => void): Logger {
  return { error: log, warn: log, info: log, log: () => undefined };
}
