/** How classified stretches follow the text, and which paragraph the cursor is in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apartFrom, followChanges, paragraphAt, trimSpan } from '../../../src/host/markedTexts/spans';

const span = { start: 10, end: 20 };
const change = (rangeOffset: number, rangeLength: number, text: string) => ({ rangeOffset, rangeLength, text });

test('a span moves with what changes before it and stays with what changes after it', () => {
  assert.deepEqual(followChanges(span, [change(0, 0, 'abc')]), { start: 13, end: 23 });
  assert.deepEqual(followChanges(span, [change(2, 5, '')]), { start: 5, end: 15 });
  assert.deepEqual(followChanges(span, [change(21, 3, 'xx')]), span);
  // Two cursors at once: offsets are those before both changes.
  assert.deepEqual(followChanges(span, [change(25, 0, 'b'), change(3, 1, '')]), { start: 9, end: 19 });
});

test('a span ends where its own text changes, and where words grow at its ends', () => {
  for (const [at, length, text] of [
    [12, 0, 'x'],
    [8, 4, ''],
    [18, 5, 'y'],
    [0, 40, ''],
    [10, 0, 'x'],
    [20, 0, 'x'],
    [19, 1, ''],
  ] as const) {
    assert.equal(followChanges(span, [change(at, length, text)]), undefined, `${at} ${length} ${text}`);
  }
});

test('a line break right before or after a span leaves it as it is', () => {
  assert.deepEqual(followChanges(span, [change(10, 0, '\n')]), { start: 11, end: 21 });
  assert.deepEqual(followChanges(span, [change(20, 0, '\r\n  ')]), span);
});

test('white space around a selection does not count', () => {
  assert.deepEqual(trimSpan('a  bc \n d', { start: 1, end: 7 }), { start: 3, end: 5 });
  assert.equal(trimSpan('a   b', { start: 1, end: 4 }), undefined);
});

test('a new span takes the place of those that it shares text with', () => {
  const items = [0, 10, 20, 30].map((start) => ({ span: { start, end: start + 5 } }));
  const left = apartFrom(items, [
    { start: 22, end: 31 },
    { start: 4, end: 6 },
  ]);
  assert.deepEqual(left, [items[1]]);
  assert.deepEqual(apartFrom(items, [{ start: 5, end: 10 }]), items);
  assert.deepEqual(apartFrom(items, [{ start: 0, end: 100 }]), []);
  assert.deepEqual(apartFrom(items, []), items);
});

test('a paragraph reaches to the blank lines around it', () => {
  const lines = ['', 'a', 'b', '  ', 'c'];
  const isBlank = (line: number) => lines[line]!.trim() === '';
  assert.deepEqual(paragraphAt(5, isBlank, 2), { first: 1, last: 2 });
  assert.deepEqual(paragraphAt(5, isBlank, 4), { first: 4, last: 4 });
  assert.equal(paragraphAt(5, isBlank, 3), undefined);
});
