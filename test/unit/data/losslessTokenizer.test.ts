import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { learnMerges } from '../../../src/data/bytePairEncoding';
import { parseForeignTokenizer } from '../../../src/data/foreignTokenizer';
import { createLosslessTokenizer, lastCut, type LosslessTokenizer } from '../../../src/data/losslessTokenizer';
import { createRandom } from '../../../src/data/random';
import { runningTokenizer } from '../../../src/data/runningTokenizer';
import type { UserError } from '../../../src/errors';

const words = createLosslessTokenizer({ type: 'words', lowercase: false });
const characters = createLosslessTokenizer({ type: 'characters', lowercase: false });
const seen = ['Word', ' Word', ' bc', 'bca', '\n', '  ', '你好', '👩‍🚀'];
const subwords = createLosslessTokenizer({
  type: 'bpe',
  lowercase: false,
  merges: learnMerges(
    seen,
    seen.map(() => 5),
    { symbols: 40 },
  ),
});
const foreign = (more: object, merges: readonly string[]): LosslessTokenizer =>
  createLosslessTokenizer({
    type: 'tokenizer',
    ...runningTokenizer(
      parseForeignTokenizer(JSON.stringify({ model: { type: 'BPE', vocab: {}, merges }, ...more }), 'tokenizer.json'),
      'tokenizer.json',
    ),
  });
const bytes = foreign({ pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true } }, ['o r', 'Ġ W', 'Ċ Ċ', 'ð Ł']);
const marks = foreign({ pre_tokenizer: { type: 'Metaspace', prepend_scheme: 'always' } }, ['o r', '▁ W', '▁ ▁']);
const llama = foreign(
  {
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: '▁' },
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    },
    pre_tokenizer: null,
  },
  ['o r', '▁ W', '▁ ▁'],
);
const all = { words, characters, subwords, bytes, marks, llama };
/** The text of tokens, told one by one. */
const written = (tokenizer: LosslessTokenizer, tokens: readonly string[]): string =>
  tokens.map(tokenizer.writer()).join('');

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
    for (const [name, tokenizer] of Object.entries(all)) {
      const { tokenize } = tokenizer;
      const whole = tokenize(text);
      assert.equal(written(tokenizer, whole), text, `${name}, round ${round}`);
      assert.equal(tokenizer.words(text).join(''), text, `${name}, round ${round}`);
      assert.deepEqual(tokenizer.words(text).flatMap(tokenizer.split), whole, `${name}, round ${round}`);
      const parts = [...tokenize(text.slice(0, cut)), ...tokenize(text.slice(cut))];
      assert.deepEqual(parts, whole, `${name}, round ${round}`);
    }
  }
});

describe('sub-words', () => {
  const tokenizer = createLosslessTokenizer({
    type: 'bpe',
    lowercase: true,
    merges: [
      ['a', 'b'],
      [' ', 'ab'],
      ['\n', '\n'],
    ],
  });

  test('are the parts of a word, its space included', () => {
    assert.deepEqual(tokenizer.tokenize('AB ab, abc  ab\n\nab'), [
      ...['ab', ' ab', ',', ' ab', 'c', ' ', ' ab', '\n', '\n', 'ab'],
    ]);
  });

  test('never reach from one word into the next', () => {
    assert.deepEqual(tokenizer.tokenize('a b'), ['a', ' ', 'b']);
  });
});

describe("another maker's tokenizer on running text", () => {
  test('puts nothing before the first word', () => {
    assert.deepEqual(bytes.tokenize('Wor Wor'), ['W', 'or', 'ĠW', 'or']);
    assert.deepEqual(marks.tokenize('Wor Wor'), ['W', 'or', '▁W', 'or']);
    assert.deepEqual(llama.tokenize('Wor Wor'), ['W', 'or', '▁W', 'or']);
  });

  test('tells a character with the last of its bytes', () => {
    const tokens = bytes.tokenize('é🚀');
    const write = bytes.writer();
    assert.deepEqual(tokens.map(write), ['', 'é', '', '', '🚀']);
  });

  for (const [what, more] of [
    ['a pre-tokenizer', { pre_tokenizer: { type: 'Whitespace' } }],
    ['a normalizer', { normalizer: { type: 'Strip' }, pre_tokenizer: { type: 'ByteLevel' } }],
    ['nothing that marks spaces', { pre_tokenizer: null }],
  ] as const) {
    test(`is refused where white space is lost by ${what}`, () => {
      assert.throws(
        () => foreign(more, []),
        (error: UserError) =>
          error.sentence.startsWith('tokenizer.json: the tokenizer forgets white space, which a language model'),
      );
    });
  }
});
