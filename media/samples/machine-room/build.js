// Writes three weeks of a made-up machine room, one row every ten minutes: the same numbers for the same seed.
import { mkdir, copyFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Rows of a day. */
const day = 144;
const days = 21;
/** What goes wrong, by rows: a stuck fan, a sensor that drops out, a door left open. */
const faults = [
  { from: 15 * day + 40, until: 15 * day + 70, celsius: 6, watts: 0 },
  { from: 17 * day + 90, until: 17 * day + 96, celsius: -9, watts: 0 },
  { from: 20 * day + 20, until: 20 * day + 50, celsius: -5, watts: 180 },
];

/** Seeded uniform numbers in [0, 1): mulberry32 by Tommy Ettinger, public domain. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The table: `time`, `celsius` and `watts`; load and warmth follow the hours of work. */
export function machineRoom() {
  const random = seeded(7);
  const noise = () => random() + random() + random() - 1.5;
  const lines = ['time,celsius,watts'];
  let drift = 0;
  for (let row = 0; row < days * day; row++) {
    const hour = ((row % day) / day) * 24;
    const work = Math.exp(-(((hour - 13.5) / 3.5) ** 2));
    drift = 0.98 * drift + 0.05 * noise();
    const fault = faults.find(({ from, until }) => row >= from && row < until);
    const watts = 400 + 350 * work + 18 * noise() + (fault?.watts ?? 0);
    const celsius = 21 + 4 * work + drift + 0.15 * noise() + (fault?.celsius ?? 0);
    const time = new Date(Date.UTC(2024, 0, 1) + row * 600_000).toISOString().slice(0, 16).replace('T', ' ');
    lines.push(`${time},${celsius.toFixed(2)},${watts.toFixed(0)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Makes the sample in a folder: data, experiment and README. */
export async function buildMachineRoom(folder) {
  const source = dirname(fileURLToPath(import.meta.url));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'machine-room.csv'), machineRoom());
  for (const name of ['machine-room.rnn.json', 'README.md']) await copyFile(join(source, name), join(folder, name));
}
