import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { learnMerges } from '../../../src/data/bytePairEncoding';
import { loadDataset, loadEvaluationDataset } from '../../../src/data/loadDataset';
import { createRandom } from '../../../src/data/random';
import { createTokenizer, createWordCutter } from '../../../src/data/tokenizer';
import { memorySource } from './memorySource';

const merges = [
  ['u', 'n'],
  ['▁', 'un'],
  ['a', 'b'],
  ['l', 'e'],
  ['ab', 'le'],
] as const;
const tokenizer = createTokenizer({ type: 'bpe', lowercase: true, merges });

describe('parts of words', () => {
  test('have their places in the raw text', () => {
    const text = 'Unable, able';
    const spans = tokenizer.tokenizeWithOffsets(text);
    assert.deepEqual(
      spans.map(({ token, start, end }) => [token, text.slice(start, end)]),
      [
        ['▁un', 'Un'],
        ['able', 'able'],
        [',', ','],
        // The mark of a beginning by itself stands where the white space is.
        ['▁', ' '],
        ['able', 'able'],
      ],
    );
    assert.deepEqual(
      tokenizer.tokenize(text),
      spans.map(({ token }) => token),
    );
  });

  test('find their places where lower case or composition changes lengths', () => {
    // İ becomes two units, and e with a combining accent one.
    const text = 'xİabe\u0301able';
    const places = tokenizer.tokenizeWithOffsets(text).map(({ token, start, end }) => [token, text.slice(start, end)]);
    assert.deepEqual(places, [
      ['▁', ''],
      ['x', 'x'],
      ['i', 'İ'],
      ['\u0307', ''],
      ['ab', 'ab'],
      ['é', 'e\u0301'],
      ['able', 'able'],
    ]);
  });

  test('do not overlap, stay within the text and say the same as without places, whatever the text', () => {
    const pieces = [
      'un',
      'Able',
      ' ',
      '  ',
      '\n',
      '▁',
      "'",
      '.',
      'é',
      'e\u0301',
      'İ',
      '你好',
      '👩‍🚀',
      'ﬁ',
      '\u093f',
      'ΑΣ',
    ];
    const learned = createTokenizer({
      type: 'bpe',
      lowercase: true,
      merges: learnMerges(['▁unable', 'αςun'], [9, 9], { symbols: 20 }),
    });
    for (let round = 0; round < 300; round++) {
      const random = createRandom(round, 'subwords');
      const text = Array.from({ length: 12 }, () => pieces[random.nextInteger(pieces.length)]!).join('');
      const spans = learned.tokenizeWithOffsets(text);
      let done = 0;
      for (const { start, end } of spans) {
        assert.ok(start >= done && end >= start && end <= text.length, `round ${round}: ${JSON.stringify(text)}`);
        done = end;
      }
      assert.deepEqual(
        learned.tokenize(text),
        spans.map(({ token }) => token),
        `round ${round}`,
      );
      assert.equal(spans.map(({ token }) => token).join(''), createWordCutter(true).tokenize(text).join(''));
    }
  });
});

describe('a data set of sub-words', () => {
  const rows = Array.from(
    { length: 40 },
    (_, at) => `${at % 2 ? 'unable unread' : 'readable doable able'} ${at},${at % 2}`,
  );
  const options = {
    train: memorySource('a.csv', `text,label\n${rows.join('\n')}\n`),
    validation: 0.2,
    test: 0.2,
    tokenizer: { type: 'bpe', lowercase: true },
    vocabulary: { maximumSize: 60, minimumCount: 1 },
    seed: 1,
  } as const;

  test('reads as the tokenizer of the model will read', async () => {
    const data = await loadDataset(options);
    assert.ok(data.tokenizer.type === 'bpe' && data.tokenizer.merges.length > 5);
    assert.ok(data.vocabulary.size <= 60 && data.vocabulary.knows('▁unable') && data.vocabulary.knows('▁unread'));
    const reader = createTokenizer(data.tokenizer);
    for (let example = 0; example < rows.length; example += 1) {
      const expected = data.vocabulary.encode(reader.tokenize(rows[example]!.split(',')[0]!));
      assert.deepEqual([...data.tokens(example)], [...expected]);
      assert.equal(data.lengths[example], expected.length);
    }
    const again = await loadEvaluationDataset({
      source: options.train,
      tokenizer: data.tokenizer,
      vocabulary: data.vocabulary,
      classes: data.classes,
    });
    assert.deepEqual([...again.tokens(7)], [...data.tokens(7)]);
    data.dispose();
    again.dispose();
  });

  test('learns from the training part alone', async () => {
    const own = memorySource('v.csv', 'text,label\nzzzz zzzz zzzz,0\nzzzz zzzz,1\n');
    const data = await loadDataset({ ...options, validation: own, test: 0 });
    assert.ok(!data.vocabulary.tokens.some((token) => token.includes('z')));
    assert.equal(data.parts.validation.coverage < 0.5, true);
    data.dispose();
  });

  test('cuts to so many pieces and counts what it cut', async () => {
    const whole = await loadDataset(options);
    const cut = await loadDataset({ ...options, maximumLength: 4 });
    const longer = whole.lengths.filter((length) => length > 4).length;
    assert.ok(longer > 0 && longer < rows.length + 1);
    assert.equal(cut.counts.truncated, longer);
    assert.deepEqual([...cut.tokens(0)], [...whole.tokens(0).slice(0, 4)]);
    assert.ok(cut.lengths.every((length) => length <= 4));
    whole.dispose();
    cut.dispose();
  });
});
