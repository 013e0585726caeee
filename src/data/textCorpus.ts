/** Running text as one long row of token ids for each part of the data; knows nothing of models and of the disk. */
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { segmentCharacters } from './characterTokenizer';
import { GrowingInt32Array } from './growingArray';
import { createLosslessTokenizer, lastCut, type LosslessTokenizer } from './losslessTokenizer';
import type { DataFile, DataSource } from './source';
import type { PartName } from './split';
import { TokenDictionary, type TokenNumbers } from './tokenDictionary';
import type { TokenizerSpec } from './tokenizer';
import { Utf8Decoder } from './utf8';
import { buildVocabulary, unknownId, type Vocabulary, type VocabularyLimits } from './vocabulary';

/** A part of the text. */
export interface TextPart {
  /** Tokens in the order of the text. */
  readonly ids: Int32Array;
  /** User-perceived characters of the text that the tokens stand for. */
  readonly characters: number;
}

/** Texts as one row of tokens a part, with the vocabulary of the training part. */
export interface TextCorpus {
  readonly tokenizer: TokenizerSpec;
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
  readonly tokenizer: TokenizerSpec;
  readonly vocabulary: VocabularyLimits;
}

/**
 * Reads texts and divides them: the training part first, then the validation's share, then the test's, each contiguous.
 * @throws UserError for text that is not UTF-8, with its line, and for too little text
 */
export async function readTextCorpus(options: CorpusOptions): Promise<TextCorpus> {
  const { train, validation, test, tokenizer: spec } = options;
  const tokenizer = createLosslessTokenizer(spec);
  const dictionary = new TokenDictionary();
  const sources = [train, validation, test].filter((source) => typeof source !== 'number');
  const report = progressOver(sources, options);
  const read = (source: DataSource) => readTokens(source, tokenizer, dictionary, report, options.signal);
  const whole = await read(train);
  const held = (share: DataSource | number): number =>
    typeof share === 'number' ? Math.round(share * whole.length) : 0;
  const validationStart = whole.length - held(validation) - held(test);
  const testStart = whole.length - held(test);
  const provisional: Record<PartName, Int32Array> = {
    train: whole.subarray(0, validationStart),
    validation: typeof validation === 'number' ? whole.subarray(validationStart, testStart) : await read(validation),
    test: typeof test === 'number' ? whole.subarray(testStart) : await read(test),
  };
  checkParts(provisional, options);

  const counts = new Float64Array(dictionary.tokens.length);
  for (const id of provisional.train) counts[id]! += 1;
  const { vocabulary, mapping } = buildVocabulary(dictionary.tokens, counts, options.vocabulary);
  const characters = Int32Array.from(dictionary.tokens, countCharacters);
  const known = provisional.train.reduce((sum, id) => sum + (mapping[id] === unknownId ? 0 : 1), 0);
  const part = (name: PartName): TextPart => ({
    characters: provisional[name].reduce((sum, id) => sum + (id === 0 ? 1 : characters[id]!), 0),
    ids: provisional[name].map((id) => mapping[id]!),
  });
  return {
    tokenizer: tokenizer.spec,
    vocabulary,
    parts: { train: part('train'), validation: part('validation'), test: part('test') },
    coverage: known / provisional.train.length,
  };
}

/**
 * Reads texts with a vocabulary that is there.
 * @throws UserError for text that is not UTF-8, with its line, and for too little text
 */
export async function readTextPart(
  source: DataSource,
  spec: TokenizerSpec,
  vocabulary: Vocabulary,
  options: ReadOptions = {},
): Promise<TextPart> {
  const tokenizer = createLosslessTokenizer(spec);
  let characters = 0;
  const counting: TokenNumbers = {
    idOf: (token) => {
      characters += countCharacters(token);
      return vocabulary.idOf(token);
    },
  };
  const ids = await readTokens(source, tokenizer, counting, progressOver([source], options), options.signal);
  requireTokens(ids.length, source.name);
  return { ids, characters };
}

async function readTokens(
  source: DataSource,
  tokenizer: LosslessTokenizer,
  numbers: TokenNumbers,
  report: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<Int32Array> {
  const ids = new GrowingInt32Array();
  const take = (text: string): void => {
    for (const token of tokenizer.tokenize(text)) ids.push(numbers.idOf(token));
  };
  let endsLine = true;
  for (const file of source.files) {
    // The first word of a file is not glued to the last one of the file before.
    if (!endsLine) take('\n');
    for await (const text of pieces(file, report, signal)) {
      take(text);
      endsLine = text.endsWith('\n');
    }
  }
  return ids.finish();
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

function checkParts(parts: Readonly<Record<PartName, Int32Array>>, { train, validation, test }: CorpusOptions): void {
  const whole = parts.train.length + (typeof validation === 'number' ? parts.validation.length : 0);
  requireTokens(whole + (typeof test === 'number' ? parts.test.length : 0), train.name);
  for (const [name, given] of [
    ['validation', validation],
    ['test', test],
  ] as const) {
    if (typeof given !== 'number') requireTokens(parts[name].length, given.name);
    else if (given > 0 && parts[name].length < fewestTokens) {
      throw new UserError(
        sentence`The text is too short to hold back a share of ${given} for the ${name === 'test' ? sentence`test` : sentence`validation`}: that is ${parts[name].length} of its tokens, expected at least ${fewestTokens}; use more text or a larger share.`,
        { file: train.name },
      );
    }
  }
  if (parts.train.length < fewestTokens) {
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
