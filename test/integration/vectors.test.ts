/** Classification of TF-IDF vectors from an experiment file to predictions, by the command line. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ClassPrediction, MistakesResult, ModelDescription, Report } from '../../src/protocol';
import { createServices } from '../../src/engine/localServices';
import { jsonLines, runCli, succeed } from './cliProcess';
import {
  checkpointTensors,
  csv,
  experiment,
  makeWorkplace,
  modelTensors,
  sentences,
  type Workplace,
} from './workplace';

const run = ['.sequence-lab', 'runs', 'mood-1'] as const;
const settings = {
  features: { type: 'tfidf', embedding: undefined, minimumCount: 1 },
  model: { hidden: [8] },
  data: { validation: 0.1, test: 0.2 },
  training: { epochs: 4, earlyStopping: { metric: 'loss' } },
};

describe('an experiment with TF-IDF vectors', () => {
  let place: Workplace;
  before(async () => {
    place = await makeWorkplace();
    await place.write('data.csv', csv(sentences(240)));
    await place.write('mood.rnn.json', experiment(settings));
    await succeed(['train', 'mood.rnn.json', '--json'], { cwd: place.folder });
  });
  after(() => place.remove());

  const model = () => place.path(...run, 'model.onnx');

  test('learns, and reports n-grams', async () => {
    const report = JSON.parse(await place.read(...run, 'report.json')) as Report;
    assert.equal(report.status, 'finished');
    assert.equal(report.task, 'classification');
    assert.ok('accuracy' in report.test! && report.test.accuracy > 0.9, JSON.stringify(report.test));
    assert.ok(report.data.vocabulary > 50);
    assert.equal(report.data.coverage, 1);
    assert.equal(report.data.vectorsFound, null);
    const { features } = JSON.parse(await place.read(...run, 'experiment.json')) as { features: unknown };
    assert.deepEqual(features, {
      type: 'tfidf',
      lowercase: true,
      words: [1, 2],
      characters: [2, 4],
      sublinear: true,
      vocabulary: 50_000,
      minimumCount: 1,
    });
  });

  test('predicts texts, and explains them word by word', async () => {
    const output = await succeed(
      ['predict', model(), '--json', '--explain', '--text', 'What a GREAT day', '--text', '', '--text', 'zzz qqq'],
      { cwd: place.folder },
    );
    const predictions = jsonLines(output) as unknown as ClassPrediction[];
    assert.equal(predictions.length, 3);
    for (const { classes } of predictions) {
      assert.ok(Math.abs(classes.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-5);
    }
    const [first, empty] = predictions;
    assert.deepEqual(
      first!.tokens!.map(({ text, start, end }) => [text, start, end]),
      [
        ['what', 0, 4],
        ['a', 5, 6],
        ['great', 7, 12],
        ['day', 13, 16],
      ],
    );
    assert.deepEqual(empty!.tokens, []);
  });

  test('says what it is made of', async () => {
    const [description] = jsonLines(await succeed(['inspect', model(), '--json'], { cwd: place.folder }));
    const { tokenizer, operators, inputs, vocabulary, parameters } = description as unknown as ModelDescription;
    assert.equal(tokenizer, 'TF-IDF of words 1–2 and characters 2–4, lower-cased');
    assert.equal(operators.find(({ operator }) => operator === 'TfIdfVectorizer')?.count, 2);
    assert.deepEqual(inputs, [
      { name: 'words', type: 'int64 [batch, words]' },
      { name: 'characters', type: 'int64 [batch, characters]' },
    ]);
    assert.ok(parameters > vocabulary * 8);
  });

  test('evaluates to the same scores on the same examples', async () => {
    const output = await succeed(['evaluate', model(), 'data.csv', '--json'], { cwd: place.folder });
    const result = jsonLines(output).at(-1) as unknown as { examples: number; metrics: { accuracy: number } };
    assert.equal(result.examples, 240);
    assert.ok(result.metrics.accuracy > 0.9);
  });

  test('its mistakes are those of the confusion matrix', async () => {
    const services = createServices({ replicaScript: '' });
    const { signal } = new AbortController();
    const found: MistakesResult = await services.mistakes({ run: place.path(...run) }, signal);
    const report = JSON.parse(await place.read(...run, 'report.json')) as Report;
    assert.ok('confusion' in report.test!);
    const wrong = report.test.confusion.flatMap((row, truth) => row.filter((_, predicted) => predicted !== truth));
    assert.equal(
      found.count,
      wrong.reduce((sum, count) => sum + count, 0),
    );
  });

  test('logistic regression of words alone is trained as well', async () => {
    await place.write(
      'linear.rnn.json',
      experiment({ ...settings, features: { ...settings.features, characters: false }, model: { hidden: [] } }),
    );
    await succeed(['train', 'linear.rnn.json', '--json'], { cwd: place.folder });
    const tensors = await modelTensors(place.path('.sequence-lab', 'runs', 'linear-1', 'model.onnx'));
    assert.deepEqual(
      [...tensors.keys()].filter((name) => /^(features|layer|output|words|characters)/.test(name)).sort(),
      ['features.W', 'features.b', 'words.idf'],
    );
  });

  test('equal seeds give equal runs', async () => {
    await place.write('again.rnn.json', experiment(settings));
    await succeed(['train', 'again.rnn.json', '--json'], { cwd: place.folder });
    const second = ['.sequence-lab', 'runs', 'again-1'] as const;
    assert.equal(await place.read(...second, 'metrics.jsonl'), await place.read(...run, 'metrics.jsonl'));
    assert.deepEqual(
      await checkpointTensors(place.path(...second, 'checkpoint.safetensors')),
      await checkpointTensors(place.path(...run, 'checkpoint.safetensors')),
    );
  });

  test('n-grams that are all too rare are refused in one sentence', async () => {
    await place.write(
      'rare.rnn.json',
      experiment({ ...settings, features: { type: 'tfidf', embedding: undefined, minimumCount: 100_000 } }),
    );
    const { code, stderr, stdout } = await runCli(['train', 'rare.rnn.json'], { cwd: place.folder });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(
      stderr,
      /No n-gram occurs 100000 times in the training part; lower features\.minimumCount or add examples\.\n$/,
    );
  });
});
