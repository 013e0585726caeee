/** From data sources to a data set: reads, divides, builds the vocabulary on the training part; knows nothing of models. */
import { UserError } from '../errors';
import { listed, sentence, type SentenceValue } from '../sentence';
import { Dataset, type DatasetPart } from './dataset';
import { dataWarnings } from './dataWarnings';
import { countAcrossParts, firstOccurrences } from './duplicates';
import { ExampleTable } from './exampleTable';
import { IdScanner, IdStore, scanWindow, type IdStoreOptions } from './idStore';
import { ingest, type IngestOptions, type LabelledColumns } from './ingest';
import { splitExamples, type PartName, type Parts } from './split';
import type { DataSource } from './source';
import { TokenDictionary, type TokenNumbers } from './tokenDictionary';
import { createTokenizer, createWordCutter, type TokenizerSettings, type TokenizerSpec } from './tokenizer';
import {
  buildVocabulary,
  type BuiltVocabulary,
  compareCodePoints,
  everyToken,
  unknownId,
  type Vocabulary,
  type VocabularyLimits,
} from './vocabulary';
import { wordsToPieces } from './wordsToPieces';

/** Tokens kept of an example where nothing else is said. */
export const defaultMaximumLength = 512;

/** The longest example that passes over the ids read in one step. */
export const largestMaximumLength = scanWindow;

/** What training and evaluation have in common. */
interface LoadOptions {
  /** Columns of text and label; a class folder needs none. Default: `text` and `label`. */
  readonly columns?: Partial<LabelledColumns> | undefined;
  /** Tokens kept of an example at most, in 1…262144; what follows is cut off. Default 512. */
  readonly maximumLength?: number | undefined;
  /** Where ids go that outgrow the memory meant for them. */
  readonly idStore?: IdStoreOptions | undefined;
  /** Told the bytes read so far and those of all sources. */
  readonly onProgress?: ((bytesRead: number, bytesTotal: number) => void) | undefined;
  /** Checked at each chunk; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

export interface LoadDatasetOptions extends LoadOptions {
  readonly train: DataSource;
  /** A source of its own, or the share of the training source that is taken for it, 0…1. */
  readonly validation: DataSource | number;
  readonly test: DataSource | number;
  /** Byte-pair encoding is learned on the training part. */
  readonly tokenizer: TokenizerSettings;
  readonly vocabulary: VocabularyLimits;
  /** Keep only the first example of each pair of text and label, over all sources in the order train, validation, test. */
  readonly deduplicate?: boolean | undefined;
  readonly seed: number;
}

/** Reads everything once. UserError where a source cannot be understood or has too little in it to train and test with. */
export async function loadDataset(options: LoadDatasetOptions): Promise<Dataset> {
  let store = new IdStore(options.idStore);
  try {
    const dictionary = new TokenDictionary();
    const sources = [options.train, options.validation, options.test].filter((source) => typeof source !== 'number');
    const { tokenizer: settings, maximumLength = defaultMaximumLength } = options;
    const isOfPieces = settings.type === 'bpe';
    const { table, counts, ends } = await readAll(
      sources,
      // One word more than pieces that are kept tells that an example is cut.
      isOfPieces ? { ...options, maximumLength: Math.min(maximumLength + 1, largestMaximumLength) } : options,
      isOfPieces ? createWordCutter(settings.lowercase) : createTokenizer(settings),
      store,
      dictionary,
    );
    const { classes, classOfLabel } = orderClasses(table.labelNames);
    table.relabel(classOfLabel);
    const hashes = table.takeHashes();
    const kept = options.deduplicate === true ? firstPairs(hashes, table) : allExamples(table.count);
    const parts = divide(table, kept, ends, classes, options);
    checkClasses(table, parts, classes, options);
    const tokenCounts = countTokens(table, store, parts.train, dictionary.tokens.length);
    tokenCounts[0] = 0;
    let tokenizer: TokenizerSpec;
    let built: { readonly vocabulary: Vocabulary; readonly mapping: Int32Array | null };
    if (isOfPieces) {
      const words = { words: dictionary.tokens, counts: tokenCounts };
      const pieces = wordsToPieces(table, store, { ...options, ...words, maximumLength });
      store.dispose();
      store = pieces.store;
      counts.truncated = pieces.truncated;
      tokenizer = { ...settings, merges: pieces.merges };
      built = { vocabulary: pieces.vocabulary, mapping: null };
    } else {
      tokenizer = settings;
      built = buildVocabulary(dictionary.tokens, tokenCounts, options.vocabulary);
    }
    const { vocabulary, mapping } = built;
    const withTokens = describeParts(table, store, parts, mapping);
    const duplicatesAcrossParts = countAcrossParts(firstOccurrences([hashes.low, hashes.high]), Object.values(parts));
    const summary = { ...counts, duplicatesRemoved: table.count - kept.length };
    const content = {
      table,
      store,
      mapping,
      classes,
      tokenizer,
      vocabulary,
      parts: withTokens,
      duplicatesAcrossParts,
      counts: summary,
    };
    return new Dataset({ ...content, warnings: dataWarnings(content, maximumLength, dictionary.overflow) });
  } catch (error) {
    store.dispose();
    throw error;
  }
}

export interface LoadEvaluationOptions extends LoadOptions {
  readonly source: DataSource;
  readonly tokenizer: TokenizerSpec;
  /** That of the model; null for one of all words of the source. */
  readonly vocabulary: Vocabulary | null;
  /** Those of the model. */
  readonly classes: readonly string[];
}

/** A data set for a finished model: everything is in the part `test`. UserError for a label that the model does not know. */
export async function loadEvaluationDataset(options: LoadEvaluationOptions): Promise<Dataset> {
  const store = new IdStore(options.idStore);
  try {
    const { classes } = options;
    const dictionary = options.vocabulary ?? new TokenDictionary();
    const known = new Set(classes);
    const checkLabel: IngestOptions['checkLabel'] = (label, place) => {
      if (known.has(label)) return;
      throw new UserError(
        sentence`The model does not know the label "${label}"; its labels are ${quoted(classes)}.`,
        place,
      );
    };
    const { table, counts } = await readAll(
      [options.source],
      options,
      createTokenizer(options.tokenizer),
      store,
      dictionary,
      checkLabel,
    );
    if (table.count === 0) {
      throw new UserError(sentence`No example of the file has a text; there is nothing to evaluate.`, {
        file: options.source.name,
      });
    }
    table.relabel(table.labelNames.map((label) => classes.indexOf(label)));
    const { vocabulary, mapping } = dictionary instanceof TokenDictionary ? allTokens(dictionary) : own(dictionary);
    const none = new Int32Array(0);
    const parts = { train: none, validation: none, test: allExamples(table.count) };
    const content = {
      table,
      store,
      mapping,
      classes,
      tokenizer: options.tokenizer,
      vocabulary,
      parts: describeParts(table, store, parts, mapping),
      duplicatesAcrossParts: 0,
      counts: { ...counts, duplicatesRemoved: 0 },
    };
    return new Dataset({
      ...content,
      warnings: dataWarnings(content, options.maximumLength ?? defaultMaximumLength, 0),
    });
  } catch (error) {
    store.dispose();
    throw error;
  }
}

/** Every token of the texts, whatever part it is in. */
function allTokens({ tokens }: TokenDictionary): BuiltVocabulary {
  return buildVocabulary(tokens, new Float64Array(tokens.length), everyToken);
}

/** A vocabulary whose ids are stored as they are. */
function own(vocabulary: Vocabulary): { vocabulary: Vocabulary; mapping: null } {
  return { vocabulary, mapping: null };
}

async function readAll(
  sources: readonly DataSource[],
  options: LoadOptions,
  tokenizer: IngestOptions['tokenizer'],
  store: IdStore,
  numbers: TokenNumbers,
  checkLabel?: IngestOptions['checkLabel'],
) {
  const maximumLength = options.maximumLength ?? defaultMaximumLength;
  if (!Number.isInteger(maximumLength) || maximumLength < 1 || maximumLength > largestMaximumLength) {
    throw new RangeError(`a maximum length of ${maximumLength} is not in 1…${largestMaximumLength}`);
  }
  const table = new ExampleTable();
  const counts = { truncated: 0, withoutText: 0 };
  const bytesTotal = sources.flatMap((source) => source.files).reduce((sum, file) => sum + file.bytes, 0);
  let bytesRead = 0;
  /** Number of examples after each source. */
  const ends: number[] = [];
  for (const source of sources) {
    await ingest(source, {
      columns: { text: options.columns?.text ?? 'text', label: options.columns?.label ?? 'label' },
      tokenizer,
      numbers,
      maximumLength,
      table,
      store,
      counts,
      checkLabel,
      onBytes: (bytes) => {
        bytesRead += bytes;
        options.onProgress?.(bytesRead, bytesTotal);
      },
      signal: options.signal,
    });
    ends.push(table.count);
  }
  return { table, counts, ends };
}

/** The first example of each pair of text and label, in rising order. */
function firstPairs(hashes: ReturnType<ExampleTable['takeHashes']>, table: ExampleTable): Int32Array {
  const first = firstOccurrences([hashes.low, hashes.high, table.labels.finish()]);
  return first.filter((example, index) => example === index);
}

function allExamples(count: number): Int32Array {
  return new Int32Array(count).map((_, index) => index);
}

/** Classes by number where all labels are numbers, else by code points. */
export function orderClasses(labels: readonly string[]): { classes: string[]; classOfLabel: Int32Array } {
  const numeric = labels.every((label) => /^[+-]?\d+(\.\d+)?$/u.test(label));
  const classes = [...labels].sort((a, b) => (numeric ? Number(a) - Number(b) : 0) || compareCodePoints(a, b));
  const indices = new Map(classes.map((label, index) => [label, index]));
  return { classes, classOfLabel: Int32Array.from(labels, (label) => indices.get(label)!) };
}

/** Explicit sources are parts as they are; shares are taken from the training source. */
function divide(
  table: ExampleTable,
  kept: Int32Array,
  ends: readonly number[],
  classes: readonly string[],
  { validation, test, seed }: LoadDatasetOptions,
): Parts {
  const between = (from: number, to: number) => kept.filter((example) => example >= from && example < to);
  const split = splitExamples({
    labels: table.labels.finish(),
    examples: between(0, ends[0]!),
    classes,
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

/** UserErrors for data that no classifier can be trained on. */
function checkClasses(
  table: ExampleTable,
  parts: Parts,
  classes: readonly string[],
  { train }: LoadDatasetOptions,
): void {
  const file = train.name;
  if (classes.length === 0) {
    throw new UserError(sentence`No example has a text; a classifier needs examples of two classes.`, { file });
  }
  if (classes.length === 1) {
    throw new UserError(sentence`Every example has the label "${classes[0]!}"; a classifier needs two classes.`, {
      file,
    });
  }
  const total = classes.map(() => 0);
  const training = classes.map(() => 0);
  const sample = classes.map(() => -1);
  for (const [name, examples] of Object.entries(parts)) {
    for (const example of examples) {
      const index = table.labels.at(example);
      if (sample[index]! < 0) sample[index] = example;
      total[index]! += 1;
      if (name === 'train') training[index]! += 1;
    }
  }
  for (const [index, label] of classes.entries()) {
    if (training[index]! > 0) continue;
    const place = table.place(sample[index]!);
    throw new UserError(
      sentence`The label "${label}" does not occur in the training data; add examples of it or remove it.`,
      place,
    );
  }
  for (const [index, label] of classes.entries()) {
    if (total[index]! > 1) continue;
    throw new UserError(
      sentence`The class "${label}" has only this example; give it three or more, so that each part has one, or remove it.`,
      table.place(sample[index]!),
    );
  }
}

/** How often each stored id occurs in the examples, which are in rising order. */
function countTokens(table: ExampleTable, store: IdStore, examples: Int32Array, size: number): Float64Array {
  const counts = new Float64Array(size);
  forEachId(table, store, examples, (id) => {
    counts[id]! += 1;
  });
  return counts;
}

function describeParts(
  table: ExampleTable,
  store: IdStore,
  parts: Parts,
  mapping: Int32Array | null,
): Record<PartName, DatasetPart> {
  const describe = (name: PartName): DatasetPart => {
    let tokens = 0;
    let known = 0;
    forEachId(table, store, parts[name], (id) => {
      tokens += 1;
      if ((mapping === null ? id : mapping[id]!) !== unknownId) known += 1;
    });
    return { name, examples: parts[name], tokens, coverage: tokens === 0 ? 0 : known / tokens };
  };
  return { train: describe('train'), validation: describe('validation'), test: describe('test') };
}

function forEachId(table: ExampleTable, store: IdStore, examples: Int32Array, visit: (id: number) => void): void {
  const scanner = new IdScanner(store);
  for (const example of examples) {
    const ids = scanner.at(table.offsets.at(example), table.lengths.at(example));
    for (const id of ids) visit(id);
  }
}

function quoted(names: readonly string[]): SentenceValue {
  return listed(names.map((name) => `"${name}"`));
}
