/** What is wrong between an experiment file and its data, each problem at its key. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { problemsOf } from '../../../src/host/experimentFiles/experimentProblems';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sequence-lab-checks-'));
  writeFileSync(join(folder, 'chat.csv'), 'message,kind\nhi,fine\n');
  writeFileSync(join(folder, 'header.csv'), 'message,kind\n');
  writeFileSync(join(folder, 'empty.jsonl'), '');
  writeFileSync(join(folder, 'broken.jsonl'), '{"message":"hi","kind":"fine"}\nno\n');
});
after(() => {
  rmSync(folder, { recursive: true });
});

/** Key, marked text and sentence of each problem of an experiment with this `data` section. */
async function problems(data: object, more: object = {}): Promise<readonly [string, string, string][]> {
  const text = JSON.stringify({ task: 'classification', data, ...more }, null, 2);
  return (await problemsOf(text, folder)).map(({ key, offset, length, message }) => [
    key,
    text.slice(offset, offset + length),
    message,
  ]);
}

const columns = { text: 'message', label: 'kind' };

test('an experiment that fits its data has no problem', async () => {
  assert.deepEqual(await problems({ train: 'chat.csv', ...columns }), []);
});

test('a missing file is marked at its key', async () => {
  const sentence = 'There is no such file or folder; check the path.';
  assert.deepEqual(await problems({ train: 'chats.csv', validation: 'chat.csv', test: 'no.csv', ...columns }), [
    ['data.train', '"chats.csv"', sentence],
    ['data.test', '"no.csv"', sentence],
  ]);
  assert.deepEqual(
    await problems({ train: 'chat.csv', ...columns }, { features: { type: 'words', embedding: { vectors: 'v.txt' } } }),
    [['features.embedding.vectors', '"v.txt"', sentence]],
  );
});

test('an unknown column is marked with the nearest name; one that is not given, at the section', async () => {
  assert.deepEqual(await problems({ train: 'chat.csv', text: 'mesage', label: 'kind' }), [
    [
      'data.text',
      '"mesage"',
      'chat.csv: There is no column "mesage"; the columns are "message", "kind"; did you mean "message"?',
    ],
  ]);
  assert.deepEqual(await problems({ train: 'chat.csv', label: 'kind' }), [
    ['data.text', '"data"', 'chat.csv: There is no column "text"; the columns are "message", "kind".'],
  ]);
});

test('a file without examples, a broken one and one of an unknown kind are marked', async () => {
  assert.deepEqual(await problems({ train: 'header.csv', ...columns }), [
    ['data.train', '"header.csv"', 'The file has a header row but no examples after it; add one example a row.'],
  ]);
  assert.deepEqual(await problems({ train: 'empty.jsonl', ...columns }), [
    ['data.train', '"empty.jsonl"', 'The file is empty; expected examples.'],
  ]);
  const [[key, , sentence] = []] = await problems({ train: 'broken.jsonl', ...columns });
  assert.equal(key, 'data.train');
  assert.match(sentence!, /^line 2: The line is not valid JSON/);
  writeFileSync(join(folder, 'chat.xlsx'), 'x');
  assert.match((await problems({ train: 'chat.xlsx', ...columns }))[0]![2], /extension \.xlsx/);
});

test('mistakes of the schema come first, those of JSON are left to the editor, an empty file is told', async () => {
  const [[key, found] = []] = await problems({ train: 'no.csv' }, { model: { cell: 'lstn' } });
  assert.deepEqual([key, found], ['model.cell', '"lstn"']);
  assert.deepEqual(await problemsOf('{ "data": ', folder), []);
  assert.equal((await problemsOf(' \n', folder)).length, 1);
});

test('number series are checked for the columns of their layout', async () => {
  writeFileSync(join(folder, 'wide.csv'), 'class,t1,t2\nup,1,2\n');
  writeFileSync(join(folder, 'long.csv'), 'series,label,x\n1,up,0.5\n');
  const features = { features: { type: 'numbers' } };
  assert.deepEqual(await problems({ train: 'wide.csv', label: 'class' }, features), []);
  const [wide] = await problems({ train: 'wide.csv', label: 'kind' }, features);
  assert.deepEqual(wide?.slice(0, 2), ['data.label', '"kind"']);
  assert.match(wide[2], /^wide\.csv: /u);
  const long = { train: 'long.csv', layout: 'long' };
  assert.deepEqual(await problems(long, features), []);
  const found = await problems({ ...long, series: 'id', channels: ['x', 'y'] }, features);
  assert.deepEqual(
    found.map(([key]) => key),
    ['data.series', 'data.channels'],
  );
});

test('the tokenizers that an experiment names must be there', async () => {
  const text = JSON.stringify({
    task: 'languageModel',
    data: { train: 'chat.csv' },
    features: { type: 'tokenizer', source: 'gone.json' },
  });
  const found = await problemsOf(text, folder);
  assert.deepEqual(
    found.map(({ key, message }) => [key, message]),
    [['features.source', 'There is no such file or folder; check the path.']],
  );
});
