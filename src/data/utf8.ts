/** Bytes to text, refusing what is not UTF-8 with the line it stands on; knows no file format. */
import { UserError } from '../errors';
import { sentence } from '../sentence';

const lineFeed = 10;

/** Decodes a file chunk by chunk; strips a byte order mark; a UserError names the line of the first wrong byte. */
export class Utf8Decoder {
  readonly #file: string;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  /** Line breaks before the current chunk. */
  #lines = 0;
  /** The last bytes of the chunk before, where a character may have begun. */
  #tail: Uint8Array = new Uint8Array(0);

  constructor(file: string) {
    this.#file = file;
  }

  /** The text of the next chunk; a character that is cut by the chunk's end comes with the next one. */
  decode(chunk: Uint8Array): string {
    try {
      const text = this.#decoder.decode(chunk, { stream: true });
      this.#remember(chunk);
      return text;
    } catch {
      throw this.#error(chunk);
    }
  }

  /** Must be called after the last chunk: a character that is cut by the end of the file is an error. */
  end(): void {
    try {
      this.#decoder.decode();
    } catch {
      throw new UserError(sentence`The file ends in the middle of a UTF-8 character; save it again as UTF-8.`, {
        file: this.#file,
        line: this.#lines + 1,
      });
    }
  }

  #remember(chunk: Uint8Array): void {
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) this.#lines += 1;
    this.#tail = chunk.length >= 3 ? chunk.slice(-3) : Uint8Array.from([...this.#tail, ...chunk].slice(-3));
  }

  /** No UTF-8 character contains the byte of a line feed, so each line can be tried by itself. */
  #error(chunk: Uint8Array): UserError {
    const cut = incompleteLength(this.#tail);
    const bytes = Uint8Array.from([...this.#tail.slice(this.#tail.length - cut), ...chunk]);
    if (this.#lines === 0 && isUtf16(bytes)) {
      return new UserError(sentence`The file is UTF-16 but must be UTF-8; save it as UTF-8.`, {
        file: this.#file,
        line: 1,
      });
    }
    let line = this.#lines + 1;
    let start = 0;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
      if (!isUtf8(bytes.subarray(start, end))) break;
      line += 1;
      start = end + 1;
    }
    return new UserError(sentence`The line has bytes that are not UTF-8 text; save the file as UTF-8.`, {
      file: this.#file,
      line,
    });
  }
}

/** Whether a text starts with the byte order mark of UTF-16, no byte of which occurs in UTF-8. */
function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** How many bytes at the end begin a character that goes on after them. */
function incompleteLength(tail: Uint8Array): number {
  for (let length = 1; length <= tail.length; length += 1) {
    const byte = tail[tail.length - length]!;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > length ? length : 0;
    }
    if (byte < 0x80) return 0;
  }
  return 0;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
