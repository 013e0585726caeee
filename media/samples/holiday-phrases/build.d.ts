/** What the tests know of `build.js`. */

/**
 * Writes `phrases.tsv` (6,000 pairs in the columns `english` and `french`), the experiment and the README into `folder`,
 * which is made if it is not there. Two builds are equal byte for byte.
 */
export declare function buildHolidayPhrases(folder: string): Promise<void>;
