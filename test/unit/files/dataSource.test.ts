import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { UserError } from '../../../src/errors';
import { openDataFile, openDataSource } from '../../../src/files/dataSource';

async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'data-source-'));
  try {
    await act(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function sentence(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof UserError, String(error));
  return error.sentence;
}

test('a file can be read as often as needed', async () => {
  await inFolder(async (folder) => {
    const content = 'é'.repeat(300_000);
    await writeFile(path.join(folder, 'a.csv'), content);
    const source = await openDataSource('a.csv', folder);
    assert.equal(source.kind, 'file');
    assert.equal(source.files[0]!.bytes, 600_000);
    for (let pass = 0; pass < 2; pass += 1) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of source.files[0]!.open()) chunks.push(chunk);
      assert.ok(chunks.length > 1);
      assert.equal(Buffer.concat(chunks).toString(), content);
    }
  });
});

test('a class folder gives its text files in order', async () => {
  await inFolder(async (folder) => {
    await mkdir(path.join(folder, 'names', 'deep.txt'), { recursive: true });
    for (const name of ['b.txt', 'A.TXT', 'README.md']) await writeFile(path.join(folder, 'names', name), 'x\n');
    const source = await openDataSource('names', folder);
    assert.equal(source.kind, 'folder');
    assert.deepEqual(
      source.files.map((file) => file.name),
      [path.join('names', 'A.TXT'), path.join('names', 'b.txt')],
    );
  });
});

test('what cannot be opened is told in one sentence', async () => {
  await inFolder(async (folder) => {
    const missing = 'no.csv: There is no such file or folder; check the path.';
    assert.equal(await sentence(openDataSource('no.csv', folder)), missing);
    assert.equal(await sentence(openDataFile('no.csv', folder)), missing);
    await mkdir(path.join(folder, 'empty'));
    assert.equal(
      await sentence(openDataSource('empty', folder)),
      'empty: The folder has no .txt files; expected one for each class, with one example a line.',
    );
    assert.equal(await sentence(openDataFile('empty', folder)), 'empty: The path is a folder; expected a file.');
    const file = path.join(folder, 'gone.csv');
    await writeFile(file, 'text\n');
    const source = await openDataSource('gone.csv', folder);
    await rm(file);
    const reading = (async () => {
      for await (const chunk of source.files[0]!.open()) assert.ok(chunk.length > 0);
    })();
    assert.equal(await sentence(reading), 'gone.csv: There is no such file or folder; check the path.');
  });
});

const cannotForbid = (process.platform === 'win32' || process.getuid?.() === 0) && 'this user may read every file';

test('a file that may not be read is told', { skip: cannotForbid }, async () => {
  await inFolder(async (folder) => {
    await writeFile(path.join(folder, 'secret.csv'), 'text\n');
    await chmod(path.join(folder, 'secret.csv'), 0o000);
    assert.equal(
      await sentence(openDataSource('secret.csv', folder)),
      'secret.csv: The file may not be read; check its permissions.',
    );
  });
});
