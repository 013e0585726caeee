/** Tokens and their ids in a model; knows nothing of files or of how text becomes tokens. */

/** Id that fills sequences up to the length of their batch. */
export const padId = 0;
/** Id of every token that the vocabulary does not know. */
export const unknownId = 1;

const specialTokens = ['<pad>', '<unk>'] as const;
/** Entries of every vocabulary that stand for no text. */
export const specialTokenCount = specialTokens.length;

/** Orders texts by their Unicode code points: the same on every machine and in every language. */
export function compareCodePoints(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index += 1) {
    const first = a.charCodeAt(index);
    const second = b.charCodeAt(index);
    if (first === second) continue;
    // Surrogates stand for code points above all others, though their own numbers are lower than U+E000…U+FFFF.
    const firstHigh = first >= 0xd800 && first <= 0xdfff;
    const secondHigh = second >= 0xd800 && second <= 0xdfff;
    return firstHigh === secondHigh ? first - second : firstHigh ? 1 : -1;
  }
  return a.length - b.length;
}

/** Which tokens a vocabulary takes in. */
export interface VocabularyLimits {
  /** Entries at most, `<pad>` and `<unk>` included. */
  readonly maximumSize: number;
  /** How often a token must occur in the training part; 0 takes in those of the other parts too. */
  readonly minimumCount: number;
}

/** Takes in every token of the data. */
export const everyToken: VocabularyLimits = { maximumSize: Infinity, minimumCount: 0 };

/** Tokens by id: 0 is `<pad>`, 1 `<unk>`, then by falling count, equal counts in the order of code points. */
export class Vocabulary {
  /** All tokens by id; plain JSON, the form that goes into a model's metadata. */
  readonly tokens: readonly string[];
  readonly #ids = new Map<string, number>();

  /** UserErrors are not for here: a list that does not start with `<pad>`, `<unk>` is a damaged model file's or a fault. */
  constructor(tokens: readonly string[]) {
    if (tokens[padId] !== specialTokens[0] || tokens[unknownId] !== specialTokens[1]) {
      throw new RangeError('a vocabulary starts with <pad> and <unk>');
    }
    this.tokens = tokens;
    for (let id = specialTokens.length; id < tokens.length; id += 1) this.#ids.set(tokens[id]!, id);
  }

  get size(): number {
    return this.tokens.length;
  }

  /** The token's id, or `unknownId`. A text that spells `<pad>` or `<unk>` is unknown. */
  idOf(token: string): number {
    return this.#ids.get(token) ?? unknownId;
  }

  knows(token: string): boolean {
    return this.#ids.has(token);
  }

  encode(tokens: readonly string[]): Int32Array {
    const ids = new Int32Array(tokens.length);
    for (const [index, token] of tokens.entries()) ids[index] = this.idOf(token);
    return ids;
  }
}

/** A vocabulary from counts, and the new id of each counted token. */
export interface BuiltVocabulary {
  readonly vocabulary: Vocabulary;
  /** By position in `tokens`: the id in the vocabulary, `unknownId` where the token was left out. */
  readonly mapping: Int32Array;
}

/** Builds a vocabulary from tokens and how often each occurs (equal length); the empty text is never taken in. */
export function buildVocabulary(
  tokens: readonly string[],
  counts: ArrayLike<number>,
  limits: VocabularyLimits,
): BuiltVocabulary {
  const taken: number[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const special = tokens[index] === specialTokens[0] || tokens[index] === specialTokens[1];
    if (counts[index]! >= limits.minimumCount && !special && tokens[index] !== '') taken.push(index);
  }
  taken.sort((a, b) => counts[b]! - counts[a]! || compareCodePoints(tokens[a]!, tokens[b]!));
  taken.length = Math.min(taken.length, Math.max(0, limits.maximumSize - specialTokens.length));
  const mapping = new Int32Array(tokens.length).fill(unknownId);
  for (const [rank, index] of taken.entries()) mapping[index] = rank + specialTokens.length;
  return { vocabulary: new Vocabulary([...specialTokens, ...taken.map((index) => tokens[index]!)]), mapping };
}
