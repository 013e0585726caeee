import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLosslessTokenizer, lastCut } from '../../../src/data/losslessTokenizer';
import { createRandom } from '../../../src/data/random';

const words = createLosslessTokenizer({ type: 'words', lowercase: false });
const characters = createLosslessTokenizer({ type: 'characters', lowercase: false });

describe('words with white space', () => {
  for (const [text, tokens] of [
    ['To be, or not', ['To', ' be', ',', ' or', ' not']],
    ['a  b', ['a', ' ', ' b']],
    ['one\n\n  two ', ['one', '\n', '\n', ' ', ' two', ' ']],
    ['x\r\n\ty', ['x', '\r\n', '\t', 'y']],
    [' a', [' a']],
    ['', []],
    ['\n', ['\n']],
    ['你好 吗', undefined],
  ] as const) {
    test(JSON.stringify(text), () => {
      const found = words.tokenize(text);
      if (tokens !== undefined) assert.deepEqual(found, tokens);
      assert.equal(found.join(''), text);
    });
  }
});

test('characters are user-perceived, and CRLF is one', () => {
  assert.deepEqual(characters.tokenize('a\r\n👩‍🚀é'), ['a', '\r\n', '👩‍🚀', 'é']);
});

test('lower-casing is what the description asks for', () => {
  const lower = createLosslessTokenizer({ type: 'words', lowercase: true });
  assert.deepEqual(lower.tokenize('To BE'), ['to', ' be']);
});

test('a text cut at any place that is a sure end gives the tokens of the whole', () => {
  const pieces = ['a', 'bc', ' ', '  ', '\n', '\r\n', '.', ',', "'", '7', 'é', '\u0301', '你好', '👩‍🚀', '\t', 'Word'];
  for (let round = 0; round < 300; round++) {
    const random = createRandom(round, 'cuts');
    const text = Array.from({ length: 30 }, () => pieces[random.nextInteger(pieces.length)]!)
      .join('')
      .normalize('NFC');
    const cut = lastCut(text.slice(0, 1 + random.nextInteger(text.length)), 0);
    for (const { tokenize } of [words, characters]) {
      const whole = tokenize(text);
      assert.equal(whole.join(''), text, `round ${round}`);
      assert.deepEqual([...tokenize(text.slice(0, cut)), ...tokenize(text.slice(cut))], whole, `round ${round}`);
    }
  }
});
