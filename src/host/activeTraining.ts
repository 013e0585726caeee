/** The state of one training, gathered from its events; knows neither the engine nor the editor. */
import type { TrainingEvent } from '../protocol';

/** The last event of each kind. */
export type LastEvents = { readonly [T in TrainingEvent['type']]?: Extract<TrainingEvent, { type: T }> };

/** One training from its start to its end. */
export class TrainingState {
  run: { readonly name: string; readonly directory: string } | null = null;
  last: LastEvents = {};
  /** The best epoch so far, of this sitting. */
  best: Extract<TrainingEvent, { type: 'epoch' }> | null = null;
  private readonly controller = new AbortController();
  private tellBegun: () => void = () => undefined;
  /** Resolves when the run begins or the training ends without one. */
  readonly begun = new Promise<void>((resolve) => {
    this.tellBegun = resolve;
  });

  get isStopping(): boolean {
    return this.controller.signal.aborted;
  }

  /** Aborts when the training shall stop. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Asks it to stop. */
  stop(): void {
    this.controller.abort();
  }

  /** Takes the next event. */
  add(event: TrainingEvent): void {
    this.last = { ...this.last, [event.type]: event };
    if (event.type === 'run') {
      this.run = { name: event.name, directory: event.directory };
      this.tellBegun();
    }
    if (event.type === 'epoch' && event.best) this.best = event;
  }

  /** It is over, however it ended. */
  end(): void {
    this.tellBegun();
  }
}
