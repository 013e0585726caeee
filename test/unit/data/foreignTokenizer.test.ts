import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseForeignTokenizer } from '../../../src/data/foreignTokenizer';
import { createPieces, type Pieces } from '../../../src/data/pieces';
import { UserError } from '../../../src/errors';

const model = (merges: unknown, more: object = {}): object => ({ type: 'BPE', vocab: {}, merges, ...more });
const pieces = (json: object): Pieces =>
  createPieces({ type: 'tokenizer', ...parseForeignTokenizer(JSON.stringify(json), 'tokenizer.json') });
const cut = (tokenizer: Pieces, text: string): string[] =>
  tokenizer.words(text).flatMap((word) => [...tokenizer.split(word)]);

describe('a tokenizer.json', () => {
  it('of GPT-2: bytes, contractions and spaces before words', () => {
    const gpt = pieces({
      normalizer: null,
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
      model: model(['h e', 'l l', 'he ll', 'hell o', 'Ġ w']),
    });
    const text = "hello wé're  go";
    assert.deepEqual(gpt.words(text), ['hello', 'ĠwÃ©', "'re", 'Ġ', 'Ġgo']);
    assert.deepEqual(cut(gpt, text), ['hello', 'Ġw', 'Ã', '©', "'", 'r', 'e', 'Ġ', 'Ġ', 'g', 'o']);
    assert.equal(gpt.join(cut(gpt, text)), text);
  });

  it('with marks for spaces, as newer SentencePiece models have them', () => {
    const tokenizer = pieces({
      normalizer: { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Lowercase' }] },
      pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
      model: model([
        ['▁', 'a'],
        ['b', 'c'],
      ]),
    });
    assert.deepEqual(tokenizer.words('A bc ﬁ'), ['▁a', '▁bc', '▁fi']);
    assert.deepEqual(cut(tokenizer, 'A bc'), ['▁a', '▁', 'bc']);
    assert.equal(tokenizer.join(['▁a', '▁', 'bc']), 'a bc');
  });

  it('with marks by replacement, as older SentencePiece models have them', () => {
    const tokenizer = pieces({
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'Prepend', prepend: '▁' },
          { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
        ],
      },
      pre_tokenizer: null,
      model: model(['▁ a', 'a b']),
    });
    assert.deepEqual(tokenizer.words('a ab'), ['▁a▁ab']);
    assert.deepEqual(cut(tokenizer, 'a ab'), ['▁a', '▁a', 'b']);
    assert.equal(tokenizer.join(['▁a', '▁a', 'b']), 'a ab');
  });

  it('with ends of words, its own or ours', () => {
    const own = pieces({
      pre_tokenizer: { type: 'WhitespaceSplit' },
      model: model(['a b</w>'], { end_of_word_suffix: '</w>' }),
    });
    assert.deepEqual(cut(own, 'ab aab,'), ['ab</w>', 'a', 'a', 'b', ',</w>']);
    assert.equal(own.join(cut(own, 'ab aab,')), 'ab aab,');
    const without = pieces({ pre_tokenizer: { type: 'Whitespace' }, model: model(['a b']) });
    assert.deepEqual(cut(without, 'ab aab,'), ['ab▁', 'a', 'ab▁', ',▁']);
    assert.equal(without.join(cut(without, 'ab aab,')), 'ab aab ,');
  });

  for (const [what, text, sentence] of [
    ['no JSON', '{', /^tokenizer\.json: this is not JSON/u],
    ['no tokenizer', '{"a":1}', /there is no "model" in this file/u],
    [
      'another model',
      JSON.stringify({ model: { type: 'WordPiece', vocab: {} } }),
      /model is "WordPiece"; expected "BPE"/u,
    ],
    [
      'marked inner parts',
      JSON.stringify({ model: model([], { continuing_subword_prefix: '##' }) }),
      /inner parts of words by "##"/u,
    ],
    ['merges passed over', JSON.stringify({ model: model([], { ignore_merges: true }) }), /ignore_merges/u],
    [
      'a strange pre-tokenizer',
      JSON.stringify({ pre_tokenizer: { type: 'Split' }, model: model([]) }),
      /pre-tokenizer "Split" is not known here; known are ByteLevel/u,
    ],
    [
      'a strange normalizer',
      JSON.stringify({ normalizer: { type: 'Precompiled' }, model: model([]) }),
      /normalizer "Precompiled" is not known here/u,
    ],
    [
      'a regular expression',
      JSON.stringify({ normalizer: { type: 'Replace', pattern: { Regex: ' +' }, content: ' ' }, model: model([]) }),
      /replaces by a regular expression/u,
    ],
    ['no merges', JSON.stringify({ model: model(7) }), /no list of merges/u],
    ['a broken merge', JSON.stringify({ model: model(['a b', 'a b c']) }), /merge 2 of the tokenizer is not a pair/u],
  ] as const) {
    it(`is refused in one sentence: ${what}`, () => {
      assert.throws(
        () => parseForeignTokenizer(text, 'tokenizer.json'),
        (error) => error instanceof UserError && sentence.test(error.sentence),
      );
    });
  }
});
