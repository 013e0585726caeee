import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { UserError } from '../../../src/errors';
import { acquireLock, lockHolder } from '../../../src/runs/runLock';
import { startChild } from './children';

describe('the lock of a run', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lock-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const refused = (part: string) => (error: unknown) => error instanceof UserError && error.message.includes(part);

  test('is held by one, released, and taken again under the next number', async () => {
    assert.equal(await lockHolder(folder), undefined);
    const lock = await acquireLock(folder);
    assert.deepEqual(await readdir(folder), ['lock-1']);
    const holder = await lockHolder(folder);
    assert.ok(holder !== undefined && holder !== 'unknown');
    assert.equal(holder.pid, process.pid);
    await assert.rejects(acquireLock(folder), refused(`by process ${process.pid}; wait for it to finish or stop it`));
    await lock.release();
    await lock.release();
    assert.equal(await lockHolder(folder), undefined);
    const next = await acquireLock(folder);
    assert.deepEqual(await readdir(folder), ['lock-2']);
    await next.release();
  });

  test('goes to exactly one of many in one process', async () => {
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(folder)));
    assert.equal(attempts.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  test('of a process that is gone counts for nothing', async () => {
    const write = (fields: object) =>
      writeFile(
        join(folder, 'lock-5'),
        JSON.stringify({
          ...{ pid: 1, host: hostname(), start: null, since: '2020-01-01T00:00:00Z', released: false },
          ...fields,
        }),
      );
    await write({ pid: 2 ** 30 }); // Beyond the largest process number of every platform.
    assert.equal(await lockHolder(folder), undefined);
    await write({ pid: process.pid, start: 'another boot:1' });
    assert.equal(await lockHolder(folder), undefined, 'a later process with the same number');
    await write({ pid: process.pid });
    assert.equal(await lockHolder(folder), undefined, 'taken before the computer was started');
    await write({ pid: 2 ** 30, host: 'elsewhere' });
    await assert.rejects(acquireLock(folder), refused('on elsewhere; if that process is gone, remove'));
    await write({ pid: 2 ** 30 });
    await (await acquireLock(folder)).release();
    assert.deepEqual(await readdir(folder), ['lock-6']);
  });

  test('without content is in the making at first, and abandoned later', async () => {
    await writeFile(join(folder, 'lock-1'), '');
    assert.equal(await lockHolder(folder), 'unknown');
    await assert.rejects(acquireLock(folder), refused('is being taken by another process'));
    await utimes(join(folder, 'lock-1'), 1000, 1000);
    await (await acquireLock(folder)).release();
    assert.match(await readFile(join(folder, 'lock-2'), 'utf8'), /"released":true/);
  });

  test('goes to exactly one of several processes, again and again after its owner is killed', async () => {
    for (let round = 1; round <= 3; round++) {
      const children = Array.from({ length: 3 }, () => startChild('lockContender.ts', folder));
      try {
        assert.deepEqual(await Promise.all(children.map((child) => child.nextLine())), ['ready', 'ready', 'ready']);
        for (const child of children) {
          child.process.stdin!.write('go\n');
        }
        const outcomes = await Promise.all(children.map((child) => child.nextLine()));
        assert.equal(outcomes.filter((outcome) => outcome === 'held').length, 1, outcomes.join('; '));
        assert.equal(outcomes.filter((outcome) => outcome?.startsWith('refused: UserError')).length, 2);
      } finally {
        await Promise.all(children.map((child) => child.kill()));
      }
      assert.equal(await lockHolder(folder), undefined);
    }
  });
});
