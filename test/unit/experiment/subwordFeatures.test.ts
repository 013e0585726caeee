/** Parts of words in experiment files: where they are known, with which defaults, and where they are refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnoseExperiment, parseExperiment } from '../../../src/experiment/parseExperiment';

const featuresOf = (experiment: object): object =>
  parseExperiment(JSON.stringify(experiment), 'a.rnn.json').experiment.features;
const problem = (experiment: object): string => {
  const [first] = diagnoseExperiment(JSON.stringify(experiment)).problems;
  return `${first!.key}: ${first!.message}`;
};

test('a language model may have parts of words that are learned, or those of a tokenizer', () => {
  const languageModel = { task: 'languageModel', data: { train: 'a.txt' } };
  assert.deepEqual(featuresOf({ ...languageModel, features: { type: 'bpe' } }), {
    ...{ type: 'bpe', lowercase: false, vocabulary: 4000, minimumCount: 1 },
    embedding: { size: 128 },
  });
  assert.deepEqual(featuresOf({ ...languageModel, features: { type: 'tokenizer', source: 'tokenizer.json' } }), {
    ...{ type: 'tokenizer', source: 'tokenizer.json', vocabulary: 32_000, minimumCount: 1 },
    embedding: { size: 128 },
  });
  assert.equal(
    problem({ ...languageModel, features: { type: 'bpe', vocabulary: 8 } }),
    'features.vocabulary: found 8, expected a whole number from 16 to 1000000.',
  );
  assert.equal(
    problem({ ...languageModel, features: { type: 'tokenizer' } }),
    'features.source: missing, expected the path of a tokenizer.json.',
  );
});

test('a classifier may have parts of words', () => {
  assert.deepEqual(featuresOf({ data: { train: 'a.csv' }, features: { type: 'bpe', vocabulary: 500 } }), {
    ...{ type: 'bpe', lowercase: true, vocabulary: 500, minimumCount: 1 },
    embedding: { size: 100, trainable: true, updates: 'sparse' },
  });
  assert.match(
    problem({ data: { train: 'a.csv' }, features: { type: 'bpt' } }),
    /^features\.type: found "bpt", expected "words", "characters", "bpe", .*; did you mean "bpe"\?$/u,
  );
});

test('a tagger has none', () => {
  for (const type of ['bpe', 'tokenizer', 'characters']) {
    assert.equal(
      problem({ task: 'tagging', data: { train: 'a.conll' }, features: { type } }),
      `features.type: found "${type}", expected "words": each token of the data has one tag, so that a tagger reads tokens as they are and no parts of them.`,
    );
  }
});
