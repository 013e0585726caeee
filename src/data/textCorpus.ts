/** Running text as one long row of token ids for each part of the data; knows nothing of models and of the disk. */
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { segmentCharacters } from './characterTokenizer';
import { GrowingInt32Array } from './growingArray';
import {
  createLosslessTokenizer,
  lastCut,
  type LosslessSettings,
  type LosslessSpec,
  type LosslessTokenizer,
  unlearnedTokenizer,
  withMerges,
} from './losslessTokenizer';
import { learnPieces, numberPieces } from './pieceVocabulary';
import type { DataFile, DataSource } from './source';
import type { PartName } from './split';
import { TokenDictionary } from './tokenDictionary';
import { Utf8Decoder } from './utf8';
import { specialTokenCount, unknownId, type Vocabulary, type VocabularyLimits } from './vocabulary';

/** A part of the text. */
export interface TextPart {
  /** Tokens in the order of the text. */
  readonly ids: Int32Array;
  /** User-perceived characters of the text that the tokens stand for. */
  readonly characters: number;
}

/** Texts as one row of tokens a part, with the vocabulary of the training part. */
export interface TextCorpus {
  readonly tokenizer: LosslessSpec;
  readonly vocabulary: Vocabulary;
  readonly parts: Readonly<Record<PartName, TextPart>>;
  /** Share of the training tokens that the vocabulary knows, 0…1. */
  readonly coverage: number;
}

export interface ReadOptions {
  /** Takes bytes read and bytes in all. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface CorpusOptions extends ReadOptions {
  readonly train: DataSource;
  /** A share of the training text, taken from its end, or a source of its own. */
  readonly validation: DataSource | number;
  /** The same; a share stands behind that of the validation; 0 for none. */
  readonly test: DataSource | number;
  readonly tokenizer: LosslessSettings;
  readonly vocabulary: VocabularyLimits;
}

/**
 * Reads texts and divides them: the training part first, then the validation's share, then the test's, each contiguous.
 * @throws UserError for text that is not UTF-8, with its line, and for too little text
 */
export async function readTextCorpus(options: CorpusOptions): Promise<TextCorpus> {
  const { train, validation, test, tokenizer: settings } = options;
  const cutter = unlearnedTokenizer(settings);
  const dictionary = new TokenDictionary();
  const sources = [train, validation, test].filter((source) => typeof source !== 'number');
  const report = progressOver(sources, options);
  const read = async (source: DataSource): Promise<Int32Array> => {
    const words = new GrowingInt32Array();
    const take = (word: string): void => {
      words.push(dictionary.idOf(word));
    };
    await readWords(source, cutter, take, report, options.signal);
    return words.finish();
  };
  const all = await read(train);
  const held = (share: DataSource | number): number => (typeof share === 'number' ? Math.round(share * all.length) : 0);
  const validationStart = all.length - held(validation) - held(test);
  const testStart = all.length - held(test);
  const words: Record<PartName, Int32Array> = {
    train: all.subarray(0, validationStart),
    validation: typeof validation === 'number' ? all.subarray(validationStart, testStart) : await read(validation),
    test: typeof test === 'number' ? all.subarray(testStart) : await read(test),
  };

  const counts = new Float64Array(dictionary.tokens.length);
  for (const word of words.train) counts[word]! += 1;
  // Words that came when the dictionary was full are no word of their own.
  counts[0] = 0;
  const counted = [{ words: dictionary.tokens, counts }];
  const tokenizer =
    settings.type === 'bpe'
      ? createLosslessTokenizer(
          withMerges(settings, learnPieces(counted, options.vocabulary, specialTokenCount, options.signal)),
        )
      : cutter;
  const { vocabulary, lists } = numberPieces(counted, tokenizer.split, options.vocabulary);
  const { starts, ids } = lists[0]!;
  const characters = Int32Array.from(dictionary.tokens, countCharacters).fill(1, 0, 1);
  const part = (name: PartName): TextPart => ({
    characters: words[name].reduce((sum, word) => sum + characters[word]!, 0),
    ids: expand(words[name], starts, ids),
  });
  const parts = { train: part('train'), validation: part('validation'), test: part('test') };
  checkParts(parts, options);
  const known = parts.train.ids.reduce((sum, id) => sum + (id === unknownId ? 0 : 1), 0);
  return { tokenizer: tokenizer.spec, vocabulary, parts, coverage: known / parts.train.ids.length };
}

/** Words as the ids of their tokens; word 0 stands for any that was not numbered, and is unknown. */
function expand(words: Int32Array, starts: Int32Array, ids: Int32Array): Int32Array {
  const lengthOf = (word: number): number => (word === 0 ? 1 : starts[word + 1]! - starts[word]!);
  const result = new Int32Array(words.reduce((sum, word) => sum + lengthOf(word), 0));
  let at = 0;
  for (const word of words) {
    if (word === 0) result[at++] = unknownId;
    else for (let piece = starts[word]!; piece < starts[word + 1]!; piece += 1) result[at++] = ids[piece]!;
  }
  return result;
}

/**
 * Reads texts with a vocabulary that is there.
 * @throws UserError for text that is not UTF-8, with its line, and for too little text
 */
export async function readTextPart(
  source: DataSource,
  spec: LosslessSpec,
  vocabulary: Vocabulary,
  options: ReadOptions = {},
): Promise<TextPart> {
  const tokenizer = createLosslessTokenizer(spec);
  const ids = new GrowingInt32Array();
  let characters = 0;
  const take = (word: string): void => {
    characters += countCharacters(word);
    for (const token of tokenizer.split(word)) ids.push(vocabulary.idOf(token));
  };
  await readWords(source, tokenizer, take, progressOver([source], options), options.signal);
  requireTokens(ids.length, source.name);
  return { ids: ids.finish(), characters };
}

/** Hands on all words of a source, in order. */
async function readWords(
  source: DataSource,
  { words }: LosslessTokenizer,
  take: (word: string) => void,
  report: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  let endsLine = true;
  for (const file of source.files) {
    // The first word of a file is not glued to the last one of the file before.
    if (!endsLine) words('\n').forEach(take);
    for await (const text of pieces(file, report, signal)) {
      words(text).forEach(take);
      endsLine = text.endsWith('\n');
    }
  }
}

/** The text of a file in pieces that can be cut into tokens each by itself. */
async function* pieces(
  file: DataFile,
  report: (bytes: number) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const decoder = new Utf8Decoder(file.name);
  let rest = '';
  for await (const chunk of file.open()) {
    signal?.throwIfAborted();
    const before = rest.length;
    rest += decoder.decode(chunk);
    report(chunk.length);
    const cut = lastCut(rest, Math.max(0, before - 1));
    if (cut === 0) continue;
    yield rest.slice(0, cut);
    rest = rest.slice(cut);
  }
  decoder.end();
  if (rest !== '') yield rest;
}

function progressOver(sources: readonly DataSource[], { onProgress }: ReadOptions): (bytes: number) => void {
  const total = sources.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  return (bytes) => {
    done += bytes;
    onProgress?.(Math.min(done, total), total);
  };
}

function countCharacters(text: string): number {
  if (text.length === 1) return 1;
  let count = 0;
  segmentCharacters(text, () => {
    count += 1;
  });
  return count;
}

/** A token and the one that follows it: less cannot be learned from. */
const fewestTokens = 2;

function checkParts(parts: Readonly<Record<PartName, TextPart>>, { train, validation, test }: CorpusOptions): void {
  const whole = parts.train.ids.length + (typeof validation === 'number' ? parts.validation.ids.length : 0);
  requireTokens(whole + (typeof test === 'number' ? parts.test.ids.length : 0), train.name);
  for (const [name, given] of [
    ['validation', validation],
    ['test', test],
  ] as const) {
    if (typeof given !== 'number') requireTokens(parts[name].ids.length, given.name);
    else if (given > 0 && parts[name].ids.length < fewestTokens) {
      throw new UserError(
        sentence`The text is too short to hold back a share of ${given} for the ${name === 'test' ? sentence`test` : sentence`validation`}: that is ${parts[name].ids.length} of its tokens, expected at least ${fewestTokens}; use more text or a larger share.`,
        { file: train.name },
      );
    }
  }
  if (parts.train.ids.length < fewestTokens) {
    throw new UserError(
      sentence`The text is too short: nothing is left to train on; use more text or smaller shares.`,
      {
        file: train.name,
      },
    );
  }
}

function requireTokens(count: number, file: string): void {
  if (count >= fewestTokens) return;
  const found = count === 0 ? sentence`The text is empty` : sentence`The text has one token only`;
  throw new UserError(sentence`${found}; expected a plain-text file with at least ${fewestTokens} tokens.`, { file });
}
