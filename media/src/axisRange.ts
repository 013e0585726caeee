/** Where axes begin and end: far enough for the data, and still while it grows a little. */

/** The end of a step axis: beyond `last` by at most a sixteenth, so that a live curve seldom moves the others. */
export function stepAxisEnd(last: number): number {
  if (last <= 16) return Math.max(1, last);
  const unit = 2 ** (Math.floor(Math.log2(last)) - 4);
  return Math.ceil(last / unit) * unit;
}

/** A linear axis around the data with round ends; not below 0 for data that is not. */
export function linearRange(low: number, high: number): readonly [number, number] {
  if (low > high) return [0, 1];
  const size = high - low || Math.abs(high) || 1;
  const unit = 10 ** Math.floor(Math.log10(size)) / 2;
  const start = exact(Math.floor((low - size * 0.04) / unit) * unit);
  const end = exact(Math.ceil((high + size * 0.04) / unit) * unit);
  return [low >= 0 ? Math.max(0, start) : start, end];
}

/** A round number without the dust of binary fractions. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}

/** The multiples of a number between two others. */
export function multiples(low: number, high: number, of: number): number[] {
  const first = Math.ceil(low / of);
  return Array.from({ length: Math.max(0, Math.floor(high / of) - first + 1) }, (_, at) => (first + at) * of);
}

/** The least 1, 2 or 5 times a power of ten that is not below a number, and not below 1. */
export function roundStep(least: number): number {
  return least <= 1 ? 1 : -roundDown(-least);
}

/** A logarithmic axis around the positive part of the data, from a 1, 2 or 5 to another. */
export function logRange(low: number, high: number): readonly [number, number] {
  if (low > high || high <= 0) return [0.1, 10];
  const floor = Math.max(low, high / 1e6);
  const start = roundDown(floor);
  const end = -roundDown(-high);
  return start === end ? [start / 2, end * 2] : [start, end];
}

/** The marks of a logarithmic axis: each 1, 2 and 5 times a power of ten, or the powers alone where there are many. */
export function logMarks(low: number, high: number): number[] {
  const marks: number[] = [];
  const last = Math.floor(Math.log10(high) + 1e-9);
  const first = Math.floor(Math.log10(low) + 1e-9);
  const digits = last - first > 2 ? [1] : [1, 2, 5];
  for (let power = first; power <= last; power++) {
    for (const digit of digits) {
      const mark = Number(`${digit}e${power}`);
      if (mark >= low * (1 - 1e-9) && mark <= high * (1 + 1e-9)) marks.push(mark);
    }
  }
  return marks;
}

/** The next 1, 2 or 5 times a power of ten towards −∞ of its sign: down for positive values, up in size for negative. */
function roundDown(value: number): number {
  const size = Math.abs(value);
  const power = 10 ** Math.floor(Math.log10(size));
  const digit = size / power;
  const steps = [1, 2, 5, 10];
  if (value > 0) return exact(steps.findLast((step) => step <= digit * (1 + 1e-9))! * power);
  return -exact(steps.find((step) => step >= digit * (1 - 1e-9))! * power);
}
