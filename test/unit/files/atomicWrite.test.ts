import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { UserError } from '../../../src/errors';
import { atomicWrite, removeTemporaries } from '../../../src/files/atomicWrite';
import { fileError } from '../../../src/files/fileErrors';
import { mountSmallDisk } from './smallDisk';

const isRoot = process.getuid?.() === 0;

describe('atomicWrite', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atomic-write-'));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test('writes texts, bytes and chunks, and replaces what was there', async () => {
    const path = join(folder, 'replaced');
    await atomicWrite(path, 'grün\n');
    assert.equal(await readFile(path, 'utf8'), 'grün\n');
    await atomicWrite(path, new Uint8Array([1, 2]));
    assert.deepEqual([...(await readFile(path))], [1, 2]);
    await atomicWrite(path, [new Uint8Array([3]), new Uint8Array(), new Uint8Array([4, 5])]);
    assert.deepEqual([...(await readFile(path))], [3, 4, 5]);
    assert.deepEqual(await readdir(folder), ['replaced']);
  });

  test('goes on after the system took only some of the bytes', async () => {
    const path = join(folder, 'piecemeal');
    await atomicWrite(path, 'abcdefg', {
      writeSome: async (handle, bytes) => (await handle.write(bytes.subarray(0, 2))).bytesWritten,
    });
    assert.equal(await readFile(path, 'utf8'), 'abcdefg');
  });

  test('keeps the old file and no temporary one when the disk is full', async () => {
    const path = join(folder, 'kept');
    await atomicWrite(path, 'old');
    const writeSome = () => Promise.reject(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }));
    await assert.rejects(
      atomicWrite(path, 'new', { writeSome }),
      new UserError(`The disk is full: ${path} could not be written; free space and run again.`),
    );
    assert.equal(await readFile(path, 'utf8'), 'old');
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.includes('kept')),
      ['kept'],
    );
  });

  test('names a missing folder, a file in place of a folder and a folder in place of the file', async () => {
    await writeFile(join(folder, 'file'), '');
    await mkdir(join(folder, 'directory'));
    const cases: [string, RegExp][] = [
      [join(folder, 'nowhere', 'x'), /nowhere.x could not be written: the folder .*nowhere does not exist; create it/],
      [join(folder, 'file', 'x'), /a part of its path is a file, not a folder/],
      [join(folder, 'directory'), /directory could not be written: it is a folder, expected a file\./],
      [join(folder, 'x'.repeat(300)), /its name is too long/],
    ];
    for (const [path, message] of cases) {
      await assert.rejects(
        atomicWrite(path, 'x'),
        (error) => error instanceof UserError && message.test(error.message),
      );
    }
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  test('names a folder without permission', { skip: isRoot ? 'permissions do not hold for root' : false }, async () => {
    const locked = join(folder, 'locked');
    await mkdir(locked);
    await chmod(locked, 0o500);
    await assert.rejects(
      atomicWrite(join(locked, 'x'), 'x'),
      (error) => error instanceof UserError && error.message.includes('permission denied'),
    );
  });

  test('removes what killed processes left, and nothing else', async () => {
    const left = join(folder, 'left');
    await mkdir(left);
    for (const name of ['.report.json.0123456789abcdef.tmp', 'report.json', '.hidden.tmp']) {
      await writeFile(join(left, name), '');
    }
    await removeTemporaries(left);
    assert.deepEqual((await readdir(left)).sort(), ['.hidden.tmp', 'report.json']);
  });
});

test('a full disk keeps the old file, and serves again when there is space', async (context) => {
  const disk = await mountSmallDisk(65_536);
  if (disk === undefined) {
    context.skip('no right to mount a small disk');
    return;
  }
  try {
    const path = join(disk.folder, 'checkpoint');
    await atomicWrite(path, new Uint8Array(30_000).fill(1));
    await assert.rejects(
      atomicWrite(path, new Uint8Array(50_000).fill(2)),
      new UserError(`The disk is full: ${path} could not be written; free space and run again.`),
    );
    assert.deepEqual(new Uint8Array(await readFile(path)), new Uint8Array(30_000).fill(1));
    assert.deepEqual(await readdir(disk.folder), ['checkpoint']);
    await atomicWrite(path, new Uint8Array(20_000).fill(3));
    assert.deepEqual(new Uint8Array(await readFile(path)), new Uint8Array(20_000).fill(3));
  } finally {
    await disk.remove();
  }
});

test('fileError passes on what the user cannot mend', () => {
  const fault = new TypeError('x is not a function');
  assert.equal(fileError(fault, 'a', 'read'), fault);
  const readOnly = fileError(Object.assign(new Error('EROFS'), { code: 'EROFS' }), 'a', 'written');
  assert.ok(readOnly instanceof UserError);
  assert.equal(readOnly.message, 'a could not be written: its file system is read-only; choose another place.');
});
