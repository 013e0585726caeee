import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { UserError } from '../../../src/errors';
import { openTextSource } from '../../../src/files/textFiles';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sequence-lab-texts-'));
  await mkdir(join(folder, 'notes/old/deep'), { recursive: true });
  for (const name of ['b.txt', 'a.txt', 'c.md', 'old/d.md', 'old/deep/e.md', 'old/f.TXT', 'a[1].md']) {
    await writeFile(join(folder, 'notes', name), name);
  }
});
after(() => rm(folder, { recursive: true, force: true }));

const names = async (path: string): Promise<string[]> =>
  (await openTextSource(path, folder)).files.map(({ name }) => name.replaceAll('\\', '/'));

test('a file, a folder with its subfolders, or a pattern', async () => {
  assert.deepEqual(await names('notes/c.md'), ['notes/c.md']);
  assert.deepEqual(await names('notes/a[1].md'), ['notes/a[1].md']);
  assert.deepEqual(await names('notes'), ['notes/a.txt', 'notes/b.txt', 'notes/old/f.TXT']);
  assert.deepEqual(await names('notes/*.md'), ['notes/a[1].md', 'notes/c.md']);
  assert.deepEqual(await names('notes/**/*.md'), [
    'notes/a[1].md',
    'notes/c.md',
    'notes/old/d.md',
    'notes/old/deep/e.md',
  ]);
  assert.deepEqual(await names('notes/?.txt'), ['notes/a.txt', 'notes/b.txt']);
  assert.deepEqual(await names('**/deep/*'), ['notes/old/deep/e.md']);
  assert.deepEqual(await names(join(folder, 'notes/o*/*.md')), [join(folder, 'notes/old/d.md').replaceAll('\\', '/')]);
});

test('what is not there is told', async () => {
  const sentence = async (path: string): Promise<string> =>
    openTextSource(path, folder).then(
      () => 'opened',
      (error: unknown) => (error instanceof UserError ? error.sentence : String(error)),
    );
  assert.equal(await sentence('x.txt'), 'x.txt: There is no such file or folder; check the path.');
  assert.equal(await sentence('x/*.txt'), 'x/*.txt: No file has a name of this pattern; check it.');
  assert.equal(
    await sentence('notes/old/deep'),
    'notes/old/deep: The folder has no .txt files; name other files by a pattern, as in notes/**/*.md.',
  );
});
