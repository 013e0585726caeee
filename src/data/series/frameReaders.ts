/** Reads the frames of one example: a NumPy array or a CSV file of numbers, a row a frame; distrusts every size. */
import { UserError } from '../../errors';
import { sentence } from '../../sentence';
import { readLines } from '../lines';
import type { DataFile } from '../source';
import { parseNumber, type ValueBudget } from './labelledSeries';

/** `[frames, features]`, row by row. */
export interface Frames {
  readonly values: Float32Array;
  readonly frames: number;
  readonly features: number;
}

const magic = '\x93NUMPY';
/** Longest header in bytes; NumPy itself writes about a hundred. */
const longestHeader = 65_536;
/** Elements by NumPy's name of the type. */
const readers: Readonly<Record<string, { readonly bytes: number; read(view: DataView, at: number): number }>> = {
  '<f4': { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  '<f8': { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  '<i2': { bytes: 2, read: (view, at) => view.getInt16(at, true) },
};

/**
 * A `.npy` file (NumPy's format versions 1 to 3) of float32, float64 or int16 in little-endian and C order; one axis is
 * frames of one feature, two are frames and features. Integers stay as they are.
 * @throws UserError for anything else, or a file whose size is not what its header says
 */
export async function readNpy(file: DataFile, budget: ValueBudget): Promise<Frames> {
  const place = { file: file.name };
  if (file.bytes > 2 ** 31) throw new UserError(sentence`The array has more than 2 GiB.`, place);
  const bytes = await readAll(file);
  const { shape, type, start } = parseNpyHeader(bytes, file.name);
  const [frames, features = 1] = shape as [number, number?];
  const count = frames * features;
  const reader = readers[type]!;
  budget.take(count, place);
  if (bytes.length - start !== count * reader.bytes) {
    throw new UserError(
      sentence`The array has ${bytes.length - start} bytes of data where its header says ${count * reader.bytes}; the file is cut short or damaged.`,
      place,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, count * reader.bytes);
  const values = new Float32Array(count);
  for (let at = 0; at < count; at++) values[at] = reader.read(view, at * reader.bytes);
  const infinite = values.findIndex((value) => Math.abs(value) === Infinity);
  if (infinite >= 0) {
    throw new UserError(
      sentence`Frame ${Math.floor(infinite / features) + 1} has a value that is not finite as float32.`,
      place,
    );
  }
  return { values, frames, features };
}

function parseNpyHeader(bytes: Uint8Array, file: string): { shape: readonly number[]; type: string; start: number } {
  const text = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
  if (bytes.length < 12 || text(0, 6) !== magic)
    throw new UserError(sentence`This is not a NumPy array (.npy).`, { file });
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const isFirst = bytes[6] === 1;
  const length = isFirst ? view.getUint16(8, true) : view.getUint32(8, true);
  const from = isFirst ? 10 : 12;
  if (bytes[6]! < 1 || bytes[6]! > 3 || length > longestHeader || from + length > bytes.length) {
    throw new UserError(sentence`The header of the NumPy array is damaged.`, { file });
  }
  const header = text(from, from + length);
  const type = /'descr':\s*'([^']*)'/u.exec(header)?.[1] ?? 'a structure';
  const order = /'fortran_order':\s*(True|False)/u.exec(header)?.[1];
  const dims = /'shape':\s*\(([\d,\s]*)\)/u.exec(header)?.[1];
  if (order === undefined || dims === undefined)
    throw new UserError(sentence`The header of the NumPy array is damaged.`, { file });
  if (!Object.hasOwn(readers, type)) {
    throw new UserError(
      sentence`The NumPy array has elements of type ${JSON.stringify(type)}, expected little-endian float32, float64 or int16 ("<f4", "<f8" or "<i2").`,
      { file },
    );
  }
  if (order === 'True') {
    throw new UserError(sentence`The NumPy array is in Fortran order; save numpy.ascontiguousarray of it.`, { file });
  }
  const shape = dims
    .split(',')
    .map((dim) => dim.trim())
    .filter((dim) => dim !== '')
    .map(Number);
  if (shape.length < 1 || shape.length > 2 || shape.some((dim) => dim < 1 || !Number.isSafeInteger(dim))) {
    throw new UserError(
      sentence`The NumPy array has the shape (${dims.trim()}), expected (frames) or (frames, features).`,
      {
        file,
      },
    );
  }
  return { shape, type, start: from + length };
}

/**
 * A CSV file of numbers, a row a frame. A first row in which nothing is a number is a header and is passed over.
 * @throws UserError with file and line for a cell that is no number or a row of another width
 */
export async function readFrameRows(file: Pick<DataFile, 'name' | 'open'>, budget: ValueBudget): Promise<Frames> {
  const numbers: number[] = [];
  let features = 0;
  for await (const { first, lines } of readLines(file)) {
    for (const [at, line] of lines.entries()) {
      if (line.trim() === '') continue;
      const place = { file: file.name, line: first + at };
      const cells = line.replace(/^\uFEFF/u, '').split(',');
      const isHeader = features === 0 && cells.every((cell) => cell.trim() !== '' && Number.isNaN(Number(cell)));
      if (isHeader && place.line === 1) continue;
      features ||= cells.length;
      if (cells.length !== features) {
        throw new UserError(sentence`The row has ${cells.length} numbers where the first has ${features}.`, place);
      }
      budget.take(features, place);
      for (const [column, cell] of cells.entries())
        numbers.push(parseNumber(cell, sentence`Column ${column + 1}`, place));
    }
  }
  if (features === 0)
    throw new UserError(sentence`The file has no frames; expected numbers, a row a frame.`, { file: file.name });
  return { values: Float32Array.from(numbers), frames: numbers.length / features, features };
}

async function readAll(file: DataFile): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.open()) chunks.push(chunk);
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
