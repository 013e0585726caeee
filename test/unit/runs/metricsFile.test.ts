import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { UserError } from '../../../src/errors';
import { MetricsWriter, readMetrics } from '../../../src/runs/metricsFile';
import { isEpoch } from '../../../src/runs/runRecords';
import { sampleEpoch, sampleStep } from './sampleRecords';

describe('metrics.jsonl', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'metrics-'));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test('has a line for each step and each epoch', async () => {
    const path = join(folder, 'lines.jsonl');
    const writer = new MetricsWriter(path, 0);
    writer.append(sampleStep(1));
    assert.equal(
      await readFile(path, 'utf8'),
      '{"step":1,"epoch":1,"loss":1,"gradientNorm":0.1,"learningRate":0.001,"tokens":101}\n',
    );
    writer.append(sampleEpoch);
    writer.sync();
    assert.equal(writer.bytes, (await readFile(path)).length);
    writer.close();
    const lines = await readMetrics(path);
    assert.deepEqual(lines, [sampleStep(1), sampleEpoch]);
    assert.deepEqual(lines.map(isEpoch), [false, true]);
  });

  test('is read without a torn last line, but not with a damaged line in the middle', async () => {
    const path = join(folder, 'torn.jsonl');
    const line = `${JSON.stringify(sampleStep(1))}\n`;
    for (const rest of ['', '{"step":2,', JSON.stringify(sampleStep(2)), '\u0000\u0000\u0000\n']) {
      await writeFile(path, line + rest);
      assert.deepEqual(await readMetrics(path), [sampleStep(1)]);
    }
    await writeFile(path, `${line}{"step":2}\n${line}`);
    await assert.rejects(
      readMetrics(path),
      (error) => error instanceof UserError && error.sentence.startsWith(`${path}:2: the line is no record`),
    );
    assert.deepEqual(await readMetrics(join(folder, 'absent.jsonl')), []);
  });

  test('tells of a place that cannot be written', () => {
    assert.throws(() => new MetricsWriter(join(folder, 'nowhere', 'm.jsonl'), 0), UserError);
  });

  test('tells of a full disk', { skip: process.platform === 'linux' ? false : 'needs /dev/full' }, async () => {
    await symlink('/dev/full', join(folder, 'full.jsonl'));
    assert.throws(
      () => {
        new MetricsWriter(join(folder, 'full.jsonl'), 0).append(sampleStep(1));
      },
      (error) => error instanceof UserError && error.message.startsWith('The disk is full: '),
    );
  });
});
