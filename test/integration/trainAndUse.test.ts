import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { parseExperiment } from '../../src/experiment/parseExperiment';
import type { ClassificationMetrics, ClassPrediction, ModelDescription, Report } from '../../src/protocol';
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

const metricKeys = ['loss', 'accuracy', 'macroF1', 'perClass', 'confusion'];
const run = ['.sequence-lab', 'runs', 'mood-1'] as const;

describe('an experiment from its file to predictions', () => {
  let place: Workplace;
  let trained: string;
  before(async () => {
    place = await makeWorkplace();
    await place.write('data.csv', csv(sentences(240)));
    await place.write(
      'mood.rnn.json',
      experiment({ data: { validation: 0.1, test: 0.1 }, training: { epochs: 6, earlyStopping: { metric: 'loss' } } }),
    );
    trained = await succeed(['train', 'mood.rnn.json', '--json'], { cwd: place.folder });
  });
  after(() => place.remove());

  const model = () => place.path(...run, 'model.onnx');
  const report = async () => JSON.parse(await place.read(...run, 'report.json')) as Report;

  test('leaves exactly the files of a run', async () => {
    assert.deepEqual((await readdir(place.path(...run))).sort(), [
      'checkpoint.safetensors',
      'experiment.json',
      'lock-1',
      'metrics.jsonl',
      'model.onnx',
      'report.json',
    ]);
    assert.deepEqual((await readdir(place.folder)).sort(), ['.sequence-lab', 'data.csv', 'mood.rnn.json']);
    assert.deepEqual(await readdir(place.path('.sequence-lab')), ['runs']);
  });

  test('writes the experiment with every default', async () => {
    const text = await place.read(...run, 'experiment.json');
    assert.deepEqual(JSON.parse(text), {
      task: 'classification',
      data: {
        train: 'data.csv',
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
        embedding: { size: 8, trainable: true, updates: 'sparse' },
      },
      model: { cell: 'lstm', hidden: 8, layers: 1, bidirectional: true, dropout: 0.3 },
      training: {
        epochs: 6,
        batchSize: 16,
        optimizer: { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
        learningRate: 0.02,
        schedule: { type: 'constant' },
        clip: { norm: 1 },
        labelSmoothing: 0,
        classWeights: 'none',
        earlyStopping: { patience: 3, metric: 'loss' },
        seed: 1,
        checkpointSeconds: 30,
        replicas: 1,
      },
    });
    assert.deepEqual(parseExperiment(text, 'experiment.json').experiment, JSON.parse(text));
  });

  test('writes a line for each step and each epoch', async () => {
    const lines = jsonLines(await place.read(...run, 'metrics.jsonl'));
    const steps = lines.filter((line) => 'step' in line);
    const epochs = lines.filter((line) => !('step' in line));
    assert.deepEqual(
      steps.map(({ step }) => step),
      Array.from({ length: 12 * epochs.length }, (_, index) => index + 1),
    );
    for (const step of steps) {
      assert.deepEqual(Object.keys(step), ['step', 'epoch', 'loss', 'gradientNorm', 'learningRate', 'tokens']);
      assert.equal(step['learningRate'], 0.02);
    }
    for (const [index, epoch] of epochs.entries()) {
      assert.deepEqual(Object.keys(epoch), ['epoch', 'steps', 'trainingLoss', 'validation', 'best']);
      assert.deepEqual(Object.keys(epoch['validation'] as ClassificationMetrics), metricKeys);
      assert.equal(epoch['steps'], 12 * (index + 1));
      const losses = steps.filter((step) => step['epoch'] === index + 1).map(({ loss }) => loss as number);
      assert.equal(epoch['trainingLoss'], losses.reduce((a, b) => a + b, 0) / 12);
    }
  });

  test('writes a report that fits the metrics', async () => {
    const { experimentFile, status, task, best, test: scores, data, ...rest } = await report();
    const lines = jsonLines(await place.read(...run, 'metrics.jsonl'));
    const epochs = lines.filter((line) => 'validation' in line);
    assert.deepEqual([status, task], ['finished', 'classification']);
    assert.equal(experimentFile, place.path('mood.rnn.json'));
    assert.deepEqual(Object.keys(rest), ['epochs', 'steps', 'tokensPerSecond', 'seconds', 'parameters']);
    assert.equal(rest.epochs, epochs.length);
    assert.equal(rest.steps, 12 * epochs.length);
    assert.ok(rest.tokensPerSecond > 0 && rest.seconds > 0);
    const expectedBest = epochs.findLast((epoch) => epoch['best'] === true)!;
    assert.deepEqual(best, { epoch: expectedBest['epoch'], validation: expectedBest['validation'] });
    const { accuracy } = scores as ClassificationMetrics;
    assert.ok(accuracy >= 0.9, `accuracy ${accuracy}`);
    assert.deepEqual(data.examples, { train: 192, validation: 24, test: 24 });
    assert.deepEqual(data.classes, [
      { label: 'negative', count: 120 },
      { label: 'positive', count: 120 },
    ]);
    // Embedding, two directions of an LSTM with one bias, and the output.
    const lstm = 2 * 4 * 8 * (8 + 8 + 1);
    assert.equal(rest.parameters, data.vocabulary * 8 + lstm + 2 * 16 + 2);
  });

  test('tells every event as a line of JSON and the result last', async () => {
    const events = jsonLines(trained);
    const metrics = jsonLines(await place.read(...run, 'metrics.jsonl'));
    const types = new Set(events.map(({ type }) => type));
    assert.deepEqual([...types].sort(), ['checkpoint', 'epoch', 'phase', 'result', 'run', 'step']);
    const { type, ...result } = events.at(-1)!;
    assert.equal(type, 'result');
    assert.deepEqual(result, {
      name: 'mood-1',
      directory: place.path(...run),
      model: model(),
      report: await report(),
    });
    const told = events.filter((event) => event['type'] === 'step' || event['type'] === 'epoch');
    assert.equal(told.length, metrics.length);
    for (const [index, line] of metrics.entries()) {
      const event = told[index]!;
      assert.deepEqual(Object.fromEntries(Object.keys(line).map((key) => [key, event[key]])), line);
    }
  });

  test('keeps weights, optimizer and the best weights in the checkpoint, and the best weights in the model', async () => {
    const checkpoint = await checkpointTensors(place.path(...run, 'checkpoint.safetensors'));
    for (const name of ['embedding', 'mean.embedding', 'square.embedding', 'best.embedding', 'best.output.W']) {
      assert.ok(checkpoint.has(name), `${name} among ${[...checkpoint.keys()].join(', ')}`);
    }
    const best = checkpoint.get('best.embedding') as { data: Float32Array };
    const exported = (await modelTensors(model())).get('embedding') as { data: Float32Array };
    assert.deepEqual(exported.data, best.data);
  });

  test('predicts texts of the arguments, a file and stdin alike', async () => {
    const texts = ['a good film', 'the food was awful'];
    const byArgument = jsonLines(
      await succeed(['predict', model(), '--text', texts[0]!, '--text', texts[1]!, '--json'], { cwd: place.folder }),
    );
    assert.deepEqual(
      byArgument.map(({ type, line, text, label }) => ({ type, line, text, label })),
      [
        { type: 'prediction', line: 1, text: texts[0], label: 'positive' },
        { type: 'prediction', line: 2, text: texts[1], label: 'negative' },
      ],
    );
    for (const prediction of byArgument as unknown as ClassPrediction[]) {
      assert.equal(prediction.classes.length, 2);
      assert.ok(prediction.probability >= 0.5);
      assert.ok(Math.abs(prediction.classes.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-5);
    }
    const input = `\uFEFF${texts[0]!}\r\n\r\n${texts[1]!}`;
    const byStdin = await succeed(['predict', model(), '--json'], { cwd: place.folder, input });
    assert.deepEqual(
      jsonLines(byStdin).map(({ line, ...rest }) => ({ ...rest, line })),
      byArgument.map(({ line, ...rest }) => ({ ...rest, line: line === 2 ? 3 : line })),
    );
    const inputs = await makeWorkplace();
    await inputs.write('texts.txt', input);
    const byFile = await succeed(['predict', model(), '--input', inputs.path('texts.txt'), '--json'], {
      cwd: place.folder,
    });
    await inputs.remove();
    assert.equal(byFile, byStdin);
  });

  test('gives a pipe class, probability and text between tabs', async () => {
    const output = await succeed(['predict', model(), '--text', 'super\tday'], { cwd: place.folder });
    const cells = output.trimEnd().split('\t');
    assert.equal(cells.length, 3);
    assert.equal(cells[0], 'positive');
    assert.ok(Number(cells[1]) > 0.5);
  });

  test('explains a prediction by the influence of each word', async () => {
    const text = 'The food was awful, xyzzy';
    const [prediction] = jsonLines(
      await succeed(['predict', model(), '--text', text, '--explain', '--json'], { cwd: place.folder }),
    ) as unknown as ClassPrediction[];
    const tokens = prediction!.tokens!;
    assert.deepEqual(
      tokens.map(({ start, end }) => text.slice(start, end)),
      ['The', 'food', 'was', 'awful', ',', 'xyzzy'],
    );
    assert.deepEqual(
      tokens.map(({ known }) => known),
      [true, true, true, true, false, false],
    );
    const strongest = tokens.reduce((a, b) => (a.influence > b.influence ? a : b));
    assert.equal(strongest.text, 'awful');
    assert.ok(strongest.influence > 0);
  });

  test('scores the data that it was trained on', async () => {
    const lines = jsonLines(await succeed(['evaluate', model(), 'data.csv', '--json'], { cwd: place.folder }));
    const { type, examples, metrics } = lines.at(-1) as unknown as {
      type: string;
      examples: number;
      metrics: ClassificationMetrics;
    };
    assert.deepEqual([type, examples], ['result', 240]);
    assert.deepEqual(Object.keys(metrics), metricKeys);
    assert.ok(metrics.accuracy > 0.9, `accuracy ${metrics.accuracy}`);
    assert.deepEqual(
      metrics.confusion.map((row) => row.reduce((a, b) => a + b, 0)),
      [120, 120],
    );
    const renamed = csv(sentences(240)).replace('text,label', 'words,mood');
    await place.write('sub/renamed.csv', renamed);
    const again = jsonLines(
      await succeed(['evaluate', model(), 'sub/renamed.csv', '--text', 'words', '--label', 'mood', '--json'], {
        cwd: place.folder,
      }),
    );
    assert.deepEqual(again.at(-1)!['metrics'], metrics);
  });

  test('tells what is in the model', async () => {
    const [description] = jsonLines(
      await succeed(['inspect', model(), '--json'], { cwd: place.folder }),
    ) as unknown as ModelDescription[];
    const { parameters, data, best, test: scores } = await report();
    assert.equal(description!.experiment, 'mood');
    assert.equal(description!.task, 'classification');
    assert.deepEqual(description!.labels, ['negative', 'positive']);
    assert.equal(description!.vocabulary, data.vocabulary);
    assert.deepEqual(description!.validation, best!.validation);
    assert.deepEqual(description!.test, scores);
    assert.ok(description!.parameters >= parameters);
    assert.ok(description!.operators.some(({ operator }) => operator === 'LSTM'));
  });

  test('trains into another folder, told in plain lines', async () => {
    const output = await succeed(['train', 'mood.rnn.json', '--out', 'runs here'], { cwd: place.folder });
    assert.match(output, /^Run mood-1 in .*runs here.mood-1$/mu);
    assert.match(output, /^Epoch 1\/6 {2}training loss /mu);
    assert.match(output, /^Finished mood-1 after \d epochs/mu);
    // eslint-disable-next-line no-control-regex -- a pipe gets no escape sequences.
    assert.doesNotMatch(output, /\u001B/u);
    assert.equal(await place.read('runs here', 'mood-1', 'metrics.jsonl'), await place.read(...run, 'metrics.jsonl'));
  });

  test('starts an experiment from data, which trains as it is', async () => {
    const other = await makeWorkplace();
    await other.write('posts.csv', csv(sentences(60)).replace('text,label', 'words,mood'));
    const written = await succeed(['init', '--from', 'posts.csv'], { cwd: other.folder });
    assert.match(written, /Took "words" for the texts and "mood" for the classes\./u);
    const again = await runCli(['init', '--from', 'posts.csv'], { cwd: other.folder });
    assert.deepEqual([again.code, again.stdout], [1, '']);
    assert.match(again.stderr, /^posts\.rnn\.json: This file is there already; --force replaces it\.\n$/u);
    const text = await other.read('posts.rnn.json');
    await other.write(
      'posts.rnn.json',
      text.replace('"hidden": 128', '"hidden": 4').replace('"size": 100', '"size": 4'),
    );
    const events = jsonLines(await succeed(['train', 'posts.rnn.json', '--json'], { cwd: other.folder }));
    assert.equal((events.at(-1)!['report'] as Report).status, 'finished');
    await other.remove();
  });
});
