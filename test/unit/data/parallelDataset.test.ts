import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assemblePairs, planPairBatches } from '../../../src/data/pairBatches';
import { encodeText } from '../../../src/data/pairVocabulary';
import { loadPairs, type LoadPairsOptions, type ParallelDataset } from '../../../src/data/parallelDataset';
import { UserError } from '../../../src/errors';
import { memoryFolder, memorySource } from './memorySource';
import { english } from '../../../src/sentence';

const nouns = [
  ['cat', 'chat'],
  ['dog', 'chien'],
  ['horse', 'cheval'],
  ['bird', 'oiseau'],
] as const;
const rows = Array.from({ length: 40 }, (_, at) => {
  const [english, french] = nouns[at % 4]!;
  return `the ${english} ${'sleeps and '.repeat(at % 3)}eats.\tle ${french} ${'dort et '.repeat(at % 3)}mange.`;
});
const table = ['en\tfr', ...rows, ''].join('\n');
const other = ['en\tfr', 'the cat sleeps\tLe chat dort', 'a zebra\tun zèbre', ''].join('\n');

const options = (changes: Partial<LoadPairsOptions> = {}): LoadPairsOptions => ({
  train: memorySource('train.tsv', table),
  validation: memorySource('other.tsv', other),
  test: 0,
  columns: { source: 'en', target: 'fr' },
  pieces: { type: 'words', lowercase: true },
  vocabulary: { maximumSize: 100, minimumCount: 1 },
  shared: false,
  maximumLength: 100,
  seed: 1,
  ...changes,
});

const textOf = (data: ParallelDataset, side: 'source' | 'target', example: number): string => {
  const { pieces, vocabulary } = data.sides[side];
  return pieces.join(Array.from(data.ids(example)[side], (id) => vocabulary.tokens[id]!));
};

describe('pairs of sentences', () => {
  it('are read as words whose ids give the texts again', async () => {
    const data = await loadPairs(options());
    assert.deepEqual([data.parts.train.length, data.parts.validation.length, data.parts.test.length], [40, 2, 0]);
    assert.equal(textOf(data, 'source', 1), 'the dog sleeps and eats.');
    assert.equal(textOf(data, 'target', 1), 'le chien dort et mange.');
    assert.equal(data.lengths.source[1], 6);
    assert.deepEqual(data.sides.source.vocabulary.tokens.slice(0, 4), ['<pad>', '<unk>', '<s>', '</s>']);
    // "the", "eats" and "." are in all texts; equal counts stand in the order of code points.
    assert.deepEqual(data.sides.source.vocabulary.tokens.slice(4, 7), ['.', '▁eats', '▁the']);
    assert.deepEqual(Array.from(data.ids(41).source), [1, 1]);
    assert.deepEqual(data.sourcePieces(41), ['▁a', '▁zebra']);
    assert.deepEqual(data.sourcePieces(0), ['▁the', '▁cat', '▁eats', '.']);
    assert.equal(data.sides.source.coverage, 1);
    assert.deepEqual(
      [...(await data.references('validation'))],
      [
        [40, 'Le chat dort'],
        [41, 'un zèbre'],
      ],
    );
    data.dispose();
  });

  it('are read as parts of words', async () => {
    const data = await loadPairs(
      options({ pieces: { type: 'bpe', lowercase: true }, vocabulary: { maximumSize: 40, minimumCount: 1 } }),
    );
    for (const example of [0, 1, 2, 39]) {
      assert.equal(textOf(data, 'source', example), rows[example]!.split('\t')[0]);
      assert.equal(textOf(data, 'target', example), rows[example]!.split('\t')[1]);
    }
    const { source } = data.sides;
    assert.ok(source.vocabulary.size <= 40);
    assert.ok(source.pieces.spec.type === 'bpe' && source.pieces.spec.merges.length > 10);
    const { ids, tokens } = encodeText(source.pieces, source.vocabulary, 'The bird eats.');
    assert.equal(tokens.join('').replaceAll('▁', ' '), ' the bird eats.');
    assert.ok(ids.every((id) => id > 3));
    assert.deepEqual(ids, data.ids(3).source);
    data.dispose();
  });

  it('share a vocabulary where asked to', async () => {
    const data = await loadPairs(options({ shared: true, pieces: { type: 'bpe', lowercase: true } }));
    assert.deepEqual(data.sides.source.vocabulary, data.sides.target.vocabulary);
    assert.equal(textOf(data, 'source', 2), rows[2]!.split('\t')[0]);
    assert.equal(textOf(data, 'target', 2), rows[2]!.split('\t')[1]);
    data.dispose();
  });

  it('are divided by shares, the same for the same seed', async () => {
    const read = async (seed: number): Promise<ParallelDataset> =>
      loadPairs(options({ validation: 0.2, test: 0.1, seed }));
    const [first, again, another] = [await read(1), await read(1), await read(2)];
    assert.deepEqual([first.parts.train.length, first.parts.validation.length, first.parts.test.length], [28, 8, 4]);
    assert.deepEqual(first.parts, again.parts);
    assert.notDeepEqual(first.parts, another.parts);
    const references = await first.references('test');
    for (const example of first.parts.test) {
      assert.equal(references.get(example), rows[example]!.split('\t')[1]);
    }
    // The texts repeat, so that most of them stand in several parts.
    assert.match(
      english(first.warnings[0]!),
      /^\d+ pairs have a source text that stands in more than one of the parts/u,
    );
  });

  it('that are too long or half empty are left out, with a word', async () => {
    const half = ['en\tfr', ...rows, '\tseul', 'alone\t', ''].join('\n');
    const data = await loadPairs(options({ train: memorySource('half.tsv', half), maximumLength: 6 }));
    assert.equal(data.parts.train.length, 27);
    assert.deepEqual(data.warnings.map(english), [
      '2 pairs have no text on a side and have been left out.',
      '13 pairs have more than 6 pieces on a side and have been left out of training.',
    ]);
    data.dispose();
  });

  for (const [what, changes, sentence] of [
    [
      'a folder',
      { train: memoryFolder('texts', { 'a.txt': 'a' }) },
      /^texts: The path is a folder; expected a CSV, TSV or JSONL file/u,
    ],
    [
      'a missing column',
      { columns: { source: 'en', target: 'de' } },
      /^train\.tsv:1: There is no column "de"; the columns are "en", "fr"/u,
    ],
    [
      'nothing but half pairs',
      { train: memorySource('a.tsv', 'en\tfr\nx\t\n') },
      /^a\.tsv: There is no pair with text on both sides for the training part/u,
    ],
    [
      'an empty validation',
      { validation: memorySource('b.tsv', 'en\tfr\n\ty\n') },
      /^b\.tsv: There is no pair with text on both sides for the validation part/u,
    ],
    [
      'long pairs only',
      { maximumLength: 2 },
      /^train\.tsv: Every pair has more than 2 pieces on a side; raise "maximumLength"/u,
    ],
    ['another format', { train: memorySource('a.xlsx', '') }, /extension \.xlsx; expected \.csv/u],
    [
      'a row too wide',
      { train: memorySource('a.tsv', 'en\tfr\na\tb\nx\ty\tz\n') },
      /^a\.tsv:3: The row has 3 fields but the header has 2/u,
    ],
  ] as const) {
    it(`are refused in one sentence: ${what}`, async () => {
      await assert.rejects(
        loadPairs(options(changes)),
        (error) => error instanceof UserError && sentence.test(error.sentence),
      );
    });
  }
});

describe('batches of pairs', () => {
  const pair = (source: number[], target: number[]) => ({
    source: Int32Array.from(source),
    target: Int32Array.from(target),
  });

  it('have the ends of sources, shifted targets and the places of real steps', () => {
    const batch = assemblePairs([pair([5, 6], [7]), pair([8], [9, 10, 11])]);
    assert.deepEqual(
      [batch.size, batch.sourceTime, batch.targetTime, Array.from(batch.sourceLengths)],
      [2, 3, 4, [3, 2]],
    );
    assert.deepEqual(Array.from(batch.source), [5, 8, 6, 3, 3, 0]);
    assert.deepEqual(Array.from(batch.target), [2, 2, 7, 9, 0, 10, 0, 11]);
    assert.deepEqual(Array.from(batch.labels), [7, 9, 3, 10, 11, 3]);
    assert.deepEqual(Array.from(batch.places), [0, 1, 2, 3, 5, 7]);
  });

  it('hold every pair once an epoch, sources of one length together', () => {
    const lengths = {
      source: Int32Array.from({ length: 1000 }, (_, at) => 1 + (at % 5)),
      target: Int32Array.from({ length: 1000 }, (_, at) => 1 + (at % 7)),
    };
    const all = Int32Array.from({ length: 1000 }, (_, at) => at);
    const batches = planPairBatches(lengths, all, { batchSize: 20 }, { seed: 1, epoch: 1 });
    assert.deepEqual(
      batches.flatMap((batch) => [...batch]).sort((a, b) => a - b),
      [...all],
    );
    const mixed = batches.filter((batch) => new Set(Array.from(batch, (example) => lengths.source[example])).size > 1);
    assert.ok(mixed.length <= 4, `${mixed.length} of ${batches.length} batches`);
    assert.deepEqual(planPairBatches(lengths, all, { batchSize: 20 }, { seed: 1, epoch: 1 }), batches);
    assert.notDeepEqual(planPairBatches(lengths, all, { batchSize: 20 }, { seed: 1, epoch: 2 }), batches);
  });
});
