import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { joinMarked, markedWords } from '../../../src/data/markedWords';

describe('marked words', () => {
  for (const [text, words] of [
    ["Un homme d'affaires, l’été.", ['▁Un', '▁homme', "▁d'", 'affaires', ',', '▁l’', 'été', '.']],
    ["It isn't 3.5 kg (yet)!", ['▁It', "▁isn'", 't', '▁3.5', '▁kg', '▁(', 'yet', ')', '!']],
    ['  two  spaces ', ['▁two', '▁spaces']],
    ['我喜欢你', ['▁我', '喜欢', '你']],
    ['a▁b', ['▁a', '▁b']],
    ['', []],
    [' ', []],
  ] as const) {
    it(`cuts ${JSON.stringify(text)} and joins it again`, () => {
      assert.deepEqual(markedWords(text, false), words);
      assert.equal(joinMarked(words), text.replaceAll('▁', ' ').trim().replace(/\s+/gu, ' '));
    });
  }

  it('lower-cases and composes', () => {
    assert.deepEqual(markedWords('E\u0301TÉ', true), ['▁été']);
  });
});
