/** The file system's errors that a user can mend, as sentences; knows no command. */
import { UserError } from '../errors';

const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file or folder.',
  ENOTDIR: 'A part of this path is no folder.',
  EISDIR: 'This is a folder, expected a file.',
  EACCES: 'This may not be read or written by you; change its permissions.',
  EPERM: 'This may not be read or written by you; change its permissions.',
  EROFS: 'This is on a disk that can only be read.',
  ENOSPC: 'The disk is full.',
};

/** A UserError about the file at `path` where the error is the user's to mend, else the error itself. */
export function asUserError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const sentence = typeof code === 'string' && Object.hasOwn(sentences, code) ? sentences[code] : undefined;
  return sentence === undefined ? error : new UserError(sentence, { file: path });
}
