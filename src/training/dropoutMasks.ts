/** Dropout masks: a function of seed, step and replica alone, so that a resumed run draws the same. */
import { createRandom } from '../data/random';

/**
 * Fills `mask` with 0 for a share `rate` of the elements and 1 / (1 - rate) for the others (inverted dropout). Each
 * element is decided by 16 random bits: the share is exact to 1 / 65,536.
 */
export function fillDropoutMask(mask: Float32Array, rate: number, seed: number, ...stream: readonly number[]): void {
  const random = createRandom(seed, 'dropout', ...stream);
  const threshold = Math.round(rate * 65_536);
  const scale = 1 / (1 - rate);
  for (let at = 0; at < mask.length; at += 2) {
    const bits = random.nextUint32();
    mask[at] = (bits & 0xffff) < threshold ? 0 : scale;
    if (at + 1 < mask.length) mask[at + 1] = bits >>> 16 < threshold ? 0 : scale;
  }
}
