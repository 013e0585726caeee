// Builds the sample "small-stories": short stories from a grammar that was written for it. Knows nothing of the extension.
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const count = 1500;
const seed = 1;

/** Who a story is about; the pronoun must be right to its end. */
const heroes = [
  ['Ada', 'she', 'her'],
  ['Bruno', 'he', 'his'],
  ['Clara', 'she', 'her'],
  ['David', 'he', 'his'],
  ['Emma', 'she', 'her'],
  ['Felix', 'he', 'his'],
  ['Greta', 'she', 'her'],
  ['Hugo', 'he', 'his'],
];
const animals = ['fox', 'owl', 'hedgehog', 'swan', 'hare', 'goat', 'raven', 'otter'];
const things = ['key', 'lantern', 'red hat', 'silver bell', 'map', 'blue kite', 'drum', 'boat'];
const places = ['in the old mill', 'by the lake', 'on the green hill', 'behind the barn', 'under the bridge'];
const times = ['One morning', 'One evening', 'On a cold day', 'On the first day of spring', 'After the rain'];
const looks = ['small', 'shy', 'hungry', 'clever', 'sleepy', 'friendly'];
const gifts = ['an apple', 'a piece of bread', 'some warm milk', 'a handful of nuts', 'a story'];
const endings = ['and they stayed friends', 'and both of them laughed', 'and nobody was sad any more'];

/** Uniform numbers in [0, 1): mulberry32 by Tommy Ettinger, public domain. */
function seeded(start) {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function article(word) {
  return /^[aeiou]/u.test(word) ? `an ${word}` : `a ${word}`;
}

function story(random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const [name, he, his] = pick(heroes);
  const [animal, thing, place, look, gift] = [animals, things, places, looks, gifts].map(pick);
  const middle = pick([
    [
      `${capital(he)} looked for it ${place}, but it was not there.`,
      `Then ${article(look)} ${animal} came along and said: "I have seen your ${thing}."`,
      `${name} gave the ${animal} ${gift}, and the ${animal} brought the ${thing} back.`,
    ],
    [
      `${capital(he)} asked ${article(look)} ${animal} for help.`,
      `The ${animal} went ${place} and came back with the ${thing}.`,
      `${name} was so glad that ${he} gave the ${animal} ${gift}.`,
    ],
    [
      `${capital(article(animal))} had found it ${place} and was too ${look} to give it back.`,
      `${name} told the ${animal} about ${his} ${thing}, and the ${animal} listened.`,
      `In the end the ${animal} got ${gift}, and ${name} got the ${thing}.`,
    ],
  ]);
  const lines = [`${pick(times)} ${name} could not find ${his} ${thing}.`, ...middle];
  return `${lines.join(' ')} ${capital(he)} went home with the ${thing}, ${pick(endings)}.\n`;
}

/**
 * Writes `stories.txt`, the experiment and the README into a folder. Two builds are equal byte for byte.
 * @param {string} folder
 */
export async function buildSmallStories(folder) {
  const random = seeded(seed);
  const text = Array.from({ length: count }, () => story(random)).join('\n');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'stories.txt'), text);
  for (const file of ['small-stories.rnn.json', 'README.md']) await copyFile(join(here, file), join(folder, file));
}
