import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { SpillFile } from '../../../src/files/spillFile';

test('bytes are appended, read by position and gone afterwards', () => {
  const folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'spill-')), 'made');
  const file = new SpillFile(folder);
  file.write(Uint8Array.of(1, 2, 3));
  file.write(Uint8Array.of(4, 5));
  const target = new Uint8Array(3);
  file.read(2, target);
  assert.deepEqual([...target], [3, 4, 5]);
  assert.throws(() => {
    file.read(3, target);
  }, RangeError);
  file.dispose();
  file.dispose();
  assert.deepEqual(readdirSync(folder), []);
  assert.throws(() => {
    file.read(0, target);
  }, /disposed/u);
  rmSync(path.dirname(folder), { recursive: true });
});

test('files that a killed process left behind are removed, those of living ones are not', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'spill-'));
  // No process has a number as high as this one.
  writeFileSync(path.join(folder, 'sequence-lab-spill-999999999-1-x'), 'left over');
  writeFileSync(path.join(folder, `sequence-lab-spill-${process.pid}-1-x`), 'in use');
  writeFileSync(path.join(folder, 'other'), 'not ours');
  new SpillFile(folder).dispose();
  assert.deepEqual(readdirSync(folder).sort(), ['other', `sequence-lab-spill-${process.pid}-1-x`]);
  rmSync(folder, { recursive: true });
});
