/** What the readers of number series give, whatever the format; knows no format and no model. */
import { UserError } from '../../errors';
import { type Sentence, sentence } from '../../sentence';

/** Where a series stands in a file. */
export interface SeriesPlace {
  readonly file: string;
  /** Line from 1; a file that is one series has none. */
  readonly line?: number;
}

/** A series with its class. */
export interface LabelledSeries {
  /** `[length, channels]`, step by step; a value that is missing is NaN. */
  readonly values: Float32Array;
  readonly length: number;
  readonly label: string;
  readonly place: SeriesPlace;
}

/** The series of a source, all with the same channels; lengths may differ. */
export interface SeriesTable {
  /** Names, or numbers from 1 where the format has no names. */
  readonly channels: readonly string[];
  readonly series: readonly LabelledSeries[];
}

/** Most numbers of a data set: 1 GiB as float32. */
export const maximumValues = 2 ** 28;

/** Counts numbers as they are read, and refuses more than memory is meant for. */
export class ValueBudget {
  private taken = 0;

  constructor(private readonly limit = maximumValues) {}

  /** @throws UserError at `place` where the data set grows beyond the limit */
  take(count: number, place: SeriesPlace): void {
    this.taken += count;
    if (!(this.taken <= this.limit)) {
      throw new UserError(
        sentence`The data has more than ${this.limit} numbers; leave some out or make the series shorter.`,
        place,
      );
    }
  }
}

const missingWords = new Set(['', '?', 'nan', 'na', 'null']);

/**
 * A number as text; NaN for a missing one: an empty cell, `?`, NaN, NA or null.
 * @param what words for the message: where the text stands in its line
 * @throws UserError at `place` for anything else that is no finite number
 */
export function parseNumber(text: string, what: Sentence, place: SeriesPlace): number {
  const trimmed = text.trim();
  if (missingWords.has(trimmed.toLowerCase())) return NaN;
  const value = Math.fround(Number(trimmed));
  if (!Number.isFinite(value) || /^[+-]?0[xob]/iu.test(trimmed)) {
    const shown = trimmed.length > 40 ? `${trimmed.slice(0, 39)}…` : trimmed;
    throw new UserError(sentence`${what} has ${JSON.stringify(shown)}, expected a number.`, place);
  }
  return value;
}
