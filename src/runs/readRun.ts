/** What runs there are and how they stand, for lists and for resuming; changes nothing on disk. */
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import type { Experiment } from '../experiment/experimentSchema';
import { parseExperiment } from '../experiment/parseExperiment';
import { fileError, fileErrorCode } from '../files/fileErrors';
import type { Report, RunStatus } from '../protocol';
import { lockHolder } from './runLock';
import { cleanName, splitRunName } from './runNames';
import { reportSchema } from './runRecords';

/** How a run stands; `interrupted` is one whose process is gone without a last word. */
export type RunState = RunStatus | 'interrupted';

/** A run as it stands on disk. */
export interface RunSummary {
  /** Name of its folder. */
  readonly name: string;
  /** What people call it: the name that it was given, else that of its folder. */
  readonly displayName: string;
  readonly experimentName: string;
  readonly number: number;
  /** Absolute path of its folder. */
  readonly directory: string;
  readonly experiment: Experiment;
  readonly status: RunState;
  /** The last report, or null before the first; its own status is not looked at where `status` is another. */
  readonly report: Report | null;
  /** Time of the run's beginning. */
  readonly created: Date;
  /** Path of the checkpoint, or null before the first. */
  readonly checkpoint: string | null;
  /** Path of the exported model, or null before there is one. */
  readonly model: string | null;
}

/** The files of a run's folder. */
export function runFiles(directory: string) {
  return {
    experiment: join(directory, 'experiment.json'),
    metrics: join(directory, 'metrics.jsonl'),
    checkpoint: join(directory, 'checkpoint.safetensors'),
    model: join(directory, 'model.onnx'),
    report: join(directory, 'report.json'),
    name: join(directory, 'name.txt'),
  };
}

/**
 * Reads how a run stands.
 * @throws UserError where the folder is no run or a file in it is damaged
 */
export async function readRun(directory: string): Promise<RunSummary> {
  const absolute = resolve(directory);
  const name = basename(absolute);
  const names = splitRunName(name);
  const files = runFiles(absolute);
  const text = names === undefined ? undefined : await readIfThere(files.experiment);
  if (names === undefined || text === undefined) {
    throw new UserError(sentence`${absolute} is no run, expected a folder like spam-1 with an experiment.json in it.`);
  }
  const { experiment } = parseExperiment(text, files.experiment);
  // The lock comes first: a run that ends in between has its report before it gives the lock away.
  const running = (await lockHolder(absolute)) !== undefined;
  const report = await readReport(files.report);
  return {
    name,
    displayName: cleanName((await readIfThere(files.name)) ?? '') ?? name,
    ...names,
    directory: absolute,
    experiment,
    status: running ? 'running' : endOf(report),
    report,
    created: (await stat(files.experiment)).mtime,
    checkpoint: (await exists(files.checkpoint)) ? files.checkpoint : null,
    model: (await exists(files.model)) ? files.model : null,
  };
}

/** All runs in a folder, newest first; those that cannot be read stand apart with the reason. */
export async function listRuns(runsFolder: string): Promise<{
  runs: RunSummary[];
  unreadable: { directory: string; error: UserError }[];
}> {
  const runs: RunSummary[] = [];
  const unreadable: { directory: string; error: UserError }[] = [];
  for (const name of await runNamesIn(runsFolder)) {
    const directory = join(runsFolder, name);
    try {
      runs.push(await readRun(directory));
    } catch (error) {
      if (!(error instanceof UserError)) {
        throw error;
      }
      unreadable.push({ directory: resolve(directory), error });
    }
  }
  runs.sort((a, b) => b.created.getTime() - a.created.getTime() || b.number - a.number);
  return { runs, unreadable };
}

/**
 * The highest-numbered run of an experiment that is not finished, one that is running included; undefined where there is
 * none.
 * @throws UserError where the highest-numbered runs cannot be read
 */
export async function latestUnfinishedRun(runsFolder: string, experimentName: string): Promise<RunSummary | undefined> {
  const numbers = (await runNamesIn(runsFolder))
    .map((name) => ({ name, ...splitRunName(name) }))
    .filter((run) => run.experimentName === experimentName)
    .sort((a, b) => (b.number ?? 0) - (a.number ?? 0));
  for (const { name } of numbers) {
    const run = await readRun(join(runsFolder, name));
    if (run.status !== 'finished') {
      return run;
    }
  }
  return undefined;
}

/** Names of the folders that are runs: a folder without its experiment is one in the making, or what a crash left. */
export async function runNamesIn(runsFolder: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of await namesIn(runsFolder)) {
    if (splitRunName(name) !== undefined && (await exists(runFiles(join(runsFolder, name)).experiment))) {
      names.push(name);
    }
  }
  return names;
}

/** Names of all that is in a folder, none where it does not exist. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') {
      return [];
    }
    throw fileError(error, folder, 'read');
  }
}

/** A report's word on how the run ended; without one, or with a report from the middle, the process was cut off. */
function endOf(report: Report | null): RunState {
  return report === null || report.status === 'running' ? 'interrupted' : report.status;
}

async function readReport(path: string): Promise<Report | null> {
  const text = await readIfThere(path);
  if (text === undefined) {
    return null;
  }
  try {
    return reportSchema.parse(JSON.parse(text));
  } catch {
    throw new UserError(sentence`the file is damaged, expected the report of a run; remove it.`, { file: path });
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(fileErrorCode(error) ?? '')) {
      return undefined;
    }
    throw fileError(error, path, 'read');
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false, // Absent or out of reach: either way there is nothing to offer.
  );
