/** Where words begin among their pieces. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPieces, wordStarts } from '../../../src/data/pieces';

describe('pieces begin words', () => {
  it('where a mark stands before them, not after an apostrophe or before a full stop', () => {
    const words = createPieces({ type: 'words', lowercase: false });
    const pieces = words.words("Un chat d'affaires.");
    assert.deepEqual(pieces, ['▁Un', '▁chat', "▁d'", 'affaires', '.']);
    assert.deepEqual(wordStarts(words, pieces), [true, true, true, false, false]);
    assert.deepEqual(wordStarts(words, []), []);
  });

  it('where they are parts of words, a lone mark included', () => {
    const bpe = createPieces({ type: 'bpe', lowercase: false, merges: [['▁', 'c']] });
    const pieces = bpe.words('xy cz').flatMap((word) => bpe.split(word));
    assert.deepEqual(pieces, ['▁', 'x', 'y', '▁c', 'z']);
    assert.deepEqual(wordStarts(bpe, pieces), [true, false, false, true, false]);
    assert.deepEqual(wordStarts(bpe, ['y', '▁', 'x']), [true, true, false]);
  });
});
