/** Numbers tokens as they are met, before it is known which ones the vocabulary keeps. */

/** Anything that turns a token into a number: a growing dictionary or a finished vocabulary. */
export interface TokenNumbers {
  idOf(token: string): number;
}

/** Different tokens that a dictionary holds at most: bounds its memory to some hundred megabytes. */
export const maximumDictionarySize = 4_000_000;

/** Provisional ids in the order of meeting, from 1; 0 is every new token after the dictionary is full. */
export class TokenDictionary implements TokenNumbers {
  readonly #ids = new Map<string, number>();
  readonly #limit: number;
  /** By provisional id; the empty text stands for 0. */
  readonly tokens: string[] = [''];
  /** Tokens that came when the dictionary was full. */
  overflow = 0;

  constructor(limit = maximumDictionarySize) {
    this.#limit = limit;
  }

  idOf(token: string): number {
    const known = this.#ids.get(token);
    if (known !== undefined) return known;
    if (this.#ids.size >= this.#limit) {
      this.overflow += 1;
      return 0;
    }
    const own = detach(token);
    const id = this.tokens.length;
    this.#ids.set(own, id);
    this.tokens.push(own);
    return id;
  }
}

/** V8 keeps the whole text alive behind a slice of 13 or more units; a copy lets the text go. */
function detach(token: string): string {
  if (token.length < 13) return token;
  let copy = '';
  for (let start = 0; start < token.length; start += 4096) {
    const codes = Array.from({ length: Math.min(4096, token.length - start) }, (_, i) => token.charCodeAt(start + i));
    copy += String.fromCharCode(...codes);
  }
  return copy;
}
