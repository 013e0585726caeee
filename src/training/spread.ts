/** A few of many. */

/** Up to `count` of the numbers, evenly from all. */
export function spread(numbers: Int32Array, count: number): Int32Array {
  const stride = Math.max(1, Math.floor(numbers.length / count));
  return numbers.filter((_, at) => at % stride === 0).slice(0, count);
}
