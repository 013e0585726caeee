/** What the tests know of `build.js`. */

/**
 * Writes `train.csv`, `validation.csv`, `test.csv` (columns `message,label`), `vectors.txt`, both experiments and the
 * README into `folder`, which is made if it is not there. Two builds are equal byte for byte on one machine.
 */
export declare function buildWordVectors(folder: string): Promise<void>;
