/** Cuts a forecast to its last rows, so that a long series fits into an answer; pure. */
import type { ForecastResult } from '../protocol';

/** The last `count` rows with the anomalies that reach into them, and how many rows stood before. */
export function lastRows(result: ForecastResult, count: number): ForecastResult {
  const skipped = Math.max(0, result.rows.length - count);
  if (skipped === 0) return result;
  const moved = (row: number) => Math.max(0, row - skipped);
  return {
    ...result,
    rows: result.rows.slice(skipped),
    skipped,
    alarms: result.alarms
      .filter(({ last }) => last >= skipped)
      .map(({ first, last, peak, cause }) => ({
        first: moved(first),
        last: moved(last),
        peak: moved(peak),
        cause: moved(cause),
      })),
  };
}
