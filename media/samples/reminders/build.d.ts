/** What the tests know of `build.js`. */

/**
 * Writes `reminders.conll` (a token and its tag a line, 2,000 sentences), the experiment and the README into `folder`,
 * which is made if it is not there. Two builds are equal byte for byte.
 */
export declare function buildReminders(folder: string): Promise<void>;
