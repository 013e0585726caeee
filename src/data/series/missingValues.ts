/** What becomes of missing values: they are refused, or filled in between their neighbours. */
import { UserError } from '../../errors';
import { type Sentence, sentence } from '../../sentence';
import type { SeriesPlace } from './labelledSeries';

export type MissingRule = 'refuse' | 'interpolate';

/**
 * Settles the missing values (NaN) of `values` `[length, channels]` in place. `interpolate` draws a straight line between
 * the neighbours in the same channel; before the first and after the last known value it repeats that one.
 * @param place where a step stands
 * @returns how many values were filled in
 * @throws UserError for a missing value that is refused, and for a channel without any known value
 */
export function settleMissing(
  values: Float32Array,
  channels: readonly string[],
  rule: MissingRule,
  place: (step: number) => SeriesPlace,
): number {
  const width = channels.length;
  const length = values.length / width;
  let filled = 0;
  for (const [channel, name] of channels.entries()) {
    const at = (step: number): number => values[step * width + channel]!;
    let known = -1;
    for (let step = 0; step <= length; step++) {
      if (step < length && Number.isNaN(at(step))) {
        if (rule === 'interpolate') continue;
        throw new UserError(
          sentence`Channel "${name}" has no value at step ${step + 1}; fill it in, or set data.missing to "interpolate".`,
          place(step),
        );
      }
      if (step === length && known < 0) {
        throw new UserError(sentence`Channel "${name}" has no values at all; leave it out.`, place(0));
      }
      for (let gap = known + 1; gap < step; gap++) {
        const [before, after] = [known < 0 ? at(step) : at(known), step === length ? at(known) : at(step)];
        const share = known < 0 || step === length ? 0 : (gap - known) / (step - known);
        values[gap * width + channel] = before + share * (after - before);
        filled++;
      }
      known = step;
    }
  }
  return filled;
}

/** The warning for values that were filled in. */
export const filledIn = (count: number): Sentence =>
  sentence`${count} missing values were filled in between their neighbours.`;
