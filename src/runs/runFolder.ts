/**
 * A run that this process works on: its folder, which it alone may write. Killing the process at any moment leaves a folder
 * to resume from. Must not know how training goes.
 */
import { access, constants, mkdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { renderExperiment } from '../experiment/experimentSchema';
import type { Experiment } from '../experiment/experimentSchema';
import { atomicWrite, removeTemporaries } from '../files/atomicWrite';
import { fileError, fileErrorCode } from '../files/fileErrors';
import type { Report } from '../protocol';
import { readCheckpoint, writeCheckpoint } from './checkpointFile';
import { MetricsWriter } from './metricsFile';
import { namesIn, readRun, runFiles } from './readRun';
import { acquireLock } from './runLock';
import type { RunLock } from './runLock';
import { runName, splitRunName, whyUnsafe } from './runNames';
import { recordLine } from './runRecords';
import type { MetricsLine } from './runRecords';
import type { Checkpoint } from './safetensors';

/** Where in `metrics.jsonl` a checkpoint goes on, in the checkpoint's metadata. */
const metricsBytes = 'metrics.bytes';

/** A run in work. Every method throws a UserError where the disk refuses. */
export class Run {
  /** Name of the folder. */
  readonly name: string;
  /** Where the exported model belongs. */
  readonly modelPath: string;
  private readonly files: ReturnType<typeof runFiles>;

  constructor(
    /** Absolute path of the run's folder. */
    readonly directory: string,
    readonly experiment: Experiment,
    private readonly metrics: MetricsWriter,
    private readonly lock: RunLock,
  ) {
    this.name = basename(directory);
    this.files = runFiles(directory);
    this.modelPath = this.files.model;
  }

  /** Adds a line to `metrics.jsonl`, at once. */
  appendMetrics(line: MetricsLine): void {
    this.metrics.append(line);
  }

  /** Replaces the checkpoint; resuming from it keeps the metrics up to this call. Wait for one before the next. */
  async writeCheckpoint({ tensors, metadata }: Checkpoint): Promise<void> {
    const bytes = this.metrics.bytes;
    this.metrics.sync();
    await writeCheckpoint(this.files.checkpoint, { tensors, metadata: { ...metadata, [metricsBytes]: String(bytes) } });
  }

  /** Replaces `report.json`. Wait for one before the next. */
  async writeReport(report: Report): Promise<void> {
    await atomicWrite(this.files.report, recordLine(report, 2));
  }

  /** Gives the run free for other processes, after the last report. Must be called however the work ends. */
  async close(): Promise<void> {
    this.metrics.close();
    await this.lock.release();
  }
}

/**
 * Looks whether runs can be written below a folder, before any long work and without making anything.
 * @throws UserError where they cannot
 */
export async function checkRunsFolder(runsFolder: string): Promise<void> {
  for (let folder = resolve(runsFolder); ; folder = dirname(folder)) {
    try {
      const found = await stat(folder);
      if (!found.isDirectory())
        throw new UserError(sentence`${folder} is a file; expected a folder for runs, choose another one.`);
      await access(folder, constants.W_OK | constants.X_OK);
      return;
    } catch (error) {
      const isMissing = fileErrorCode(error) === 'ENOENT' && dirname(folder) !== folder;
      if (!isMissing) throw error instanceof UserError ? error : folderError(error, folder);
    }
  }
}

/**
 * Begins a run of an experiment in a folder of its own, with the next free number.
 * @throws UserError where the folder for runs cannot be written
 */
export async function createRun(runsFolder: string, experimentName: string, experiment: Experiment): Promise<Run> {
  const reason = whyUnsafe(experimentName);
  if (reason !== undefined) {
    throw new UserError(sentence`The name ${JSON.stringify(experimentName)} cannot name a run: it ${reason}.`);
  }
  await makeFolders(resolve(runsFolder)).catch((error: unknown) => {
    throw folderError(error, runsFolder);
  });
  const directory = await makeNextFolder(resolve(runsFolder), experimentName);
  try {
    const lock = await acquireLock(directory);
    await atomicWrite(runFiles(directory).experiment, renderExperiment(experiment));
    return new Run(directory, experiment, new MetricsWriter(runFiles(directory).metrics, 0), lock);
  } catch (error) {
    // Where even removing fails, a folder without an experiment stays; it counts as no run.
    await rm(directory, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * Takes up a run where its checkpoint left it: metrics behind the checkpoint are cut off, and temporary files removed.
 * Without a checkpoint the run starts from its beginning.
 * @throws UserError where the run is finished, damaged, or being worked on by another process
 */
export async function resumeRun(directory: string): Promise<{ run: Run; checkpoint: Checkpoint | null }> {
  const absolute = resolve(directory);
  await readRun(absolute); // A folder that is no run gets no lock.
  const lock = await acquireLock(absolute);
  try {
    return await takeUp(absolute, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function takeUp(directory: string, lock: RunLock): Promise<{ run: Run; checkpoint: Checkpoint | null }> {
  const { experiment, report, name } = await readRun(directory);
  if (report?.status === 'finished') {
    throw new UserError(sentence`The run ${name} is finished; there is nothing to resume, start a new run.`);
  }
  await removeTemporaries(directory);
  const files = runFiles(directory);
  const checkpoint = await readCheckpoint(files.checkpoint);
  const keep = checkpoint === null ? 0 : metricsPosition(checkpoint, files.checkpoint);
  const run = new Run(directory, experiment, new MetricsWriter(files.metrics, keep), lock);
  if (report !== null) {
    // A kill from here on must not leave the last sitting's end as this one's.
    await run.writeReport({ ...report, status: 'running' }).catch(async (error: unknown) => {
      await run.close();
      throw error;
    });
  }
  return { run, checkpoint: checkpoint && withoutPosition(checkpoint) };
}

function metricsPosition({ metadata }: Checkpoint, path: string): number {
  const text = metadata[metricsBytes];
  if (text === undefined || !/^\d{1,15}$/.test(text)) {
    throw new UserError(
      sentence`The checkpoint ${path} is none of a run: it does not tell its place in the metrics; start a new run.`,
    );
  }
  return Number(text);
}

function withoutPosition({ tensors, metadata }: Checkpoint): Checkpoint {
  return { tensors, metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== metricsBytes)) };
}

/** Like a recursive mkdir, which on a read-only disk tells of a missing folder instead. */
async function makeFolders(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT' && dirname(folder) !== folder) {
      await makeFolders(dirname(folder));
      await makeFolders(folder);
    } else if (!(await isFolder(folder))) {
      throw error;
    }
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false, // The error that made us look is the one to tell.
  );

async function makeNextFolder(runsFolder: string, experimentName: string): Promise<string> {
  const numbers = (await namesIn(runsFolder))
    .map(splitRunName)
    .flatMap((names) => (names?.experimentName === experimentName ? [names.number] : []));
  for (let number = Math.max(0, ...numbers) + 1; ; number++) {
    const directory = join(runsFolder, runName(experimentName, number));
    try {
      await mkdir(directory);
      return directory;
    } catch (error) {
      if (fileErrorCode(error) !== 'EEXIST') {
        throw folderError(error, directory);
      }
    }
  }
}

function folderError(error: unknown, folder: string): Error {
  return fileErrorCode(error) === 'EEXIST'
    ? new UserError(sentence`${folder} could not be made a folder: it is a file; choose another folder.`)
    : fileError(error, folder, 'written');
}
