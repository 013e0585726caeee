/** Arithmetic of zooming and panning along an axis of steps; pure. */

/** First and last step. */
export type StepRange = readonly [number, number];

/** A range inside of the whole, not shorter than `closest` where the whole allows it; null where it is the whole. */
export function zoomedTo(from: number, to: number, [first, last]: StepRange, closest: number): [number, number] | null {
  const length = Math.min(Math.max(closest, to - from), last - first);
  const start = Math.max(first, Math.min(from, last - length));
  const end = Math.min(last, start + length);
  return start <= first && end >= last ? null : [start, end];
}

/** A range scaled around a step. */
export function scaledRange([from, to]: StepRange, factor: number, around: number): StepRange {
  return [around - (around - from) * factor, around + (to - around) * factor];
}

/** A range moved by a share of its length, as far as the whole goes. */
export function movedRange([from, to]: StepRange, share: number, [first, last]: StepRange): StepRange {
  const move = Math.max(first - from, Math.min(share * (to - from), last - to));
  return [from + move, to + move];
}
