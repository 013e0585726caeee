import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Report } from '../../src/protocol';
import { jsonLines, succeed } from './cliProcess';
import { csv, experiment, makeWorkplace, modelTensors, type Row, sentences, type Workplace } from './workplace';

const rows = sentences(120);
const short = { training: { epochs: 1 } };

describe('every kind of data', { concurrency: 2 }, () => {
  let place: Workplace;
  before(async () => {
    place = await makeWorkplace('Größe 数据 ');
    await place.write('data.csv', csv(rows));
  });
  after(() => place.remove());

  /** Trains an experiment to its end and returns its report and the messages of warnings. */
  async function train(name: string, text: string): Promise<{ report: Report; warnings: unknown[]; model: string }> {
    await place.write(`${name}.rnn.json`, text);
    const events = jsonLines(await succeed(['train', `${name}.rnn.json`, '--json'], { cwd: place.folder }));
    const { report, model } = events.at(-1) as { report: Report; model: string };
    assert.equal(report.status, 'finished');
    const warnings = events.filter(({ type }) => type === 'warning').map(({ message }) => message);
    return { report, warnings, model };
  }

  const counts = ({ data }: Report): unknown => [data.examples, data.classes.map(({ label }) => label)];
  const eighty = { train: 96, validation: 12, test: 12 };

  test('characters of a folder with a text file for each class', async () => {
    const lines = (label: string): string =>
      rows.flatMap((row) => (row.label === label ? [`${row.text.split(' ')[0]!}\n`] : [])).join('');
    await place.write('classes/negative.txt', lines('negative'));
    await place.write('classes/positive.txt', lines('positive'));
    await place.write('classes/README.md', 'not a class');
    const { report, model } = await train(
      'characters',
      experiment({ data: { train: 'classes' }, features: { type: 'characters', embedding: { size: 4 } }, ...short }),
    );
    assert.deepEqual(counts(report), [eighty, ['negative', 'positive']]);
    const evaluated = jsonLines(await succeed(['evaluate', model, 'classes', '--json'], { cwd: place.folder }));
    assert.equal(evaluated.at(-1)!['examples'], 120);
  });

  test('JSONL, with other keys, numbers as labels and null beside', async () => {
    const lines = rows.map(({ text, label }) =>
      JSON.stringify({ id: null, body: text, good: label === 'positive' ? 1 : 0 }),
    );
    await place.write('data.jsonl', lines.join('\n'));
    const { report } = await train(
      'json-lines',
      experiment({ data: { train: 'data.jsonl', text: 'body', label: 'good' }, ...short }),
    );
    assert.deepEqual(counts(report), [eighty, ['0', '1']]);
  });

  test('TSV with quotes in the text', async () => {
    const lines = rows.map(({ text, label }) => `${label}\t"so" they say, ${text}`);
    await place.write('data.tsv', ['label\ttext', ...lines].join('\n'));
    const { report } = await train('tabs', experiment({ data: { train: 'data.tsv' }, ...short }));
    assert.deepEqual(counts(report), [eighty, ['negative', 'positive']]);
  });

  test('CSV with CRLF and a byte order mark gives the run that LF gives', async () => {
    await place.write('crlf.csv', `\uFEFF${csv(rows, '\r\n')}`);
    const crlf = await train('crlf', experiment({ data: { train: 'crlf.csv' }, ...short }));
    const plain = await train('plain', experiment(short));
    assert.deepEqual(counts(crlf.report), counts(plain.report));
    assert.equal(
      await place.read('.sequence-lab/runs/crlf-1/metrics.jsonl'),
      await place.read('.sequence-lab/runs/plain-1/metrics.jsonl'),
    );
  });

  test('validation and test of their own, and no test', async () => {
    await place.write('more/validation.csv', csv(sentences(30, 2)));
    await place.write(
      'more/test.jsonl',
      sentences(20, 3)
        .map((row) => JSON.stringify(row))
        .join('\n'),
    );
    const own = { validation: 'more/validation.csv', test: 'more/test.jsonl' };
    const three = await train('own-parts', experiment({ data: own, ...short }));
    assert.deepEqual(three.report.data.examples, { train: 120, validation: 30, test: 20 });
    const two = await train('no-test', experiment({ data: { test: 0 }, ...short }));
    assert.deepEqual(two.report.data.examples, { train: 108, validation: 12, test: 0 });
    assert.equal(two.report.test, null);
  });

  test('labels with commas, quotes and line breaks', async () => {
    const named: Row[] = rows.map(({ text, label }) => ({
      text,
      label: label === 'positive' ? 'good, "really"' : 'bad\nor worse',
    }));
    await place.write('labels.csv', csv(named));
    const { report, model } = await train('labels', experiment({ data: { train: 'labels.csv' }, ...short }));
    assert.deepEqual(counts(report), [eighty, ['bad\nor worse', 'good, "really"']]);
    const line = await succeed(['predict', model, '--text', 'good'], { cwd: place.folder });
    assert.match(line, /^(bad or worse|good, "really")\t\d\.\d+\tgood\n$/u);
  });

  test('every script, right-to-left text, emoji, one word, blanks only and a text of 100,000 words', async () => {
    const texts = [
      '猫が好きです。とても良い映画でした',
      'هذا الفيلم رائع جدا',
      '👩‍👩‍👧‍👦 🎉🎉 נהדר',
      'x',
      '   ',
      `${'very '.repeat(99_999)}good`,
    ];
    const odd = texts.flatMap((text) =>
      ['negative', 'positive'].flatMap((label) => [1, 2, 3].map(() => ({ text, label }))),
    );
    await place.write('odd.csv', csv([...odd, ...rows]));
    const { report, warnings, model } = await train(
      'odd',
      experiment({ data: { train: 'odd.csv', maximumLength: 64 }, ...short }),
    );
    const { train: training, validation, test: tested } = report.data.examples;
    assert.equal(training + validation + tested, 150);
    assert.ok(warnings.includes('6 examples have no text and have been left out.'), String(warnings));
    assert.ok(warnings.includes('6 examples have more than 64 tokens and have been cut to that length.'));
    const input = texts.join('\n');
    const predictions = jsonLines(
      await succeed(['predict', model, '--json', '--explain'], { cwd: place.folder, input }),
    );
    assert.deepEqual(
      predictions.map(({ line, tokens }) => [line, (tokens as unknown[]).length]),
      [
        [1, 10],
        [2, 4],
        [3, 4],
        [4, 1],
        [6, 64],
      ],
    );
  });

  test('one example a batch, and more replicas than examples in one', async () => {
    const single = { epochs: 1, batchSize: 1 };
    const alone = await train('single', experiment({ training: single }));
    assert.equal(alone.report.steps, 96);
    const many = await train('replicas', experiment({ training: { ...single, batchSize: 2, replicas: 4 } }));
    assert.equal(many.report.steps, 48);
    const budget = await train('budget', experiment({ training: { epochs: 2, batchSize: undefined, tokens: 64 } }));
    assert.equal(budget.report.epochs, 2);
  });

  describe('pre-trained vectors', () => {
    const words = ['good', 'bad', 'film', 'FOOD', 'missing', 'the'];
    const vectorOf = (index: number): number[] => Array.from({ length: 8 }, (_, at) => (index + 1) / 8 + at / 64);
    const lines = words.map((word, index) => `${word} ${vectorOf(index).join(' ')}`);
    const files = {
      'vectors.txt': lines.join('\n'),
      'vectors.vec': [`${words.length} 8`, ...lines].join('\n'),
      'vectors-w2v.txt': [`${words.length} 8`, ...lines, ''].join('\n'),
      'vectors.bin': Buffer.concat([
        Buffer.from(`${words.length} 8\n`),
        ...words.flatMap((word, index) => [
          Buffer.from(`${word} `),
          Buffer.from(Float32Array.from(vectorOf(index)).buffer),
          Buffer.from('\n'),
        ]),
      ]),
    };
    /** An experiment that starts from a file of vectors; a tiny learning rate where they must not move far. */
    const withVectors = (vectors: string, embedding: Record<string, unknown>, learningRate = 0.02): string =>
      experiment({
        features: { embedding: { size: 8, vectors, ...embedding } },
        training: { epochs: 1, learningRate },
      });

    before(async () => {
      for (const [name, content] of Object.entries(files)) await place.write(name, content);
    });

    async function embeddingOf(model: string): Promise<Float32Array> {
      return ((await modelTensors(model)).get('embedding') as { data: Float32Array }).data;
    }

    /** Which of the words' vectors stand somewhere in the table. */
    function foundIn(table: Float32Array): string[] {
      return words.filter((_, index) => {
        const vector = vectorOf(index);
        return Array.from({ length: table.length / 8 }, (_row, row) => table.subarray(row * 8, row * 8 + 8)).some(
          (row) => row.every((value, at) => value === Math.fround(vector[at]!)),
        );
      });
    }

    for (const [index, name] of Object.keys(files).entries()) {
      test(`of ${name} stay as they are when frozen`, async () => {
        const { report, model } = await train(`frozen-${index}`, withVectors(name, { trainable: false }));
        assert.equal(report.data.vectorsFound, 5 / (report.data.vocabulary - 2));
        assert.deepEqual(foundIn(await embeddingOf(model)), ['good', 'bad', 'film', 'FOOD', 'the']);
      });
    }

    test('learn when they may, with sparse and with dense updates alike', async () => {
      const sparse = await train('sparse', withVectors('vectors.vec', {}, 1e-6));
      const dense = await train('dense', withVectors('vectors.vec', { updates: 'dense' }, 1e-6));
      const [a, b] = [await embeddingOf(sparse.model), await embeddingOf(dense.model)];
      assert.deepEqual(foundIn(a), []);
      for (const [at, value] of a.entries()) assert.ok(Math.abs(value - b[at]!) < 1e-4, `number ${at}`);
    });
  });
});

describe('every cell, optimizer and schedule', { concurrency: 2 }, () => {
  let place: Workplace;
  before(async () => {
    place = await makeWorkplace();
    await place.write('data.csv', csv(rows));
  });
  after(() => place.remove());

  const cells = [
    { cell: 'rnn' },
    { cell: 'rnn', activation: 'relu', bidirectional: false },
    { cell: 'gru', layers: 2 },
    { cell: 'lstm', layers: 2 },
  ];
  const optimizers = [
    { type: 'sgd', momentum: 0.9, nesterov: true },
    { type: 'rmsprop', momentum: 0.5 },
    'adam',
    { type: 'adamw', weightDecay: 0.1 },
  ];
  const schedules = [
    { type: 'constant' },
    { type: 'cosine', warmup: 0.2 },
    { type: 'plateau', patience: 0, factor: 0.1 },
    { type: 'cosine', warmup: 3 },
  ];
  const others = [
    { classWeights: 'balanced' },
    { labelSmoothing: 0.1, clip: { value: 0.5 } },
    { classWeights: { positive: 2 }, clip: {} },
    { earlyStopping: false },
  ];
  // Every second pair of cell and optimizer, the other two dealt out among them.
  for (const [row, model] of cells.entries()) {
    for (const [column, optimizer] of optimizers.entries()) {
      if ((row + column) % 2 === 1) continue;
      const schedule = schedules[(row + column) % 4]!;
      const other = others[(row + 2 * column) % 4]!;
      const name = `${row}-${column}`;
      test(JSON.stringify({ ...model, optimizer, schedule, ...other }), async () => {
        const training = { epochs: 2, batchSize: 48, learningRate: 0.01, optimizer, schedule, ...other };
        await place.write(`${name}.rnn.json`, experiment({ model, training }));
        const events = jsonLines(await succeed(['train', `${name}.rnn.json`, '--json'], { cwd: place.folder }));
        const { report } = events.at(-1) as unknown as { report: Report };
        assert.deepEqual([report.status, report.steps], ['finished', 4]);
        assert.ok(report.test!.loss > 0 && report.test!.loss < 2, `loss ${report.test!.loss}`);
      });
    }
  }
});
