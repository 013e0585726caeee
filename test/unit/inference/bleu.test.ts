import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BleuCounter, tokenize13a } from '../../../src/inference/bleu';

function bleu(pairs: readonly (readonly [string, string])[], lowercase = false): number {
  const counter = new BleuCounter(lowercase);
  for (const [hypothesis, reference] of pairs) counter.add(hypothesis, reference);
  return counter.score();
}

const near = (found: number, expected: number): void => {
  assert.ok(Math.abs(found - expected) < 1e-6, `${found}, expected ${expected}`);
};

describe('the tokenizer 13a', () => {
  for (const [text, tokens] of [
    ['Hello, world!', ['Hello', ',', 'world', '!']],
    ["l'homme n'est pas là.", ["l'homme", "n'est", 'pas', 'là', '.']],
    ['1,000.5 and 3.', ['1,000.5', 'and', '3', '.']],
    ['state-of-the-art 1990-95', ['state-of-the-art', '1990', '-', '95']],
    ['&quot;a&quot; &amp; &lt;b&gt;', ['"', 'a', '"', '&', '<', 'b', '>']],
    [
      'a/b (c) [d] {e} f@g #h $i 50% ~j ^k _l `m',
      [
        ...['a', '/', 'b', '(', 'c', ')', '[', 'd', ']', '{', 'e', '}', 'f', '@', 'g', '#', 'h', '$', 'i', '50', '%'],
        ...['~', 'j', '^', 'k', '_', 'l', '`', 'm'],
      ],
    ],
    ['  spaces\tand\nlines  ', ['spaces', 'and', 'lines']],
    ['well...', ['well', '.', '.', '.']],
    ['', []],
  ] as const) {
    it(`cuts ${JSON.stringify(text)}`, () => {
      assert.deepEqual(tokenize13a(text), tokens);
    });
  }
});

describe('BLEU', () => {
  it('of a perfect translation is 100', () => {
    near(bleu([['A man in a blue shirt is standing.', 'A man in a blue shirt is standing.']]), 100);
  });

  it('is the geometric mean of precisions with the brevity penalty', () => {
    // Matches 5/6, 4/5, 3/4 and 2/3 of the n-grams, 6 tokens against 7: exp(1 - 7/6) (5/6 · 4/5 · 3/4 · 2/3)^¼.
    const found = bleu([['a b c d e x', 'a b c d e f g']]);
    near(found, 100 * Math.exp(1 - 7 / 6) * (1 / 3) ** 0.25);
  });

  it('counts an n-gram at most as often as the reference has it', () => {
    // Papineni's example: "the" seven times against two in the reference. Higher orders: halves, quarters and eighths.
    const found = bleu([['the the the the the the the', 'the cat is on the mat right there']]);
    near(found, 100 * Math.exp(1 - 8 / 7) * ((2 / 7) * (1 / 2 / 6) * (1 / 4 / 5) * (1 / 8 / 4)) ** 0.25);
  });

  it('is of the whole corpus, not a mean of sentences', () => {
    const pairs = [
      ['a b c d e', 'a b c d e'],
      ['a b x', 'a b c d'],
    ] as const;
    // 7/8, 5/6, 3/4 and 2/2 matches; 8 tokens against 9.
    near(bleu(pairs), 100 * Math.exp(1 - 9 / 8) * ((7 / 8) * (5 / 6) * (3 / 4)) ** 0.25);
  });

  it('takes capital and small letters as one where asked to', () => {
    const pair = ['UN HOMME EST ICI', 'un homme est ici'] as const;
    near(bleu([pair], true), 100);
    assert.equal(bleu([pair]), 0);
  });

  it('is 0 without a match, without a sequence of four, and for nothing', () => {
    assert.equal(bleu([['x y z w', 'a b c d']]), 0);
    assert.equal(bleu([['a b c', 'a b c']]), 0);
    assert.equal(bleu([['', 'a b c d']]), 0);
    assert.equal(bleu([]), 0);
  });
});
