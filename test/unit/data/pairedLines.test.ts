import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadDataset } from '../../../src/data/loadDataset';
import { pairedSource } from '../../../src/data/pairedLines';
import { UserError } from '../../../src/errors';
import { memoryFile } from './memorySource';

const source = (texts: string, labels: string) =>
  pairedSource(memoryFile('seq.in', texts), memoryFile('label', labels), { text: 'text', label: 'label' });

const load = (texts: string, labels: string) =>
  loadDataset({
    train: source(texts, labels),
    validation: 0,
    test: 0,
    tokenizer: { type: 'words', lowercase: true },
    vocabulary: { maximumSize: 100, minimumCount: 1 },
    seed: 1,
  });

describe('a file of texts and a file of their labels', () => {
  it('are examples line for line, each with its line', async () => {
    const data = await load('play "jazz"\nstop\n\nplay\tnow\nstop it\n', 'Play\nStop\n\nPlay\nStop\n');
    assert.deepEqual(data.classes, ['Play', 'Stop']);
    assert.deepEqual([...data.labels], [0, 1, 0, 1]);
    assert.deepEqual(
      [0, 1, 2, 3].map((example) => data.place(example)),
      [1, 2, 4, 5].map((line) => ({ file: 'seq.in', line })),
    );
    assert.deepEqual(
      Array.from(data.tokens(2), (id) => data.vocabulary.tokens[id]),
      ['play', 'now'],
    );
    data.dispose();
  });

  it('are refused where one has more lines, or a label is missing', async () => {
    const refusal = async (texts: string, labels: string): Promise<string> => {
      const error: unknown = await load(texts, labels).catch((reason: unknown) => reason);
      assert.ok(error instanceof UserError, String(error));
      return error.sentence;
    };
    assert.equal(
      await refusal('a\nb\n', 'X\n'),
      'label: The file ends after 1 line, but seq.in goes on; expected as many lines in both.',
    );
    assert.equal(await refusal('a\nb\n', 'X\n \n'), 'seq.in:2: The label (label) is empty; every example needs one.');
  });
});
