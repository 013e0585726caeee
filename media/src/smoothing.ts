/** The moving mean behind the bold curves; knows no chart. */
import { Column } from './column';

/** Greatest weight of the past that the slider offers. */
export const greatestSmoothing = 0.99;

/**
 * An exponential moving mean without the bias of its start: m ← w·m + (1−w)·x, shown as m / (1 − wⁿ)
 * (Kingma & Ba 2014, section 3). The weight w of the past is in 0…1.
 */
export class MovingMean {
  private mean = 0;
  private pastWeight = 1;

  constructor(private readonly weight: number) {}

  /** The smoothed value after one more. */
  next(value: number): number {
    this.mean = this.weight * this.mean + (1 - this.weight) * value;
    this.pastWeight *= this.weight;
    return this.mean / (1 - this.pastWeight);
  }
}

/** A column's moving mean, kept up as the column grows. */
export class SmoothedColumn {
  private mean = new MovingMean(0);
  private weight = 0;
  private smoothed = new Column();

  constructor(private readonly raw: Column) {}

  /** The smoothed numbers for a weight of the past in 0…1. */
  get(weight: number): Column {
    if (weight <= 0) return this.raw;
    if (weight !== this.weight) {
      this.weight = weight;
      this.mean = new MovingMean(weight);
      this.smoothed = new Column();
    }
    const done = this.smoothed.length;
    if (done < this.raw.length) {
      const fresh = this.raw.values.subarray(done);
      this.smoothed.append(Float64Array.from(fresh, (value) => this.mean.next(value)));
    }
    return this.smoothed;
  }
}
