/** Names of experiments and of their runs, safe as folder names on every platform; must not touch the disk. */
import { basename } from 'node:path';
import { UserError } from '../errors';
import { type Sentence, sentence } from '../sentence';

/** Longest name of an experiment in UTF-8 bytes; a folder name may have 255 and a run adds its number. */
const longestName = 200;
const forbiddenCharacters = '/ \\ : * ? " < > |';
// eslint-disable-next-line no-control-regex -- control characters are among what a folder name must not have.
const forbidden = /[/\\:*?"<>|\u0000-\u001f\u007f]/;
const windowsDevice = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * The name of the experiment in `file`, as `spam` for `somewhere/spam.rnn.json`.
 * @throws UserError where the name cannot be that of a folder
 */
export function experimentName(file: string): string {
  const name = basename(file).replace(/(\.rnn)?\.jsonc?$/i, '');
  const reason = whyUnsafe(name);
  if (reason !== undefined) {
    throw new UserError(sentence`the name ${JSON.stringify(name)} cannot name a run: it ${reason}; rename the file.`, {
      file,
    });
  }
  return name;
}

/** Why a name cannot be that of an experiment, as a verb phrase; undefined where it can. */
export function whyUnsafe(name: string): Sentence | undefined {
  if (name.trim() === '') {
    return sentence`is empty`;
  }
  if (Buffer.byteLength(name) > longestName) {
    return sentence`has more than ${longestName} bytes`;
  }
  if (forbidden.test(name)) {
    return sentence`has a control character or one of ${forbiddenCharacters}`;
  }
  if (name.startsWith('.')) {
    return sentence`begins with a dot`;
  }
  if (name !== name.trim() || name.endsWith('.')) {
    return sentence`begins or ends with a blank, or ends with a dot`;
  }
  return windowsDevice.test(name) ? sentence`is reserved by Windows` : undefined;
}

/** The folder name of a run. */
export const runName = (experiment: string, number: number): string => `${experiment}-${number}`;

/** Experiment and number of a run's folder name; undefined where it is no such name. */
export function splitRunName(name: string): { experimentName: string; number: number } | undefined {
  const [, experiment, digits] = /^(.+)-([1-9]\d{0,8})$/su.exec(name) ?? [];
  if (experiment === undefined || digits === undefined || whyUnsafe(experiment) !== undefined) {
    return undefined;
  }
  return { experimentName: experiment, number: Number(digits) };
}

/** Longest name that a person may give a run, in characters. */
export const longestDisplayName = 100;

/** A name for a run as it is kept and shown: one line without control characters; undefined where nothing is left. */
export function cleanName(text: string): string | undefined {
  const line = text
    .replace(/\p{Cc}|[\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  const name = Array.from(line).slice(0, longestDisplayName).join('').trim();
  return name === '' ? undefined : name;
}
