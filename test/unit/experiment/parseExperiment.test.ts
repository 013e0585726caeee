import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UserError } from '../../../src/errors';
import { isVectorClassification } from '../../../src/experiment/experimentKinds';
import { type Experiment, renderExperiment } from '../../../src/experiment/experimentSchema';
import { diagnoseExperiment, isGiven, parseExperiment } from '../../../src/experiment/parseExperiment';

const withTraining = (training: string): string => `{"data": {"train": "a.csv"}, "training": ${training}}`;
const withFeatures = (features: string): string => `{"data": {"train": "a.csv"}, "features": ${features}}`;
const withModel = (model: string): string => `{"data": {"train": "a.csv"}, "model": ${model}}`;

function sentences(text: string): string[] {
  const { experiment, problems } = diagnoseExperiment(text);
  assert.equal(experiment === undefined, problems.length > 0);
  return problems.map(({ line, column, key, message }) => `${line}:${column}: ${key}: ${message}`);
}

describe('parseExperiment', () => {
  test('fills in every default', () => {
    const { experiment } = parseExperiment('{"data": {"train": "chat.csv"}}', 'chat.rnn.json');
    assert.deepEqual(experiment, {
      task: 'classification',
      data: {
        train: 'chat.csv',
        validation: 0.1,
        test: 0.1,
        text: 'text',
        label: 'label',
        deduplicate: false,
        maximumLength: 256,
      },
      features: {
        type: 'words',
        lowercase: true,
        vocabulary: 20_000,
        minimumCount: 2,
        embedding: { size: 100, trainable: true, updates: 'sparse' },
      },
      model: { cell: 'lstm', hidden: 128, layers: 1, bidirectional: true, dropout: 0.3 },
      training: {
        epochs: 10,
        batchSize: 32,
        optimizer: { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
        learningRate: 1e-3,
        schedule: { type: 'constant' },
        clip: { norm: 1 },
        labelSmoothing: 0,
        classWeights: 'none',
        earlyStopping: { patience: 3, metric: 'macroF1' },
        seed: 1,
        checkpointSeconds: 30,
      },
    });
  });

  test('takes defaults that depend on other keys', () => {
    const { experiment } = parseExperiment(
      `{"data": {"train": "a", "validation": "b.csv", "test": 0}, "features": {"type": "characters"},
        "model": {"cell": "rnn"},
        "training": {"tokens": 4000, "optimizer": {"type": "adamw", "beta2": 0.99}, "clip": {}, "earlyStopping": false,
          "schedule": {"type": "cosine", "warmup": 100}, "classWeights": {"very bad": 2}}}`,
      'a.rnn.json',
    );
    assert.deepEqual(experiment.features, {
      type: 'characters',
      lowercase: false,
      vocabulary: 20_000,
      minimumCount: 1,
      embedding: { size: 32, trainable: true, updates: 'sparse' },
    });
    assert.ok(experiment.task === 'classification' && !isVectorClassification(experiment));
    assert.equal(experiment.model.cell, 'rnn');
    assert.equal(experiment.model.activation, 'tanh');
    const { training } = experiment;
    assert.equal(training.tokens, 4000);
    assert.equal('batchSize' in training, false);
    assert.deepEqual(training.optimizer, { type: 'adamw', beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.01 });
    assert.deepEqual(training.clip, {});
    assert.equal(training.earlyStopping, false);
    assert.deepEqual(training.schedule, { type: 'cosine', warmup: 100 });
    assert.ok('classWeights' in training);
    assert.deepEqual(training.classWeights, { 'very bad': 2 });
  });

  test('reads comments, trailing commas, a byte order mark and the editor’s $schema', () => {
    const text = '\uFEFF// mine\n{"$schema": "./x.json", /* here */ "data": {"train": "a",},}';
    assert.equal(parseExperiment(text, 'a.rnn.json').experiment.data.train, 'a');
  });

  test('renders a complete file that reads as the same experiment', () => {
    const { experiment } = parseExperiment(withTraining('{"optimizer": "sgd", "tokens": 9}'), 'a.rnn.json');
    const text = renderExperiment(experiment);
    assert.deepEqual(parseExperiment(text, 'a.rnn.json').experiment, experiment);
    const { data, task, ...rest } = experiment;
    const shuffled = { ...rest, task, data } as Experiment;
    assert.equal(renderExperiment(shuffled), text);
    assert.ok(text.startsWith('{\n  "task": "classification",\n  "data": {\n    "train": "a.csv",\n'));
    assert.ok(text.endsWith('}\n'));
  });

  test('throws the first problem with its place', () => {
    const text =
      '{\n  "data": { "train": "a.csv" },\n  "training": {\r\n    "learningRate": "fast", "seed": -1\n  }\n}\n';
    assert.throws(
      () => parseExperiment(text, 'spam.rnn.json'),
      (error) =>
        error instanceof UserError &&
        error.sentence === 'spam.rnn.json:4:21: training.learningRate: found "fast", expected a positive number.',
    );
  });
});

describe('the messages', () => {
  const cases: [text: string, expected: string[]][] = [
    ['', ['1:1: : The file is empty, expected an object in braces.']],
    [' // only words', ['1:1: : The file is empty, expected an object in braces.']],
    ['[1]', ['1:1: : found a list, expected an object in braces.']],
    ['{"data": {"train": }}', ['1:20: : A value is expected here.']],
    [
      '{"data": {"train": "a}}\n',
      [
        '1:20: : The text is not closed by a double quote.',
        '2:1: : A closing brace } is expected here.',
        '2:1: : A closing brace } is expected here.',
      ],
    ],
    ['{}', ['1:1: data: missing, expected an object in braces.']],
    [
      '{"data": {"train": " "}}',
      [
        '1:20: data.train: found " ", expected the path of a CSV, TSV or JSONL file or of a folder with a text file for each class.',
      ],
    ],
    [
      '{"task": "taging", "data": {"train": "a"}}',
      [
        '1:10: task: found "taging", expected "classification", "tagging", "translation", "languageModel" or "forecasting"; did you mean "tagging"?',
      ],
    ],
    [withModel('{"hiden": 3}'), ['1:40: model.hiden: unknown key; did you mean "hidden"?']],
    [
      withFeatures('{"type": "tfdif"}'),
      [
        '1:51: features.type: found "tfdif", expected "words", "characters", "bpe", "tfidf" or "numbers"; did you mean "tfidf"?',
      ],
    ],
    [
      withFeatures('{"type": "tfidf", "words": [2, 1], "characters": true}'),
      [
        '1:69: features.words: found [2, 1], expected the shorter length first, as [1, 2].',
        '1:91: features.characters: found true, expected false or the shortest and the longest length of n-grams, as [1, 2], each a whole number from 1 to 8.',
      ],
    ],
    [
      withFeatures('{"type": "tfidf", "embedding": {"size": 3}}, "model": {"cell": "lstm", "hidden": 3}'),
      [
        '1:60: features.embedding: unknown key, expected "type", "lowercase", "words", "characters", "sublinear", "vocabulary" or "minimumCount".',
        '1:97: model.cell: unknown key, expected "hidden" or "dropout".',
        '1:123: model.hidden: found 3, expected a list of sizes of hidden layers, as [64].',
      ],
    ],
    [
      withFeatures('{"type": "words", "sublinear": true}, "model": {"hidden": [3]}'),
      [
        '1:60: features.sublinear: unknown key, expected "type", "lowercase", "vocabulary", "minimumCount" or "embedding".',
        '1:100: model.hidden: found a list, expected a whole number from 1 to 8192.',
      ],
    ],
    [withModel('{"epochs": 3}'), ['1:40: model.epochs: unknown key here; it belongs at training.epochs.']],
    [
      withTraining('{"clip": {"gradient": 3}}'),
      ['1:52: training.clip.gradient: unknown key, expected "norm" or "value".'],
    ],
    [
      withModel('{"cell": "ltsm"}'),
      ['1:48: model.cell: found "ltsm", expected "rnn", "gru" or "lstm"; did you mean "lstm"?'],
    ],
    [
      withModel('{"hidden": 1, "hidden": 2, "layers": 0}'),
      [
        '1:53: model.hidden: the key is given twice; keep one of the two.',
        '1:76: model.layers: found 0, expected a whole number from 1 to 16.',
      ],
    ],
    [withModel('{"__proto__": {}}'), ['1:40: model.__proto__: this name cannot be used as a key.']],
    [
      withModel('{"cell": "gru", "activation": "relu"}'),
      [
        '1:69: model.activation: only the cell "rnn" has a choice of activation, and this cell is "gru"; remove the key or set "cell" to "rnn".',
      ],
    ],
    [
      withTraining('{"batchSize": 8, "tokens": 100}'),
      ['1:69: training.tokens: a batch is measured by "batchSize" or by "tokens", not by both; remove one of them.'],
    ],
    [
      withTraining('{"optimizer": "adm"}'),
      [
        '1:56: training.optimizer: found "adm", expected "sgd", "rmsprop", "adam", "adamw" or an object in braces; did you mean "adam"?',
      ],
    ],
    [
      withTraining('{"optimizer": {"type": "sgd", "beta1": 0.9}}'),
      ['1:72: training.optimizer.beta1: unknown key, expected "type", "momentum", "nesterov" or "weightDecay".'],
    ],
    [
      withTraining('{"optimizer": {"momentum": 0.9}}'),
      ['1:43: training.optimizer.type: missing, expected "sgd", "rmsprop", "adam" or "adamw".'],
    ],
    [
      withTraining('{"schedule": {"type": "plateau", "minimum": 1}}'),
      ['1:86: training.schedule.minimum: found 1, expected at most the learning rate of 0.001.'],
    ],
    [
      withTraining('{"schedule": {"type": "cosine", "warmup": 1.5}}'),
      ['1:84: training.schedule.warmup: found 1.5, expected a share below 1 or a whole number of steps.'],
    ],
    [
      withTraining('{"classWeights": {"very bad": -1}}'),
      ['1:72: training.classWeights["very bad"]: found -1, expected a positive number.'],
    ],
    [
      withTraining('{"earlyStopping": true}'),
      ['1:60: training.earlyStopping: found true, expected false or an object in braces.'],
    ],
    [
      withTraining('{"learningRate": 1e999}'),
      ['1:59: training.learningRate: found 1e999, expected a positive number.'],
    ],
    [
      '{"data": {"train": "a", "validation": 0.5, "test": 0.5}}',
      ['1:39: data.validation: validation (0.5) and test (0.5) leave nothing to train on; their sum must be below 1.'],
    ],
    [
      '{"data": {"train": "a", "label": "text"}}',
      ['1:34: data.label: found "text", which is the column of the text too; name the column of the class.'],
    ],
    ['['.repeat(100_000), ['1:51: : The nesting is deeper than 50 levels.']],
    [
      ' '.repeat(1_000_001),
      ['1:1: : The file has 1000001 characters, expected at most 1000000; this is no experiment file.'],
    ],
  ];
  test('name the tasks that there are', () => {
    const [sentence] = sentences('{"task": "painting", "data": {"train": "a"}}');
    assert.match(sentence!, /^1:10: task: found "painting", expected "classification".*"tagging".*\.$/u);
  });

  for (const [text, expected] of cases) {
    test(text.slice(0, 90), () => {
      assert.deepEqual(sentences(text), expected);
    });
  }

  test('points at the wrong part of the text', () => {
    const text = withModel('{"hidden": "many", "hiden": 3}');
    const parts = diagnoseExperiment(text).problems.map(({ offset, length }) => text.slice(offset, offset + length));
    assert.deepEqual(parts, ['"many"', '"hiden"']);
  });

  test('never throws, whatever is cut off or put in', () => {
    const whole = withTraining('{"optimizer": {"type": "sgd"}, "classWeights": {"a": 1}, "earlyStopping": false}');
    for (let cut = 0; cut < whole.length; cut++) {
      assert.ok(diagnoseExperiment(whole.slice(0, cut)).problems.length > 0);
      for (const put of ['{', ']', '"', '\u0000', '/*', 'null']) {
        const { experiment, problems } = diagnoseExperiment(whole.slice(0, cut) + put + whole.slice(cut));
        assert.equal(experiment === undefined, problems.length > 0);
      }
    }
  });
});

test('a value is given only where the file itself has it', () => {
  const text = '// a comment\n{ "data": { "train": "a.csv" }, "training": { "checkpointSeconds": 0 } }';
  assert.equal(isGiven(text, ['training', 'checkpointSeconds']), true);
  assert.equal(isGiven(text, ['training', 'epochs']), false);
  assert.equal(isGiven(text, ['model', 'cell']), false);
  assert.equal(isGiven(text, ['data', 'train', 'length']), false);
  assert.equal(isGiven('{ broken', ['data']), false);
});
