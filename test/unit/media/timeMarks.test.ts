/** The time axis is labelled where days and hours begin. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimeMarks } from '../../../media/src/timeMarks';

/** Rows every ten minutes, from midnight. */
const times = Array.from({ length: 21 * 144 }, (_, row) =>
  new Date(Date.UTC(2024, 0, 8) + row * 600_000).toISOString().slice(0, 16).replace('T', ' '),
);
const marks = new TimeMarks(times);
const labels = (from: number, to: number, most: number) => marks.marks(from, to, most).map((row) => marks.label(row));

test('three weeks are labelled by days', () => {
  assert.deepEqual(labels(0, times.length - 1, 12), [
    '01-09',
    '01-11',
    '01-13',
    '01-15',
    '01-17',
    '01-19',
    '01-21',
    '01-23',
    '01-25',
    '01-27',
  ]);
  assert.deepEqual(labels(0, times.length - 1, 5), ['01-11', '01-16', '01-21', '01-26']);
});

test('a day is labelled by hours, with the date where it changes', () => {
  assert.deepEqual(labels(100, 200, 8), ['18:00', '20:00', '22:00', '01-09', '02:00', '04:00', '06:00', '08:00']);
  assert.deepEqual(labels(60, 72, 8), ['10:00', '10:30', '11:00', '11:30', '12:00']);
});

test('years and months have labels of their own', () => {
  const months = Array.from(
    { length: 30 },
    (_, at) => `${2023 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`,
  );
  const monthly = new TimeMarks(months);
  assert.deepEqual(
    monthly.marks(0, 29, 10).map((row) => monthly.label(row)),
    ['2023-04', '2023-07', '2023-10', '2024', '2024-04', '2024-07', '2024-10', '2025', '2025-04'],
  );
  assert.deepEqual(
    monthly.marks(0, 29, 2).map((row) => monthly.label(row)),
    ['2024', '2025'],
  );
});

test('only dates of ISO 8601 are read', () => {
  assert.ok(TimeMarks.readable(times));
  assert.ok(TimeMarks.readable(['2024-01-08T00:00:00.000Z', '2024-01-08T00:10:00.000Z']));
  for (const other of [[], ['0', '1'], ['8.1.2024', '9.1.2024'], ['Monday', 'Tuesday']])
    assert.ok(!TimeMarks.readable(other));
});
