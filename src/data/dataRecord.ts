/** What a reader yields, whatever the format. */

/** The wanted columns of one example and where it stands. */
export interface DataRecord {
  /** In the order in which the columns were asked for. */
  readonly values: readonly string[];
  /** Line of the file that the record starts on, from 1. */
  readonly line: number;
}
