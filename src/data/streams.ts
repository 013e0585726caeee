/** A long row of tokens as parallel streams that are read window by window; knows nothing of what tokens are. */

/** A window of the streams: row-major `[time, streams]`. */
export interface Window {
  readonly time: number;
  readonly streams: number;
  readonly ids: Int32Array;
  /** The token after each; -1 where a stream has ended already. */
  readonly targets: Int32Array;
}

/**
 * Cuts `tokens` into `count` streams of equal length, each a contiguous stretch: stream s is read from its first window to
 * its last, and its state can be carried over from each window to the next. Of the length - 1 pairs of a token and its
 * successor, the first streams take one more where the number is not a multiple of `count`.
 */
export class Streams {
  /** Pairs that every stream has. */
  readonly length: number;
  private readonly remainder: number;

  constructor(
    private readonly tokens: Int32Array,
    readonly count: number,
  ) {
    const pairs = Math.max(0, tokens.length - 1);
    this.length = Math.floor(pairs / count);
    this.remainder = pairs % count;
  }

  /** Pairs of the longest stream. */
  get longest(): number {
    return this.length + (this.remainder > 0 ? 1 : 0);
  }

  /** Steps `from`, at most up to `to`, of the given streams. */
  window(from: number, to: number, streams: readonly number[]): Window {
    const { tokens, length, remainder } = this;
    const time = to - from;
    const size = streams.length;
    const ids = new Int32Array(time * size);
    const targets = new Int32Array(time * size).fill(-1);
    streams.forEach((stream, column) => {
      const start = stream * length + Math.min(stream, remainder);
      const end = Math.min(to, length + (stream < remainder ? 1 : 0));
      for (let step = from; step < end; step += 1) {
        const at = (step - from) * size + column;
        ids[at] = tokens[start + step]!;
        targets[at] = tokens[start + step + 1]!;
      }
    });
    return { time, streams: size, ids, targets };
  }
}
