// Builds the sample "reminders": sentences from patterns and word lists written for it. Knows nothing of the extension.
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

const sentences = 2000;
const seed = 1;

/** What can stand for each type of span. Words of one type stand in others as well, so that the place decides. */
const fillers = {
  task: [
    'buy milk',
    'water the plants',
    'call the bank',
    'pay the rent',
    'book a table',
    'bring the green folder',
    'pick up the parcel',
    'send the report',
    'return the books',
    'clean the kitchen',
    'feed the cat',
    'order new tyres',
    'renew the passport',
    'bake a cake',
    'charge the bike',
    'fix the back door',
    'write to the landlord',
    'print the tickets',
    'cancel the gym',
    'call may back',
  ],
  person: [
    'Anna',
    'Ben',
    'Carla Gómez',
    'Dr. Weber',
    'Emeka',
    'Fatima Zahra',
    'Grandma',
    'Hiro',
    'Ines',
    'my brother',
    'Mrs. Lindqvist',
    'Oskar',
    'the plumber',
    'April',
    'May',
  ],
  day: [
    'today',
    'tomorrow',
    'on Monday',
    'on Tuesday',
    'next Friday',
    'this weekend',
    'on the first of May',
    'on March 3',
    'in two weeks',
    'every Sunday',
    'next April',
  ],
  time: [
    'at 9',
    'at 5 p.m.',
    'at half past seven',
    'at noon',
    'before lunch',
    'after work',
    'in the evening',
    'at 17:30',
    'early in the morning',
    'by 10 a.m.',
  ],
  place: [
    'at the office',
    'at home',
    'in Lisbon',
    'at the station',
    'near the market',
    'in the library',
    'at the Blue Lantern',
    'in room 12',
    "at Anna's",
    'in the old town',
  ],
};

/** Patterns; a name in braces is a span, a part in brackets may be missing. */
const patterns = [
  'remind me to {task} [{day}] [{time}]',
  'remind {person} to {task} [{day}] [{time}] [please]',
  '[please] tell {person} to {task} [{time}]',
  'do not let me forget to {task} [{day}] [{place}]',
  'meet {person} {place} [{day}] [{time}]',
  'lunch with {person} {day} [{time}] [{place}]',
  '[please] note that {person} is {place} {day} [{time}]',
  'move the meeting with {person} to {day} [{time}]',
  'what do I have to do {day} [{time}]',
  'where do I meet {person} [{day}]',
  'I have to {task} {day} , and {person} has to {task}',
  '{day} {time} I meet {person} [{place}]',
  'when is {person} {place}',
  'cancel everything {day}',
  'thank you , that is all [for {day}]',
];

/**
 * Writes `reminders.conll` (a token and its tag a line, 2,000 sentences), the experiment and the README into a folder.
 * Two builds are equal byte for byte.
 * @param {string} folder where to write; it is made if it is not there
 * @returns {Promise<void>}
 */
export async function buildReminders(folder) {
  const random = randomNumbers(seed);
  const pick = (items) => items[Math.floor(random() * items.length)];
  const made = Array.from({ length: sentences }, () => sentence(pick(patterns), pick, random));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'reminders.conll'), made.join('\n'));
  for (const name of ['reminders.rnn.json', 'README.md']) await copyFile(join(here, name), join(folder, name));
}

/** One sentence as lines of token and tag. */
function sentence(pattern, pick, random) {
  const kept = pattern.replace(/\[([^\]]*)\] ?/g, (_, part) => (random() < 0.5 ? `${part} ` : ''));
  const lines = [];
  for (const part of kept.trim().split(/ (?![^{]*\})/)) {
    const type = /^\{(\w+)\}$/.exec(part)?.[1];
    const words = type === undefined ? [part] : pick(fillers[type]).split(' ');
    words.forEach((word, at) => {
      lines.push(`${word}\t${type === undefined ? 'O' : `${at === 0 ? 'B' : 'I'}-${type}`}\n`);
    });
  }
  if (random() < 0.4) lines.push('.\tO\n');
  return lines.join('');
}

/** Numbers in [0, 1) that depend on the seed alone; the generator is Tommy Ettinger's mulberry32 (public domain). */
function randomNumbers(start) {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
