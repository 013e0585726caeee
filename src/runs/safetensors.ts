/**
 * The safetensors format (https://huggingface.co/docs/safetensors): eight bytes with the length of a JSON header, the
 * header, then the numbers, all little-endian. Decoding trusts nothing. Must not know what the tensors are for.
 */
import { english, type Sentence, sentence } from '../sentence';

/** Array that holds the numbers of each type. */
export interface TensorArrays {
  F64: Float64Array;
  I64: BigInt64Array;
  F32: Float32Array;
  I32: Int32Array;
  U8: Uint8Array;
}
export type TensorType = keyof TensorArrays;

/** A tensor on disk; `data` holds the product of `shape` numbers, in row-major order. */
export type CheckpointTensor = {
  [Type in TensorType]: { readonly dtype: Type; readonly shape: readonly number[]; readonly data: TensorArrays[Type] };
}[TensorType];

/** All that a file holds. */
export interface Checkpoint {
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Why bytes are no safetensors file, for a person; the caller knows the file's path and makes a UserError of it. */
export class DamagedTensors extends Error {
  override readonly name = 'DamagedTensors';

  constructor(readonly wording: Sentence) {
    super(english(wording));
  }
}

/** Where a tensor lies in the data behind the header, in bytes. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: TensorType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface TensorHeader {
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Largest header in bytes, the limit of the reference implementation. */
const largestHeader = 100_000_000;
const metadataName = '__metadata__';

/** Bytes of a number. Written from wide to narrow, so that every tensor is aligned without gaps. */
const widths: Record<TensorType, number> = { F64: 8, I64: 8, F32: 4, I32: 4, U8: 1 };

/** The file as chunks: header first, then a view (no copy) of each tensor. Equal content gives equal bytes. */
export function encodeSafetensors({ tensors, metadata }: Checkpoint): Uint8Array[] {
  const sorted = [...tensors].sort(
    ([nameA, a], [nameB, b]) => widths[b.dtype] - widths[a.dtype] || (nameA < nameB ? -1 : 1),
  );
  const fields: string[] = [];
  const pairs = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  if (pairs.length > 0) {
    fields.push(field(metadataName, `{${pairs.map(([key, value]) => field(key, JSON.stringify(value))).join(',')}}`));
  }
  const views: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    if (name === metadataName || shape.reduce((a, b) => a * b, 1) !== data.length) {
      throw new Error(`tensor ${name}: ${data.length} numbers do not fit the shape [${shape.join(', ')}]`);
    }
    const end = offset + data.byteLength;
    fields.push(field(name, JSON.stringify({ dtype, shape, data_offsets: [offset, end] })));
    views.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset = end;
  }
  const json = new TextEncoder().encode(`{${fields.join(',')}}`);
  const padded = Math.ceil(json.length / 8) * 8;
  const head = new Uint8Array(8 + padded).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(padded), true);
  head.set(json, 8);
  return [head, ...views];
}

/** Names are joined by hand: an object would take `__proto__` for its prototype and put numbers first. */
const field = (name: string, json: string): string => `${JSON.stringify(name)}:${json}`;

/**
 * Reads a whole file; every tensor has memory of its own.
 * @throws DamagedTensors
 */
export function decodeSafetensors(bytes: Uint8Array): Checkpoint {
  const length = headerLength(bytes, bytes.length);
  const data = bytes.subarray(8 + length);
  const { entries, metadata } = decodeHeader(bytes.subarray(8, 8 + length), data.length);
  const tensors = new Map(
    entries.map((entry) => {
      const { tensor, bytes: target } = allocateTensor(entry);
      target.set(data.subarray(entry.begin, entry.end));
      return [entry.name, tensor] as const;
    }),
  );
  return { tensors, metadata };
}

/**
 * Length of the header in bytes, from the first eight bytes of a file of `fileLength` bytes.
 * @throws DamagedTensors
 */
export function headerLength(first: Uint8Array, fileLength: number): number {
  if (fileLength < 8 || first.length < 8) {
    throw new DamagedTensors(sentence`it has ${fileLength} bytes, expected at least 8`);
  }
  const length = new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(Math.min(largestHeader, fileLength - 8))) {
    throw new DamagedTensors(sentence`its header claims ${length.toString()} bytes, and the file has ${fileLength}`);
  }
  return Number(length);
}

/**
 * What the header says, once all of it fits together and fits `dataLength` bytes of data: no gap, no overlap, nothing left.
 * @throws DamagedTensors
 */
export function decodeHeader(bytes: Uint8Array, dataLength: number): TensorHeader {
  const header = objectOf(parseJson(bytes), sentence`its header`);
  const entries: TensorEntry[] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === metadataName) {
      metadata = metadataOf(value);
    } else {
      entries.push(entryOf(name, value));
    }
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let offset = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== offset) {
      throw new DamagedTensors(sentence`its tensor ${JSON.stringify(name)} begins at ${begin}, expected ${offset}`);
    }
    offset = end;
  }
  if (offset !== dataLength) {
    throw new DamagedTensors(sentence`it holds ${dataLength} bytes of numbers, expected ${offset}`);
  }
  return { entries, metadata };
}

/** An empty tensor for an entry, with a view of its bytes to fill. */
export function allocateTensor({ dtype, shape, begin, end }: TensorEntry): {
  tensor: CheckpointTensor;
  bytes: Uint8Array;
} {
  const buffer = new ArrayBuffer(end - begin);
  return { tensor: tensorOver(dtype, shape, buffer), bytes: new Uint8Array(buffer) };
}

function tensorOver(dtype: TensorType, shape: readonly number[], buffer: ArrayBuffer): CheckpointTensor {
  switch (dtype) {
    case 'F64':
      return { dtype, shape, data: new Float64Array(buffer) };
    case 'I64':
      return { dtype, shape, data: new BigInt64Array(buffer) };
    case 'F32':
      return { dtype, shape, data: new Float32Array(buffer) };
    case 'I32':
      return { dtype, shape, data: new Int32Array(buffer) };
    case 'U8':
      return { dtype, shape, data: new Uint8Array(buffer) };
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new DamagedTensors(sentence`its header is no JSON`); // The parser's own words quote bytes that nobody can read.
  }
}

function objectOf(value: unknown, what: Sentence): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DamagedTensors(sentence`${what} is no JSON object`);
  }
  return value as Record<string, unknown>;
}

function metadataOf(value: unknown): Record<string, string> {
  const pairs = Object.entries(objectOf(value, sentence`its ${metadataName}`));
  const wrong = pairs.find(([, text]) => typeof text !== 'string');
  if (wrong !== undefined) {
    throw new DamagedTensors(sentence`its ${metadataName} holds a value that is no text`);
  }
  return Object.fromEntries(pairs) as Record<string, string>;
}

function entryOf(name: string, value: unknown): TensorEntry {
  const what = sentence`its tensor ${JSON.stringify(name.slice(0, 100))}`;
  const { dtype, shape, data_offsets: offsets } = objectOf(value, what);
  if (typeof dtype !== 'string' || !isTensorType(dtype)) {
    throw new DamagedTensors(sentence`${what} is of a type that is none of ${Object.keys(widths).join(', ')}`);
  }
  if (!isListOfCounts(shape)) {
    throw new DamagedTensors(sentence`${what} has no valid shape`);
  }
  const [begin, end] = isListOfCounts(offsets) && offsets.length === 2 ? offsets : [];
  if (begin === undefined || end === undefined || begin > end) {
    throw new DamagedTensors(sentence`${what} has no valid offsets`);
  }
  const length = byteLength(shape, widths[dtype]);
  if (length !== end - begin) {
    throw new DamagedTensors(
      sentence`${what} spans ${end - begin} bytes, which its type and shape do not fill exactly`,
    );
  }
  return { name, dtype, shape, begin, end };
}

const isTensorType = (name: string): name is TensorType => Object.hasOwn(widths, name);

const isListOfCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);

/** Bytes of a shape, or undefined where the product is beyond exact numbers. */
function byteLength(shape: readonly number[], width: number): number | undefined {
  if (shape.includes(0)) {
    return 0;
  }
  let length = width;
  for (const count of shape) {
    length *= count;
    if (!Number.isSafeInteger(length)) {
      return undefined;
    }
  }
  return length;
}
