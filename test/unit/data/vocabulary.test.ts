import assert from 'node:assert/strict';
import test from 'node:test';
import { TokenDictionary } from '../../../src/data/tokenDictionary';
import { buildVocabulary, compareCodePoints, Vocabulary } from '../../../src/data/vocabulary';

test('ids go by falling count, then by code points', () => {
  const tokens = ['', 'b', 'a', '\u{1F44D}', '\uFF5E', 'rare', '<unk>', 'never'];
  const counts = [0, 3, 3, 5, 5, 1, 9, 0];
  const { vocabulary, mapping } = buildVocabulary(tokens, counts, { maximumSize: 100, minimumCount: 2 });
  assert.deepEqual(vocabulary.tokens, ['<pad>', '<unk>', '\uFF5E', '\u{1F44D}', 'a', 'b']);
  assert.deepEqual([...mapping], [1, 5, 4, 3, 2, 1, 1, 1]);
  const small = buildVocabulary(tokens, counts, { maximumSize: 4, minimumCount: 0 });
  assert.deepEqual(small.vocabulary.tokens, ['<pad>', '<unk>', '\uFF5E', '\u{1F44D}']);
  assert.deepEqual([...small.mapping], [1, 1, 1, 3, 2, 1, 1, 1]);
});

test('encoding survives JSON and does not know the special tokens', () => {
  const { vocabulary } = buildVocabulary(['x', 'y'], [1, 2], { maximumSize: 10, minimumCount: 1 });
  const again = new Vocabulary(JSON.parse(JSON.stringify(vocabulary.tokens)) as string[]);
  assert.deepEqual([...again.encode(['x', 'z', 'y', '<pad>', '<unk>'])], [3, 1, 2, 1, 1]);
  assert.equal(again.size, 4);
  assert.equal(again.knows('x'), true);
  assert.equal(again.knows('<unk>'), false);
  assert.throws(() => new Vocabulary(['a', 'b']), RangeError);
});

test('code points order texts, not UTF-16 units', () => {
  const sorted = ['b', '\u{10000}', '\uFFFD', 'ab', 'a', ''].sort(compareCodePoints);
  assert.deepEqual(sorted, ['', 'a', 'ab', 'b', '\uFFFD', '\u{10000}']);
});

test('a full dictionary counts further tokens and gives them 0', () => {
  const dictionary = new TokenDictionary(2);
  const long = `a long token ${'x'.repeat(20)}`;
  assert.deepEqual(
    [long, 'b', long, 'c', 'b', 'd'].map((token) => dictionary.idOf(token)),
    [1, 2, 1, 0, 2, 0],
  );
  assert.deepEqual(dictionary.tokens, ['', long, 'b']);
  assert.equal(dictionary.overflow, 2);
});
