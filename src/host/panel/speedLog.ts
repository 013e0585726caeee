/** The speeds of this window's trainings, which no file keeps: runs on disk hold no times, so that equal seeds give equal files. */
import type { Trainings } from '../contracts';

/** Remembers the tokens per second of every step that it hears of. */
export class SpeedLog {
  /** Speeds by run folder and step. */
  private readonly speeds = new Map<string, Map<number, number>>();
  private readonly subscription: { dispose(): unknown };

  constructor(trainings: Pick<Trainings, 'onEvent'>) {
    this.subscription = trainings.onEvent(({ training: { run }, event }) => {
      if (run === null || event.type !== 'step') return;
      let steps = this.speeds.get(run.directory);
      if (steps === undefined) this.speeds.set(run.directory, (steps = new Map<number, number>()));
      steps.set(event.step, event.tokensPerSecond);
    });
  }

  /** Tokens per second at a step of the run in a folder; NaN where it was not heard. */
  at(directory: string, step: number): number {
    return this.speeds.get(directory)?.get(step) ?? NaN;
  }

  dispose(): void {
    this.subscription.dispose();
  }
}
