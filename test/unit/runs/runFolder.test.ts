import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { UserError } from '../../../src/errors';
import { parseExperiment } from '../../../src/experiment/parseExperiment';
import { readMetrics } from '../../../src/runs/metricsFile';
import { latestUnfinishedRun, listRuns, readRun } from '../../../src/runs/readRun';
import { createRun, checkRunsFolder, resumeRun } from '../../../src/runs/runFolder';
import type { Checkpoint } from '../../../src/runs/safetensors';
import { sentence, told } from '../../../src/sentence';
import { mountSmallDisk } from '../files/smallDisk';
import { sampleEpoch, sampleExperiment, sampleReport, sampleStep } from './sampleRecords';

const checkpointAt = (step: number): Checkpoint => ({
  tensors: new Map([['weights', { dtype: 'F32', shape: [2], data: new Float32Array([step, -step]) }]]),
  metadata: { step: String(step) },
});

const says =
  (...parts: string[]) =>
  (error: unknown): boolean =>
    error instanceof UserError && parts.every((part) => error.sentence.includes(part));

describe('a run', () => {
  let runs: string;
  before(async () => {
    runs = await mkdtemp(join(tmpdir(), 'runs-'));
  });
  after(async () => {
    await rm(runs, { recursive: true, force: true });
  });

  test('has a folder with the next number and the complete experiment', async () => {
    const folder = join(runs, 'new', '.sequence-lab', 'runs');
    const first = await createRun(folder, 'spam', sampleExperiment);
    await mkdir(join(folder, 'spam-9'));
    const second = await createRun(folder, 'spam', sampleExperiment);
    const other = await createRun(folder, 'spam-9', sampleExperiment);
    assert.deepEqual([first.name, second.name, other.name], ['spam-1', 'spam-10', 'spam-9-1']);
    assert.equal(first.directory, join(folder, 'spam-1'));
    assert.equal(first.modelPath, join(folder, 'spam-1', 'model.onnx'));
    const text = await readFile(join(first.directory, 'experiment.json'), 'utf8');
    assert.deepEqual(parseExperiment(text, 'experiment.json').experiment, sampleExperiment);
    await Promise.all([first.close(), second.close(), other.close()]);
  });

  test('never shares its folder with one that is made at the same time', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => createRun(runs, 'crowd', sampleExperiment)));
    assert.equal(new Set(made.map((run) => run.directory)).size, 8);
    await Promise.all(made.map((run) => run.close()));
  });

  test('stands as running, interrupted, stopped, failed and finished', async () => {
    const run = await createRun(runs, 'states', sampleExperiment);
    const status = async () => (await readRun(run.directory)).status;
    assert.equal(await status(), 'running');
    await run.writeReport(sampleReport('running'));
    assert.equal(await status(), 'running');
    await run.close();
    assert.equal(await status(), 'interrupted');

    for (const end of ['stopped', 'failed', 'finished'] as const) {
      const { run: again, checkpoint } = await resumeRun(run.directory);
      assert.equal(checkpoint, null);
      assert.equal(await status(), 'running');
      assert.equal((await readRun(run.directory)).report?.status, 'running');
      await again.writeReport(sampleReport(end));
      await again.close();
      assert.equal(await status(), end);
    }
    await assert.rejects(resumeRun(run.directory), says('states-1 is finished', 'start a new run'));
    assert.deepEqual((await readRun(run.directory)).report, sampleReport('finished'));
  });

  test('keeps why a run ended, in English and for other languages', async () => {
    const run = await createRun(runs, 'reasons', sampleExperiment);
    const wording = sentence`Step ${7} failed: ${sentence`the loss (${NaN})`} is not a finite number.`;
    await run.writeReport({ ...sampleReport('failed'), ...told(wording) });
    await run.close();
    const report = (await readRun(run.directory)).report;
    assert.equal(report?.message, 'Step 7 failed: the loss (NaN) is not a finite number.');
    assert.deepEqual(report.wording, wording);
  });

  test('goes on from its checkpoint with the metrics cut back to it, byte for byte', async () => {
    const run = await createRun(runs, 'resumed', sampleExperiment);
    const metrics = join(run.directory, 'metrics.jsonl');
    run.appendMetrics(sampleStep(1));
    run.appendMetrics(sampleStep(2));
    run.appendMetrics(sampleEpoch);
    await run.writeCheckpoint(checkpointAt(2));
    const kept = await readFile(metrics);
    run.appendMetrics(sampleStep(3));
    await run.close();
    await writeFile(metrics, '{"step":4,"ep', { flag: 'a' });
    await writeFile(join(run.directory, '.checkpoint.safetensors.0123456789abcdef.tmp'), 'half');

    const { run: again, checkpoint } = await resumeRun(run.directory);
    assert.deepEqual(checkpoint, checkpointAt(2));
    assert.deepEqual(again.experiment, sampleExperiment);
    assert.deepEqual(await readFile(metrics), kept);
    again.appendMetrics(sampleStep(3));
    await again.close();
    assert.deepEqual(await readMetrics(metrics), [sampleStep(1), sampleStep(2), sampleEpoch, sampleStep(3)]);
    assert.deepEqual((await readdir(run.directory)).sort(), [
      'checkpoint.safetensors',
      'experiment.json',
      'lock-2',
      'metrics.jsonl',
    ]);
  });

  test('starts over where it was cut off before its first checkpoint', async () => {
    const run = await createRun(runs, 'early', sampleExperiment);
    run.appendMetrics(sampleStep(1));
    await run.close();
    const { run: again, checkpoint } = await resumeRun(run.directory);
    assert.equal(checkpoint, null);
    assert.deepEqual(await readMetrics(join(run.directory, 'metrics.jsonl')), []);
    await again.close();
  });

  test('is not resumed twice at once, and is free again after a failed attempt', async () => {
    const run = await createRun(runs, 'held', sampleExperiment);
    await assert.rejects(resumeRun(run.directory), says(`held-1 is being trained by process ${process.pid}`));
    await run.writeCheckpoint(checkpointAt(1));
    await run.close();
    const path = join(run.directory, 'checkpoint.safetensors');
    const whole = await readFile(path);
    await truncate(path, whole.length - 1);
    for (let attempt = 0; attempt < 2; attempt++) {
      await assert.rejects(resumeRun(run.directory), says('is damaged', 'holds 7 bytes of numbers, expected 8'));
    }
    await writeFile(path, whole);
    await (await resumeRun(run.directory)).run.close();
  });

  test('refuses to go on from metrics that have lost lines', async () => {
    const run = await createRun(runs, 'lost', sampleExperiment);
    run.appendMetrics(sampleStep(1));
    await run.writeCheckpoint(checkpointAt(1));
    await run.close();
    await truncate(join(run.directory, 'metrics.jsonl'), 5);
    await assert.rejects(resumeRun(run.directory), says('has 5 bytes', 'start a new run'));
  });

  test('refuses numbers that JSON does not have', async () => {
    const run = await createRun(runs, 'nan', sampleExperiment);
    assert.throws(() => {
      run.appendMetrics({ ...sampleStep(1), loss: NaN });
    }, /loss is NaN/);
    assert.equal(await readFile(join(run.directory, 'metrics.jsonl'), 'utf8'), '');
    await run.close();
  });

  test('refuses names that cannot be folders, and folders that cannot be written', async () => {
    await assert.rejects(createRun(runs, '../escape', sampleExperiment), says('cannot name a run'));
    await writeFile(join(runs, 'file'), '');
    await assert.rejects(createRun(join(runs, 'file'), 'spam', sampleExperiment), says('it is a file; choose another'));
    await assert.rejects(checkRunsFolder(join(runs, 'file', 'deeper')), says('could not be written'));
    assert.equal((await readdir(runs)).filter((name) => name.startsWith('.')).length, 0);
  });

  test('names a folder that is no run and a report that is damaged', async () => {
    await assert.rejects(readRun(join(runs, 'nothing-1')), says('is no run'));
    await assert.rejects(readRun(join(runs, 'file')), says('is no run'));
    const run = await createRun(runs, 'damaged', sampleExperiment);
    await run.close();
    await writeFile(join(run.directory, 'report.json'), '{"status":"finished"}');
    await assert.rejects(readRun(run.directory), says('report.json: the file is damaged'));
  });
});

describe('a run on a small disk', () => {
  test('can be resumed after the disk was full', async (context) => {
    const disk = await mountSmallDisk(98_304);
    if (disk === undefined) {
      context.skip('no right to mount a small disk');
      return;
    }
    try {
      const run = await createRun(join(disk.folder, 'runs'), 'full', sampleExperiment);
      run.appendMetrics(sampleStep(1));
      await run.writeCheckpoint(checkpointAt(1));
      const full = says('The disk is full: ', 'free space and run again');
      assert.throws(() => {
        for (let step = 2; step < 10_000; step++) {
          run.appendMetrics(sampleStep(step));
        }
      }, full);
      const lines = await readMetrics(join(run.directory, 'metrics.jsonl'));
      assert.deepEqual(lines.at(-1), sampleStep(lines.length));
      await assert.rejects(run.writeCheckpoint(checkpointAt(lines.length)), full);
      await run.close();
      await assert.rejects(resumeRun(run.directory), full);
      await truncate(join(run.directory, 'metrics.jsonl'), lines.length * 50);
      const { run: again, checkpoint } = await resumeRun(run.directory);
      assert.deepEqual(checkpoint, checkpointAt(1));
      assert.deepEqual(await readMetrics(join(run.directory, 'metrics.jsonl')), [sampleStep(1)]);
      await again.close();
    } finally {
      await disk.remove();
    }
  });

  test('is refused before anything is written where the disk is read-only', async (context) => {
    const disk = await mountSmallDisk(98_304);
    if (disk === undefined) {
      context.skip('no right to mount a small disk');
      return;
    }
    try {
      disk.makeReadOnly();
      await assert.rejects(
        createRun(join(disk.folder, '.sequence-lab', 'runs'), 'spam', sampleExperiment),
        says('its file system is read-only; choose another place'),
      );
      assert.deepEqual(await readdir(disk.folder), []);
    } finally {
      await disk.remove();
    }
  });
});

describe('listRuns and latestUnfinishedRun', () => {
  let runs: string;
  before(async () => {
    runs = await mkdtemp(join(tmpdir(), 'runs-'));
    for (const [index, end] of (['stopped', 'finished', 'finished'] as const).entries()) {
      const run = await createRun(runs, 'spam', sampleExperiment);
      await run.writeReport(sampleReport(end));
      await run.close();
      await utimes(join(run.directory, 'experiment.json'), 1000 + index, 1000 + index);
    }
    await (await createRun(runs, 'mood', sampleExperiment)).close();
    await mkdir(join(runs, 'spam-77'));
    await mkdir(join(runs, 'old-1'));
    await writeFile(join(runs, 'old-1', 'experiment.json'), '{"data":{"train":"a"},"modle":{}}');
    await writeFile(join(runs, 'notes.txt'), '');
  });
  after(async () => {
    await rm(runs, { recursive: true, force: true });
  });

  test('list newest first and set apart what cannot be read', async () => {
    const list = await listRuns(runs);
    assert.deepEqual(
      list.runs.map((run) => [run.name, run.experimentName, run.number, run.status]),
      [
        ['mood-1', 'mood', 1, 'interrupted'],
        ['spam-3', 'spam', 3, 'finished'],
        ['spam-2', 'spam', 2, 'finished'],
        ['spam-1', 'spam', 1, 'stopped'],
      ],
    );
    assert.equal(list.runs[3]!.created.getTime(), 1_000_000);
    assert.deepEqual(
      list.unreadable.map(({ directory, error }) => [directory, error.message]),
      [[join(runs, 'old-1'), 'unknown key; did you mean "model"?']],
    );
    assert.deepEqual(await listRuns(join(runs, 'nowhere')), { runs: [], unreadable: [] });
  });

  test('find the latest run to resume', async () => {
    assert.equal((await latestUnfinishedRun(runs, 'spam'))?.name, 'spam-1');
    assert.equal((await latestUnfinishedRun(runs, 'mood'))?.name, 'mood-1');
    assert.equal(await latestUnfinishedRun(runs, 'other'), undefined);
  });
});
