/** One pass over a source of labelled text: tokens to an id store, the rest to a table; knows nothing of parts or models. */
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { hashText } from './duplicates';
import type { ExampleTable } from './exampleTable';
import type { IdStore } from './idStore';
import { readRecords } from './records';
import { classOfFile, detectFormat, type DataFile, type DataSource } from './source';
import type { TokenNumbers } from './tokenDictionary';
import type { Tokenizer } from './tokenizer';

/** Different labels that a classification may have; more means that the wrong column was named. */
export const maximumClasses = 10_000;

/** Names of the columns (or JSON keys) of a labelled text; a class folder needs none. */
export interface LabelledColumns {
  readonly text: string;
  readonly label: string;
}

export interface IngestOptions {
  readonly columns: LabelledColumns;
  readonly tokenizer: Pick<Tokenizer, 'tokenize'>;
  readonly numbers: TokenNumbers;
  /** Tokens kept of an example at most. */
  readonly maximumLength: number;
  readonly table: ExampleTable;
  readonly store: IdStore;
  readonly counts: IngestCounts;
  /** Throws where a label is not allowed; `place` is that of its example. */
  readonly checkLabel?: ((label: string, place: { readonly file: string; readonly line: number }) => void) | undefined;
  /** Called with the bytes of each chunk read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Checked at each chunk; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** What happened to examples on the way; added to by each pass. */
export interface IngestCounts {
  /** Examples cut to the maximum length. */
  truncated: number;
  /** Examples left out because their text has no token. */
  withoutText: number;
}

/** Appends all examples of a source to table and store. UserError where the source cannot be understood. */
export async function ingest(source: DataSource, options: IngestOptions): Promise<void> {
  const format = detectFormat(source);
  const { columns, table } = options;
  for (const file of source.files) {
    options.signal?.throwIfAborted();
    table.startFile(file.name);
    const folderLabel = format === 'lines' ? classOfFile(file.name) : null;
    for await (const records of readRecords(watched(file, options), format, [columns.text, columns.label])) {
      for (const { values, line } of records) {
        const label = folderLabel ?? values[1]!.trim();
        addExample(values[0]!, label, { file: file.name, line }, options);
      }
    }
  }
}

/** The file with its chunks counted and the signal checked at each. */
function watched(file: DataFile, { onBytes, signal }: IngestOptions): DataFile {
  return {
    name: file.name,
    bytes: file.bytes,
    async *open() {
      for await (const chunk of file.open()) {
        signal?.throwIfAborted();
        onBytes?.(chunk.length);
        yield chunk;
      }
    },
  };
}

const hash = new Int32Array(2);

function addExample(
  text: string,
  label: string,
  place: { readonly file: string; readonly line: number },
  options: IngestOptions,
): void {
  const { table, store, counts, columns } = options;
  if (label === '') {
    throw new UserError(sentence`The label (${columns.label}) is empty; every example needs one.`, place);
  }
  const tokens = options.tokenizer.tokenize(text);
  if (tokens.length === 0 || text.trim() === '') {
    counts.withoutText += 1;
    return;
  }
  options.checkLabel?.(label, place);
  const labelIndex = table.labelIndex(label);
  if (labelIndex >= maximumClasses) {
    throw new UserError(
      sentence`"${columns.label}" has more than ${maximumClasses} different values up to here; name the column that holds the class.`,
      place,
    );
  }
  const length = Math.min(tokens.length, options.maximumLength);
  if (length < tokens.length) counts.truncated += 1;
  table.offsets.push(store.count);
  table.lengths.push(length);
  table.labels.push(labelIndex);
  table.lines.push(place.line);
  hashText(text, hash);
  table.addHash(hash[0]!, hash[1]!);
  for (let index = 0; index < length; index += 1) store.append(options.numbers.idOf(tokens[index]!));
}
