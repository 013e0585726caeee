/** Which files are ours, told by their names alone; pure. */

/** Whether a file's name is that of an experiment. */
export function isExperiment(path: string): boolean {
  return /[^/\\]\.rnn\.json$/i.test(path);
}

/** Whether a file's name is that of examples and of nothing else: a table, or tagged sentences. */
export function isData(path: string): boolean {
  return /\.(csv|tsv|jsonl|ndjson|conll|conllu|iob2?|bio)$/i.test(path);
}

/** Whether a file's name may be that of data to learn from, and as well of a document or a program. */
export function mayBeData(path: string): boolean {
  return /\.(txt|md|ts)$/i.test(path);
}
