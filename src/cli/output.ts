/** The two output streams: lines, JSON lines, and on a terminal one live line; knows nothing of what is said. */
import type { Writable } from 'node:stream';
import { fitText } from './displayText';

/** A stream that may be a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** How the output looks. */
export interface OutputOptions {
  readonly stdout: OutputStream;
  readonly stderr: Writable;
  /** Whether stdout shows lines that are rewritten in place; default: whether it is a terminal. */
  readonly isTTY?: boolean;
  /** Width in columns; default: the terminal's own. */
  readonly columns?: number;
  readonly env: NodeJS.ProcessEnv;
  /** Called once when nobody reads stdout any more (`| head`), or it cannot be written. */
  readonly onClosed: () => void;
}

/** Emphasis that a terminal can show. */
export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

/** Select Graphic Rendition codes of ECMA-48. */
const codes: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
};

/** Writes to stdout and stderr for as long as somebody reads. */
export class Output {
  /** Whether stdout is a terminal that can rewrite a line. */
  readonly isTTY: boolean;
  private readonly color: boolean;
  private live = '';
  private closed = false;
  private failure: Error | undefined;

  constructor(private readonly options: OutputOptions) {
    const { stdout, stderr, env } = options;
    this.isTTY = (options.isTTY ?? stdout.isTTY === true) && env['TERM'] !== 'dumb';
    this.color = this.isTTY && (env['NO_COLOR'] ?? '') === '';
    stdout.on('error', this.onStdoutError);
    stderr.on('error', ignoreError);
  }

  /** Width in columns of the terminal; 80 where there is none. */
  get columns(): number {
    return this.options.columns ?? this.options.stdout.columns ?? 80;
  }

  /** Why stdout could not be written, unless its reader just left. */
  get error(): Error | undefined {
    return this.failure;
  }

  /** Writes a line on stdout; a live line stays below it. */
  line(text = ''): void {
    if (this.live === '') {
      this.write(`${text}\n`);
    } else {
      this.write(`\r\x1B[K${text}\n${this.live}`);
    }
  }

  /** Writes text as it is, without a line break of its own; no live line stands below it. */
  text(text: string): void {
    this.status('');
    this.write(text);
  }

  /** Writes several lines. */
  lines(texts: readonly string[]): void {
    for (const text of texts) {
      this.line(text);
    }
  }

  /** Writes a value as one line of JSON. */
  json(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  /** Shows a line that the next call replaces; nothing where stdout is no terminal. An empty text takes it away. */
  status(text: string): void {
    if (!this.isTTY) {
      return;
    }
    // The last column stays free: some terminals wrap as soon as it is filled.
    const fitted = fitText(text, this.columns - 1);
    if (fitted !== this.live) {
      this.live = fitted;
      this.write(`\r\x1B[K${fitted}`);
    }
  }

  /** Writes a line on stderr; on a terminal the live line stays below it. */
  errorLine(text: string): void {
    const live = this.live;
    this.status('');
    this.options.stderr.write(`${text}\n`);
    this.status(live);
  }

  /** `text` with emphasis where stdout shows colours and the environment does not say NO_COLOR. */
  paint(style: Style, text: string): string {
    const [on, off] = codes[style];
    return this.color ? `\x1B[${on}m${text}\x1B[${off}m` : text;
  }

  /** Waits until the reader has caught up, so that long output does not pile up in memory. */
  async drained(): Promise<void> {
    const { stdout } = this.options;
    if (!this.closed && stdout.writableNeedDrain) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          stdout.off('drain', done).off('close', done).off('error', done);
          resolve();
        };
        stdout.on('drain', done).on('close', done).on('error', done);
      });
    }
  }

  private write(text: string): void {
    if (!this.closed) {
      this.options.stdout.write(text);
    }
  }

  private readonly onStdoutError = (error: NodeJS.ErrnoException): void => {
    if (this.closed) {
      return;
    }
    this.closed = true;
    if (error.code !== 'EPIPE') {
      this.failure = error;
    }
    this.options.onClosed();
  };
}

function ignoreError(): void {
  // Without a reader on stderr there is nobody left to tell.
}
