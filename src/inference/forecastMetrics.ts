/** Scores of a forecaster from standardised forecasts and values. */
import type { RegressionLoss } from '../nn/regressionLosses';
import type { ForecastMetrics } from '../protocol';

export class ForecastScorer {
  private count = 0;
  private squares = 0;
  private sizes = 0;
  private losses = 0;

  constructor(private readonly loss: RegressionLoss) {}

  /** Numbers of equal count in equal order. */
  add(forecasts: Float32Array, values: Float32Array): void {
    const { loss } = this;
    for (let at = 0; at < values.length; at++) {
      const size = Math.abs(forecasts[at]! - values[at]!);
      this.squares += size * size;
      this.sizes += size;
      if (loss.type === 'huber') {
        this.losses += size <= loss.delta ? (size * size) / 2 : loss.delta * (size - loss.delta / 2);
      }
    }
    this.count += values.length;
  }

  metrics(): ForecastMetrics {
    const mean = (sum: number): number => (this.count === 0 ? 0 : sum / this.count);
    const mse = mean(this.squares);
    return { loss: this.loss.type === 'mse' ? mse : mean(this.losses), mse, mae: mean(this.sizes) };
  }
}
