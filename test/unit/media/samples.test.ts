/** Holds the shipped samples against what their READMEs promise; must not need a build. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseJson, type ParseError } from 'jsonc-parser';
import { parseExperiment } from '../../../src/experiment/parseExperiment';
import { buildHolidayPhrases } from '../../../media/samples/holiday-phrases/build';
import { buildReminders } from '../../../media/samples/reminders/build';
import { buildWordLanguage } from '../../../media/samples/word-language/build';
import { buildWordVectors } from '../../../media/samples/word-vectors/build';

const samples = join(import.meta.dirname, '../../../media/samples');

/** The rows of a CSV file as objects; throws where quoting or the number of cells is wrong. */
async function readRows(path: string): Promise<Record<string, string>[]> {
  return parseCsv<Record<string, string>>(await readFile(path), { columns: true });
}

function countBy(rows: readonly Record<string, string>[], column: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[row[column]!] = (counts[row[column]!] ?? 0) + 1;
  return counts;
}

describe('the sample chat-toxicity', () => {
  let rows: Record<string, string>[];
  before(async () => {
    rows = await readRows(join(samples, 'chat-toxicity/chat.csv'));
  });

  it('has messages and labels and nothing else', () => {
    assert.deepEqual(Object.keys(rows[0]!), ['message', 'label']);
    for (const { message } of rows) {
      assert.match(message!, /^\S(.*\S)?$/u);
      assert.doesNotMatch(message!, /\p{Cc}/u);
      assert.ok(message!.split(/\s+/u).length <= 30, message);
    }
  });

  it('has as many rows of each class as its README says', async () => {
    const counts = countBy(rows, 'label');
    assert.deepEqual(Object.keys(counts).sort(), ['fine', 'toxic']);
    assert.ok(rows.length >= 1500, `${rows.length} rows`);
    const share = counts['toxic']! / rows.length;
    assert.ok(share > 0.28 && share < 0.4, `${share} of the messages are toxic`);
    const readme = await readFile(join(samples, 'chat-toxicity/README.md'), 'utf8');
    for (const count of [rows.length, counts['fine']!, counts['toxic']!]) {
      assert.ok(readme.includes(count.toLocaleString('en')), `${count} is missing from the README`);
    }
  });

  it('has no message twice, whatever its case and punctuation', () => {
    const seen = new Map<string, string>();
    for (const { message } of rows) {
      const plain = message!.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ');
      const key = plain.trim() || message!;
      assert.equal(seen.get(key), undefined, `"${message}" repeats "${seen.get(key)}"`);
      seen.set(key, message!);
    }
  });

  it('labels the examples of its README as the README does', async () => {
    const labels = new Map(rows.map(({ message, label }) => [message, label]));
    const readme = (await readFile(join(samples, 'chat-toxicity/README.md'), 'utf8')).replace(/\s+/g, ' ');
    const examples = [...readme.matchAll(/"([^"]+)" is (fine|toxic)/g)];
    assert.equal(examples.length, 6);
    for (const [, message, label] of examples) assert.equal(labels.get(message), label, message);
  });
});

describe('the sample word-language', () => {
  let folder: string;
  let rows: Record<string, string>[];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samples-'));
    await buildWordLanguage(join(folder, 'first'));
    rows = await readRows(join(folder, 'first/words.csv'));
  });
  after(() => rm(folder, { recursive: true }));

  it('has 6,000 words of each language', () => {
    assert.deepEqual(Object.keys(rows[0]!), ['word', 'language']);
    assert.deepEqual(countBy(rows, 'language'), { english: 6000, french: 6000, spanish: 6000 });
  });

  it('has every word once, in small letters', () => {
    assert.equal(new Set(rows.map(({ word }) => word)).size, 18000);
    for (const { word } of rows) assert.match(word!, /^[a-zàâäçèéêëîïñôöùûü]{4,12}$/u);
  });

  it('mixes the languages', () => {
    const { english, french, spanish } = countBy(rows.slice(0, 1800), 'language');
    for (const count of [english!, french!, spanish!]) assert.ok(count > 500 && count < 700, `${count} of 1800`);
  });

  it('comes out equal each time', async () => {
    await buildWordLanguage(join(folder, 'second'));
    for (const name of ['words.csv', 'word-language.rnn.json', 'README.md']) {
      const [first, second] = await Promise.all(
        ['first', 'second'].map((build) => readFile(join(folder, build, name), 'utf8')),
      );
      assert.equal(second, first);
    }
  });
});

describe('the sample reminders', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samples-'));
    await buildReminders(join(folder, 'first'));
  });
  after(() => rm(folder, { recursive: true }));

  it('has 2,000 sentences whose spans are of five types, each begun by a B', async () => {
    const text = await readFile(join(folder, 'first/reminders.conll'), 'utf8');
    const found = text.trimEnd().split('\n\n');
    assert.equal(found.length, 2000);
    const types = new Set<string>();
    for (const sentence of found) {
      let before = 'O';
      for (const line of sentence.split('\n')) {
        const [, tag] = /^\S+\t(O|[BI]-\w+)$/u.exec(line) ?? [];
        assert.ok(tag !== undefined, line);
        if (tag.startsWith('B-')) types.add(tag.slice(2));
        if (tag.startsWith('I-')) assert.equal(before.slice(2), tag.slice(2), sentence);
        before = tag;
      }
    }
    assert.deepEqual([...types].sort(), ['day', 'person', 'place', 'task', 'time']);
  });

  it('comes out equal each time, with an experiment that reads', async () => {
    await buildReminders(join(folder, 'second'));
    for (const name of ['reminders.conll', 'reminders.rnn.json', 'README.md']) {
      const [first, second] = await Promise.all(
        ['first', 'second'].map((build) => readFile(join(folder, build, name), 'utf8')),
      );
      assert.equal(second, first);
    }
    const text = await readFile(join(folder, 'first/reminders.rnn.json'), 'utf8');
    assert.equal(parseExperiment(text, 'reminders.rnn.json').experiment.task, 'tagging');
  });
});

describe('the sample word-vectors', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samples-'));
    await buildWordVectors(folder);
  });
  after(() => rm(folder, { recursive: true }));

  it('shares out all messages of chat-toxicity, each once', async () => {
    const parts = await Promise.all(
      ['train', 'validation', 'test'].map((name) => readRows(join(folder, `${name}.csv`))),
    );
    assert.deepEqual(
      parts.map(({ length }) => length),
      [200, 200, 2397],
    );
    assert.deepEqual(parts.flat(), await readRows(join(samples, 'chat-toxicity/chat.csv')));
  });

  it('has a vector of length 1 for each word that occurs twice', async () => {
    const lines = (await readFile(join(folder, 'vectors.txt'), 'utf8')).trimEnd().split('\n');
    assert.ok(lines.length > 1500, `${lines.length} words`);
    assert.equal(new Set(lines.map((line) => line.split(' ')[0])).size, lines.length);
    for (const line of lines) {
      const numbers = line.split(' ').slice(1).map(Number);
      assert.equal(numbers.length, 32);
      const length = Math.hypot(...numbers);
      assert.ok(length === 0 || Math.abs(length - 1) < 0.01, `${line}: ${length}`);
    }
  });

  it('puts words of like use near one another', async () => {
    const lines = (await readFile(join(folder, 'vectors.txt'), 'utf8')).trimEnd().split('\n');
    const vectors = new Map(lines.map((line) => [line.split(' ')[0]!, line.split(' ').slice(1).map(Number)]));
    const likeness = (a: string, b: string) =>
      vectors.get(a)!.reduce((sum, value, at) => sum + value * vectors.get(b)![at]!, 0);
    assert.ok(likeness('idiot', 'loser') > likeness('idiot', 'kitchen'));
    assert.ok(likeness('monday', 'friday') > likeness('monday', 'idiot'));
  });

  it('has experiments that differ in the vectors alone', async () => {
    const [learned, pretrained] = await Promise.all(
      ['learned', 'pretrained'].map(
        async (name) =>
          parseExperiment(await readFile(join(folder, `${name}.rnn.json`), 'utf8'), name).experiment as {
            features: { embedding: Record<string, unknown> };
          },
      ),
    );
    assert.equal(pretrained!.features.embedding['vectors'], 'vectors.txt');
    delete pretrained!.features.embedding['vectors'];
    assert.deepEqual(pretrained, learned);
  });
});

describe('the experiments of the samples', () => {
  for (const [path, text, label] of [
    ['chat-toxicity/chat-toxicity.rnn.json', 'message', 'label'],
    ['chat-toxicity/tfidf.rnn.json', 'message', 'label'],
    ['word-language/word-language.rnn.json', 'word', 'language'],
    ['word-vectors/learned.rnn.json', 'message', 'label'],
    ['word-vectors/pretrained.rnn.json', 'message', 'label'],
  ] as const) {
    it(`${path} names the columns of its data`, async () => {
      const errors: ParseError[] = [];
      const experiment = parseJson(await readFile(join(samples, path), 'utf8'), errors) as {
        task: string;
        data: { text: string; label: string };
      };
      assert.deepEqual(errors, []);
      assert.equal(experiment.task, 'classification');
      assert.equal(experiment.data.text, text);
      assert.equal(experiment.data.label, label);
    });
  }
});

describe('the sample holiday phrases', () => {
  let folder: string;
  let rows: string[][];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samples-'));
    for (const name of ['first', 'second']) await buildHolidayPhrases(join(folder, name));
    const text = await readFile(join(folder, 'first/phrases.tsv'), 'utf8');
    rows = text.split('\n').map((line) => line.split('\t'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('has as many pairs as its README says, each with text on both sides', async () => {
    assert.deepEqual(rows[0], ['english', 'french']);
    assert.deepEqual(rows.at(-1), ['']);
    const pairs = rows.slice(1, -1);
    for (const pair of pairs)
      assert.ok(pair.length === 2 && pair.every((text) => /^\p{Lu}.*[.?]$/u.test(text)), pair.join());
    const readme = await readFile(join(folder, 'first/README.md'), 'utf8');
    assert.ok(readme.includes(pairs.length.toLocaleString('en')));
  });

  it('agrees in gender and elides as French does', () => {
    const french = rows.slice(1, -1).map(([, text]) => text!);
    for (const text of french) {
      assert.doesNotMatch(text, /\b(le|la|je) [aeéèhiou]/iu);
      assert.doesNotMatch(text, /\b(la|une) (petit|grand|joli) |\b(le|un) (petite|grande|jolie) /u);
    }
    assert.ok(french.some((text) => text.includes("l'église")));
  });

  it('is the same from every build, and its experiment is complete', async () => {
    for (const name of ['phrases.tsv', 'phrases.rnn.json', 'README.md']) {
      assert.deepEqual(await readFile(join(folder, 'first', name)), await readFile(join(folder, 'second', name)));
    }
    const text = await readFile(join(folder, 'first/phrases.rnn.json'), 'utf8');
    assert.equal(parseExperiment(text, 'phrases.rnn.json').experiment.task, 'translation');
  });
});
