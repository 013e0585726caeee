import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { EngineClient } from '../../src/engine/client';
import type { ClassificationMetrics, Report } from '../../src/protocol';
import { succeed } from './cliProcess';
import { csv, experiment, makeWorkplace, sentences, type Workplace } from './workplace';

/** Examples of the test part beside the diagonal of a report's confusion matrix. */
function wrongIn({ test: scores }: Report): number {
  const { confusion } = scores as ClassificationMetrics;
  const wrong = confusion.flatMap((row, truth) => row.filter((_, predicted) => predicted !== truth));
  return wrong.reduce((a, b) => a + b, 0);
}

describe('the mistakes of a run', () => {
  let place: Workplace;
  const client = new EngineClient({ script: resolve('dist/engine.cjs'), log: () => undefined });
  const run = ['.sequence-lab', 'runs', 'mood-1'] as const;

  before(async () => {
    place = await makeWorkplace();
    // Every fifth label is wrong, so that the model must differ from the data.
    const rows = sentences(240).map((row, at) =>
      at % 5 === 0 ? { ...row, label: row.label === 'positive' ? 'negative' : 'positive' } : row,
    );
    await place.write('data.csv', csv(rows));
    await place.write('mood.rnn.json', experiment({ data: { test: 0.2 } }));
    await succeed(['train', 'mood.rnn.json'], { cwd: place.folder });
  });
  after(async () => {
    await client.dispose();
    await place.remove();
  });

  test('are those of the test part, the most certain first, with their places in the data', async () => {
    const { mistakes, count } = await client.mistakes({ run: place.path(...run) });
    assert.equal(count, wrongIn(JSON.parse(await place.read(...run, 'report.json')) as Report));
    assert.ok(count > 0);
    assert.equal(mistakes.length, count);
    const lines = (await place.read('data.csv')).split('\n');
    for (const [at, { text, file, line, truth, predicted, probability }] of mistakes.entries()) {
      assert.equal(file, place.path('data.csv'));
      assert.equal(lines[line - 1], `${text},${truth}`);
      assert.notEqual(predicted, truth);
      assert.ok(probability >= 0.5 && probability <= (mistakes[at - 1]?.probability ?? 1));
    }
    const { mistakes: first } = await client.mistakes({ run: place.path(...run), limit: 1 });
    assert.deepEqual(first, mistakes.slice(0, 1));
  });

  test('are refused once the data has changed', async () => {
    await place.write('data.csv', csv(sentences(300, 2)));
    await assert.rejects(client.mistakes({ run: place.path(...run) }), /has changed since it was trained/);
  });
});

describe('the mistakes of a run on number series', () => {
  let place: Workplace;
  const client = new EngineClient({ script: resolve('dist/engine.cjs'), log: () => undefined });
  const run = ['.sequence-lab', 'runs', 'waves-1'] as const;
  const waves = (count: number): string => {
    // Every fifth label is wrong, so that the model must differ from the data.
    const lines = Array.from({ length: count }, (_, at) => {
      const isFast = at % 2 === 0;
      const steps = Array.from({ length: 8 + (at % 5) }, (__, step) =>
        Math.sin((isFast ? 2 : 0.5) * step + at).toFixed(3),
      );
      return `${steps.join(',')}:${isFast === at % 5 > 0 ? 'fast' : 'slow'}`;
    });
    return `@problemName waves\n@classLabel true slow fast\n@data\n${lines.join('\n')}\n`;
  };

  before(async () => {
    place = await makeWorkplace();
    await place.write('waves.ts', waves(100));
    const features = { type: 'numbers' };
    const training = { epochs: 12, batchSize: 8, learningRate: 0.02, replicas: 1 };
    const data = { train: 'waves.ts', validation: 0.2, test: 0.3 };
    await place.write('waves.rnn.json', JSON.stringify({ data, features, model: { hidden: 12 }, training }));
    await succeed(['train', 'waves.rnn.json'], { cwd: place.folder });
  });
  after(async () => {
    await client.dispose();
    await place.remove();
  });

  test('name the line and the length of each series', async () => {
    const { mistakes, count } = await client.mistakes({ run: place.path(...run) });
    assert.equal(count, wrongIn(JSON.parse(await place.read(...run, 'report.json')) as Report));
    assert.ok(count > 0);
    const lines = (await place.read('waves.ts')).split('\n');
    for (const [at, { text, series, file, line, truth, predicted, probability }] of mistakes.entries()) {
      assert.deepEqual([text, file], ['', place.path('waves.ts')]);
      const [steps, label] = lines[line - 1]!.split(':');
      assert.deepEqual(series, { steps: steps!.split(',').length, isWholeFile: false });
      assert.equal(label, truth);
      assert.notEqual(predicted, truth);
      assert.ok(probability >= 0.5 && probability <= (mistakes[at - 1]?.probability ?? 1));
    }
    const { mistakes: first } = await client.mistakes({ run: place.path(...run), limit: 1 });
    assert.deepEqual(first, mistakes.slice(0, 1));
  });

  test('are refused once the data has changed', async () => {
    await place.write('waves.ts', waves(120));
    await assert.rejects(client.mistakes({ run: place.path(...run) }), /has changed since it was trained/);
  });
});
