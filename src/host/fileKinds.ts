/** Which files are ours, told by their names alone; pure. */

/** Whether a file's name is that of an experiment. */
export function isExperiment(path: string): boolean {
  return /[^/\\]\.rnn\.json$/i.test(path);
}

/** Whether a file's name is that of a table of examples. */
export function isData(path: string): boolean {
  return /\.(csv|tsv|jsonl|ndjson)$/i.test(path);
}
