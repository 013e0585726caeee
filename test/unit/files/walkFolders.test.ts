/** Walks through small trees of folders: order, what is left out, and the bounds. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { walkFolders, type WalkLimits } from '../../../src/files/walkFolders';

let root: string;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'walk-'));
  for (const folder of ['b/deep/deeper', 'a', '.sequence-lab/runs', 'node_modules/x']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  for (const file of [
    'two.csv',
    'one.csv',
    'b/deep/three.csv',
    '.sequence-lab/hidden.csv',
    'node_modules/x/four.csv',
  ]) {
    await writeFile(join(root, file), '');
  }
  await symlink(root, join(root, 'a/loop'));
});
after(() => rm(root, { recursive: true }));

async function walk(limits?: WalkLimits): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of walkFolders(root, limits)) paths.push(relative(root, path));
  return paths;
}

test('folders come level by level, without those of machines and without links', async () => {
  assert.deepEqual(await walk(), ['', 'a', 'b', join('b', 'deep'), join('b', 'deep', 'deeper')]);
});

test('a folder tells all that is in it', async () => {
  for await (const folder of walkFolders(root)) {
    assert.deepEqual(folder.files, ['one.csv', 'two.csv']);
    assert.deepEqual(folder.folders, ['.sequence-lab', 'a', 'b', 'node_modules']);
    break;
  }
});

test('the walk ends at its bounds', async () => {
  assert.deepEqual(await walk({ folders: 2, depth: 9 }), ['', 'a']);
  assert.deepEqual(await walk({ folders: 99, depth: 1 }), ['', 'a', 'b']);
});

test('a folder that is not there is empty', async () => {
  for await (const { files, folders } of walkFolders(join(root, 'nowhere')))
    assert.deepEqual([files, folders], [[], []]);
});
