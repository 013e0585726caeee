/** The inputs that tell a graph which steps of a padded batch are real. */
import { tensor, type Tensor } from '../runtime/session';

/** `mask` (1 at real steps) and `last` (1 at the last real step), both `[time, 1, batch]`. */
export function paddingTensors(time: number, size: number, lengths: Int32Array): Record<'mask' | 'last', Tensor> {
  const mask = new Float32Array(time * size);
  const last = new Float32Array(time * size);
  lengths.forEach((length, example) => {
    for (let step = 0; step < length; step++) mask[step * size + example] = 1;
    last[(length - 1) * size + example] = 1;
  });
  const dims = [time, 1, size];
  return { mask: tensor('float32', dims, mask), last: tensor('float32', dims, last) };
}
