/**
 * Keeps two processes from working on one run. The locks of a folder are `lock-1`, `lock-2`, …, each made exclusively, and
 * the highest one counts: a lock whose owner died is overtaken by making the next, which only one process can. A released
 * lock stays, so that a number never comes twice. Must not know what is locked.
 */
import { readFileSync } from 'node:fs';
import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { UserError } from '../errors';
import { fileError, fileErrorCode } from '../files/fileErrors';
import { type Sentence, sentence } from '../sentence';

const ownerSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** Start of the process in the words of the system, which tells it from a later one with the same number. */
  start: z.string().nullable(),
  /** When the lock was taken, as ISO 8601. */
  since: z.iso.datetime(),
  released: z.boolean(),
});

/** The process that holds a lock. */
export type LockOwner = z.infer<typeof ownerSchema>;

/** A lock that this process holds. */
export class RunLock {
  private released = false;

  constructor(
    private readonly path: string,
    private readonly owner: LockOwner,
  ) {}

  /** Gives the run free for others; further calls do nothing. Written over the old text, which a full disk allows. */
  async release(): Promise<void> {
    if (this.released) {
      return;
    }
    this.released = true;
    try {
      const handle = await open(this.path, 'r+');
      try {
        await handle.write(lockText({ ...this.owner, released: true }).padEnd(lockText(this.owner).length), 0);
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw fileError(error, this.path, 'written');
    }
  }
}

/**
 * Takes the lock of a folder.
 * @throws UserError where a living process holds it
 */
export async function acquireLock(folder: string): Promise<RunLock> {
  const owner = { pid: process.pid, host: hostname(), start: startOf(process.pid), since: now(), released: false };
  for (let highest = await highestLock(folder); ; highest = await highestLock(folder)) {
    const holder = await holderOf(folder, highest);
    if (holder !== undefined) {
      throw new UserError(heldBy(folder, highest, holder));
    }
    const path = lockPath(folder, highest + 1);
    if (!(await makeExclusively(path, lockText(owner)))) {
      continue;
    }
    // Between looking and making, others may have taken and released higher locks and tidied this number away.
    if ((await highestLock(folder)) === highest + 1) {
      await tidy(folder, highest + 1);
      return new RunLock(path, owner);
    }
    await rm(path, { force: true });
  }
}

/** The living process that holds the lock of a folder, if there is one. */
export async function lockHolder(folder: string): Promise<LockOwner | 'unknown' | undefined> {
  return holderOf(folder, await highestLock(folder));
}

const lockPath = (folder: string, number: number): string => join(folder, `lock-${number}`);
const lockText = (owner: LockOwner): string => `${JSON.stringify(owner)}\n`;
const now = (): string => new Date().toISOString();

async function lockNumbers(folder: string): Promise<number[]> {
  return (await readdir(folder)).flatMap((name) => {
    const digits = /^lock-([1-9]\d{0,8})$/.exec(name)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
}

const highestLock = async (folder: string): Promise<number> => Math.max(0, ...(await lockNumbers(folder)));

async function tidy(folder: string, own: number): Promise<void> {
  for (const number of await lockNumbers(folder)) {
    if (number < own) {
      await rm(lockPath(folder, number), { force: true });
    }
  }
}

async function makeExclusively(path: string, text: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(text);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (fileErrorCode(error) === 'EEXIST') {
      return false;
    }
    throw fileError(error, path, 'written');
  }
}

async function holderOf(folder: string, number: number): Promise<LockOwner | 'unknown' | undefined> {
  if (number === 0) {
    return undefined;
  }
  const path = lockPath(folder, number);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (fileErrorCode(error) === 'ENOENT') {
      return undefined; // Tidied away by the owner of a higher lock; the caller will meet that one.
    }
    throw fileError(error, path, 'read');
  });
  if (text === undefined) {
    return undefined;
  }
  const owner = parseOwner(text);
  if (owner === undefined) {
    // Its maker is about to write it, or died before it could.
    return (await ageInSeconds(path)) < 10 ? 'unknown' : undefined;
  }
  return owner.released || !isAlive(owner) ? undefined : owner;
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // Not yet written, or torn: the caller decides by its age.
  }
}

async function ageInSeconds(path: string): Promise<number> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 })); // Gone: as good as old.
  return (Date.now() - mtimeMs) / 1000;
}

function isAlive({ pid, host, start, since }: LockOwner): boolean {
  if (host !== hostname()) {
    return true; // On a shared disk; nobody can tell from here.
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (fileErrorCode(error) === 'ESRCH') {
      return false;
    }
    // EPERM: there is such a process, but it is another user's.
  }
  if (start !== null) {
    return startOf(pid) === start;
  }
  const bootedAt = Date.now() - uptime() * 1000;
  return Date.parse(since) > bootedAt - 60_000;
}

/** Boot and start of a process on Linux, null elsewhere. */
function startOf(pid: number): string | null {
  if (process.platform !== 'linux') {
    return null;
  }
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)!.trim().split(' ');
    // The 3rd and 22nd field of proc(5), the 3rd being the first after the name. A zombie only waits to be forgotten.
    return fields[0] === 'Z' ? null : `${boot}:${fields[19] ?? ''}`;
  } catch {
    return null; // No /proc here, or the process has just ended.
  }
}

function heldBy(folder: string, number: number, holder: LockOwner | 'unknown'): Sentence {
  if (holder === 'unknown') {
    return sentence`The run ${folder} is being taken by another process; wait for it to finish.`;
  }
  return holder.host === hostname()
    ? sentence`The run ${folder} is being trained by process ${holder.pid}; wait for it to finish or stop it.`
    : sentence`The run ${folder} is being trained by process ${holder.pid} on ${holder.host}; if that process is gone, remove ${lockPath(folder, number)}.`;
}
