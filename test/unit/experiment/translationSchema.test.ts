import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diagnoseExperiment } from '../../../src/experiment/parseExperiment';

const read = (more: object): ReturnType<typeof diagnoseExperiment> =>
  diagnoseExperiment(JSON.stringify({ task: 'translation', data: { train: 'pairs.tsv' }, ...more }));

describe('an experiment of translation', () => {
  it('has defaults for everything but the data', () => {
    const { experiment, problems } = read({});
    assert.deepEqual(problems, []);
    assert.ok(experiment?.task === 'translation');
    assert.deepEqual(experiment.data, {
      ...{ train: 'pairs.tsv', validation: 0.05, test: 0.05 },
      ...{ source: 'source', target: 'target', maximumLength: 100 },
    });
    assert.deepEqual(experiment.features, {
      ...{ type: 'bpe', lowercase: false, vocabulary: 8000, minimumCount: 1, shared: false },
      embedding: { size: 256, updates: 'dense' },
    });
    assert.deepEqual(experiment.model, {
      ...{ cell: 'gru', hidden: 256, layers: 1, bidirectional: true },
      ...{ attention: 'bahdanau', inputFeeding: false, dropout: 0.3 },
    });
    assert.equal(experiment.training.labelSmoothing, 0.1);
    assert.equal(experiment.training.scheduledSampling, 0);
    assert.deepEqual(experiment.training.earlyStopping, { patience: 3, metric: 'bleu' });
  });

  for (const [what, more, key, sentence] of [
    [
      'one column for both',
      { data: { train: 'a.tsv', source: 'x', target: 'x' } },
      'data.target',
      /column of the text to translate too/u,
    ],
    ['no cell without gates', { model: { cell: 'rnn' } }, 'model.cell', /found "rnn"/u],
    ['an attention that is not known', { model: { attention: 'self' } }, 'model.attention', /bahdanau/u],
    [
      'two tokenizers, one vocabulary',
      { features: { type: 'tokenizer', source: 'a.json', target: 'b.json', shared: true } },
      'features.shared',
      /needs one tokenizer/u,
    ],
    [
      'shares that leave nothing',
      { data: { train: 'a.tsv', validation: 0.5, test: 0.5 } },
      'data.validation',
      /leave nothing to train on/u,
    ],
    [
      'a score of another task',
      { training: { earlyStopping: { metric: 'f1' } } },
      'training.earlyStopping.metric',
      /bleu/u,
    ],
  ] as const) {
    it(`is refused in one sentence: ${what}`, () => {
      const { problems } = read(more);
      assert.equal(problems.length, 1, JSON.stringify(problems));
      assert.equal(problems[0]!.key, key);
      assert.match(problems[0]!.message, sentence);
    });
  }
});
