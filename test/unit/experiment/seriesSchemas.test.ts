import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSeriesClassification, isTextClassification } from '../../../src/experiment/experimentKinds';
import { type Experiment, experimentSchema, renderExperiment } from '../../../src/experiment/experimentSchema';
import { diagnoseExperiment, parseExperiment } from '../../../src/experiment/parseExperiment';

const sentences = (text: string): string[] =>
  diagnoseExperiment(text).problems.map(({ key, message }) => `${key}: ${message}`);
const parse = (value: unknown): Experiment => parseExperiment(JSON.stringify(value), 'x.rnn.json').experiment;

describe('an experiment on number series', () => {
  test('fills in every default', () => {
    const experiment = parse({ data: { train: 'a.ts' }, features: { type: 'numbers' } });
    assert.ok(isSeriesClassification(experiment) && !isTextClassification(experiment));
    assert.deepEqual(experiment.data, {
      ...{ train: 'a.ts', validation: 0.1, test: 0.1, layout: 'wide', label: 'label', series: 'series' },
      ...{ missing: 'refuse', maximumLength: 4096 },
    });
    assert.deepEqual(experiment.features, { type: 'numbers', standardize: true });
    assert.deepEqual(experiment.model, {
      ...{ cell: 'gru', hidden: 64, layers: 1, bidirectional: false, dropout: 0.1, summary: 'last' },
    });
    assert.deepEqual(JSON.parse(renderExperiment(experiment)), experiment);
    assert.deepEqual(experimentSchema.parse(experiment), experiment);
  });

  test('is told from one on texts by the type of its features', () => {
    assert.ok(isTextClassification(parse({ data: { train: 'a.csv' } })));
    assert.ok(isTextClassification(parse({ data: { train: 'a.csv' }, features: { type: 'characters' } })));
    assert.deepEqual(sentences('{"data": {"train": "a"}, "features": {"type": "numbrs"}}'), [
      'features.type: found "numbrs", expected "words", "characters", "bpe", "tfidf" or "numbers"; did you mean "numbers"?',
    ]);
    assert.deepEqual(sentences('{"data": {"train": "a"}, "features": {"type": "numbers", "vocabulary": 9}}'), [
      'features.vocabulary: unknown key, expected "type" or "standardize".',
    ]);
    assert.deepEqual(sentences('{"data": {"train": "a", "layout": "tall"}, "features": {"type": "numbers"}}'), [
      'data.layout: found "tall", expected "wide" or "long".',
    ]);
  });

  test('is refused for values that contradict each other', () => {
    const wrong: [string, string][] = [
      [
        '{"data": {"train": "a", "validation": 0.6, "test": 0.4}, "features": {"type": "numbers"}}',
        'data.validation: validation (0.6) and test (0.4) leave nothing to train on; their sum must be below 1.',
      ],
      [
        '{"data": {"train": "a"}, "features": {"type": "numbers"}, "model": {"activation": "relu"}}',
        'model.activation: only the cell "rnn" has a choice of activation, and this cell is "gru"; remove the key or set "cell" to "rnn".',
      ],
    ];
    for (const [text, expected] of wrong) assert.deepEqual(sentences(text), [expected]);
  });
});

describe('an experiment of forecasting', () => {
  test('fills in every default', () => {
    const experiment = parse({ task: 'forecasting', data: { train: ['a.csv', 'b.csv'], values: ['x', 'y'] } });
    assert.ok(experiment.task === 'forecasting');
    assert.deepEqual(experiment.data, {
      ...{ train: ['a.csv', 'b.csv'], values: ['x', 'y'], validation: 0.1, test: 0.1, missing: 'refuse' },
    });
    assert.deepEqual(experiment.features, { context: 48, horizon: 1, stride: 1, standardize: true });
    assert.deepEqual(experiment.anomalies, { short: 10, long: 2000, alarmsPerWeek: 1, minimumScore: 0.5 });
    assert.deepEqual(experiment.training.earlyStopping, { patience: 3, metric: 'mse' });
    assert.equal(experiment.training.loss, 'mse');
    assert.deepEqual(JSON.parse(renderExperiment(experiment)), experiment);
  });

  test('is refused in one sentence', () => {
    const wrong: [string, string][] = [
      ['{"task": "forecasting"}', 'data: missing, expected an object in braces.'],
      [
        '{"task": "forecasting", "data": {"train": "a", "validation": 0.6, "test": 0.4}}',
        'data.validation: validation (0.6) and test (0.4) leave nothing to train on; their sum must be below 1.',
      ],
      [
        '{"task": "forecasting", "data": {"train": "a"}, "anomalies": {"short": 20, "long": 15}}',
        'anomalies.long: found 15, expected more than the 20 of "short".',
      ],
      [
        '{"task": "forecasting", "data": {"train": []}}',
        'data.train: found a list, expected a list of at least one path.',
      ],
      [
        '{"task": "forecasting", "data": {"train": "a"}, "features": {"type": "numbers"}}',
        'features.type: unknown key, expected "context", "horizon", "stride" or "standardize".',
      ],
    ];
    const [unknown] = sentences('{"task": "forcasting", "data": {"train": "a"}}');
    assert.match(unknown!, /^task: found "forcasting", expected .*did you mean "forecasting"\?$/u);
    for (const [text, expected] of wrong) assert.deepEqual(sentences(text), [expected]);
  });
});
