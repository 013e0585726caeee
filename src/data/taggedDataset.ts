/** Sentences with a tag for each token, ready for training: ids by sentence, parts, tags, vocabulary. */
import { UserError } from '../errors';
import { listed, type Sentence, sentence } from '../sentence';
import { listNames } from './columns';
import { countAcrossParts, firstOccurrences, hashText } from './duplicates';
import { GrowingInt32Array } from './growingArray';
import { createRandom } from './random';
import type { PartName, Parts } from './split';
import { readTagged, type TaggedFiles } from './taggedReader';
import { normalizeToken } from './tagTokens';
import { TokenDictionary, type TokenNumbers } from './tokenDictionary';
import { buildVocabulary, compareCodePoints, unknownId, type Vocabulary, type VocabularyLimits } from './vocabulary';

/** Different tags that a tagging may have; more means that the wrong column was named. */
export const maximumTags = 1000;

/** What training and evaluation have in common. */
interface LoadOptions {
  readonly lowercase: boolean;
  /** Longer sentences are cut into pieces of so many tokens. */
  readonly maximumLength: number;
  /** Checked at each sentence; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

export interface LoadTaggedOptions extends LoadOptions {
  readonly train: TaggedFiles;
  /** Files of its own, or the share of the training sentences that is taken for it, 0…1. */
  readonly validation: TaggedFiles | number;
  readonly test: TaggedFiles | number;
  readonly vocabulary: VocabularyLimits;
  readonly seed: number;
}

/** The examples are sentences, by index. */
export class TaggedDataset {
  /** Tokens of each sentence. */
  readonly lengths: Int32Array;
  private readonly offsets: Int32Array;
  private readonly ids: Int32Array;
  private readonly tagIds: Int32Array;

  constructor(
    table: SentenceTable,
    /** Tags in the order of the model's outputs. */
    readonly tags: readonly string[],
    readonly vocabulary: Vocabulary,
    readonly parts: Parts,
    /** Sentences that stand in another part as well. */
    readonly duplicatesAcrossParts: number,
    /** Sentences for the user about what is doubtful in the data. */
    readonly warnings: readonly Sentence[],
  ) {
    this.lengths = table.lengths.finish();
    this.offsets = table.offsets.finish();
    this.ids = table.ids.finish();
    this.tagIds = table.tags.finish();
  }

  /** The sentence's vocabulary ids, `[length]`; a view. */
  tokens(sentence: number): Int32Array {
    return this.ids.subarray(this.offsets[sentence], this.offsets[sentence]! + this.lengths[sentence]!);
  }

  /** The tags of its tokens as indices, `[length]`; a view. */
  tagsOf(sentence: number): Int32Array {
    return this.tagIds.subarray(this.offsets[sentence], this.offsets[sentence]! + this.lengths[sentence]!);
  }

  /** Share of a part's tokens that the vocabulary knows, 0…1; 0 for a part without tokens. */
  coverage(part: PartName): number {
    let [known, all] = [0, 0];
    for (const sentence of this.parts[part]) {
      for (const id of this.tokens(sentence)) if (id !== unknownId) known++;
      all += this.lengths[sentence]!;
    }
    return all === 0 ? 0 : known / all;
  }

  /** Tokens by tag over all parts. */
  tagCounts(): { readonly label: string; readonly count: number }[] {
    const counts = this.tags.map(() => 0);
    for (const part of Object.values(this.parts)) {
      for (const sentence of part) for (const tag of this.tagsOf(sentence)) counts[tag]!++;
    }
    return this.tags.map((label, at) => ({ label, count: counts[at]! }));
  }
}

/** Reads everything once. UserError where a file cannot be understood or has too little in it to train on. */
export async function loadTagged(options: LoadTaggedOptions): Promise<TaggedDataset> {
  const dictionary = new TokenDictionary();
  const tagNames: string[] = [];
  const numbers = new Map<string, number>();
  const tagId = (tag: string, place: Place): number => {
    let id = numbers.get(tag);
    if (id === undefined) {
      id = numbers.size;
      if (id >= maximumTags) {
        throw new UserError(
          sentence`There are more than ${maximumTags} different tags up to here; name the column that holds the tag.`,
          place,
        );
      }
      numbers.set(tag, id);
      tagNames.push(tag);
    }
    return id;
  };
  const table = new SentenceTable();
  const sources = [options.train, options.validation, options.test].filter((source) => typeof source !== 'number');
  const ends: number[] = [];
  for (const source of sources) {
    await readAll(source, table, dictionary, tagId, options);
    ends.push(table.count);
  }
  const parts = divide(table.count, ends, options);
  if (parts.train.length === 0) {
    throw new UserError(sentence`No sentence is left to train on; give more sentences or smaller shares.`, {
      file: nameOf(options.train),
    });
  }
  const tags = [...tagNames].sort(compareCodePoints);
  if (tags.length < 2) {
    throw new UserError(sentence`Every token has the tag "${tags[0]!}"; a tagger needs two tags.`, {
      file: nameOf(options.train),
    });
  }
  renumber(
    table.tags.finish(),
    Int32Array.from(tagNames, (tag) => tags.indexOf(tag)),
  );
  const { vocabulary, mapping } = buildVocabulary(
    dictionary.tokens,
    countTokens(table, parts.train, dictionary.tokens.length),
    options.vocabulary,
  );
  renumber(table.ids.finish(), mapping);
  const duplicates = countAcrossParts(
    firstOccurrences([table.hashLow.finish(), table.hashHigh.finish()]),
    Object.values(parts),
  );
  const warnings = warningsOf(table, parts, tags, options.maximumLength, duplicates);
  return new TaggedDataset(table, tags, vocabulary, parts, duplicates, warnings);
}

export interface LoadTaggedEvaluationOptions extends LoadOptions {
  readonly source: TaggedFiles;
  /** Those of the model. */
  readonly vocabulary: Vocabulary;
  readonly tags: readonly string[];
}

/** A data set for a finished model: everything is in the part `test`. UserError for a tag that the model does not know. */
export async function loadTaggedEvaluation(options: LoadTaggedEvaluationOptions): Promise<TaggedDataset> {
  const { source, vocabulary, tags } = options;
  const numbers = new Map(tags.map((tag, at) => [tag, at]));
  const table = new SentenceTable();
  const tagId = (tag: string, place: Place): number => {
    const id = numbers.get(tag);
    if (id !== undefined) return id;
    throw new UserError(sentence`The model does not know the tag "${tag}"; its tags are ${listNames(tags)}.`, place);
  };
  await readAll(source, table, vocabulary, tagId, options);
  const none = new Int32Array(0);
  return new TaggedDataset(
    table,
    tags,
    vocabulary,
    { train: none, validation: none, test: range(0, table.count) },
    0,
    [],
  );
}

interface Place {
  readonly file: string;
  readonly line: number;
}

/** Sentences in the order of reading, as numbers. */
class SentenceTable {
  readonly offsets = new GrowingInt32Array();
  readonly lengths = new GrowingInt32Array();
  readonly ids = new GrowingInt32Array();
  readonly tags = new GrowingInt32Array();
  readonly hashHigh = new GrowingInt32Array();
  readonly hashLow = new GrowingInt32Array();
  /** Sentences that were cut into pieces. */
  cut = 0;

  get count(): number {
    return this.lengths.length;
  }
}

async function readAll(
  source: TaggedFiles,
  table: SentenceTable,
  numbers: TokenNumbers,
  tagId: (tag: string, place: Place) => number,
  { lowercase, maximumLength, signal }: LoadOptions,
): Promise<void> {
  const file = source.kind === 'columns' ? source.file.name : source.tags.name;
  const hash = new Int32Array(2);
  for await (const { tokens, tags, lines } of readTagged(source)) {
    signal?.throwIfAborted();
    if (tokens.length > maximumLength) table.cut++;
    for (let start = 0; start < tokens.length; start += maximumLength) {
      const end = Math.min(tokens.length, start + maximumLength);
      table.offsets.push(table.ids.length);
      table.lengths.push(end - start);
      for (let at = start; at < end; at++) {
        table.ids.push(numbers.idOf(normalizeToken(tokens[at]!, lowercase)));
        table.tags.push(tagId(tags[at]!, { file, line: lines[at]! }));
      }
      hashText(tokens.slice(start, end).join(' '), hash);
      table.hashHigh.push(hash[0]!);
      table.hashLow.push(hash[1]!);
    }
  }
}

/** Files of their own are parts as they are; shares are taken at random from the training sentences. */
function divide(count: number, ends: readonly number[], { train, validation, test, seed }: LoadTaggedOptions): Parts {
  const own = createRandom(seed, 'split').shuffle(range(0, ends[0]!));
  const share = (part: TaggedFiles | number): number => (typeof part === 'number' ? Math.round(part * own.length) : 0);
  const [forValidation, forTest] = [share(validation), share(test)];
  if (typeof validation === 'number' && forValidation === 0) {
    throw new UserError(
      sentence`There are ${own.length} sentences, too few to take ${validation} of them for validation; give more sentences.`,
      { file: nameOf(train) },
    );
  }
  const taken = (from: number, to: number): Int32Array => own.slice(from, to).sort();
  return {
    validation: typeof validation === 'number' ? taken(0, forValidation) : range(ends[0]!, ends[1]!),
    test: typeof test === 'number' ? taken(forValidation, forValidation + forTest) : range(ends.at(-2)!, count),
    train: taken(forValidation + forTest, own.length),
  };
}

function countTokens(table: SentenceTable, sentences: Int32Array, size: number): Float64Array {
  const counts = new Float64Array(size);
  const [ids, offsets, lengths] = [table.ids.finish(), table.offsets.finish(), table.lengths.finish()];
  for (const sentence of sentences) {
    const start = offsets[sentence]!;
    for (let at = start; at < start + lengths[sentence]!; at++) counts[ids[at]!]!++;
  }
  // 0 stands for every token that came when the dictionary was full.
  return counts.fill(0, 0, 1);
}

function warningsOf(
  table: SentenceTable,
  parts: Parts,
  tags: readonly string[],
  maximumLength: number,
  duplicates: number,
): Sentence[] {
  const warnings: Sentence[] = [];
  if (duplicates > 0) {
    warnings.push(
      sentence`${amount(duplicates)} in more than one of the parts, which makes the scores look better than they are.`,
    );
  }
  if (table.cut > 0) {
    warnings.push(
      sentence`${table.cut} of the sentences have more than ${maximumLength} tokens and have been cut into pieces of that length.`,
    );
  }
  const [offsets, lengths, tagIds] = [table.offsets.finish(), table.lengths.finish(), table.tags.finish()];
  const seen = new Set<number>();
  for (const sentence of parts.train) {
    for (let at = offsets[sentence]!; at < offsets[sentence]! + lengths[sentence]!; at++) seen.add(tagIds[at]!);
  }
  const unseen = tags.filter((_, at) => !seen.has(at));
  if (unseen.length > 0) {
    const names = listed(unseen.slice(0, 10).map((tag) => `"${tag}"`));
    warnings.push(
      sentence`The training part has no token with the tag ${unseen.length > 10 ? listed([names, '…']) : names}, so that the model cannot learn it.`,
    );
  }
  return warnings;
}

function amount(count: number): Sentence {
  return count === 1 ? sentence`1 sentence stands` : sentence`${count} sentences stand`;
}

function renumber(numbers: Int32Array, mapping: Int32Array): void {
  for (let at = 0; at < numbers.length; at++) numbers[at] = mapping[numbers[at]!]!;
}

function range(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to - from }, (_, at) => from + at);
}

function nameOf(source: TaggedFiles): string {
  return source.kind === 'columns' ? source.file.name : source.tokens.name;
}
