import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import { readCheckpoint } from '../../src/runs/checkpointFile';
import { mountSmallDisk, type SmallDisk } from '../unit/files/smallDisk';
import { CliProcess, runCli, succeed } from './cliProcess';
import { refuses } from './refusal';
import { csv, experiment, makeWorkplace, sentences, workplaceAt, type Workplace } from './workplace';

/** Runs `work` with a folder for data and a disk of `size` bytes, or skips where none can be mounted. */
async function withDisk(
  context: TestContext,
  size: number,
  work: (place: Workplace, disk: Workplace, mounted: SmallDisk) => Promise<void>,
): Promise<void> {
  const disk = await mountSmallDisk(size);
  if (disk === undefined) {
    context.skip('this process may not mount a disk');
    return;
  }
  const place = await makeWorkplace();
  try {
    await place.write('data.csv', csv(sentences(120)));
    await work(place, workplaceAt(disk.folder), disk);
  } finally {
    await place.remove();
    await disk.remove();
  }
}

const training = { epochs: 24, checkpointSeconds: 0.05, earlyStopping: false };

test('a full disk ends the training with one sentence, and the run goes on when there is space', async (context) => {
  await withDisk(context, 128 * 1024, async (place, disk) => {
    await place.write('x.rnn.json', experiment({ training }));
    // Space for the folder and some steps, not for all of them.
    await disk.write('ballast', new Uint8Array(64 * 1024));
    const full = await runCli(['train', 'x.rnn.json', '--out', disk.path('runs'), '--json'], { cwd: place.folder });
    assert.equal(full.code, 1, full.stderr);
    assert.match(
      full.stderr,
      /^The disk is full: [^\n]*x-1[^\n]* could not be written; free space and run again\.\n$/u,
    );
    const left = await readdir(disk.path('runs', 'x-1'));
    assert.ok(!left.some((name) => name.endsWith('.tmp')), left.join());
    const checkpoint = await readCheckpoint(disk.path('runs', 'x-1', 'checkpoint.safetensors'));
    assert.ok(checkpoint!.tensors.size > 0);

    await rm(disk.path('ballast'));
    await succeed(['train', 'x.rnn.json', '--out', disk.path('runs'), '--resume'], { cwd: place.folder });
    await succeed(['train', 'x.rnn.json', '--out', place.path('runs')], { cwd: place.folder });
    assert.equal(await disk.read('runs', 'x-1', 'metrics.jsonl'), await place.read('runs', 'x-1', 'metrics.jsonl'));
  });
});

test('a disk without any space makes no run', async (context) => {
  await withDisk(context, 64 * 1024, async (place, disk) => {
    await place.write('x.rnn.json', experiment());
    await disk.write('runs/readme.txt', 'runs');
    await writeFile(disk.path('ballast'), new Uint8Array(56 * 1024));
    const args = ['train', 'x.rnn.json', '--out', disk.path('runs')];
    await refuses(place.folder, args, ['The disk is full: ', 'free space and run again.'], { where: place.folder });
    assert.deepEqual(await readdir(disk.path('runs')), ['readme.txt']);
  });
});

test('a read-only disk is refused before anything is read', async (context) => {
  await withDisk(context, 64 * 1024, async (place, disk, mounted) => {
    await place.write('x.rnn.json', experiment({ data: { train: 'absent.csv' } }));
    mounted.makeReadOnly();
    const parts = ['file system is read-only; choose another place.'];
    await refuses(place.folder, ['train', 'x.rnn.json', '--out', disk.path('runs')], parts);
    assert.deepEqual(await readdir(disk.folder), []);
  });
});

test('a folder that goes away under its run ends the training with one sentence', async () => {
  const place = await makeWorkplace();
  await place.write('data.csv', csv(sentences(120)));
  await place.write('x.rnn.json', experiment({ training: { ...training, epochs: 1000 } }));
  const train = new CliProcess(['train', 'x.rnn.json', '--out', 'runs', '--json'], { cwd: place.folder });
  await train.untilSteps(20);
  // Once more where the run wrote a file into the folder while it was being emptied.
  await rm(place.path('runs'), { recursive: true, maxRetries: 10 });
  const { code, stderr } = await train.ended;
  assert.equal(code, 1, stderr);
  assert.match(
    stderr,
    /^[^\n]*checkpoint\.safetensors could not be written: the folder [^\n]* does not exist[^\n]*\n$/u,
  );
  await place.remove();
});

test('a checkpoint that is damaged is told, and kept for those who can mend it', async () => {
  const place = await makeWorkplace();
  await place.write('data.csv', csv(sentences(120)));
  await place.write('x.rnn.json', experiment({ training: { ...training, epochs: 1000, checkpointSeconds: 0 } }));
  const train = new CliProcess(['train', 'x.rnn.json', '--json'], { cwd: place.folder });
  await train.untilSteps(3);
  train.interrupt();
  assert.equal((await train.ended).code, 130);
  const path = place.path('.sequence-lab', 'runs', 'x-1', 'checkpoint.safetensors');
  const whole = await readFile(path);
  await writeFile(path, whole.subarray(0, whole.length - 100));
  const { code, stdout, stderr } = await runCli(['train', 'x.rnn.json', '--resume'], { cwd: place.folder });
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /^The checkpoint [^\n]*checkpoint\.safetensors is damaged: [^\n]*; start a new run\.\n$/u);
  assert.deepEqual(await readFile(path), whole.subarray(0, whole.length - 100));

  await writeFile(path, whole);
  await place.write('data.csv', csv(sentences(121, 2)));
  const changed = await runCli(['train', 'x.rnn.json', '--resume'], { cwd: place.folder });
  assert.deepEqual([changed.code, changed.stdout], [1, '']);
  assert.match(changed.stderr, /^The data has changed since this run was stopped: [^\n]*; start a new run\.\n$/u);
  await place.remove();
});
