/** Texts of a stream, one a line, in groups as they arrive; knows nothing of what is done with them. */
import type { Readable } from 'node:stream';
import { asUserError } from './fileErrors';

/** A text and the line that it stands on, from 1. */
export interface NumberedText {
  readonly line: number;
  readonly text: string;
}

/**
 * The lines of a UTF-8 stream that are not blank, a group for each chunk: what was typed or piped is there at once.
 * `path` names the file in errors.
 */
export async function* readTexts(stream: Readable, path?: string): AsyncGenerator<readonly NumberedText[]> {
  let rest = '';
  let line = 0;
  const take = (texts: readonly string[]): NumberedText[] =>
    texts.map((text) => ({ line: ++line, text })).filter(({ text }) => text.trim() !== '');
  try {
    for await (const chunk of stream.setEncoding('utf8')) {
      const texts = (rest + String(chunk)).split(/\r?\n/);
      if (line === 0) {
        texts[0] = texts[0]!.replace(/^\uFEFF/, '');
      }
      rest = texts.pop()!;
      const group = take(texts);
      if (group.length > 0) {
        yield group;
      }
    }
  } catch (error) {
    throw path === undefined ? error : asUserError(error, path);
  }
  const last = take([rest]);
  if (last.length > 0) {
    yield last;
  }
}
