/** Runs of every task that are stopped after their last epoch, while they are tested or their model is written. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { createServices } from '../../src/engine/localServices';
import type { Report, TrainingPhase, TrainingResult } from '../../src/protocol';
import { csv, experiment, makeWorkplace, sentences, type Workplace } from './workplace';

const rows = sentences(60);
const tokens = rows.map(({ text }) => text.split(' '));
const parts = { validation: 0.2, test: 0.2 };
const training = { epochs: 1, batchSize: 16, learningRate: 0.02, replicas: 1 };
const wave = (row: number): string => Math.sin(row / 3).toFixed(4);

const files: Readonly<Record<string, string>> = {
  'data.csv': csv(rows),
  'pairs.tsv': ['en\tback', ...tokens.map((words) => `${words.join(' ')}\t${words.toReversed().join(' ')}`)].join('\n'),
  'tags.conll': tokens
    .map((words) => words.map((word) => `${word} ${word.length > 3 ? 'LONG' : 'O'}\n`).join(''))
    .join('\n'),
  'text.txt': rows
    .map(({ text }) => `${text}.\n`)
    .join('')
    .repeat(3),
  'sea.csv': `level\n${Array.from({ length: 300 }, (_, row) => wave(row)).join('\n')}\n`,
  'waves.ts': `@classLabel true slow fast\n@data\n${Array.from(
    { length: 40 },
    (_, at) =>
      `${Array.from({ length: 9 }, (_step, step) => wave(at + step * (1 + (at % 2)))).join(',')}:${['slow', 'fast'][at % 2]!}\n`,
  ).join('')}`,
};

const experiments: Readonly<Record<string, string>> = {
  'classification of texts': experiment({ data: parts, training }),
  'classification of vectors': experiment({
    data: parts,
    features: { type: 'tfidf', embedding: undefined, minimumCount: 1 },
    model: { hidden: [8] },
    training,
  }),
  tagging: JSON.stringify({ task: 'tagging', data: { train: 'tags.conll', ...parts }, model: { hidden: 8 }, training }),
  translation: JSON.stringify({
    task: 'translation',
    data: { train: 'pairs.tsv', source: 'en', target: 'back', ...parts },
    features: { type: 'words', minimumCount: 1 },
    model: { hidden: 8 },
    training,
  }),
  'language models': JSON.stringify({
    task: 'languageModel',
    data: { train: 'text.txt', ...parts },
    model: { hidden: 8 },
    training: { ...training, sequenceLength: 16 },
  }),
  forecasting: JSON.stringify({
    task: 'forecasting',
    data: { train: 'sea.csv', values: 'level', ...parts },
    features: { context: 12, horizon: 2 },
    model: { hidden: 8 },
    training,
    anomalies: { short: 3, long: 50 },
  }),
  'classification of series': JSON.stringify({
    data: { train: 'waves.ts', ...parts },
    features: { type: 'numbers' },
    model: { hidden: 8 },
    training,
  }),
};

describe('a run that is stopped after its last epoch', () => {
  let place: Workplace;
  before(async () => {
    place = await makeWorkplace();
    for (const [name, content] of Object.entries(files)) await place.write(name, content);
  });
  after(() => place.remove());

  const services = createServices({ replicaScript: 'one replica needs no script' });

  /** Trains, or goes on, until a phase begins after the only epoch; to the end without one. */
  async function train(name: string, resume: boolean, stopAt?: TrainingPhase): Promise<TrainingResult> {
    const controller = new AbortController();
    let isTrained = false;
    return services.train(
      { experiment: place.path(`${name}.rnn.json`), resume },
      (event) => {
        if (event.type === 'epoch') isTrained = true;
        if (event.type === 'phase' && event.phase === stopAt && isTrained) controller.abort();
      },
      controller.signal,
    );
  }

  for (const [name, text] of Object.entries(experiments)) {
    test(`${name}: while its model is written, and goes on`, async () => {
      await place.write(`${name}.rnn.json`, text);
      const stopped = await train(name, false, 'exporting');
      assert.equal(stopped.report.status, 'stopped');
      assert.equal(stopped.model, null);
      assert.match(stopped.report.message!, /^Stopped before the trained model was written\. Resume/u);
      assert.ok(stopped.report.test !== null);
      const folder = ['.sequence-lab', 'runs', stopped.name] as const;
      assert.ok(!existsSync(place.path(...folder, 'model.onnx')));
      assert.deepEqual((JSON.parse(await place.read(...folder, 'report.json')) as Report).status, 'stopped');

      const finished = await train(name, true);
      assert.equal(finished.name, stopped.name);
      assert.equal(finished.report.status, 'finished');
      assert.equal(finished.report.steps, stopped.report.steps);
      assert.deepEqual(finished.report.test, stopped.report.test);
      assert.ok(existsSync(place.path(...folder, 'model.onnx')));
    });

    test(`${name}: while it is tested, with the model of its best epoch`, async () => {
      await place.write(`${name}-test.rnn.json`, text);
      const stopped = await train(`${name}-test`, false, 'evaluating');
      assert.equal(stopped.report.status, 'stopped');
      assert.equal(stopped.report.test, null);
      assert.ok(stopped.model !== null && existsSync(stopped.model));
    });
  }
});
