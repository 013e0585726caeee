import assert from 'node:assert/strict';
import test from 'node:test';
import { readWordVectors } from '../../../src/data/wordVectors';
import { UserError } from '../../../src/errors';
import { memoryFile } from './memorySource';

const tokens = ['<pad>', '<unk>', 'the', 'Cat', 'paris', 'absent', '. .'];
const rows = (values: Float32Array) => tokens.map((_, id) => [...values.subarray(id * 2, id * 2 + 2)]);

const glove = 'the 1 2\nPARIS 3 4\nParis 5 6\ncat 7 8\nother 9 9\n. . -1e-1 0.5\n<unk> 6 6\n';
const expected = [[0, 0], [0, 0], [1, 2], [7, 8], [3, 4], [0, 0], [Math.fround(-0.1), 0.5]]; // prettier-ignore

test('text vectors with and without a header give the same rows', async () => {
  for (const [name, content, format] of [
    ['glove.txt', glove, 'glove'],
    ['wiki.vec', `7 2\n${glove.replaceAll('\n', ' \n')}`, 'word2vec'],
  ] as const) {
    const vectors = await readWordVectors(memoryFile(name, content), { tokens, width: 2 });
    assert.equal(vectors.format, format);
    assert.deepEqual(rows(vectors.values), expected);
    assert.deepEqual([...vectors.found], [0, 0, 1, 1, 1, 0, 1]);
    assert.equal(vectors.foundCount, 4);
    assert.equal(vectors.foundShare, 4 / 5);
  }
});

test('an exact match beats a lower-cased one, whichever comes first', async () => {
  for (const content of ['Cat 1 1\ncat 2 2\nparis 3 3\nParis 4 4\n', 'Paris 4 4\nparis 3 3\ncat 2 2\nCat 1 1\n']) {
    const { values } = await readWordVectors(memoryFile('x.txt', content), { tokens, width: 2 });
    assert.deepEqual(rows(values).slice(3, 5), [[1, 1], [3, 3]]); // prettier-ignore
  }
});

/** A binary file; the original tool ends each vector with a line feed. */
function binary(header: string, words: readonly [string, number, number][], lineFeeds: boolean): Uint8Array {
  const bytes = [...new TextEncoder().encode(header)];
  for (const [word, a, b] of words) {
    bytes.push(...new TextEncoder().encode(`${word} `), ...new Uint8Array(Float32Array.of(a, b).buffer));
    if (lineFeeds) bytes.push(10);
  }
  return Uint8Array.from(bytes);
}

const words: [string, number, number][] = [['the', 1, 2], ['zürich', 0, 0], ['Paris', 1.5, -2.25], ['cat', 7, 8]]; // prettier-ignore

test('binary word2vec with and without line feeds, in chunks of any size', async () => {
  for (const lineFeeds of [false, true]) {
    for (const chunk of [1, 5, 1000]) {
      const file = memoryFile('x.bin', binary('4 2\n', words, lineFeeds), chunk);
      const vectors = await readWordVectors(file, { tokens, width: 2 });
      assert.equal(vectors.format, 'word2vecBinary');
      assert.deepEqual(rows(vectors.values).slice(2, 5), [[1, 2], [7, 8], [1.5, -2.25]]); // prettier-ignore
      assert.equal(vectors.foundCount, 3);
    }
  }
});

test('wrong widths and broken files are told with their line', async () => {
  const cases: [string, string | Uint8Array, string][] = [
    ['x.txt', 'a 1 2 3\n', 'x.txt:1: The vectors have 3 numbers but the embedding size is 2; set it to 3 or use another file.'],
    ['x.vec', '9 300\na 1 2\n', 'x.vec:1: The vectors have 300 numbers but the embedding size is 2; set it to 300 or use another file.'],
    ['x.txt', 'a 1 2\nb 1\n', 'x.txt:2: The line has 1 number after its word; expected 2 as in the other lines.'],
    ['x.txt', 'a 1 2\nb 1 2 3\n', 'x.txt:2: The line has 3 numbers after its word; expected 2 as in the other lines.'],
    ['x.txt', 'a 1 2\nthe 1 x\n', 'x.txt:2: "x" in the vector of "the" is not a number.'],
    ['x.txt', '', 'x.txt: The file is empty; expected word vectors.'],
    ['x.bin', 'the 1 2\n', 'x.bin:1: The file does not start with "count width" as binary word2vec files do.'],
    ['x.bin', binary('4 3\n', [], false), 'x.bin:1: The vectors have 3 numbers but the embedding size is 2; set it to 3 or use another file.'],
    ['x.bin', binary('5 2\n', words, false), 'x.bin: The file ends after 4 of the 5 vectors that its header tells of.'],
  ]; // prettier-ignore
  for (const [name, content, sentence] of cases) {
    await assert.rejects(readWordVectors(memoryFile(name, content), { tokens, width: 2 }), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.equal(error.sentence, sentence);
      return true;
    });
  }
});
