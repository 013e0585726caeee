/** Two files whose lines belong together, read side by side in constant memory; knows nothing of what they mean. */
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { readLines } from './lines';
import type { DataFile, DataSource } from './source';

type ReadableFile = Pick<DataFile, 'name' | 'open'>;

/** A line of each file, at the same place. */
export interface LinePair {
  readonly first: string;
  readonly second: string;
  /** From 1. */
  readonly line: number;
}

/** The pairs in order; UserError where one file has more lines than the other, blank ones at the end left out. */
export async function* pairLines(first: ReadableFile, second: ReadableFile): AsyncGenerator<LinePair> {
  const [one, other] = [eachLine(first), eachLine(second)];
  try {
    for (let line = 1; ; line++) {
      const [a, b] = [await one.next(), await other.next()];
      if (a.done === true && b.done === true) return;
      const text = [a, b].map((result) => (result.done === true ? '' : result.value)) as [string, string];
      const short = a.done === true ? first : b.done === true ? second : null;
      if (short !== null && text.some((part) => part.trim() !== '')) {
        const long = short === first ? second : first;
        throw new UserError(
          sentence`The file ends after ${line === 2 ? sentence`1 line` : sentence`${line - 1} lines`}, but ${long.name} goes on; expected as many lines in both.`,
          { file: short.name },
        );
      }
      yield { first: text[0], second: text[1], line };
    }
  } finally {
    await one.return(undefined);
    await other.return(undefined);
  }
}

async function* eachLine(file: ReadableFile): AsyncGenerator<string, undefined> {
  for await (const { lines } of readLines(file)) yield* lines;
  return undefined;
}

/** Lines that go into one chunk of a joined file. */
const linesPerChunk = 1024;

/**
 * A file of texts and one of their labels as one source of JSON lines with the given keys, each on the line that it
 * stands on in the files; it bears the name of the file of texts.
 */
export function pairedSource(
  texts: DataFile,
  labels: DataFile,
  keys: { readonly text: string; readonly label: string },
): DataSource {
  const file: DataFile = {
    name: texts.name,
    bytes: texts.bytes + labels.bytes,
    async *open() {
      const encoder = new TextEncoder();
      let lines: string[] = [];
      for await (const { first, second } of pairLines(texts, labels)) {
        const isBlank = first.trim() === '' && second.trim() === '';
        lines.push(isBlank ? '' : JSON.stringify({ [keys.text]: first, [keys.label]: second }));
        if (lines.length < linesPerChunk) continue;
        yield encoder.encode(`${lines.join('\n')}\n`);
        lines = [];
      }
      if (lines.length > 0) yield encoder.encode(`${lines.join('\n')}\n`);
    },
  };
  return { name: texts.name, kind: 'file', format: 'jsonl', files: [file] };
}
