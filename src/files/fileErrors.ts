/** What the file system refuses, told in one sentence; must not know what the files are for. */
import { dirname } from 'node:path';
import { UserError } from '../errors';
import { type Sentence, sentence } from '../sentence';

/** What was tried with the file. */
export type FileAction = 'read' | 'written';

const actionWords: Readonly<Record<FileAction, Sentence>> = { read: sentence`read`, written: sentence`written` };

type Refusal = (path: string, action: FileAction) => Sentence;

const denied: Refusal = (path, action) =>
  sentence`${path} could not be ${actionWords[action]}: permission denied; change its permissions or choose another place.`;

const refusals: Partial<Record<string, Refusal>> = {
  ENOSPC: (path) => sentence`The disk is full: ${path} could not be written; free space and run again.`,
  EDQUOT: (path) => sentence`Your disk quota is used up: ${path} could not be written; free space and run again.`,
  EFBIG: (path) => sentence`${path} could not be written: it grew beyond the largest file that is allowed here.`,
  EACCES: denied,
  EPERM: denied,
  EROFS: (path) => sentence`${path} could not be written: its file system is read-only; choose another place.`,
  ENOENT: (path, action) =>
    action === 'read'
      ? sentence`${path} could not be read: there is no such file; check the path.`
      : sentence`${path} could not be written: the folder ${dirname(path)} does not exist; create it or choose another place.`,
  ENOTDIR: (path, action) =>
    sentence`${path} could not be ${actionWords[action]}: a part of its path is a file, not a folder; choose another place.`,
  EISDIR: (path, action) => sentence`${path} could not be ${actionWords[action]}: it is a folder, expected a file.`,
  ENAMETOOLONG: (path, action) =>
    sentence`${path} could not be ${actionWords[action]}: its name is too long; choose a shorter one.`,
  ELOOP: (path, action) =>
    sentence`${path} could not be ${actionWords[action]}: its symbolic links go round in a circle.`,
  EBUSY: (path, action) =>
    sentence`${path} could not be ${actionWords[action]}: another program is using it; close it and run again.`,
  EMFILE: (path, action) =>
    sentence`${path} could not be ${actionWords[action]}: too many files are open; close some programs and run again.`,
  EIO: (path, action) =>
    sentence`${path} could not be ${actionWords[action]}: the disk reports an error; check the disk.`,
};

/** The code of a file system's error, as `ENOENT`; undefined for any other error. */
export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The error to throw for one that came up at `path`: a UserError for what the user can mend, else the error itself. */
export function fileError(error: unknown, path: string, action: FileAction): Error {
  const refusal = refusals[fileErrorCode(error) ?? ''];
  if (refusal !== undefined) {
    return new UserError(refusal(path, action));
  }
  return error instanceof Error ? error : new Error(`${path} could not be ${action}`, { cause: error });
}
