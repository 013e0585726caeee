/** Rates and times left, from a moving window, so that they are honest after a pause or a change of pace. */

/** Seconds that the rate looks back. */
const windowSeconds = 10;

export class MovingRate {
  private readonly marks: { seconds: number; amount: number }[] = [];

  /** Notes that `amount` in all is done at a time in seconds. */
  mark(seconds: number, amount: number): void {
    this.marks.push({ seconds, amount });
    while (this.marks.length > 2 && seconds - this.marks[1]!.seconds > windowSeconds) this.marks.shift();
  }

  /** Amount per second over the window; null before there are two marks. */
  get perSecond(): number | null {
    const [first, last] = [this.marks[0], this.marks.at(-1)];
    if (first === undefined || last === undefined || last.seconds <= first.seconds) return null;
    return (last.amount - first.amount) / (last.seconds - first.seconds);
  }

  /** Forgets the past: what follows a pause is measured by itself. */
  restart(): void {
    this.marks.length = 0;
  }
}
