/** The table's order and filter, the places of runs among the colours, and the words shaded by influence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignSlots } from '../../../media/src/runColors';
import { shadeWords } from '../../../media/src/shadeWords';
import { filterRuns, nextOrder, sortRuns } from '../../../media/src/sortRuns';
import type { RunRow } from '../../../src/panelMessages';

const row = (number: number, change: Partial<RunRow> = {}): RunRow => ({
  id: `/runs/spam-${number}`,
  name: `spam-${number}`,
  task: 'classification',
  inputs: 'texts',
  status: 'finished',
  model: 'LSTM 128',
  parameters: null,
  best: null,
  test: null,
  seconds: null,
  tokensPerSecond: null,
  created: number,
  message: null,
  hasModel: false,
  patience: null,
  stoppingMetric: null,
  clipNorm: null,
  ...change,
});
const best = (macroF1: number) => ({ best: { epoch: 1, scores: { loss: 1, accuracy: 0.5, macroF1 } } });
const names = (rows: readonly RunRow[]) => rows.map(({ name }) => name);

test('runs are sorted by a score, those without it last either way', () => {
  const runs = [row(1, best(0.7)), row(2), row(3, best(0.9)), row(4, best(0.7))];
  assert.deepEqual(names(sortRuns(runs, { column: 'score', descending: true })), [
    'spam-3',
    'spam-4',
    'spam-1',
    'spam-2',
  ]);
  assert.deepEqual(names(sortRuns(runs, { column: 'score', descending: false })), [
    'spam-4',
    'spam-1',
    'spam-3',
    'spam-2',
  ]);
});

test('names are sorted with their numbers', () => {
  const runs = [row(10), row(9), row(2)];
  assert.deepEqual(names(sortRuns(runs, { column: 'name', descending: false })), ['spam-2', 'spam-9', 'spam-10']);
});

test('the filter asks for every word', () => {
  const runs = [row(1, { model: 'GRU 64 bidirectional' }), row(2, { status: 'failed' }), row(3)];
  const filter = (words: string) => names(filterRuns(runs, words, ({ status }) => status));
  assert.deepEqual(filter(' gru  BI'), ['spam-1']);
  assert.deepEqual(filter('spam failed'), ['spam-2']);
  assert.deepEqual(filter(''), ['spam-1', 'spam-2', 'spam-3']);
  assert.deepEqual(filter('gru failed'), []);
});

test('a second click turns the order round', () => {
  const first = nextOrder({ column: 'created', descending: true }, 'loss');
  assert.deepEqual(first, { column: 'loss', descending: false });
  assert.deepEqual(nextOrder(first, 'loss'), { column: 'loss', descending: true });
  assert.deepEqual(nextOrder(first, 'accuracy'), { column: 'accuracy', descending: true });
});

test('a ticked run keeps its place, and a new one takes the lowest that is free', () => {
  const slots = assignSlots(['a', 'b', 'c'], {});
  assert.deepEqual(slots, { a: 0, b: 1, c: 2 });
  assert.deepEqual(assignSlots(['a', 'c'], slots), { a: 0, c: 2 });
  assert.deepEqual(assignSlots(['a', 'c', 'd'], { a: 0, c: 2 }), { a: 0, c: 2, d: 1 });
});

test('words are shaded beside the strongest, and the text stays whole', () => {
  const text = 'the worst xqz, really';
  const token = (word: string, influence: number, known = true) => ({
    ...{ text: word, influence, known },
    start: text.indexOf(word),
    end: text.indexOf(word) + word.length,
  });
  const pieces = shadeWords(text, [token('the', 0), token('worst', 2), token('xqz', -1, false), token('really', 0.5)]);
  assert.equal(pieces.map((piece) => piece.text).join(''), text);
  assert.deepEqual(
    pieces
      .filter(({ direction }) => direction !== 'none')
      .map((piece) => [piece.text, piece.strength, piece.direction]),
    [
      ['the', 0, 'for'],
      ['worst', 1, 'for'],
      ['xqz', 0.5, 'against'],
      ['really', 0.25, 'for'],
    ],
  );
  assert.deepEqual(
    pieces.filter(({ isKnown }) => !isKnown).map((piece) => piece.text),
    ['xqz'],
  );
  assert.deepEqual(
    pieces.filter(({ isStrongest }) => isStrongest).map((piece) => piece.text),
    ['worst'],
  );
});

test('tokens outside of the text are passed over', () => {
  const token = { text: 'x', influence: 1, known: true };
  const pieces = shadeWords('ab', [
    { ...token, start: 0, end: 1 },
    { ...token, start: 0, end: 2 },
    { ...token, start: 1, end: 9 },
  ]);
  assert.deepEqual(
    pieces.map(({ text, direction }) => [text, direction]),
    [
      ['a', 'for'],
      ['b', 'none'],
    ],
  );
});
