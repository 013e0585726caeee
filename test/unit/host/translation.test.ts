/** What Translate Selection does with texts: sentences apart, white space kept, and where the model looked as a table. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { attentionTable } from '../../../src/host/translation/attentionTable';
import { joinSentences, splitSentences } from '../../../src/host/translation/sentences';
import { translateTexts } from '../../../src/host/translation/translateTexts';

describe('sentences', () => {
  const text = '  A man sleeps. A dog eats!\r\n\r\n\tTwo birds\nsing';

  test('are cut at their ends and at line breaks', () => {
    const sentences = splitSentences(text).flatMap((part) => ('sentence' in part ? [part.sentence] : []));
    assert.deepEqual(sentences, ['A man sleeps.', 'A dog eats!', 'Two birds', 'sing']);
  });

  test('give the text again, or their translations with its white space', () => {
    const parts = splitSentences(text);
    const own = parts.flatMap((part) => ('sentence' in part ? [part.sentence] : []));
    assert.equal(joinSentences(parts, own), text);
    assert.equal(joinSentences(parts, ['a', 'b', 'c', 'd']), '  a b\r\n\r\n\tc\nd');
    assert.deepEqual(splitSentences(''), []);
  });
});

test('texts are translated sentence by sentence in one request', async () => {
  const asked: (readonly string[])[] = [];
  const translate = (sentences: readonly string[]) => {
    asked.push(sentences);
    return Promise.resolve(
      sentences.map((text) => ({
        ...{ text: text.toUpperCase(), probability: 1, source: [], target: [], attention: [] },
        ...{ sourceStarts: [], targetStarts: [] },
      })),
    );
  };
  const found = await translateTexts(['One. Two!\n three', '', 'four'], translate);
  assert.deepEqual(asked, [['One.', 'Two!', 'three', 'four']]);
  assert.deepEqual(
    found?.map(({ translation, sentences }) => [translation, sentences.map(({ text }) => text)]),
    [
      ['ONE. TWO!\n THREE', ['ONE.', 'TWO!', 'THREE']],
      ['', []],
      ['FOUR', ['FOUR']],
    ],
  );
  assert.equal(await translateTexts(['One'], () => Promise.resolve(undefined)), undefined);
});

describe('the table of attention', () => {
  const translation = {
    text: 'un chat',
    probability: 0.5,
    source: ['a', '|cat|'],
    target: ['un', 'chat'],
    sourceStarts: [true, true],
    targetStarts: [true, true],
    attention: [
      [0.996, 0.004],
      [0.25, 0.75],
    ],
  };

  test('shades a cell by its weight and can hold any text', () => {
    const lines = attentionTable(translation)!.split('\n');
    assert.equal(lines.length, 4);
    assert.equal(lines[0], '|  | a | &#124;cat&#124; |');
    assert.equal(lines[2], '| **un** | <span style="background-color:#3794ffbe;">\u00a0100\u00a0</span> | \u00a0 |');
    assert.match(lines[3]!, /#3794ff30;">\u00a025\u00a0<.*#3794ff8f;">\u00a075\u00a0</u);
  });

  test('is left out where nothing was translated', () => {
    assert.equal(attentionTable({ ...translation, text: '', source: [], target: [], attention: [] }), null);
  });
});
