/** Parallel text for translation: pairs of sentences as ids by example and side, and the parts; the texts stay on disk. */
import { UserError } from '../errors';
import { type Sentence, sentence } from '../sentence';
import { countAcrossParts, firstOccurrences, hashText } from './duplicates';
import { ExampleTable } from './exampleTable';
import { GrowingInt32Array } from './growingArray';
import { IdScanner, IdStore, type IdStoreOptions, scanWindow } from './idStore';
import { buildPairSides, type PairSide, type PiecesSettings, type SideName, wordCutters } from './pairVocabulary';
import type { Pieces } from './pieces';
import { readRecords } from './records';
import { detectFormat, type DataFile, type DataSource } from './source';
import { type PartName, type Parts, partWords, splitExamples } from './split';
import { TokenDictionary } from './tokenDictionary';
import type { VocabularyLimits } from './vocabulary';

export interface LoadPairsOptions {
  readonly train: DataSource;
  /** A source of its own, or the share of the training source that is taken for it, 0…1. */
  readonly validation: DataSource | number;
  readonly test: DataSource | number;
  readonly columns: Readonly<Record<SideName, string>>;
  readonly pieces: PiecesSettings;
  readonly vocabulary: VocabularyLimits;
  /** Whether both sides have one vocabulary. */
  readonly shared: boolean;
  /** Pieces of a sentence at most: longer pairs are left out of the training part, sources are cut in the others. */
  readonly maximumLength: number;
  readonly seed: number;
  readonly idStore?: IdStoreOptions | undefined;
  readonly onProgress?: ((bytesRead: number, bytesTotal: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A pair as it stands in its file. */
export interface TextPair {
  readonly source: string;
  readonly target: string;
  /** Line of its file that it starts on, from 1. */
  readonly line: number;
}

/**
 * The pairs of a source, a batch per chunk read.
 * @throws UserError for a folder, and where a file cannot be understood
 */
export async function* readPairs(
  source: DataSource,
  columns: Readonly<Record<SideName, string>>,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<{ readonly file: string; readonly pairs: readonly TextPair[] }> {
  const format = detectFormat(source);
  if (format === 'lines') {
    throw new UserError(
      sentence`The path is a folder; expected a CSV, TSV or JSONL file with a column for each language.`,
      {
        file: source.name,
      },
    );
  }
  const file = counted(source.files[0]!, onBytes);
  for await (const records of readRecords(file, format, [columns.source, columns.target])) {
    const pairs = records.map(({ values, line }) => ({ source: values[0]!, target: values[1]!, line }));
    yield { file: file.name, pairs };
  }
}

function counted(file: DataFile, onBytes: ((bytes: number) => void) | undefined): DataFile {
  return {
    ...file,
    async *open() {
      for await (const chunk of file.open()) {
        onBytes?.(chunk.length);
        yield chunk;
      }
    },
  };
}

/** Words of a text that are read: what is longer is no sentence, and a pass over the ids has no room for it. */
const maximumWords = scanWindow / 2;

/** Words of all pairs as provisional ids, as they are read. */
class PairReader {
  readonly table = new ExampleTable();
  readonly targetWords = new GrowingInt32Array();
  readonly dictionaries = { source: new TokenDictionary(), target: new TokenDictionary() };
  withoutText = 0;

  constructor(
    private readonly cutters: Readonly<Record<SideName, Pieces>>,
    private readonly store: IdStore,
  ) {}

  startFile(name: string): void {
    this.table.startFile(name);
  }

  add({ source, target, line }: TextPair): void {
    const { table, store, dictionaries } = this;
    const sourceWords = this.cutters.source.words(source).slice(0, maximumWords);
    const targetWords = this.cutters.target.words(target).slice(0, maximumWords);
    if (sourceWords.length === 0 || targetWords.length === 0) {
      this.withoutText += 1;
      return;
    }
    table.offsets.push(store.count);
    table.lengths.push(sourceWords.length);
    table.labels.push(0);
    table.lines.push(line);
    this.targetWords.push(targetWords.length);
    const hash = new Int32Array(2);
    hashText(source, hash);
    table.addHash(hash[0]!, hash[1]!);
    for (const word of sourceWords) store.append(dictionaries.source.idOf(word));
    for (const word of targetWords) store.append(dictionaries.target.idOf(word));
  }
}

/** Reads everything once. UserError where a source cannot be understood or has too little in it. */
export async function loadPairs(options: LoadPairsOptions): Promise<ParallelDataset> {
  const store = new IdStore(options.idStore);
  try {
    const reader = new PairReader(wordCutters(options.pieces), store);
    const sources = [options.train, options.validation, options.test].filter((source) => typeof source !== 'number');
    const bytesTotal = sources.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
    let bytesRead = 0;
    const ends: number[] = [];
    for (const source of sources) {
      reader.startFile(source.name);
      const onBytes = (bytes: number): void => {
        bytesRead += bytes;
        options.onProgress?.(bytesRead, bytesTotal);
      };
      for await (const { pairs } of readPairs(source, options.columns, onBytes)) {
        options.signal?.throwIfAborted();
        for (const pair of pairs) reader.add(pair);
      }
      ends.push(reader.table.count);
    }
    return build(options, reader, store, ends);
  } catch (error) {
    store.dispose();
    throw error;
  }
}

function build(
  options: LoadPairsOptions,
  reader: PairReader,
  store: IdStore,
  ends: readonly number[],
): ParallelDataset {
  const { table, dictionaries } = reader;
  const parts = divide(table, ends, options);
  for (const name of ['train', 'validation'] as const) {
    if (parts[name].length > 0) continue;
    const file = name === 'train' || typeof options.validation === 'number' ? options.train : options.validation;
    throw new UserError(sentence`There is no pair with text on both sides for the ${partWords[name]}.`, {
      file: file.name,
    });
  }
  const counts = countWords(reader, store, parts.train);
  const sides = buildPairSides(
    options.pieces,
    {
      source: { words: dictionaries.source.tokens, counts: counts.source },
      target: { words: dictionaries.target.tokens, counts: counts.target },
    },
    options.vocabulary,
    options.shared,
    options.signal,
  );
  const lengths = pieceLengths(reader, store, sides);
  const isShort = (example: number): boolean =>
    lengths.source[example]! <= options.maximumLength && lengths.target[example]! <= options.maximumLength;
  const train = parts.train.filter(isShort);
  const hashes = table.takeHashes();
  const duplicatesAcrossParts = countAcrossParts(firstOccurrences([hashes.low, hashes.high]), Object.values(parts));
  const content = { ...parts, train };
  const tooLong = parts.train.length - train.length;
  if (train.length === 0) {
    throw new UserError(
      sentence`Every pair has more than ${options.maximumLength} pieces on a side; raise "maximumLength" to train on them.`,
      { file: options.train.name },
    );
  }
  const warnings = [
    ...(duplicatesAcrossParts > 0
      ? [
          sentence`${pairs(duplicatesAcrossParts)} a source text that stands in more than one of the parts, which makes the scores look better than they are.`,
        ]
      : []),
    ...(reader.withoutText > 0
      ? [sentence`${pairs(reader.withoutText)} no text on a side and have been left out.`]
      : []),
    ...(tooLong > 0
      ? [
          sentence`${pairs(tooLong)} more than ${options.maximumLength} pieces on a side and have been left out of training.`,
        ]
      : []),
  ];
  const words = { target: reader.targetWords.finish(), source: dictionaries.source.tokens };
  return new ParallelDataset(table, words, store, sides, content, lengths, options, {
    duplicatesAcrossParts,
    warnings,
  });
}

function pairs(count: number): Sentence {
  return count === 1 ? sentence`1 pair has` : sentence`${count} pairs have`;
}

/** Explicit sources are parts as they are; shares are taken from the training source. */
function divide(table: ExampleTable, ends: readonly number[], { validation, test, seed }: LoadPairsOptions): Parts {
  const between = (from: number, to: number): Int32Array =>
    Int32Array.from({ length: to - from }, (_, at) => from + at);
  const split = splitExamples({
    labels: table.labels.finish(),
    examples: between(0, ends[0]!),
    classes: ['pairs'],
    validation: typeof validation === 'number' ? validation : 0,
    test: typeof test === 'number' ? test : 0,
    seed,
  });
  return {
    train: split.train,
    validation: typeof validation === 'number' ? split.validation : between(ends[0]!, ends[1]!),
    test: typeof test === 'number' ? split.test : between(ends.at(-2)!, ends.at(-1)!),
  };
}

type BySide<T> = Record<SideName, T>;

/** Visits the words of each example: those of the source, then those of the target. */
function forEachPair(
  { table, targetWords }: Pick<PairReader, 'table' | 'targetWords'>,
  store: IdStore,
  examples: Iterable<number>,
  visit: (example: number, words: BySide<Int32Array>) => void,
): void {
  const scanner = new IdScanner(store);
  for (const example of examples) {
    const length = table.lengths.at(example);
    const ids = scanner.at(table.offsets.at(example), length + targetWords.at(example));
    visit(example, { source: ids.subarray(0, length), target: ids.subarray(length) });
  }
}

function countWords(reader: PairReader, store: IdStore, examples: Int32Array): BySide<Float64Array> {
  const counts = {
    source: new Float64Array(reader.dictionaries.source.tokens.length),
    target: new Float64Array(reader.dictionaries.target.tokens.length),
  };
  forEachPair(reader, store, examples, (_, { source, target }) => {
    for (const word of source) counts.source[word]! += 1;
    for (const word of target) counts.target[word]! += 1;
  });
  // Words that came when the dictionary was full are no word of their own.
  counts.source[0] = 0;
  counts.target[0] = 0;
  return counts;
}

function pieceLengths(reader: PairReader, store: IdStore, sides: BySide<PairSide>): BySide<Int32Array> {
  const { count } = reader.table;
  const lengths = { source: new Int32Array(count), target: new Int32Array(count) };
  const all = (function* () {
    for (let example = 0; example < count; example += 1) yield example;
  })();
  forEachPair(reader, store, all, (example, words) => {
    for (const side of ['source', 'target'] as const) {
      const { starts } = sides[side];
      let length = 0;
      for (const word of words[side]) length += starts[word + 1]! - starts[word]!;
      lengths[side][example] = length;
    }
  });
  return lengths;
}

/** Pairs by index; `dispose()` frees the ids and removes a spill file. */
export class ParallelDataset {
  /** Sentences for the user about what is doubtful in the data. */
  readonly warnings: readonly Sentence[];
  readonly duplicatesAcrossParts: number;

  constructor(
    private readonly table: ExampleTable,
    /** Words of each target, and the different words of all sources. */
    private readonly words: { readonly target: Int32Array; readonly source: readonly string[] },
    private readonly store: IdStore,
    readonly sides: Readonly<BySide<PairSide>>,
    /** Indices of examples, in the order of reading. */
    readonly parts: Parts,
    /** Pieces of each example and side, without frame. */
    readonly lengths: Readonly<BySide<Int32Array>>,
    private readonly options: Pick<LoadPairsOptions, 'train' | 'validation' | 'test' | 'columns'>,
    notes: { readonly duplicatesAcrossParts: number; readonly warnings: readonly Sentence[] },
  ) {
    this.duplicatesAcrossParts = notes.duplicatesAcrossParts;
    this.warnings = notes.warnings;
  }

  /** The ids of one example, without frame. */
  ids(example: number): BySide<Int32Array> {
    const { length, words } = this.wordsOf(example);
    const idsOf = (side: SideName, own: Int32Array): Int32Array => {
      const { starts, ids } = this.sides[side];
      const result = new Int32Array(this.lengths[side][example]!);
      let at = 0;
      for (const word of own) {
        const part = ids.subarray(starts[word], starts[word + 1]);
        result.set(part, at);
        at += part.length;
      }
      return result;
    };
    return { source: idsOf('source', words.subarray(0, length)), target: idsOf('target', words.subarray(length)) };
  }

  /** The pieces of an example's source, unknown ones too. */
  sourcePieces(example: number): string[] {
    const { length, words } = this.wordsOf(example);
    const { pieces } = this.sides.source;
    return Array.from(words.subarray(0, length)).flatMap((word) => [...pieces.split(this.words.source[word]!)]);
  }

  /** The target texts of a part as they stand in the data, by example; reads the files again. */
  async references(part: PartName): Promise<Map<number, string>> {
    const byPlace = new Map<string, number>();
    for (const example of this.parts[part]) {
      const { file, line } = this.table.place(example);
      byPlace.set(`${line} ${file}`, example);
    }
    const own = part === 'train' ? this.options.train : this.options[part];
    const source = typeof own === 'number' ? this.options.train : own;
    const texts = new Map<number, string>();
    for await (const { file, pairs: found } of readPairs(source, this.options.columns)) {
      for (const { target, line } of found) {
        const example = byPlace.get(`${line} ${file}`);
        if (example !== undefined) texts.set(example, target);
      }
    }
    return texts;
  }

  dispose(): void {
    this.store.dispose();
  }

  /** Numbers of the words of both sides, and how many are the source's. */
  private wordsOf(example: number): { length: number; words: Int32Array } {
    const length = this.table.lengths.at(example);
    const words = new Int32Array(length + this.words.target[example]!);
    this.store.read(this.table.offsets.at(example), words.length, words);
    return { length, words };
  }
}
