/** TF-IDF vectors against numbers worked out by hand, by scikit-learn's formulas. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { frequentNGrams, NGramFinder, type NGramRange } from '../../../src/data/nGrams';
import { NGramTree, root } from '../../../src/data/nGramTree';
import { createRandom } from '../../../src/data/random';
import { fitTfIdf, padRows, type SparseRows, type TfIdf, type TfIdfOptions } from '../../../src/data/tfIdf';
import { buildVocabulary, everyToken, type Vocabulary } from '../../../src/data/vocabulary';

const close = (found: Iterable<number>, expected: readonly number[]) => {
  const numbers = [...found];
  assert.equal(numbers.length, expected.length);
  numbers.forEach((number, at) => {
    assert.ok(Math.abs(number - expected[at]!) < 1e-6, `${number} for ${expected[at]}`);
  });
};

describe('n-grams of numbers', () => {
  const sequences = [
    [1, 2, 1, 2],
    [2, 1, 3],
    [1, -1, 2, 9],
  ];
  const all = (visit: (sequence: readonly number[], times: number) => void) => {
    for (const sequence of sequences) visit(sequence, 1);
  };

  test('the most frequent are kept, shorter ones first, and none reaches over a gap', () => {
    const { pool, counts } = frequentNGrams(all, { range: [1, 2], maximum: 100, minimumCount: 2 });
    // 1 and 2 occur four times each, 1 2 and 2 1 twice; 1 is met before 2.
    assert.deepEqual([...pool], [1, 2, 1, 2, 2, 1]);
    assert.deepEqual(counts, [2, 2]);
    const few = frequentNGrams(all, { range: [1, 3], maximum: 3, minimumCount: 1 });
    assert.deepEqual([...few.pool], [1, 2, 1, 2]);
    assert.deepEqual(few.counts, [2, 1, 0]);
    const pairs = frequentNGrams(all, { range: [2, 2], maximum: 100, minimumCount: 1 });
    assert.deepEqual([...pairs.pool], [1, 2, 2, 1, 1, 3, 2, 9]);
    assert.deepEqual(pairs.counts, [0, 4]);
  });

  test('a sequence counts as often as is said', () => {
    const { pool } = frequentNGrams(
      (visit) => {
        visit([7, 8], 3);
      },
      { range: [1, 2], maximum: 9, minimumCount: 3 },
    );
    assert.deepEqual([...pool], [7, 8, 7, 8]);
  });

  test('finding agrees with comparing everything, on random sequences', () => {
    const random = createRandom(5, 'n-grams');
    const draw = (length: number) => Array.from({ length }, () => random.nextInteger(6));
    const texts = Array.from({ length: 40 }, () => draw(1 + random.nextInteger(20)));
    const range: NGramRange = [1, 4];
    const nGrams = frequentNGrams(
      (visit) => {
        for (const text of texts) visit(text, 1);
      },
      { range, maximum: 200, minimumCount: 3 },
    );
    const spelled: string[] = [];
    let start = 0;
    nGrams.counts.forEach((count, at) => {
      for (let done = 0; done < count; done += 1, start += at + 1)
        spelled.push([...nGrams.pool.subarray(start, start + at + 1)].join(' '));
    });
    const finder = new NGramFinder(nGrams);
    for (const text of texts) {
      const found: string[] = [];
      finder.visit(text, (place, from, end) => found.push(`${place} ${from} ${end}`));
      const expected: string[] = [];
      text.forEach((_, from) => {
        for (let end = from + 1; end <= Math.min(text.length, from + 4); end += 1) {
          const place = spelled.indexOf(text.slice(from, end).join(' '));
          if (place >= 0) expected.push(`${place} ${from} ${end}`);
        }
      });
      assert.deepEqual(found, expected);
    }
    const count = (spelling: string) =>
      texts.reduce(
        (sum, text) =>
          sum + text.filter((_, at) => text.slice(at, at + spelling.split(' ').length).join(' ') === spelling).length,
        0,
      );
    assert.ok(spelled.length > 50);
    for (const spelling of spelled) assert.ok(count(spelling) >= 3, spelling);
  });

  test('a tree of many nodes finds each, and spells it', () => {
    const tree = new NGramTree();
    const nodes = Array.from({ length: 5000 }, (_, number) => tree.add(tree.add(root, number % 70), number));
    assert.equal(tree.size, 5071);
    nodes.forEach((node, number) => {
      assert.equal(tree.child(tree.child(root, number % 70), number), node);
      assert.deepEqual(tree.sequence(node), [number % 70, number]);
    });
    assert.equal(tree.child(root, 70), -1);
  });
});

function vocabularyOf(texts: readonly string[]): Vocabulary {
  const words = [...new Set(texts.flatMap((text) => text.split(' ')))];
  return buildVocabulary(words, new Float64Array(words.length), everyToken).vocabulary;
}

function fit(texts: readonly string[], options: Partial<TfIdfOptions> = {}, minimumCount = 1, maximum = 1000) {
  const vocabulary = vocabularyOf(texts);
  const encoded = texts.map((text) => vocabulary.encode(text.split(' ')));
  return fitTfIdf(
    { words: [1, 1], characters: false, sublinear: false, ...options },
    { maximum, minimumCount },
    vocabulary,
    (visit) => {
      for (const text of encoded) visit(text);
    },
  );
}

/** Values by spelling. */
function vectors(tfIdf: TfIdf, texts: readonly string[]): Record<string, number>[] {
  const vocabulary = vocabularyOf(texts);
  const spellings = [...tfIdf.spellings()];
  const rows = tfIdf.over(vocabulary).rows(texts.map((text) => vocabulary.encode(text.split(' '))));
  return texts.map((_, row) =>
    Object.fromEntries(
      Array.from(rows.ids.subarray(rows.offsets[row], rows.offsets[row + 1]), (id, at) => [
        spellings[id]!,
        rows.values[rows.offsets[row]! + at]!,
      ]),
    ),
  );
}

describe('TF-IDF', () => {
  const texts = ['a b a', 'b c', 'b a c c'];

  test('idf is smooth and rows have length 1, as scikit-learn has it', () => {
    const tfIdf = fit(texts);
    assert.deepEqual([...tfIdf.spellings()], ['a', 'b', 'c']);
    const [a, b, c] = [Math.log(4 / 3) + 1, 1, Math.log(4 / 3) + 1];
    close(tfIdf.blocks[0]!.idf, [a, b, c]);
    const [first] = vectors(tfIdf, texts);
    const norm = Math.hypot(2 * a, b);
    close([first!['a']!, first!['b']!], [(2 * a) / norm, b / norm]);
  });

  test('sublinear counts are 1 + ln(count)', () => {
    const [, , third] = vectors(fit(texts, { sublinear: true }), texts);
    const idf = Math.log(4 / 3) + 1;
    const [b, a, c] = [1, idf, (1 + Math.log(2)) * idf];
    const norm = Math.hypot(b, a, c);
    close([third!['b']!, third!['a']!, third!['c']!], [b / norm, a / norm, c / norm]);
  });

  test('rare n-grams are left out, unknown words part n-grams, and a text without any is zero', () => {
    const tfIdf = fit(['x y x y', 'y x', 'rare y'], { words: [1, 2] }, 2);
    assert.deepEqual([...tfIdf.spellings()], ['y', 'x', 'x y', 'y x']);
    const [parted, unknown] = vectors(tfIdf, ['x new y', 'new']);
    assert.deepEqual(Object.keys(parted!), ['x', 'y']);
    assert.deepEqual(unknown, {});
  });

  test('characters are counted within a word and its boundaries; each kind has length 1', () => {
    const tfIdf = fit(['aab', 'aab b'], { characters: [2, 3] });
    const spelled = [...tfIdf.spellings()];
    assert.deepEqual(spelled.slice(0, 2), ['aab', 'b']);
    assert.deepEqual([...spelled.slice(2)].sort(), [' a', 'aa', 'ab', 'b ', ' aa', 'aab', 'ab ', ' b', ' b '].sort());
    const [, second] = vectors(tfIdf, ['', 'aab b']);
    const counts = tfIdf.over(vocabularyOf(['aab b'])).rows([vocabularyOf(['aab b']).encode(['aab', 'b'])]);
    const squares = (rows: SparseRows, from: number, end: number) =>
      rows.values.reduce(
        (sum, value, at) => (rows.ids[at]! >= from && rows.ids[at]! < end ? sum + value ** 2 : sum),
        0,
      );
    close([squares(counts, 0, 2), squares(counts, 2, tfIdf.size)], [1, 1]);
    // "b " ends both words; its idf is the smallest, that of both texts.
    assert.ok(second!['b ']! > second!['ab ']!);
  });

  test('an emoji of several code points is one character', () => {
    const tfIdf = fit(['👍🏽👍🏽', '👍🏽'], { characters: [1, 1] });
    assert.deepEqual([...tfIdf.characters.tokens], ['<pad>', '<unk>', ' ', '👍🏽']);
  });

  test('each kind keeps at most so many', () => {
    const tfIdf = fit(['a b a', 'b c'], { words: [1, 2], characters: [1, 2] }, 1, 2);
    assert.deepEqual([...tfIdf.spellings()], ['a', 'b', ' ', 'a']);
  });

  test('nothing frequent enough is a mistake of the user', () => {
    assert.throws(() => fit(['a', 'b'], {}, 2), {
      name: 'UserError',
      message: 'No n-gram occurs 2 times in the training part; lower features.minimumCount or add examples.',
    });
  });

  test('padding repeats a place of the batch with the value 0', () => {
    const rows = {
      offsets: Int32Array.of(0, 2, 2, 5),
      ids: Int32Array.of(4, 7, 1, 2, 3),
      values: Float32Array.of(1, 2, 3, 4, 5),
    };
    assert.deepEqual(padRows(rows), {
      width: 3,
      ids: Int32Array.of(4, 7, 4, 1, 1, 1, 1, 2, 3),
      values: Float32Array.of(1, 2, 0, 0, 0, 0, 3, 4, 5),
    });
    const none = { offsets: Int32Array.of(0, 0), ids: new Int32Array(0), values: new Float32Array(0) };
    assert.deepEqual(padRows(none), { width: 1, ids: Int32Array.of(0), values: Float32Array.of(0) });
  });
});
