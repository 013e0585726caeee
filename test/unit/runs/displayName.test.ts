/** Names that people give runs: what is kept of them, and that the folder keeps its own. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { renameRun } from '../../../src/runs/displayName';
import { readRun } from '../../../src/runs/readRun';
import { createRun } from '../../../src/runs/runFolder';
import { cleanName, longestDisplayName } from '../../../src/runs/runNames';
import { sampleExperiment } from './sampleRecords';

test('a run shows the name that it was given, in the folder that it had', async () => {
  const runs = await mkdtemp(join(tmpdir(), 'names-'));
  try {
    const run = await createRun(runs, 'spam', sampleExperiment);
    await run.close();
    const names = async () => {
      const { name, displayName } = await readRun(run.directory);
      return [name, displayName];
    };
    assert.deepEqual(await names(), ['spam-1', 'spam-1']);
    await renameRun(run.directory, run.name, '  ../best\n of  all ');
    assert.deepEqual(await names(), ['spam-1', '../best of all']);
    await renameRun(run.directory, run.name, '');
    assert.deepEqual(await names(), ['spam-1', 'spam-1']);
  } finally {
    await rm(runs, { recursive: true });
  }
});

test('a name is one short line', () => {
  assert.equal(cleanName('\u0000\u202E \n'), undefined);
  assert.equal(cleanName('基准 🚀'), '基准 🚀');
  assert.equal(Array.from(cleanName('🚀'.repeat(300)) ?? '').length, longestDisplayName);
});
