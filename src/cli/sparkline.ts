/** A curve in one line of text; pure. */

const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * `values` as at most `width` block characters between their minimum and maximum. Where there are more values than
 * characters each character is the mean of its share; one without a finite value is a space.
 */
export function renderSparkline(values: readonly number[], width: number): string {
  const count = Math.min(values.length, Math.max(0, Math.floor(width)));
  const means = Array.from({ length: count }, (_, index) => {
    const start = Math.floor((index * values.length) / count);
    const end = Math.floor(((index + 1) * values.length) / count);
    return meanOfFinite(values, start, end);
  });
  let minimum = Infinity;
  let maximum = -Infinity;
  for (const mean of means) {
    if (!Number.isNaN(mean)) {
      minimum = Math.min(minimum, mean);
      maximum = Math.max(maximum, mean);
    }
  }
  const range = maximum - minimum;
  return means
    .map((mean) => {
      if (Number.isNaN(mean)) {
        return ' ';
      }
      const height = range > 0 ? (mean - minimum) / range : 0;
      return levels[Math.min(levels.length - 1, Math.floor(height * levels.length))]!;
    })
    .join('');
}

function meanOfFinite(values: readonly number[], start: number, end: number): number {
  let sum = 0;
  let count = 0;
  for (let index = start; index < end; index++) {
    const value = values[index]!;
    if (Number.isFinite(value)) {
      sum += value;
      count++;
    }
  }
  return count === 0 ? NaN : sum / count;
}
