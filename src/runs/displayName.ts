/** The name that a person gives a run. The folder keeps its own, by which runs are counted and resumed. */
import { rm } from 'node:fs/promises';
import { UserError } from '../errors';
import { atomicWrite } from '../files/atomicWrite';
import { fileError } from '../files/fileErrors';
import { runFiles } from './readRun';
import { cleanName } from './runNames';

/**
 * Names the run in `directory`; an empty name or that of the folder takes the given one away.
 * @throws UserError where the disk refuses
 */
export async function renameRun(directory: string, folderName: string, name: string): Promise<void> {
  const path = runFiles(directory).name;
  const clean = cleanName(name);
  try {
    if (clean === undefined || clean === folderName) await rm(path, { force: true });
    else await atomicWrite(path, `${clean}\n`);
  } catch (error) {
    throw error instanceof UserError ? error : fileError(error, path, 'written');
  }
}
