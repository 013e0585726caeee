/** What the tests know of `build.js`. */

/**
 * Writes `words.csv` (columns `word,language`; 6,000 words of each language, mixed), the experiment and the README into
 * `folder`, which is made if it is not there. Two builds from the same lists are equal byte for byte.
 */
export declare function buildWordLanguage(folder: string): Promise<void>;
