import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { learnMerges, type Merge, MergeTable } from '../../../src/data/bytePairEncoding';
import { createRandom } from '../../../src/data/random';
import { compareCodePoints } from '../../../src/data/vocabulary';

/** The same, counted anew for each merge. */
function slowly(words: readonly string[], counts: readonly number[], symbols: number, minimumCount: number): Merge[] {
  let sequences = words.map((word) => Array.from(word));
  const known = new Set(sequences.filter((_, at) => counts[at]! > 0).flat());
  const merges: Merge[] = [];
  while (known.size < symbols) {
    const pairs = new Map<string, { merge: Merge; count: number }>();
    sequences.forEach((sequence, word) => {
      for (let at = 1; at < sequence.length; at++) {
        const merge: Merge = [sequence[at - 1]!, sequence[at]!];
        const key = merge.join('\0');
        pairs.set(key, { merge, count: (pairs.get(key)?.count ?? 0) + counts[word]! });
      }
    });
    const [best] = [...pairs.values()].sort(
      (a, b) =>
        b.count - a.count || compareCodePoints(a.merge[0], b.merge[0]) || compareCodePoints(a.merge[1], b.merge[1]),
    );
    if (best === undefined || best.count < minimumCount) break;
    merges.push(best.merge);
    known.add(best.merge.join(''));
    sequences = sequences.map((sequence) => {
      const joined: string[] = [];
      for (let at = 0; at < sequence.length; at++) {
        const isPair = sequence[at] === best.merge[0] && sequence[at + 1] === best.merge[1];
        joined.push(isPair ? sequence[at]! + sequence[++at]! : sequence[at]!);
      }
      return joined;
    });
  }
  return merges;
}

describe('learning merges', () => {
  it("does Sennrich's example", () => {
    const words = ['low</w>', 'lower</w>', 'newest</w>', 'widest</w>'];
    // The letters of the mark are symbols of their own here, so that they are joined first where they are frequent.
    const merges = learnMerges(words, [5, 2, 6, 3], { symbols: 100, minimumCount: 6 });
    assert.deepEqual(merges.slice(0, 3), [
      ['/', 'w'],
      ['/w', '>'],
      ['<', '/w>'],
    ]);
    assert.deepEqual(new MergeTable(merges).apply('lowest</w>'), ['low', 'est</w>']);
  });

  it('finds what counting anew for each merge finds', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = createRandom(seed, 'words');
      const letters = ['a', 'a', 'b', '😀', 'c'];
      const letter = (): string => letters[random.nextInteger(5)]!;
      const words = [
        ...new Set(
          Array.from({ length: 20 }, () => Array.from({ length: 1 + random.nextInteger(9) }, letter).join('')),
        ),
      ];
      const counts = words.map(() => random.nextInteger(5));
      const found = learnMerges(words, counts, { symbols: 24, minimumCount: 2 });
      assert.deepEqual(found, slowly(words, counts, 24, 2), `seed ${seed}`);
      assert.ok(found.length > 3);
    }
  });

  it('joins no pair that occurs less often than asked for, nor words that do not count', () => {
    assert.deepEqual(learnMerges(['ab', 'cd'], [3, 2], { symbols: 100, minimumCount: 3 }), [['a', 'b']]);
    assert.deepEqual(learnMerges(['ab', 'cd'], [0, 2], { symbols: 100 }), [['c', 'd']]);
    assert.deepEqual(learnMerges(['ab', 'cd'], [3, 2], { symbols: 4 }), []);
    assert.deepEqual(learnMerges([], [], { symbols: 4 }), []);
  });

  it('stops when asked to', () => {
    const signal = AbortSignal.abort(new Error('enough'));
    assert.throws(() => learnMerges(['ab'], [3], { symbols: 100, signal }), /enough/);
  });
});

describe('applying merges', () => {
  const table = new MergeTable([
    ['a', 'b'],
    ['b', 'c'],
    ['ab', 'c'],
  ]);

  it('takes the earliest learned first, everywhere', () => {
    assert.deepEqual(table.apply('abcabbc'), ['abc', 'ab', 'bc']);
    assert.deepEqual(table.apply('abcabbc'), ['abc', 'ab', 'bc']);
    assert.deepEqual(table.apply('xyz'), ['x', 'y', 'z']);
    assert.deepEqual(table.apply(''), []);
    assert.deepEqual(table.apply('😀a'), ['😀', 'a']);
  });

  it('marks the last symbol where the merges are of that kind', () => {
    const marked = new MergeTable([['a', 'b</w>']], '</w>');
    assert.deepEqual(marked.apply('ab'), ['ab</w>']);
    assert.deepEqual(marked.apply('aba'), ['a', 'b', 'a</w>']);
  });
});
