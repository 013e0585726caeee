/** The rows of a table that a batch touches, with places renumbered among them; knows no model. */
import { tensor, type Tensor } from '../runtime/session';

/**
 * Copies the rows out of `table` `[rows, width]`.
 * @param places rows by number, which stay as they are
 */
export function touchedRows(
  places: Int32Array,
  table: Float32Array,
  width: number,
): { readonly places: Int32Array; readonly rows: Tensor<'float32'> } {
  const numbers = new Map<number, number>();
  const renumbered = places.map((place) => {
    const known = numbers.get(place);
    if (known !== undefined) return known;
    numbers.set(place, numbers.size);
    return numbers.size - 1;
  });
  const rows = new Float32Array(numbers.size * width);
  for (const [place, number] of numbers) rows.set(table.subarray(place * width, (place + 1) * width), number * width);
  return { places: renumbered, rows: tensor('float32', [numbers.size, width], rows) };
}
