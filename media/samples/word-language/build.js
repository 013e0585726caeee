// Builds the sample "word-language" from three word lists of the package registry. Knows nothing of the extension.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));

const languages = ['english', 'french', 'spanish'];
const wordsPerLanguage = 6000;
const seed = 1;

/** Four to twelve small letters, accents included: shorter words say too little, longer ones are mostly compounds. */
const usable = /^\p{Ll}{4,12}$/u;

/** Parts of slurs and vulgar words in the lists. Harmless words go with them, which costs nothing: the lists are long. */
const unfit = new RegExp(
  [
    'n[eèi]gr nigg kike gook gyps spaz retard fagg tranny dyke poof queer bougn youp fuck shit(?!ak) cunt twat wank cock',
    'bitch bastard slut whor rape viol[ae]d sodom put[aei] salop encul merd foutr pédé tapett maric jod[aei] coño mierd',
    'cabron verga porn sex',
  ]
    .join(' ')
    .replaceAll(' ', '|'),
);

/**
 * Writes `words.csv` (columns `word,language`; 6,000 words of each language, mixed), the experiment and the README into
 * a folder. Two builds from the same lists are equal byte for byte.
 * @param {string} folder where to write; it is made if it is not there
 * @returns {Promise<void>}
 */
export async function buildWordLanguage(folder) {
  const lists = await Promise.all(languages.map((language) => readList(`an-array-of-${language}-words`)));
  const random = randomNumbers(seed);
  const rows = wordsOfOneList(lists).flatMap((words, index) =>
    sample(words, wordsPerLanguage, random).map((word) => `${word},${languages[index]}\n`),
  );
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'words.csv'), `word,language\n${sample(rows, rows.length, random).join('')}`);
  for (const name of ['word-language.rnn.json', 'README.md']) await copyFile(join(here, name), join(folder, name));
}

/** The usable words of a package, each once. */
async function readList(name) {
  const words = JSON.parse(await readFile(require.resolve(name), 'utf8'));
  return new Set(words.filter((word) => usable.test(word) && !unfit.test(word)));
}

/** For each list the words that no other list has. */
function wordsOfOneList(lists) {
  return lists.map((words, index) => {
    const others = lists.filter((_, other) => other !== index);
    return [...words].filter((word) => !others.some((other) => other.has(word)));
  });
}

/** `count` different items in random order: the first steps of a shuffle after Fisher and Yates. */
function sample(items, count, random) {
  const pool = [...items];
  for (let index = 0; index < count; index++) {
    const other = index + Math.floor(random() * (pool.length - index));
    [pool[index], pool[other]] = [pool[other], pool[index]];
  }
  return pool.slice(0, count);
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
