import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { readCheckpoint } from '../../../src/runs/checkpointFile';
import { readMetrics } from '../../../src/runs/metricsFile';
import { readRun } from '../../../src/runs/readRun';
import { startChild } from './children';
import { sampleEpoch, sampleStep } from './sampleRecords';

describe('a trainer that is killed at any moment', () => {
  let runs: string;
  before(async () => {
    runs = await mkdtemp(join(tmpdir(), 'crash-'));
  });
  after(async () => {
    await rm(runs, { recursive: true, force: true });
  });

  test('leaves a whole checkpoint, and its run ends as if undisturbed', async () => {
    const directory = join(runs, 'crash-1');
    let reached = 0;
    for (let kill = 0; kill < 10; kill++) {
      const child = startChild('crashingTrainer.ts', runs, '1000000');
      assert.equal(await child.nextLine(), `begins at ${reached}`);
      assert.equal((await readRun(directory)).status, 'running');
      await wait(Math.random() * 120);
      await child.kill();

      assert.equal((await readRun(directory)).status, 'interrupted');
      const checkpoint = await readCheckpoint(join(directory, 'checkpoint.safetensors'));
      const step = Number(checkpoint?.metadata['step'] ?? 0);
      assert.ok(step >= reached, `${step} after ${reached}`);
      if (checkpoint !== null) {
        assert.deepEqual(checkpoint.tensors.get('weights')!.data, new Float32Array(200_000).fill(step));
      }
      reached = step;
    }

    const last = startChild('crashingTrainer.ts', runs, String(reached + 5));
    assert.equal(await last.nextLine(), `begins at ${reached}`);
    assert.equal(await last.nextLine(), null);
    const expected = Array.from({ length: reached + 5 }, (_, index) => index + 1).flatMap((step) =>
      step % 10 === 0 ? [sampleStep(step), { ...sampleEpoch, epoch: step / 10, steps: step }] : [sampleStep(step)],
    );
    assert.deepEqual(await readMetrics(join(directory, 'metrics.jsonl')), expected);
    assert.deepEqual((await readdir(directory)).sort(), [
      'checkpoint.safetensors',
      'experiment.json',
      'lock-11',
      'metrics.jsonl',
    ]);
    assert.deepEqual(await readdir(runs), ['crash-1']);
  });
});
