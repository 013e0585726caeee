/** Ctrl-C and SIGTERM as a request to stop and, the second time, to stop at once; knows no command. */

/** What sends signals; `process` does. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** Turns signals into one AbortSignal. */
export class Interruption {
  private readonly controller = new AbortController();
  private received = false;

  constructor(
    private readonly source: SignalSource,
    private readonly onFirst: () => void,
    private readonly onSecond: () => void,
  ) {
    source.on('SIGINT', this.onSignal);
    source.on('SIGTERM', this.onSignal);
  }

  /** Aborts on the first signal, or when the work was called off for another reason. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Whether the user interrupted. */
  get byUser(): boolean {
    return this.received;
  }

  /** Calls the work off without a signal from outside. */
  stop(): void {
    this.controller.abort();
  }

  /** Listens no more. */
  dispose(): void {
    this.source.off('SIGINT', this.onSignal);
    this.source.off('SIGTERM', this.onSignal);
  }

  private readonly onSignal = (): void => {
    if (this.received) {
      this.onSecond();
      return;
    }
    this.received = true;
    this.onFirst();
    this.controller.abort();
  };
}
