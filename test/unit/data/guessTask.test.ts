/** What can be learned from data of every kind, told by its name and its first lines. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type DataOpeners, lookAtData } from '../../../src/data/dataLook';
import { guessTask, type TaskGuess } from '../../../src/data/guessTask';
import { UserError } from '../../../src/errors';
import { memoryFolder, memorySource } from './memorySource';

const missing = (): Promise<never> => Promise.reject(new UserError('not there'));
const openers = (more: Partial<DataOpeners>): DataOpeners => ({
  source: missing,
  text: missing,
  series: missing,
  ...more,
});
const guess = async (name: string, content: string): Promise<TaskGuess | undefined> =>
  guessTask(await lookAtData(name, 1000, openers({ source: (path) => Promise.resolve(memorySource(path, content)) })));
const table = (head: string, count: number, row: (at: number) => string): string =>
  `${head}\n${Array.from({ length: count }, (_, at) => row(at)).join('\n')}\n`;

describe('a table is', () => {
  test('a classification where there are texts and classes', async () => {
    const content = table('message,kind', 10, (at) => `this is message ${at},${at % 2 ? 'ok' : 'toxic'}`);
    assert.deepEqual(await guess('chat.csv', content), {
      task: 'classification',
      features: 'words',
      table: { text: 'message', label: 'kind', columns: ['message', 'kind'], labels: ['toxic', 'ok'] },
    });
  });

  test('a translation where two columns of texts go along with one another', async () => {
    const longer = (at: number, word: string): string =>
      Array(2 + (at % 5))
        .fill(`${word}${at}`)
        .join(' ');
    const named = table('id\tfr\ten', 8, (at) => `${at}\tle chat ${at}\tthe cat number ${at} sits`);
    assert.deepEqual(await guess('pairs.tsv', named), {
      task: 'translation',
      source: 'fr',
      target: 'en',
      columns: ['id', 'fr', 'en'],
    });
    const parallel = table('a,b', 12, (at) => `${longer(at, 'x')},${longer(at, 'yy')}`);
    assert.equal((await guess('pairs.csv', parallel))?.task, 'translation');
    const unrelated = table('a,b', 12, (at) => `${longer(at, 'x')},${longer(at * 3 + 1, 'yy')}`);
    assert.equal(await guess('notes.csv', unrelated), undefined);
  });

  test('a forecasting where there are numbers in the order of time', async () => {
    const timed = table(
      'ds,celsius,state,watts',
      9,
      (at) => `2024-01-0${at + 1},${20 + (at % 3)},ok,${at === 4 ? '' : at * at}`,
    );
    assert.deepEqual(await guess('room.csv', timed), {
      task: 'forecasting',
      time: 'ds',
      values: ['celsius', 'watts'],
      hasGaps: true,
    });
    const untimed = table('index,load', 9, (at) => `${at},${(at * 7) % 5}`);
    assert.deepEqual(await guess('load.csv', untimed), { task: 'forecasting', values: ['load'], hasGaps: false });
  });

  test('a forecasting, whatever times with repeated states look like', async () => {
    const log = table('timestamp,host,value', 12, (at) => `2024-01-01 00:${10 + at},${at % 2 ? 'a' : 'b'},${at % 4}`);
    assert.deepEqual(await guess('log.csv', log), {
      task: 'forecasting',
      time: 'timestamp',
      values: ['value'],
      hasGaps: false,
    });
  });

  test('series with classes where a row has a class and many numbers', async () => {
    const head = ['label', ...Array.from({ length: 9 }, (_, at) => `t${at}`)].join(',');
    const rows = table(head, 8, (row) => [row % 2 ? 'up' : 'down', ...Array(9).keys()].join(','));
    assert.deepEqual(await guess('gestures.csv', rows), { task: 'series', label: 'label' });
  });

  test('nothing where there are texts alone', async () => {
    assert.equal(
      await guess(
        'a.csv',
        table('text', 6, (at) => `text number ${at}`),
      ),
      undefined,
    );
  });
});

describe('a file by its look is', () => {
  const sentences = 'EU B-ORG\nrejects O\nGerman B-MISC\ncall O\n\nPeter B-PER\nBlackburn I-PER\n\n'.repeat(3);
  for (const name of ['train.txt', 'train.conll', 'train']) {
    test(`tagged sentences (${name})`, async () => {
      assert.deepEqual(await guess(name, sentences), {
        task: 'tagging',
        tokenColumn: 1,
        tagColumn: 2,
        tags: ['O', 'B-ORG', 'B-MISC', 'B-PER', 'I-PER'],
      });
    });
  }

  test('tagged sentences in the ten columns of CoNLL-U', async () => {
    const row = (at: number, word: string, tag: string): string =>
      [at, word, word, tag, '_', '_', '0', 'root', '_', '_'].join('\t');
    const content = `# text = dogs bark\n${row(1, 'dogs', 'NOUN')}\n${row(2, 'bark', 'VERB')}\n\n${row(1, 'cats', 'NOUN')}\n${row(2, 'sleep', 'VERB')}\n`;
    assert.deepEqual(await guess('en.conllu', content), {
      task: 'tagging',
      tokenColumn: 2,
      tagColumn: 4,
      tags: ['NOUN', 'VERB'],
    });
  });

  test('running text', async () => {
    assert.deepEqual(await guess('notes.md', '# Notes\n\nSome text.\nAnd more of it here.\n'), {
      task: 'languageModel',
    });
    assert.deepEqual(await guess('two.txt', 'two words\nper line\n\nbut no\ntags here\n'), { task: 'languageModel' });
  });

  test('number series', async () => {
    assert.deepEqual(await guess('waves.ts', '# made here\n@problemName waves\n@data\n1,2:a\n'), { task: 'series' });
  });
});

describe('a folder is', () => {
  const look = async (more: Partial<DataOpeners>) => guessTask(await lookAtData('data', 100, openers(more)));
  test('a classification with a text file for each class', async () => {
    const source = memoryFolder('data', { 'German.txt': 'Müller\n', 'Irish.txt': "O'Neill\n" });
    assert.deepEqual(await look({ source: () => Promise.resolve(source) }), {
      task: 'classification',
      features: 'characters',
    });
  });
  test('series or running text where such lie further down', async () => {
    assert.deepEqual(await look({ series: () => Promise.resolve({}) }), { task: 'series' });
    assert.deepEqual(await look({ text: () => Promise.resolve(memoryFolder('data', {})) }), { task: 'languageModel' });
    await assert.rejects(look({}), /not there/u);
  });
});

describe('what cannot be recognised is told in one sentence', () => {
  for (const [name, content, sentence] of [
    [
      'main.ts',
      "import fs from 'node:fs';\n",
      /^main\.ts: The file does not start as a \.ts file of the UCR\/UEA archive/u,
    ],
    ['a.conll', 'no tags\n', /^a\.conll: The file does not have a token and its tag on each line/u],
    ['a.pdf', '%PDF\n', /^a\.pdf: What the file holds cannot be told by its name; expected \.csv/u],
  ] as const) {
    test(name, async () => {
      await assert.rejects(guess(name, content), (error: UserError) => sentence.test(error.sentence));
    });
  }
});
