import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { assembleBatch, planEvaluationBatches } from '../../../src/data/batches';
import { loadDataset, loadEvaluationDataset, type LoadDatasetOptions } from '../../../src/data/loadDataset';
import { defaultTokenizers } from '../../../src/data/tokenizer';
import { UserError } from '../../../src/errors';
import { openDataSource } from '../../../src/files/dataSource';
import { SpillFile } from '../../../src/files/spillFile';
import type { DataSummary } from '../../../src/protocol';
import { memoryFolder, memorySource } from './memorySource';
import { english } from '../../../src/sentence';

const csv = (...rows: [string, string][]) =>
  memorySource('chat.csv', `text,label\n${rows.map(([text, label]) => `"${text}",${label}\n`).join('')}`, 64);
const load = (options: Partial<LoadDatasetOptions> & Pick<LoadDatasetOptions, 'train'>) =>
  loadDataset({
    validation: 0.25,
    test: 0.25,
    tokenizer: defaultTokenizers.words,
    vocabulary: { maximumSize: 100, minimumCount: 1 },
    seed: 1,
    ...options,
  });

/** Eight examples of two classes; each has a number of its own. */
const eight = csv(
  ...[0, 1, 2, 3].map((index): [string, string] => [`good ${index}`, 'no']),
  ...[0, 1, 2, 3].map((index): [string, string] => [`Bad  ${index + 4}!`, 'yes']),
);

test('a data set has parts, classes, ids and places', async () => {
  const data = await load({ train: eight });
  assert.deepEqual(data.classes, ['no', 'yes']);
  const summary: DataSummary = data.summary();
  assert.deepEqual(summary, {
    classes: [
      { label: 'no', count: 4 },
      { label: 'yes', count: 4 },
    ],
    examples: { train: 4, validation: 2, test: 2 },
    vocabulary: data.vocabulary.size,
    coverage: 1,
    duplicatesAcrossParts: 0,
    vectorsFound: null,
  });
  assert.deepEqual(data.warnings.map(english), []);
  // The training part has two examples of each class, so its most frequent tokens are these three.
  assert.deepEqual(data.vocabulary.tokens.slice(0, 5), ['<pad>', '<unk>', '!', 'bad', 'good']);
  assert.deepEqual([...data.lengths], [2, 2, 2, 2, 3, 3, 3, 3]);
  assert.deepEqual([...data.labels], [0, 0, 0, 0, 1, 1, 1, 1]);
  const example = data.parts.train.examples.at(-1)!;
  assert.deepEqual(data.place(example), { file: 'chat.csv', line: example + 2 });
  assert.deepEqual(
    Array.from(data.tokens(example), (id) => data.vocabulary.tokens[id]),
    ['bad', String(example), '!'],
  );
  const unseen = data.parts.test.examples[0]!;
  assert.deepEqual([...data.tokens(unseen)], [data.vocabulary.idOf('good'), 1]);
  assert.equal(data.parts.test.coverage, 3 / 5);
  assert.equal(data.parts.train.tokens, 10);
  data.dispose();
});

test('equal seeds give equal data sets, also when the ids are spilled to a file', async () => {
  const rows = Array.from({ length: 60_000 }, (_, index): [string, string] => [
    `${'word '.repeat(20)}${index % 97}`,
    index % 3 === 0 ? '10' : '9',
  ]);
  const train = memorySource(
    'x.csv',
    `text,label\n${rows.map(([text, label]) => `${text},${label}\n`).join('')}`,
    65536,
  );
  const [memory, disk] = await Promise.all([
    load({ train }),
    load({ train, idStore: { spill: () => new SpillFile(), threshold: 1 } }),
  ]);
  assert.deepEqual(disk.classes, ['9', '10']);
  assert.deepEqual(disk.summary(), memory.summary());
  assert.deepEqual(disk.parts, memory.parts);
  assert.deepEqual(disk.vocabulary.tokens, memory.vocabulary.tokens);
  const batches = planEvaluationBatches(disk.lengths, disk.parts.test.examples, { batchSize: 64 });
  for (const batch of [batches[0]!, batches.at(-1)!]) {
    assert.deepEqual(assembleBatch(disk, batch), assembleBatch(memory, batch));
    assert.deepEqual(assembleBatch(disk, batch).ids.slice(0, 3), new Int32Array(3).fill(disk.vocabulary.idOf('word')));
  }
  memory.dispose();
  disk.dispose();
});

test('long, empty and repeated examples are counted and told', async () => {
  const train = csv(['a b c d', 'x'], ['a b c d', 'x'], ['', 'x'], ['  ', 'x'], ['a b c d', 'y'], ['p', 'x'], ['q', 'y'], ['r', 'y']); // prettier-ignore
  const data = await load({ train, maximumLength: 3, deduplicate: true, validation: 0, test: 0 });
  assert.deepEqual(data.counts, { truncated: 3, withoutText: 2, duplicatesRemoved: 1 });
  assert.deepEqual([...data.parts.train.examples], [0, 2, 3, 4, 5]);
  assert.deepEqual(data.place(2), { file: 'chat.csv', line: 6 });
  assert.equal(data.lengths[0], 3);
  assert.deepEqual(data.warnings.map(english), [
    '1 example has been left out because an earlier one has the same text and label.',
    '2 examples have no text and have been left out.',
    '3 examples have more than 3 tokens and have been cut to that length.',
  ]);
});

test('explicit parts: duplicates across them and missing classes are told', async () => {
  const train = csv(['same', 'x'], ['b', 'y'], ['c', 'x'], ['d', 'y']);
  const validation = { ...csv(['same', 'y'], ['f', 'y']), name: 'validation.csv' };
  const data = await load({ train, validation, test: 0 });
  assert.deepEqual(
    Object.values(data.parts).map((part) => [...part.examples]),
    [[0, 1, 2, 3], [4, 5], []],
  );
  assert.equal(data.duplicatesAcrossParts, 2);
  assert.match(english(data.warnings[0]!), /^2 examples have a text that stands in more than one of the parts/u);
  assert.equal(english(data.warnings[1]!), 'The validation part has no example of the class "x".');
  assert.deepEqual(data.vocabulary.tokens, ['<pad>', '<unk>', 'b', 'c', 'd', 'same']);
});

test('a class folder: the label is the name of the file', async () => {
  const train = memoryFolder('names', { 'Czech.txt': 'Adsit\n\nAjdrna\n', 'Greek.txt': 'Agelas\nAdamou\n' });
  const data = await load({ train, validation: 0, test: 0, tokenizer: defaultTokenizers.characters });
  assert.deepEqual(data.classes, ['Czech', 'Greek']);
  assert.deepEqual(data.place(1), { file: 'names/Czech.txt', line: 3 });
  assert.deepEqual(data.place(3), { file: 'names/Greek.txt', line: 2 });
  assert.deepEqual(data.vocabulary.tokens.slice(0, 4), ['<pad>', '<unk>', 'A', 'a']);
});

test('data that cannot be learnt from is refused with its place', async () => {
  const cases: [Partial<LoadDatasetOptions> & Pick<LoadDatasetOptions, 'train'>, string][] = [
    [{ train: csv(['a', 'x'], ['b', 'x']) }, 'chat.csv: Every example has the label "x"; a classifier needs two classes.'],
    [{ train: csv(['', 'x']) }, 'chat.csv: No example has a text; a classifier needs examples of two classes.'],
    [{ train: csv(['a', 'x'], ['b', 'x'], ['c', 'y']) }, 'chat.csv:4: The class "y" has only this example; give it three or more, so that each part has one, or remove it.'],
    [{ train: csv(['a', 'x'], ['b', '']) }, 'chat.csv:3: The label (label) is empty; every example needs one.'],
    [{ train: csv(['a', 'x'], ['b', 'y']), test: csv(['c', 'z'], ['d', 'z']), validation: 0 }, 'chat.csv:2: The label "z" does not occur in the training data; add examples of it or remove it.'],
    [{ train: eight, columns: { label: 'toxic' } }, 'chat.csv:1: There is no column "toxic"; the columns are "text", "label".'],
  ]; // prettier-ignore
  for (const [options, sentence] of cases) {
    await assert.rejects(load(options), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.equal(error.sentence, sentence);
      return true;
    });
  }
});

test('progress counts all bytes, and an abort throws its reason', async () => {
  const seen: number[] = [];
  const data = await load({ train: eight, onProgress: (read, total) => seen.push(read / total) });
  assert.equal(seen.at(-1), 1);
  assert.deepEqual(seen, [...seen].sort());
  data.dispose();
  const controller = new AbortController();
  const reason = new Error('stopped');
  const aborted = load({
    train: eight,
    signal: controller.signal,
    onProgress: () => {
      controller.abort(reason);
    },
  });
  await assert.rejects(aborted, reason);
});

test('evaluation uses the vocabulary and classes of a model', async () => {
  const model = await load({ train: eight });
  const { vocabulary, classes, tokenizer } = model;
  const data = await loadEvaluationDataset({ source: csv(['bad new !', 'yes']), vocabulary, classes, tokenizer });
  assert.deepEqual([...data.tokens(0)], [vocabulary.idOf('bad'), 1, vocabulary.idOf('!')]);
  assert.deepEqual([...data.labels], [1]);
  assert.deepEqual(data.summary().examples, { train: 0, validation: 0, test: 1 });
  await assert.rejects(loadEvaluationDataset({ source: csv(['a', 'maybe']), vocabulary, classes, tokenizer }), {
    message: 'The model does not know the label "maybe"; its labels are "no", "yes".',
    place: { file: 'chat.csv', line: 2 },
  });
});

const shared = path.resolve(import.meta.dirname, '../../../../shared/data');

test(
  'real chat messages and names are read completely',
  { skip: !existsSync(shared) && 'no real data here' },
  async () => {
    const chat = await load({
      train: await openDataSource('chat-toxicity-davidson/labeled_data.csv', shared),
      columns: { text: 'tweet', label: 'class' },
    });
    assert.deepEqual(
      chat.summary().classes.map(({ count }) => count),
      [1430, 19190, 4163],
    );
    const names = await load({
      train: await openDataSource('names', shared),
      tokenizer: defaultTokenizers.characters,
      deduplicate: true,
    });
    const { train, validation, test: testing } = names.summary().examples;
    assert.equal(train + validation + testing, 18_012);
    assert.equal(names.counts.duplicatesRemoved, 20_050 - 18_012);
    assert.equal(names.classes.length, 18);
  },
);
