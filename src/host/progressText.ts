/** Numbers of a training as people read them, in few characters; pure. */

/** Three significant digits: `0.312`, `12.3`, `1.2e-5`; `NaN` and `∞` as they are. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e6)) return value.toExponential(1);
  return size >= 100 ? String(Math.round(value)) : value.toPrecision(3);
}

/** Seconds as a clock shows them: `0:42`, `12:05`, `1:02:09`; undefined where there is nothing to tell. */
export function clock(seconds: number | null | undefined): string | undefined {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return undefined;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** A smoothed value: the exponential moving mean, divided by the sum of its weights, so that it starts at the first value. */
export class MovingMean {
  private sum = 0;
  private weight = 0;

  constructor(
    /** Weight of the past, 0…1. */
    private readonly past: number,
  ) {}

  /** Takes a value and gives the mean; a value that is no number leaves it as it was. */
  add(value: number): number {
    if (Number.isFinite(value)) {
      this.sum = this.past * this.sum + (1 - this.past) * value;
      this.weight = this.past * this.weight + (1 - this.past);
    }
    return this.weight === 0 ? value : this.sum / this.weight;
  }
}
