/** Guesses of text and label on tables of several shapes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countValues, guessColumns, guessFeatures } from '../../../src/data/guessColumns';

const texts = [
  'you are kind',
  'what a fool you are',
  'see you tomorrow then',
  'nobody asked you',
  'thanks a lot',
  'go away',
];

function table(...columns: (readonly string[])[]): string[][] {
  return texts.map((_, row) => columns.map((column) => column[row % column.length]!));
}

test('the longest varied column is the text, the short repeated one the label', () => {
  const rows = table(['1', '2', '3', '4', '5', '6'], texts, ['ok', 'toxic', 'ok']);
  assert.deepEqual(guessColumns(['id', 'message', 'kind'], rows), {
    text: 'message',
    label: 'kind',
    labels: ['ok', 'toxic'],
  });
});

test('a column that is called a label wins over one with fewer values', () => {
  const rows = table(['0', '1'], texts, ['2', '1', '0']);
  assert.deepEqual(guessColumns(['is_reply', 'tweet', 'class'], rows), {
    text: 'tweet',
    label: 'class',
    labels: ['2', '1', '0'],
  });
});

test('long repeated boilerplate is not the text', () => {
  const rows = table(['a very long licence that stands in every row of the table'], texts, ['a', 'b']);
  assert.equal(guessColumns(['licence', 'note', 'label'], rows).text, 'note');
});

test('constant, empty and unique columns are no labels', () => {
  const rows = table(texts, ['same'], [''], ['p', 'q', 'r', 's', 't', 'u']);
  assert.deepEqual(guessColumns(['text', 'source', 'label', 'code'], rows), {
    text: 'text',
    label: undefined,
    labels: [],
  });
});

test('numbers alone have no text, and no rows have nothing', () => {
  assert.equal(
    guessColumns(
      ['time', 'value'],
      [
        ['1', '69.8'],
        ['2', '71.2'],
        ['3', '70.0'],
      ],
    ).text,
    undefined,
  );
  assert.deepEqual(guessColumns(['text', 'label'], []), { text: undefined, label: undefined, labels: [] });
});

test('short rows count as empty values', () => {
  const rows = [...table(texts, ['a', 'b']), ['a text without a label']];
  assert.equal(guessColumns(['text', 'label'], rows).label, 'label');
});

test('values are counted without their blanks, the most frequent first', () => {
  assert.deepEqual(countValues(['b', ' a', 'a ', '', '  ']), [
    { value: 'a', count: 2 },
    { value: 'b', count: 1 },
  ]);
});

test('single words are read by their characters, longer texts by their words', () => {
  assert.equal(guessFeatures(['maison', 'casa', 'house']), 'characters');
  assert.equal(guessFeatures(texts), 'words');
});
