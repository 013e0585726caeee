import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diagnoseExperiment, parseExperiment } from '../../../src/experiment/parseExperiment';

const parse = (text: string) => {
  const { experiment } = parseExperiment(text, 'a.rnn.json');
  assert.ok(experiment.task === 'tagging');
  return experiment;
};
const problem = (text: string): string => {
  const [first] = diagnoseExperiment(text).problems;
  return `${first!.key}: ${first!.message}`;
};

describe('an experiment of tagging', () => {
  it('needs its data alone', () => {
    const { data, features, model, training } = parse('{"task": "tagging", "data": {"train": "a.conll"}}');
    assert.deepEqual(data, { train: 'a.conll', validation: 0.1, test: 0.1, tokenColumn: 1, maximumLength: 256 });
    assert.deepEqual([features.lowercase, features.minimumCount, features.embedding.size], [true, 2, 100]);
    assert.deepEqual([model.cell, model.crf, model.bidirectional], ['lstm', true, true]);
    assert.deepEqual(training.earlyStopping, { patience: 3, metric: 'f1' });
  });

  it('may have its tokens and tags in two files', () => {
    const paths = { tokens: 'seq.in', tags: 'seq.out' };
    const text = JSON.stringify({ task: 'tagging', data: { train: paths, test: paths, tagColumn: 4 } });
    const { data } = parse(text);
    assert.deepEqual([data.train, data.test, data.validation, data.tagColumn], [paths, paths, 0.1, 4]);
  });

  it('is told what is wrong at its place', () => {
    const data = (inner: string) => `{"task": "tagging", "data": ${inner}}`;
    assert.equal(
      problem(data('{"train": {"tokens": "seq.in"}}')),
      'data.train.tags: missing, expected the path of a file.',
    );
    assert.equal(
      problem(data('{"train": "a", "tagColumn": 1}')),
      'data.tagColumn: found 1, which is the column of the token too; give the column of the tag.',
    );
    assert.match(problem(data('{"train": "a", "label": "x"}')), /^data\.label: unknown key/u);
    assert.match(
      problem('{"task": "tagging", "data": {"train": "a"}, "model": {"crf": "yes"}}'),
      /^model\.crf: found "yes", expected true or false\.$/u,
    );
    assert.match(
      problem('{"task": "tagging", "data": {"train": "a"}, "model": {"activation": "relu"}}'),
      /only the cell "rnn"/u,
    );
  });
});
