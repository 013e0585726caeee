/** Holds the sample of a machine room against what its README says. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { machineRoom } from '../../../media/samples/machine-room/build';
import { parseExperiment } from '../../../src/experiment/parseExperiment';

const folder = join(import.meta.dirname, '../../../media/samples/machine-room');

test('the machine room has three weeks with three faults where they are said to be', () => {
  const text = machineRoom();
  assert.equal(machineRoom(), text);
  const rows = text.trimEnd().split('\n');
  assert.equal(rows.length, 1 + 21 * 144);
  assert.equal(rows[0], 'time,celsius,watts');
  const celsius = (time: string): number => Number(rows.find((row) => row.startsWith(time))!.split(',')[1]);
  assert.ok(celsius('2024-01-16 06:40') - celsius('2024-01-16 06:30') > 4);
  assert.ok(celsius('2024-01-18 15:00') - celsius('2024-01-18 14:50') < -7);
  assert.ok(celsius('2024-01-21 03:20') - celsius('2024-01-21 03:10') < -3);
});

test('its experiment is valid and names its columns', async () => {
  const { experiment } = parseExperiment(await readFile(join(folder, 'machine-room.rnn.json'), 'utf8'), 'x');
  assert.ok(experiment.task === 'forecasting');
  assert.deepEqual(experiment.data.values, ['celsius', 'watts']);
});
