import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPieces } from '../../../src/data/pieces';
import { Vocabulary } from '../../../src/data/vocabulary';
import { largestWeight, writeTranslation } from '../../../src/inference/writeTranslation';

test('an unknown piece becomes the piece of the source that the model looked at', () => {
  const side = {
    pieces: createPieces({ type: 'words', lowercase: false }),
    vocabulary: new Vocabulary(['<pad>', '<unk>', '<s>', '</s>', '▁le', '.']),
  };
  assert.equal(writeTranslation(side, [4, 1, 5], [0, 1, 2], ['▁the', '▁zebra', '.']), 'le zebra.');
  assert.equal(writeTranslation(side, [4, 1], [0, 3], ['▁the']), 'le');
  assert.equal(largestWeight(Float32Array.of(0.1, 0.3, 0.3, 0.9), 3), 1);
});
