/**
 * Texts as TF-IDF vectors of word and character n-grams, sparse throughout. A text is the sequence of its words, so that
 * character n-grams follow from the words' spelling; knows nothing of files, classes and models.
 */
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { segmentCharacters } from './characterTokenizer';
import { eachNGram, frequentNGrams, nGramCount, NGramFinder, type NGramRange, type NGrams } from './nGrams';
import { padId, unknownId, Vocabulary } from './vocabulary';

/** What stands before and after each word where n-grams of its characters are taken. */
export const boundary = ' ';

/** What fixes a vector beside the n-grams. */
export interface TfIdfOptions {
  /** Lengths of word n-grams. */
  readonly words: NGramRange;
  /** Lengths of character n-grams within a word and its two boundaries; false for none. */
  readonly characters: NGramRange | false;
  /** 1 + ln(count) in place of the count. */
  readonly sublinear: boolean;
}

export interface TfIdfLimits {
  /** N-grams to keep at most, of words and of characters each. */
  readonly maximum: number;
  /** How often an n-gram must occur in the texts. */
  readonly minimumCount: number;
}

/** N-grams of one kind with their weights; its places follow those of the kind before it. */
export interface TfIdfBlock {
  readonly kind: 'words' | 'characters';
  /** In ids of the kind's vocabulary. */
  readonly nGrams: NGrams;
  /** Inverse document frequency by place, `[n-grams]`. */
  readonly idf: Float32Array;
}

/** All that makes vectors; what a model file keeps. */
export interface TfIdfContent {
  readonly options: TfIdfOptions;
  /** Words that occur in n-grams. */
  readonly words: Vocabulary;
  /** Characters that occur in n-grams. */
  readonly characters: Vocabulary;
  /** Words before characters; a kind without n-grams is left out. */
  readonly blocks: readonly TfIdfBlock[];
}

/** Sparse vectors one after the other (compressed rows): those of row r are at offsets[r] to offsets[r + 1]. */
export interface SparseRows {
  readonly offsets: Int32Array;
  /** Places of n-grams. */
  readonly ids: Int32Array;
  readonly values: Float32Array;
}

/** Ids of the words of a text, in the vocabulary that the reader is over. */
export type WordIds = Int32Array;

/**
 * Chooses n-grams and learns their weights from texts. Inverse document frequency is scikit-learn's smooth one,
 * ln((1 + texts) / (1 + texts with the n-gram)) + 1 (Pedregosa et al. 2011, `TfidfTransformer`).
 * @param vocabulary of all words of the texts
 * @param texts visits each text of the training part; is called several times
 * @throws UserError where no n-gram is frequent enough, or too many are
 */
export function fitTfIdf(
  options: TfIdfOptions,
  limits: TfIdfLimits,
  vocabulary: Vocabulary,
  texts: (visit: (words: WordIds) => void) => void,
): TfIdf {
  const times = new Float64Array(vocabulary.size);
  const known = (id: number): number => (id > unknownId ? id : -1);
  const wordGrams = frequentNGrams(
    (visit) => {
      texts((text) => {
        visit(Array.from(text, known), 1);
      });
    },
    { ...limits, range: options.words },
  );
  texts((text) => {
    for (const id of text) times[id]! += 1;
  });
  const alphabet = new Map<string, number>();
  const spelled = vocabulary.tokens.map((word, id) =>
    id <= unknownId || times[id] === 0 ? [] : spell(word).map((character) => numberOf(alphabet, character)),
  );
  const characterGrams =
    options.characters === false
      ? null
      : frequentNGrams(
          (visit) => {
            for (const [id, word] of spelled.entries()) if (word.length > 0) visit(word, times[id]!);
          },
          { ...limits, range: options.characters },
        );
  const words = renumber(wordGrams, vocabulary.tokens);
  const characters = renumber(characterGrams, [...alphabet.keys()]);
  const blocks = [
    { kind: 'words' as const, nGrams: words.nGrams },
    { kind: 'characters' as const, nGrams: characters.nGrams },
  ].flatMap(({ kind, nGrams }) => {
    const count = nGrams === null ? 0 : nGramCount(nGrams);
    return nGrams === null || count === 0 ? [] : [{ kind, nGrams, idf: new Float32Array(count) }];
  });
  if (blocks.length === 0) {
    throw new UserError(
      sentence`No n-gram occurs ${limits.minimumCount} times in the training part; lower features.minimumCount or add examples.`,
    );
  }
  const tfIdf = new TfIdf({ options, words: words.vocabulary, characters: characters.vocabulary, blocks });
  learnFrequencies(tfIdf, vocabulary, texts);
  return tfIdf;
}

/** Fills in the inverse document frequencies. */
function learnFrequencies(tfIdf: TfIdf, vocabulary: Vocabulary, texts: (visit: (words: WordIds) => void) => void) {
  const reader = tfIdf.over(vocabulary);
  const found = new Float64Array(tfIdf.size);
  const lastText = new Float64Array(tfIdf.size);
  let count = 0;
  texts((text) => {
    count += 1;
    reader.visit(text, (id) => {
      if (lastText[id] === count) return;
      lastText[id] = count;
      found[id]! += 1;
    });
  });
  let start = 0;
  for (const { idf } of tfIdf.blocks) {
    for (let at = 0; at < idf.length; at += 1) idf[at] = Math.log((1 + count) / (1 + found[start + at]!)) + 1;
    start += idf.length;
  }
}

/** Chosen n-grams with their weights. */
export class TfIdf implements TfIdfContent {
  readonly options: TfIdfOptions;
  readonly words: Vocabulary;
  readonly characters: Vocabulary;
  readonly blocks: readonly TfIdfBlock[];
  /** N-grams in all: the length of a vector. */
  readonly size: number;
  readonly #finders: Readonly<Partial<Record<TfIdfBlock['kind'], { finder: NGramFinder; start: number }>>>;

  constructor(content: TfIdfContent) {
    this.options = content.options;
    this.words = content.words;
    this.characters = content.characters;
    this.blocks = content.blocks;
    let size = 0;
    const finders: Partial<Record<TfIdfBlock['kind'], { finder: NGramFinder; start: number }>> = {};
    for (const { kind, nGrams, idf } of content.blocks) {
      finders[kind] = { finder: new NGramFinder(nGrams), start: size };
      size += idf.length;
    }
    this.size = size;
    this.#finders = finders;
  }

  /** The n-gram at a place, as a person writes it. */
  *spellings(): Generator<string> {
    for (const { kind, nGrams } of this.blocks) {
      const { tokens } = kind === 'words' ? this.words : this.characters;
      for (const numbers of eachNGram(nGrams)) {
        yield Array.from(numbers, (id) => tokens[id]!).join(kind === 'words' ? ' ' : '');
      }
    }
  }

  /** A reader of texts that are ids in a vocabulary of any words. */
  over(vocabulary: Vocabulary): TfIdfReader {
    return new TfIdfReader(this, vocabulary, this.#finders.words, this.#finders.characters);
  }
}

interface Placed {
  readonly finder: NGramFinder;
  readonly start: number;
}

/** Makes vectors of texts that are ids in one vocabulary; what follows from a word alone is found once. */
export class TfIdfReader {
  /** Id among the words of n-grams, by id of the vocabulary. */
  readonly #wordIds: Int32Array;
  /** Places of the character n-grams of each word, as compressed rows. */
  readonly #offsets: Int32Array;
  readonly #places: Int32Array;
  readonly #counts: Int32Array;

  constructor(
    private readonly tfIdf: TfIdf,
    vocabulary: Vocabulary,
    private readonly ofWords: Placed | undefined,
    ofCharacters: Placed | undefined,
  ) {
    const { tokens } = vocabulary;
    this.#wordIds = Int32Array.from(tokens, (word, id) => (id <= unknownId ? unknownId : tfIdf.words.idOf(word)));
    this.#offsets = new Int32Array(tokens.length + 1);
    const places: number[] = [];
    for (const [id, word] of tokens.entries()) {
      if (id > unknownId && ofCharacters !== undefined) {
        const characters = tfIdf.characters.encode(spell(word));
        ofCharacters.finder.visit(characters, (place) => places.push(ofCharacters.start + place));
      }
      this.#offsets[id + 1] = places.length;
    }
    this.#places = Int32Array.from(places);
    this.#counts = new Int32Array(tfIdf.size);
  }

  /** Visits each occurrence of an n-gram: its place, and the first word and the end of the words that it stands in. */
  visit(text: WordIds, visit: (place: number, start: number, end: number) => void): void {
    if (this.ofWords !== undefined) {
      const { finder, start } = this.ofWords;
      const ids = Int32Array.from(text, (id) => this.#wordIds[id]!);
      finder.visit(ids, (place, first, end) => {
        visit(start + place, first, end);
      });
    }
    for (let at = 0; at < text.length; at += 1) {
      const end = this.#offsets[text[at]! + 1]!;
      for (let index = this.#offsets[text[at]!]!; index < end; index += 1) visit(this.#places[index]!, at, at + 1);
    }
  }

  /**
   * The vectors of texts: count (or 1 + ln count) times inverse document frequency, then scaled to Euclidean length 1,
   * the n-grams of words and those of characters each by themselves. A text without known n-grams is the zero vector.
   */
  rows(texts: Iterable<WordIds>): SparseRows {
    const offsets = [0];
    const ids: number[] = [];
    const values: number[] = [];
    const counts = this.#counts;
    for (const text of texts) {
      const first = ids.length;
      this.visit(text, (place) => {
        if (counts[place] === 0) ids.push(place);
        counts[place]! += 1;
      });
      this.weigh(ids, first, values);
      for (let at = first; at < ids.length; at += 1) counts[ids[at]!] = 0;
      offsets.push(ids.length);
    }
    return { offsets: Int32Array.from(offsets), ids: Int32Array.from(ids), values: Float32Array.from(values) };
  }

  /** Appends the values of the n-grams from `first` on, whose occurrences are counted. */
  private weigh(ids: readonly number[], first: number, values: number[]): void {
    const { blocks, options } = this.tfIdf;
    let at = first;
    let start = 0;
    for (const { idf } of blocks) {
      // N-grams of one kind are met before those of the next.
      const from = at;
      let squares = 0;
      for (; at < ids.length && ids[at]! < start + idf.length; at += 1) {
        const count = this.#counts[ids[at]!]!;
        const value = (options.sublinear ? 1 + Math.log(count) : count) * idf[ids[at]! - start]!;
        values.push(value);
        squares += value * value;
      }
      const norm = Math.sqrt(squares);
      for (let index = from; index < at; index += 1) values[index]! /= norm;
      start += idf.length;
    }
  }
}

/** The characters of a word between two boundaries. */
export function spell(word: string): string[] {
  const characters = [boundary];
  segmentCharacters(word, (start, end) => characters.push(word.slice(start, end)));
  characters.push(boundary);
  return characters;
}

function numberOf(numbers: Map<string, number>, text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size);
  return numbers.size - 1;
}

/** The n-grams in ids of a vocabulary that holds nothing but their own tokens, in the order of first use. */
function renumber(
  nGrams: NGrams | null,
  tokens: readonly string[],
): { readonly nGrams: NGrams | null; readonly vocabulary: Vocabulary } {
  const own = ['<pad>', '<unk>'];
  if (nGrams === null) return { nGrams, vocabulary: new Vocabulary(own) };
  const ids = new Map<number, number>();
  const pool = nGrams.pool.map((number) => {
    const known = ids.get(number);
    if (known !== undefined) return known;
    ids.set(number, own.length);
    own.push(tokens[number]!);
    return own.length - 1;
  });
  return { nGrams: { ...nGrams, pool }, vocabulary: new Vocabulary(own) };
}

/** Vectors as two matrices `[rows, width]` of places and values: what a row is shorter is filled with value 0. */
export function padRows({ offsets, ids, values }: SparseRows): {
  width: number;
  ids: Int32Array;
  values: Float32Array;
} {
  const rows = offsets.length - 1;
  let width = 1;
  for (let row = 0; row < rows; row += 1) width = Math.max(width, offsets[row + 1]! - offsets[row]!);
  const padded = new Int32Array(rows * width);
  const paddedValues = new Float32Array(rows * width);
  for (let row = 0; row < rows; row += 1) {
    const [start, end] = [offsets[row]!, offsets[row + 1]!];
    // Filled with a place of the batch's own, so that padding touches no further one.
    padded.fill(ids[Math.min(start, ids.length - 1)] ?? padId, row * width, (row + 1) * width);
    padded.set(ids.subarray(start, end), row * width);
    paddedValues.set(values.subarray(start, end), row * width);
  }
  return { width, ids: padded, values: paddedValues };
}
