/** Pre-trained word vectors for the words of a vocabulary: GloVe, word2vec and fastText files; knows nothing of models. */
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { readLines } from './lines';
import { fileName, type DataFile } from './source';
import { checkWidth, WordMatcher, type VectorSink } from './wordMatcher';
import { readBinaryVectors } from './wordVectorsBinary';

/** `glove` is one word and its numbers a line; `word2vec` (fastText's .vec too) has a line "count width" before that. */
export type VectorFormat = 'glove' | 'word2vec' | 'word2vecBinary';

/** Vectors of the words that the file has. */
export interface WordVectors {
  readonly format: VectorFormat;
  /** Numbers in a vector. */
  readonly width: number;
  /** Row by row, `[vocabulary, width]`; rows that were not found are 0. */
  readonly values: Float32Array;
  /** By vocabulary id: 1 where the file has a vector. */
  readonly found: Uint8Array;
  readonly foundCount: number;
  /** Share of the vocabulary's words found, 0…1; `<pad>` and `<unk>` are no words. */
  readonly foundShare: number;
}

export interface WordVectorOptions {
  /** The vocabulary's tokens by id. */
  readonly tokens: readonly string[];
  /** Width that the vectors must have. */
  readonly width: number;
  readonly onProgress?: ((bytesRead: number, bytesTotal: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Streams the file and keeps the vectors of the vocabulary's words. A word takes the vector of exactly its spelling; else
 * that of its lower-cased form; else the first one in the file whose lower-cased form it is. UserError for another width
 * than asked for, for a line that has another width than the rest, and for what is no number.
 */
export async function readWordVectors(file: DataFile, options: WordVectorOptions): Promise<WordVectors> {
  const { width, tokens, signal, onProgress } = options;
  let bytesRead = 0;
  const watched: DataFile = {
    ...file,
    async *open() {
      for await (const chunk of file.open()) {
        signal?.throwIfAborted();
        bytesRead += chunk.length;
        onProgress?.(bytesRead, file.bytes);
        yield chunk;
      }
    },
  };
  const matcher = new WordMatcher(tokens, width);
  const format = await detectVectorFormat(file);
  if (format === 'word2vecBinary') await readBinaryVectors(watched, width, matcher);
  else await readTextVectors(watched, format, width, matcher);
  const words = Math.max(1, tokens.length - 2);
  const foundCount = matcher.found.reduce((sum, rank) => sum + (rank > 0 ? 1 : 0), 0);
  const found = matcher.found.map((rank) => (rank > 0 ? 1 : 0));
  return { format, width, values: matcher.values, found, foundCount, foundShare: foundCount / words };
}

/** By extension for `.bin`, else by the first line: two whole numbers are word2vec's header. */
export async function detectVectorFormat(file: Pick<DataFile, 'name' | 'open'>): Promise<VectorFormat> {
  if (fileName(file.name).toLowerCase().endsWith('.bin')) return 'word2vecBinary';
  for await (const { lines } of readLines(file)) {
    return headerWidth(lines[0]!) === null ? 'glove' : 'word2vec';
  }
  throw new UserError(sentence`The file is empty; expected word vectors.`, { file: file.name });
}

function headerWidth(line: string): number | null {
  const match = /^(\d+)[ \t]+(\d+)\s*$/u.exec(line);
  return match === null ? null : Number(match[2]);
}

async function readTextVectors(
  file: DataFile,
  format: 'glove' | 'word2vec',
  width: number,
  sink: VectorSink,
): Promise<void> {
  let count = 0;
  for await (const { first, lines } of readLines(file)) {
    for (const [offset, text] of lines.entries()) {
      const place = { file: file.name, line: first + offset };
      if (place.line === 1 && format === 'word2vec') {
        checkWidth(headerWidth(text)!, width, place);
        continue;
      }
      const line = text.trimEnd();
      if (line === '') continue;
      if (count === 0) checkWidth(line.split(/[ \t]/u).length - 1, width, place);
      count += 1;
      takeLine(line, width, sink, place);
    }
  }
  if (count === 0) throw new UserError(sentence`The file has no word vectors in it.`, { file: file.name });
}

/** A line's last `width` fields are its numbers; what stands before them is the word, which may hold spaces. */
function takeLine(line: string, width: number, sink: VectorSink, place: { file: string; line: number }): void {
  let start = line.length;
  let fields = 0;
  for (; fields < width && start > 0; fields += 1) {
    do start -= 1;
    while (start >= 0 && !isBlank(line.charCodeAt(start)));
  }
  if (start <= 0) throw wrongLine(fields - 1, width, place);
  const word = line.slice(0, start);
  if (/[ \t]/u.test(word)) {
    // "at name@domain.com" is a word of two pieces; a number too many is a broken line.
    const pieces = word.split(/[ \t]/u);
    const numbers = pieces.slice(1).filter((piece) => piece !== '' && Number.isFinite(Number(piece)));
    if (numbers.length > 0) throw wrongLine(width + pieces.length - 1, width, place);
  }
  const ids = sink.wants(word);
  if (ids.length === 0) return;
  for (const [position, field] of line
    .slice(start + 1)
    .split(/[ \t]/u)
    .entries()) {
    const value = Number(field);
    if (field === '' || !Number.isFinite(value)) {
      throw new UserError(sentence`"${field}" in the vector of "${word}" is not a number.`, place);
    }
    sink.set(ids, position, value);
  }
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function wrongLine(found: number, width: number, place: { file: string; line: number }): UserError {
  return new UserError(
    sentence`The line has ${found === 1 ? sentence`1 number` : sentence`${found} numbers`} after its word; expected ${width} as in the other lines.`,
    place,
  );
}
