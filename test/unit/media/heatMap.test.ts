/** The heat map's pieces and weights, and the spans of a tagged text, before they are drawn. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cellAfter, heatMapOf, labelPieces, mostPieces, sentenceName } from '../../../media/src/heatMap';
import { taggedPieces } from '../../../media/src/taggedPieces';

const attention = {
  source: ['my', 'reser', 'vation', '.'],
  sourceStarts: [true, true, false, false],
  target: ['l’', 'été'],
  targetStarts: [true, false],
  weights: [
    [0.1, 0.2, 0.3, 0.4],
    [0.4, 0.3, 0.2, 0.1],
  ],
};

describe('the heat map', () => {
  it('has a row for each piece of the translation and a column for each of the text', () => {
    const map = heatMapOf(attention)!;
    assert.deepEqual(
      map.columns.map(({ text }) => text),
      attention.source,
    );
    assert.deepEqual(
      map.rows.map(({ text }) => text),
      attention.target,
    );
    assert.deepEqual(map.weights, attention.weights);
    assert.deepEqual([map.isRotated, map.isCut], [true, false]);
    assert.equal(heatMapOf({ ...attention, target: [], weights: [] }), undefined);
  });

  it('tells the pieces of a word from words, signs and what follows an apostrophe', () => {
    const { source, sourceStarts, target, targetStarts } = attention;
    const told = (labels: ReturnType<typeof labelPieces>) =>
      labels.map(({ isStart, isContinued }) => [isStart, isContinued]);
    const none = [false, false];
    assert.deepEqual(told(labelPieces(source, sourceStarts)), [[true, false], [true, false], [false, true], none]);
    assert.deepEqual(told(labelPieces(target, targetStarts)), [[true, false], none]);
    assert.equal(labelPieces([''], [true])[0]!.text, '␣');
    assert.equal(sentenceName(attention), 'my reservation.');
    assert.equal(sentenceName({ ...attention, source: ['a'.repeat(60)], sourceStarts: [true] }).length, 48);
  });

  it('keeps short labels upright and leaves out what is too much', () => {
    const source = Array.from({ length: mostPieces + 1 }, () => 'a');
    const map = heatMapOf({
      ...{ source, sourceStarts: source.map(() => true), target: ['b'], targetStarts: [true] },
      weights: [source.map((_, at) => at / 100)],
    })!;
    assert.deepEqual([map.isRotated, map.isCut], [false, true]);
    assert.equal(map.columns.length, mostPieces);
    assert.deepEqual(map.weights[0]!.at(-1), (mostPieces - 1) / 100);
  });

  it('is walked by keys and never left', () => {
    const map = heatMapOf(attention)!;
    const walk = (keys: readonly string[]) =>
      keys.reduce((cell, key) => cellAfter(cell, key, map) ?? cell, { row: 0, column: 0 });
    assert.deepEqual(walk(['ArrowLeft', 'ArrowUp']), { row: 0, column: 0 });
    assert.deepEqual(walk(['End', 'ArrowRight', 'ArrowDown', 'ArrowDown']), { row: 1, column: 3 });
    assert.deepEqual(walk(['ArrowRight', 'ArrowRight', 'ArrowLeft', 'Home', 'ArrowRight']), { row: 0, column: 1 });
    assert.equal(cellAfter({ row: 0, column: 0 }, 'a', map), undefined);
  });
});

describe('a tagged text', () => {
  const span = (type: string, start: number, end: number) => ({ type, start, end, probability: 0.5 });

  it('is cut at its spans in their order', () => {
    const [day, person] = [span('day', 10, 16), span('person', 4, 8)];
    assert.deepEqual(taggedPieces('see Anna, monday!', [day, person]), [
      { text: 'see ', span: null },
      { text: 'Anna', span: person },
      { text: ', ', span: null },
      { text: 'monday', span: day },
      { text: '!', span: null },
    ]);
  });

  it('passes over spans that overlap or lie outside, and is whole in any case', () => {
    const spans = [span('a', 0, 3), span('b', 2, 4), span('c', 3, 99), span('d', 5, 5)];
    const pieces = taggedPieces('abcdef', spans);
    assert.deepEqual(pieces, [
      { text: 'abc', span: spans[0] },
      { text: 'def', span: null },
    ]);
    assert.deepEqual(taggedPieces('', spans), []);
  });
});
