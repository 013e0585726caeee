// Builds the sample "holiday phrases": English sentences with their French translation, from patterns and word lists
// written for it. Knows nothing of the extension.
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

const sentences = 6000;
const seed = 1;

/** English, French, gender. */
const nouns = [
  ['hotel', 'hôtel', 'm'],
  ['station', 'gare', 'f'],
  ['key', 'clé', 'f'],
  ['suitcase', 'valise', 'f'],
  ['ticket', 'billet', 'm'],
  ['train', 'train', 'm'],
  ['boat', 'bateau', 'm'],
  ['car', 'voiture', 'f'],
  ['bike', 'vélo', 'm'],
  ['map', 'carte', 'f'],
  ['beach', 'plage', 'f'],
  ['restaurant', 'restaurant', 'm'],
  ['bakery', 'boulangerie', 'f'],
  ['market', 'marché', 'm'],
  ['umbrella', 'parapluie', 'm'],
  ['hat', 'chapeau', 'm'],
  ['shirt', 'chemise', 'f'],
  ['street', 'rue', 'f'],
  ['church', 'église', 'f'],
  ['museum', 'musée', 'm'],
  ['room', 'chambre', 'f'],
  ['table', 'table', 'f'],
  ['garden', 'jardin', 'm'],
  ['bridge', 'pont', 'm'],
  ['apple', 'pomme', 'f'],
];

/** English, masculine and feminine French; most follow their noun, the last ones stand before it. */
const after = [
  ['red', 'rouge', 'rouge'],
  ['blue', 'bleu', 'bleue'],
  ['green', 'vert', 'verte'],
  ['black', 'noir', 'noire'],
  ['white', 'blanc', 'blanche'],
  ['expensive', 'cher', 'chère'],
  ['cheap', 'bon marché', 'bon marché'],
  ['empty', 'vide', 'vide'],
  ['clean', 'propre', 'propre'],
  ['closed', 'fermé', 'fermée'],
];
const before = [
  ['small', 'petit', 'petite'],
  ['big', 'grand', 'grande'],
  ['pretty', 'joli', 'jolie'],
  ['other', 'autre', 'autre'],
];

/** Who does something, and the form of each verb that goes with it. */
const people = [
  ['I', 'je', 0],
  ['we', 'nous', 1],
  ['they', 'ils', 2],
  ['my friends', 'mes amis', 2],
  ['the children', 'les enfants', 2],
];
const verbs = [
  ['see', ['vois', 'voyons', 'voient']],
  ['find', ['trouve', 'trouvons', 'trouvent']],
  ['look for', ['cherche', 'cherchons', 'cherchent']],
  ['take', ['prends', 'prenons', 'prennent']],
  ['want', ['veux', 'voulons', 'veulent']],
  ['love', ['aime', 'aimons', 'aiment']],
];
const times = [
  ['today', "aujourd'hui"],
  ['tomorrow', 'demain'],
  ['this evening', 'ce soir'],
  ['on Sunday', 'dimanche'],
  ['every day', 'tous les jours'],
];

const startsWithVowel = (word) => /^[aeéèhiou]/i.test(word);

/**
 * Writes `phrases.tsv` (6,000 pairs in the columns `english` and `french`), the experiment and the README into a folder.
 * Two builds are equal byte for byte.
 * @param {string} folder where to write; it is made if it is not there
 * @returns {Promise<void>}
 */
export async function buildHolidayPhrases(folder) {
  const random = randomNumbers(seed);
  const pick = (items) => items[Math.floor(random() * items.length)];
  const rows = Array.from({ length: sentences }, () => pair(pick, random).join('\t'));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'phrases.tsv'), ['english\tfrench', ...rows, ''].join('\n'));
  for (const name of ['phrases.rnn.json', 'README.md']) await copyFile(join(here, name), join(folder, name));
}

/** A thing in both languages with its article, an adjective or none, and its gender. */
function thing(pick, random, definite) {
  const [noun, nom, gender] = pick(nouns);
  const forms = gender === 'f' ? 2 : 1;
  const chance = random();
  const [adjective, follows] =
    chance < 0.45 ? [pick(after), true] : chance < 0.7 ? [pick(before), false] : [null, true];
  const words = adjective === null ? [nom] : follows ? [nom, adjective[forms]] : [adjective[forms], nom];
  const phrase = words.join(' ');
  const article = definite ? (gender === 'f' ? 'la' : 'le') : gender === 'f' ? 'une' : 'un';
  const elided = definite && startsWithVowel(phrase) ? `l'${phrase}` : `${article} ${phrase}`;
  const english = `${adjective === null ? '' : `${adjective[0]} `}${noun}`;
  if (!definite && adjective?.[0] === 'other') return { english: `another ${noun}`, french: elided, gender };
  const own = definite ? 'the' : startsWithVowel(english) && !english.startsWith('hotel') ? 'an' : 'a';
  return { english: `${own} ${english}`, french: elided, gender };
}

/** One sentence in both languages. */
function pair(pick, random) {
  const kind = random();
  if (kind < 0.2) {
    const { english, french } = thing(pick, random, true);
    return [`Where is ${english}?`, `Où est ${french} ?`];
  }
  if (kind < 0.4) {
    const { english, french, gender } = thing(pick, random, true);
    const [adjective, ...forms] = pick([...after, ...before.slice(0, 3)]);
    const isNot = random() < 0.3;
    const form = forms[gender === 'f' ? 1 : 0];
    return [
      capital(`${english} is ${isNot ? 'not ' : ''}${adjective}.`),
      capital(`${french} ${isNot ? "n'est pas" : 'est'} ${form}.`),
    ];
  }
  const [who, qui, person] = pick(people);
  const [verb, forms] = pick(verbs);
  const isNot = kind < 0.55;
  // After a negation French has no "un", so that only what is known is not seen, found or wanted.
  const { english, french } = thing(pick, random, random() < 0.5 || isNot);
  const form = forms[person];
  const vowel = startsWithVowel(form);
  const act = isNot ? (vowel ? `n'${form} pas` : `ne ${form} pas`) : form;
  const subject = qui === 'je' && vowel && !isNot ? `j'${act}` : `${qui} ${act}`;
  const when = random() < 0.5 ? pick(times) : null;
  const ends = when === null ? ['', ''] : when.map((words) => ` ${words}`);
  return [
    capital(`${who} ${isNot ? 'do not ' : ''}${verb} ${english}${ends[0]}.`),
    capital(`${subject} ${french}${ends[1]}.`),
  ];
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
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
