import assert from 'node:assert/strict';
import { test } from 'node:test';
import manifest from '../../../package.json';
import { colouredSpans, legendLine, legendOf, tagStyles, TagStyles } from '../../../src/host/tagging/tagLegend';
import { tagColors } from '../../../src/tagColors';

const spansOf = (...types: string[]) => types.map((type) => ({ type }));

test('types get colours in the order of meeting and keep them; dotted lines tell the second eight apart', () => {
  const styles = new TagStyles();
  const types = Array.from({ length: 17 }, (_, at) => `type${at}`);
  const places = types.map((type) => styles.placeOf(type));
  assert.deepEqual(places.slice(0, 16), [...tagStyles.keys()]);
  assert.equal(places[16], 0);
  assert.equal(styles.placeOf('type3'), 3);
  assert.deepEqual(tagStyles[11], { color: tagColors[3], isDotted: true });
});

test('the legend counts types, the most frequent first', () => {
  const legend = legendOf(spansOf('city', 'food', 'city', 'day'), new TagStyles());
  assert.deepEqual(
    legend.map(({ type, count }) => [type, count]),
    [
      ['city', 2],
      ['day', 1],
      ['food', 1],
    ],
  );
  assert.equal(legendLine(legend), 'city 2 · day 1 · food 1');
  assert.equal(legendLine(legendOf(spansOf('a', 'b', 'c', 'd', 'e'), new TagStyles())), 'a 1 · b 1 · c 1 · d 1 · …');
});

test('a tagger without spans colours its tokens', () => {
  const token = (text: string, tag: string) => ({ text, tag, start: 0, end: text.length, probability: 1, known: true });
  const tokens = [token('we', 'PRON'), token('run', 'VERB'), token('x', 'O')];
  assert.deepEqual(
    colouredSpans({ tokens, spans: [] }).map(({ type, text }) => [type, text]),
    [
      ['PRON', 'we'],
      ['VERB', 'run'],
    ],
  );
  const spans = [{ type: 'city', text: 'Rio', start: 0, end: 3, probability: 1 }];
  assert.equal(colouredSpans({ tokens, spans }), spans);
});

test('every colour is contributed for every kind of theme', () => {
  for (const color of tagColors) {
    const found = manifest.contributes.colors.find(({ id }) => id === `sequenceLab.tag${color}`);
    assert.deepEqual(Object.keys(found?.defaults ?? {}), ['dark', 'light', 'highContrast', 'highContrastLight']);
  }
});
