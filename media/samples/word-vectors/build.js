// Builds the sample "word-vectors" from the messages of the sample "chat-toxicity". Knows nothing of the extension.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';

const here = dirname(fileURLToPath(import.meta.url));

/** Messages with their labels that are learned from, and that the best epoch is chosen by; the others are the test. */
const parts = { train: 200, validation: 200 };
/** Numbers in a word's vector. */
const width = 32;
/** Words on either side that count as neighbours. */
const reach = 5;
/** A word must occur so often in the messages to get a vector. */
const minimumCount = 2;
/** Rounds of subspace iteration; the vectors change little after these. */
const rounds = 12;

/**
 * Writes `train.csv`, `validation.csv`, `test.csv` (columns `message,label`), `vectors.txt` (GloVe's format), both
 * experiments and the README into a folder. Two builds are equal byte for byte on one machine.
 * @param {string} folder where to write; it is made if it is not there
 * @returns {Promise<void>}
 */
export async function buildWordVectors(folder) {
  const rows = parse(await readFile(join(here, '../chat-toxicity/chat.csv')), { columns: true });
  const starts = [0, parts.train, parts.train + parts.validation, rows.length];
  await mkdir(folder, { recursive: true });
  for (const [at, name] of ['train', 'validation', 'test'].entries()) {
    const lines = rows
      .slice(starts[at], starts[at + 1])
      .map(({ message, label }) => `"${message.replaceAll('"', '""')}",${label}\n`);
    await writeFile(join(folder, `${name}.csv`), `message,label\n${lines.join('')}`);
  }
  await writeFile(join(folder, 'vectors.txt'), vectorLines(rows.map(({ message }) => message)));
  for (const name of ['learned.rnn.json', 'pretrained.rnn.json', 'README.md']) {
    await copyFile(join(here, name), join(folder, name));
  }
}

/** One word and its numbers a line, the most frequent word first. */
function vectorLines(messages) {
  const texts = messages.map((message) => message.toLowerCase().match(/[\p{L}\p{N}']+|[^\s\p{L}\p{N}]/gu) ?? []);
  const counts = new Map();
  for (const word of texts.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts.keys()].filter((word) => counts.get(word) >= minimumCount);
  words.sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
  const vectors = factorize(association(texts, new Map(words.map((word, id) => [word, id]))));
  return words.map((word, id) => `${word} ${vectors[id].map((number) => number.toFixed(3)).join(' ')}\n`).join('');
}

/**
 * Positive pointwise mutual information of words and their neighbours, which a neighbour in distance d counts 1 / d to
 * (Levy and Goldberg 2014): a symmetric matrix, each row as pairs of column and value.
 */
function association(texts, ids) {
  const pairs = Array.from(ids, () => new Map());
  const sums = new Float64Array(ids.size);
  let total = 0;
  for (const text of texts) {
    const known = text.map((word) => ids.get(word));
    for (const [at, word] of known.entries()) {
      for (let far = 1; far <= reach && at + far < known.length; far++) {
        const other = known[at + far];
        if (word === undefined || other === undefined) continue;
        for (const [a, b] of [
          [word, other],
          [other, word],
        ]) {
          pairs[a].set(b, (pairs[a].get(b) ?? 0) + 1 / far);
          sums[a] += 1 / far;
          total += 1 / far;
        }
      }
    }
  }
  return pairs.map((row, a) =>
    [...row].flatMap(([b, count]) => {
      const value = Math.log((count * total) / (sums[a] * sums[b]));
      return value > 0 ? [[b, value]] : [];
    }),
  );
}

/** The leading eigenvectors by subspace iteration, each scaled by the root of its eigenvalue; rows of length about 1. */
function factorize(matrix) {
  const random = randomNumbers(1);
  let basis = orthonormal(Array.from({ length: width }, () => matrix.map(() => random() - 0.5)));
  let scale = [];
  for (let round = 0; round < rounds; round++) {
    const products = basis.map((column) =>
      matrix.map((row) => row.reduce((sum, [other, value]) => sum + value * column[other], 0)),
    );
    scale = products.map((column) => Math.sqrt(Math.hypot(...column)));
    basis = orthonormal(products);
  }
  return matrix.map((_, word) => {
    const vector = basis.map((column, at) => column[word] * scale[at]);
    const length = Math.hypot(...vector) || 1;
    return vector.map((number) => number / length);
  });
}

/** Gram and Schmidt's columns of length 1, each at right angles to those before it. */
function orthonormal(columns) {
  const done = [];
  for (const column of columns) {
    const rest = [...column];
    for (const other of done) {
      const share = other.reduce((sum, number, at) => sum + number * rest[at], 0);
      for (let at = 0; at < rest.length; at++) rest[at] -= share * other[at];
    }
    const length = Math.hypot(...rest);
    done.push(rest.map((number) => number / length));
  }
  return done;
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
