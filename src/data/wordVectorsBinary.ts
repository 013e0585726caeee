/** Reads word2vec's binary vectors: a text line "count width", then each word, a space and its 32-bit floats. */
import { UserError } from '../errors';
import { sentence } from '../sentence';
import type { DataFile } from './source';
import { checkWidth, type VectorSink } from './wordMatcher';

const space = 32;
const lineFeed = 10;

/** Streams the words and vectors to the sink; words need not be UTF-8. UserError where the file is not as its header says. */
export async function readBinaryVectors(file: DataFile, width: number, sink: VectorSink): Promise<void> {
  const place = { file: file.name, line: 1 };
  const decoder = new TextDecoder('utf-8');
  let rest: Uint8Array = new Uint8Array(0);
  let expected = -1;
  let count = 0;
  for await (const chunk of file.open()) {
    const bytes = joined(rest, chunk);
    let at = 0;
    if (expected < 0) {
      const end = bytes.indexOf(lineFeed);
      const header = /^(\d+) (\d+)\s*$/u.exec(decoder.decode(bytes.subarray(0, end < 0 ? 64 : end)));
      if (end < 0 && bytes.length < 64) {
        rest = bytes;
        continue;
      }
      if (end < 0 || header === null) {
        throw new UserError(sentence`The file does not start with "count width" as binary word2vec files do.`, place);
      }
      checkWidth(Number(header[2]), width, place);
      expected = Number(header[1]);
      at = end + 1;
    }
    while (count < expected) {
      // The original tool ends each vector with a line feed, others do not.
      const start = bytes[at] === lineFeed ? at + 1 : at;
      const end = bytes.indexOf(space, start);
      if (end < 0 || end + 1 + width * 4 > bytes.length) break;
      const ids = sink.wants(decoder.decode(bytes.subarray(start, end)));
      if (ids.length > 0) takeVector(bytes, end + 1, width, ids, sink);
      at = end + 1 + width * 4;
      count += 1;
    }
    rest = bytes.slice(at);
  }
  if (expected < 0)
    throw new UserError(sentence`The file does not start with "count width" as binary word2vec files do.`, place);
  if (count < expected) {
    throw new UserError(sentence`The file ends after ${count} of the ${expected} vectors that its header tells of.`, {
      file: file.name,
    });
  }
}

function takeVector(bytes: Uint8Array, at: number, width: number, ids: readonly number[], sink: VectorSink): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, width * 4);
  for (let position = 0; position < width; position += 1) sink.set(ids, position, view.getFloat32(position * 4, true));
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
