/** Mean and standard deviation of channels, learned on some series and used on others. */

/** By channel, in float32; a channel that never changes has the deviation 1. The shape of `Scaling` in `src/models`. */
export interface ChannelScaling {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Learns from pieces `[steps, channels]`, all numbers known; over all steps alike (Welford's sums in double precision). */
export function learnScaling(pieces: Iterable<Float32Array>, channels: number): ChannelScaling {
  const mean = new Float64Array(channels);
  const squares = new Float64Array(channels);
  let steps = 0;
  for (const piece of pieces) {
    for (let start = 0; start < piece.length; start += channels) {
      steps++;
      for (let channel = 0; channel < channels; channel++) {
        const value = piece[start + channel]!;
        const away = value - mean[channel]!;
        mean[channel]! += away / steps;
        squares[channel]! += away * (value - mean[channel]!);
      }
    }
  }
  const deviations = Array.from(squares, (sum) => Math.fround(Math.sqrt(sum / Math.max(1, steps))));
  return {
    mean: Array.from(mean, Math.fround),
    deviation: deviations.map((deviation) => (deviation > 0 && Number.isFinite(deviation) ? deviation : 1)),
  };
}

/** Leaves numbers as they are. */
export function noScaling(channels: number): ChannelScaling {
  return { mean: Array<number>(channels).fill(0), deviation: Array<number>(channels).fill(1) };
}

/** One number of a channel, standardised. */
export function standardize({ mean, deviation }: ChannelScaling, value: number, channel: number): number {
  return (value - mean[channel]!) / deviation[channel]!;
}
