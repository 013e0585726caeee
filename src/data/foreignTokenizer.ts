/**
 * Tokenizers of other makers: reads the `tokenizer.json` of Hugging Face's tokenizers where its model is byte-pair
 * encoding. Its normalisation, words and merges are taken over; ids are not, since a model here numbers what it has seen.
 */
import { UserError } from '../errors';
import { sentence, type SentenceValue } from '../sentence';
import type { Merge } from './bytePairEncoding';

/** A step of normalisation. */
export type Normalizer =
  | { readonly type: 'form'; readonly form: 'NFC' | 'NFD' | 'NFKC' | 'NFKD' }
  | { readonly type: 'lowercase' }
  | { readonly type: 'strip' }
  | { readonly type: 'prepend'; readonly text: string }
  | { readonly type: 'replace'; readonly from: string; readonly to: string };

/** A step that cuts texts into words. */
export type PreTokenizer =
  | { readonly type: 'bytes'; readonly prefixSpace: boolean; readonly cut: boolean }
  | { readonly type: 'metaspace'; readonly mark: string; readonly prepend: boolean; readonly cut: boolean }
  | { readonly type: 'whitespace' }
  | { readonly type: 'whitespaceSplit' };

/** A tokenizer as plain data. */
export interface ForeignTokenizer {
  readonly normalizers: readonly Normalizer[];
  readonly preTokenizers: readonly PreTokenizer[];
  readonly merges: readonly Merge[];
  /** What the last symbol of a word bears; empty for nothing. */
  readonly wordEnd: string;
  /** How pieces become a text: UTF-8 bytes, marks for spaces, the word ends of the merges, or ends that we add. */
  readonly joining: 'bytes' | 'marks' | 'wordEnds' | 'ends';
}

const mark = '\u2581';

/** GPT-2's words: contractions, letters, digits or other characters with the space before them, and white space. */
const byteLevelWords = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** GPT-2's printable stand-ins for bytes: most bytes stand for themselves, the others follow from U+0100. */
const characterOfByte: readonly string[] = (() => {
  const isPrintable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
})();
const byteOfCharacter: ReadonlyMap<string, number> = new Map(
  characterOfByte.map((character, byte) => [character, byte]),
);

/** The words of a text. */
export function foreignWords({ normalizers, preTokenizers }: ForeignTokenizer, text: string): string[] {
  const normal = normalizers.reduce(normalize, text);
  return preTokenizers.reduce<string[]>(
    (words, step) => words.flatMap((word, at) => cutWord(step, word, at === 0)),
    normal === '' ? [] : [normal],
  );
}

function normalize(text: string, step: Normalizer): string {
  switch (step.type) {
    case 'form':
      return text.normalize(step.form);
    case 'lowercase':
      return text.toLowerCase();
    case 'strip':
      return text.trim();
    case 'prepend':
      return text === '' ? text : step.text + text;
    case 'replace':
      return text.replaceAll(step.from, step.to);
  }
}

function cutWord(step: PreTokenizer, word: string, isFirst: boolean): string[] {
  switch (step.type) {
    case 'bytes': {
      const prefixed = step.prefixSpace && !word.startsWith(' ') ? ` ${word}` : word;
      const words = step.cut ? (prefixed.match(byteLevelWords) ?? []) : [prefixed];
      return words.map((part) => Array.from(new TextEncoder().encode(part), (byte) => characterOfByte[byte]!).join(''));
    }
    case 'metaspace': {
      const marked = word.replaceAll(' ', step.mark);
      const whole = step.prepend && isFirst && !marked.startsWith(step.mark) ? step.mark + marked : marked;
      if (!step.cut) return [whole];
      const starts = [...whole.matchAll(new RegExp(escaped(step.mark), 'gu'))].map(({ index }) => index);
      const cuts = [...new Set([0, ...starts, whole.length])];
      return cuts.slice(1).map((end, at) => whole.slice(cuts[at], end));
    }
    case 'whitespace':
      return word.match(/[\p{L}\p{M}\p{N}\p{Pc}]+|[^\p{L}\p{M}\p{N}\p{Pc}\s]+/gu) ?? [];
    case 'whitespaceSplit':
      return word.split(/\s+/u).filter((part) => part !== '');
  }
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/gu, '\\$&');
}

/** The text of pieces. */
export function joinForeign({ joining, wordEnd }: ForeignTokenizer, pieces: readonly string[]): string {
  const whole = pieces.join('');
  switch (joining) {
    case 'bytes':
      return new TextDecoder().decode(bytesOfPiece(whole)).trim();
    case 'marks':
    case 'ends':
      return whole.replaceAll(mark, ' ').trim();
    case 'wordEnds':
      return whole.replaceAll(wordEnd, ' ').trim();
  }
}

/** The UTF-8 bytes that a piece of a byte-level tokenizer stands for; a character may be spread over several pieces. */
export function bytesOfPiece(piece: string): Uint8Array {
  return Uint8Array.from(Array.from(piece, (character) => byteOfCharacter.get(character) ?? 63));
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads the text of a `tokenizer.json`.
 * @throws UserError naming `file` for anything but byte-pair encoding with normalisers and pre-tokenizers known here
 */
export function parseForeignTokenizer(text: string, file: string): ForeignTokenizer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UserError(sentence`this is not JSON; expected the tokenizer.json of a Hugging Face tokenizer.`, { file });
  }
  const model = isObject(json) && isObject(json['model']) ? json['model'] : null;
  if (!isObject(json) || model === null) {
    throw new UserError(
      sentence`there is no "model" in this file; expected the tokenizer.json of a Hugging Face tokenizer.`,
      {
        file,
      },
    );
  }
  const type = model['type'] ?? (Array.isArray(model['merges']) ? 'BPE' : undefined);
  if (type !== 'BPE') {
    throw new UserError(
      sentence`the tokenizer's model is ${shown(type)}; expected "BPE", the only one that can be read.`,
      {
        file,
      },
    );
  }
  const prefix = model['continuing_subword_prefix'];
  if (typeof prefix === 'string' && prefix !== '') {
    throw new UserError(sentence`the tokenizer marks inner parts of words by ${shown(prefix)}; expected none.`, {
      file,
    });
  }
  if (model['ignore_merges'] === true) {
    throw new UserError(
      sentence`the tokenizer passes over its merges for known words ("ignore_merges"); expected false.`,
      {
        file,
      },
    );
  }
  const suffix = model['end_of_word_suffix'];
  const wordEnd = typeof suffix === 'string' ? suffix : '';
  const normalizers = flatten(json['normalizer'], 'normalizers').flatMap((step) => readNormalizer(step, file));
  const preTokenizers = flatten(json['pre_tokenizer'], 'pretokenizers').map((step) => readPreTokenizer(step, file));
  return { normalizers, preTokenizers, merges: readMerges(model['merges'], file), wordEnd, joining: joiningOf() };

  function joiningOf(): ForeignTokenizer['joining'] {
    if (preTokenizers.some((step) => step.type === 'bytes')) return 'bytes';
    const isMarked = preTokenizers.some((step) => step.type === 'metaspace') || normalizers.some(marksSpaces);
    if (isMarked) return 'marks';
    return wordEnd === '' ? 'ends' : 'wordEnds';
  }
}

function marksSpaces(step: Normalizer): boolean {
  return step.type === 'replace' && step.from === ' ' && step.to === mark;
}

/** The steps of a Sequence, or the one step; none for null. */
function flatten(step: unknown, key: string): Json[] {
  if (!isObject(step)) return [];
  const inner = step['type'] === 'Sequence' ? step[key] : undefined;
  return Array.isArray(inner) ? inner.flatMap((part) => flatten(part, key)) : [step];
}

function readNormalizer(step: Json, file: string): Normalizer[] {
  switch (step['type']) {
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return [{ type: 'form', form: step['type'] }];
    case 'Lowercase':
      return [{ type: 'lowercase' }];
    case 'Strip':
      return [{ type: 'strip' }];
    case 'Prepend':
      return [{ type: 'prepend', text: String(step['prepend']) }];
    case 'Replace': {
      const pattern = isObject(step['pattern']) ? step['pattern']['String'] : undefined;
      if (typeof pattern === 'string' && typeof step['content'] === 'string') {
        return [{ type: 'replace', from: pattern, to: step['content'] }];
      }
      throw new UserError(sentence`the tokenizer replaces by a regular expression; expected a plain text.`, { file });
    }
    default:
      throw new UserError(
        sentence`the tokenizer's normalizer ${shown(step['type'])} is not known here; known are NFC, NFD, NFKC, NFKD, Lowercase, Strip, Prepend, Replace and Sequence.`,
        { file },
      );
  }
}

function readPreTokenizer(step: Json, file: string): PreTokenizer {
  switch (step['type']) {
    case 'ByteLevel':
      return { type: 'bytes', prefixSpace: step['add_prefix_space'] !== false, cut: step['use_regex'] !== false };
    case 'Metaspace': {
      if (typeof step['replacement'] === 'string' && step['replacement'] !== mark) {
        throw new UserError(
          sentence`the tokenizer marks spaces by ${shown(step['replacement'])}; expected "${mark}".`,
          {
            file,
          },
        );
      }
      const prepend =
        step['prepend_scheme'] === undefined ? step['add_prefix_space'] !== false : step['prepend_scheme'] !== 'never';
      return { type: 'metaspace', mark, prepend, cut: step['split'] !== false };
    }
    case 'Whitespace':
      return { type: 'whitespace' };
    case 'WhitespaceSplit':
      return { type: 'whitespaceSplit' };
    default:
      throw new UserError(
        sentence`the tokenizer's pre-tokenizer ${shown(step['type'])} is not known here; known are ByteLevel, Metaspace, Whitespace, WhitespaceSplit and Sequence.`,
        { file },
      );
  }
}

function readMerges(merges: unknown, file: string): Merge[] {
  const wrong = (at: number): UserError =>
    new UserError(sentence`merge ${at + 1} of the tokenizer is not a pair of texts; download the file again.`, {
      file,
    });
  if (!Array.isArray(merges))
    throw new UserError(sentence`the tokenizer has no list of merges; download the file again.`, { file });
  return merges.map((merge: unknown, at) => {
    const pair: unknown[] = typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : [];
    const [left, right] = pair;
    if (pair.length !== 2 || typeof left !== 'string' || typeof right !== 'string') throw wrong(at);
    return [left, right];
  });
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): SentenceValue {
  return value === undefined ? sentence`not named` : JSON.stringify(value);
}
