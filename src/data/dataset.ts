/** A labelled text data set ready for training: ids by example, parts, classes, vocabulary; the texts stay on disk. */
import type { ExampleSource } from './batches';
import type { Sentence } from '../sentence';
import { countClasses, type ClassCount } from './classStatistics';
import type { ExampleTable } from './exampleTable';
import type { IdStore } from './idStore';
import type { PartName } from './split';
import type { TokenizerSpec } from './tokenizer';
import type { Vocabulary } from './vocabulary';

/** One part of a data set. */
export interface DatasetPart {
  readonly name: PartName;
  /** Indices of its examples, in the order of reading. */
  readonly examples: Int32Array;
  /** Its tokens in all. */
  readonly tokens: number;
  /** Share of its tokens that the vocabulary knows, 0…1; 0 for a part without tokens. */
  readonly coverage: number;
}

/** What `loadDataset` and `loadEvaluationDataset` hand to the constructor. */
export interface DatasetContent {
  /** Its labels are class indices. */
  readonly table: ExampleTable;
  readonly store: IdStore;
  /** From stored ids to those of the vocabulary, or null where they are the same. */
  readonly mapping: Int32Array | null;
  readonly classes: readonly string[];
  readonly tokenizer: TokenizerSpec;
  readonly vocabulary: Vocabulary;
  readonly parts: Readonly<Record<PartName, DatasetPart>>;
  readonly duplicatesAcrossParts: number;
  readonly counts: { readonly truncated: number; readonly withoutText: number; readonly duplicatesRemoved: number };
  readonly warnings: readonly Sentence[];
}

/** The shape of `DataSummary` in `protocol.ts`, which this folder does not import. */
export interface DatasetSummary {
  readonly classes: { readonly label: string; readonly count: number }[];
  readonly examples: Record<PartName, number>;
  readonly vocabulary: number;
  readonly coverage: number;
  readonly duplicatesAcrossParts: number;
  readonly vectorsFound: number | null;
}

/** Examples by index; `dispose()` frees the ids and removes a spill file. */
export class Dataset implements ExampleSource {
  /** Labels in the order of the model's outputs. */
  readonly classes: readonly string[];
  readonly tokenizer: TokenizerSpec;
  readonly vocabulary: Vocabulary;
  readonly parts: Readonly<Record<PartName, DatasetPart>>;
  /** Tokens of each example. */
  readonly lengths: Int32Array;
  /** Class index of each example. */
  readonly labels: Int32Array;
  /** Examples whose text stands in another part as well. */
  readonly duplicatesAcrossParts: number;
  readonly counts: DatasetContent['counts'];
  /** Sentences for the user about what is doubtful in the data. */
  readonly warnings: readonly Sentence[];
  readonly #table: ExampleTable;
  readonly #offsets: Float64Array;
  readonly #store: IdStore;
  readonly #mapping: Int32Array | null;

  constructor(content: DatasetContent) {
    this.classes = content.classes;
    this.tokenizer = content.tokenizer;
    this.vocabulary = content.vocabulary;
    this.parts = content.parts;
    this.duplicatesAcrossParts = content.duplicatesAcrossParts;
    this.counts = content.counts;
    this.warnings = content.warnings;
    this.#table = content.table;
    this.#offsets = content.table.offsets.finish();
    this.lengths = content.table.lengths.finish();
    this.labels = content.table.labels.finish();
    this.#store = content.store;
    this.#mapping = content.mapping;
  }

  /** Writes the example's vocabulary ids to the target's start and returns how many there are. */
  readTokens(example: number, target: Int32Array): number {
    const length = this.lengths[example]!;
    this.#store.read(this.#offsets[example]!, length, target);
    if (this.#mapping !== null) {
      for (let index = 0; index < length; index += 1) target[index] = this.#mapping[target[index]!]!;
    }
    return length;
  }

  /** The example's vocabulary ids, `[length]`. */
  tokens(example: number): Int32Array {
    const ids = new Int32Array(this.lengths[example]!);
    this.readTokens(example, ids);
    return ids;
  }

  /** File and line (from 1) that the example was read from. */
  place(example: number): { readonly file: string; readonly line: number } {
    return this.#table.place(example);
  }

  classCounts(part: PartName): ClassCount[] {
    return countClasses(this.labels, this.parts[part].examples, this.classes);
  }

  /** What was read, for the report; classes are counted over all parts, coverage is that of the training part. */
  summary(vectorsFound: number | null = null): DatasetSummary {
    const { train, validation, test } = this.parts;
    const perPart = [this.classCounts('train'), this.classCounts('validation'), this.classCounts('test')];
    return {
      classes: this.classes.map((label, index) => ({
        label,
        count: perPart.reduce((sum, counts) => sum + counts[index]!.count, 0),
      })),
      examples: { train: train.examples.length, validation: validation.examples.length, test: test.examples.length },
      vocabulary: this.vocabulary.size,
      coverage: train.coverage,
      duplicatesAcrossParts: this.duplicatesAcrossParts,
      vectorsFound,
    };
  }

  dispose(): void {
    this.#store.dispose();
  }
}
