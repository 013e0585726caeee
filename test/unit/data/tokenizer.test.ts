import assert from 'node:assert/strict';
import test from 'node:test';
import { createRandom } from '../../../src/data/random';
import { createTokenizer, defaultTokenizers } from '../../../src/data/tokenizer';

test('words keep punctuation, drop white space and are lower-cased', () => {
  const { tokenize } = createTokenizer(defaultTokenizers.words);
  assert.deepEqual(tokenize("I can't believe it: 1,000.50 \t dollars!!\r\n"), [
    'i', "can't", 'believe', 'it', ':', '1,000.50', 'dollars', '!', '!',
  ]); // prettier-ignore
  assert.deepEqual(tokenize('snake_case x.y 3.x #tag @you'), [
    'snake_case',
    'x.y',
    '3',
    '.',
    'x',
    '#',
    'tag',
    '@',
    'you',
  ]);
  assert.deepEqual(tokenize('CAFÉ cafe\u0301 今日は'), ['café', 'café', '今日', 'は']);
  assert.deepEqual(tokenize(' \n\t\u00a0 '), []);
});

test('characters keep white space, capitals and what belongs together', () => {
  const { tokenize } = createTokenizer(defaultTokenizers.characters);
  assert.deepEqual(tokenize('Ab \r\nc'), ['A', 'b', ' ', '\r\n', 'c']);
  assert.deepEqual(tokenize('e\u0301👩‍👩‍👧🇩🇪x'), ['é', '👩‍👩‍👧', '🇩🇪', 'x']);
});

test('offsets count the original text', () => {
  const text = 'İyi, CAFE\u0301 👍🏽!';
  const spans = createTokenizer(defaultTokenizers.words).tokenizeWithOffsets(text);
  assert.deepEqual(
    spans.map(({ start, end }) => text.slice(start, end)),
    ['İyi', ',', 'CAFE\u0301', '👍🏽', '!'],
  );
  assert.deepEqual(
    spans.map(({ token }) => token),
    ['i̇yi', ',', 'café', '👍🏽', '!'],
  );
});

const dense = 'aZb10.,:;\'_" \r\n-';
const foreign = [
  '\u0301',
  '\u200d',
  'é',
  '中',
  '文',
  '👍',
  '🏽',
  '\u0600',
  '\u00a0',
  '’',
  '\u200b',
  'א',
  'ไ',
  'ท',
  '🇩',
  '\ud800',
  '\u0903',
];

/** Random texts that are rich in the characters about which the rules disagree. */
function* randomTexts(count: number, share: number): Generator<string> {
  const random = createRandom(11, 'texts', share);
  for (let round = 0; round < count; round += 1) {
    let text = '';
    for (let left = random.nextInteger(14); left > 0; left -= 1) {
      if (random.nextFloat() < share) text += foreign[random.nextInteger(foreign.length)]!;
      else if (round % 2 === 0) text += dense[random.nextInteger(dense.length)]!;
      else text += String.fromCharCode(random.nextInteger(128));
    }
    yield text;
  }
}

for (const [what, share] of [
  ['ASCII', 0],
  ['mixed', 0.25],
] as const) {
  test(`the fast paths cut 6,000 random ${what} texts as Intl.Segmenter does`, () => {
    const words = new Intl.Segmenter('en', { granularity: 'word' });
    const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const byWord = createTokenizer({ type: 'words', lowercase: false });
    const byCharacter = createTokenizer({ type: 'characters', lowercase: false });
    for (const text of randomTexts(6000, share)) {
      const expectedWords = Array.from(words.segment(text), (part) => part.segment).filter(
        (part) => part.trim() !== '',
      );
      const expectedCharacters = Array.from(characters.segment(text), (part) => part.segment);
      const normal = (tokens: string[]) => tokens.map((token) => token.normalize('NFC'));
      assert.deepEqual(byWord.tokenize(text), normal(expectedWords), JSON.stringify(text));
      assert.deepEqual(byCharacter.tokenize(text), normal(expectedCharacters), JSON.stringify(text));
      assert.deepEqual(
        byWord.tokenizeWithOffsets(text).map(({ start, end }) => text.slice(start, end)),
        expectedWords,
        JSON.stringify(text),
      );
    }
  });
}

test('lower-casing before or after cutting gives the same tokens', () => {
  const tokenizer = createTokenizer({ type: 'words', lowercase: true });
  for (const text of randomTexts(2000, 0.1)) {
    assert.deepEqual(
      tokenizer.tokenize(text),
      tokenizer.tokenizeWithOffsets(text).map(({ token }) => token),
    );
  }
});
