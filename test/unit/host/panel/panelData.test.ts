/** Runs as lines of the table, experiments compared, and curves as CSV. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { compareExperiments } from '../../../../src/host/panel/compareExperiments';
import { csvHeader, curvesCsv, validationScores } from '../../../../src/host/panel/curvesCsv';
import { describeRun } from '../../../../src/host/panel/describeRun';
import { makeMetrics, makeReport, makeRun } from './fakeHost';
import type { Report } from '../../../../src/protocol';

const words = {
  bidirectional: 'bidirectional',
  characters: 'characters',
  vectors: (share: string) => `vectors for ${share}`,
  reason: ({ message }: Pick<Report, 'message'>) => message,
};

test('a finished run is described by its report', () => {
  const row = describeRun(makeRun(1, { report: makeReport(), model: '/model.onnx' }), words);
  assert.equal(row.name, 'spam-1');
  assert.equal(row.model, 'LSTM 128 bidirectional');
  assert.deepEqual(row.best, { epoch: 3, scores: { loss: 1.1 - 0.93, accuracy: 0.93, macroF1: 0.92 } });
  assert.equal(row.test?.accuracy, 0.91);
  assert.equal(row.clipNorm, 1);
  assert.equal(row.patience, 3);
  assert.equal(row.hasModel, true);
  assert.deepEqual([row.task, row.inputs], ['classification', 'texts']);
  assert.equal(row.seconds, 62);
});

test('the model says how many words were covered by pre-trained vectors', () => {
  const report = makeReport();
  const covered = { ...report, data: { ...report.data, vectorsFound: 0.8716 } };
  assert.equal(
    describeRun(makeRun(1, { report: covered }), words).model,
    'LSTM 128 bidirectional · vectors for 87.2 %',
  );
});

test('a run without a report leaves open what is not known', () => {
  const run = makeRun(
    2,
    { status: 'running' },
    '{"earlyStopping": false, "clip": {}}',
    '{"cell": "rnn", "activation": "relu", "layers": 2, "hidden": 64, "bidirectional": false}',
  );
  const row = describeRun(run, words);
  assert.equal(row.model, 'RNN ReLU 2×64');
  for (const value of [row.best, row.test, row.parameters, row.seconds, row.patience, row.clipNorm, row.message]) {
    assert.equal(value, null);
  }
});

test('only what differs is compared', () => {
  const left = makeRun(1, {}, '{"learningRate": 0.01}', '{"cell": "rnn"}').experiment;
  const right = makeRun(2, {}, '{"tokens": 4096}').experiment;
  assert.deepEqual(compareExperiments(left, right), [
    { key: 'model.cell', left: '"rnn"', right: '"lstm"' },
    { key: 'model.activation', left: '"tanh"', right: null },
    { key: 'training.batchSize', left: '32', right: null },
    { key: 'training.learningRate', left: '0.01', right: '0.001' },
    { key: 'training.tokens', left: null, right: '4096' },
  ]);
  assert.deepEqual(compareExperiments(left, structuredClone(left)), []);
  assert.deepEqual(compareExperiments({ a: [1, 2] }, { a: [1, 3] }), [{ key: 'a', left: '[1,2]', right: '[1,3]' }]);
});

test('curves are a table with the validation at the ends of epochs', () => {
  const lines = makeMetrics(25_000, 10_000, 1);
  const scores = validationScores(lines);
  assert.deepEqual(scores, ['loss', 'accuracy', 'macroF1']);
  const text = csvHeader(scores) + [...curvesCsv('spam "1", late', lines, scores)].join('');
  const rows = parse(text, { columns: true });
  assert.equal(rows.length, 25_000);
  const row = rows[9_999] as Record<string, string>;
  assert.equal(row['run'], 'spam "1", late');
  assert.equal(row['step'], '10000');
  const epoch = lines.find((line) => 'validation' in line)!;
  assert.equal(Number(row['validation_accuracy']), (epoch as { validation: { accuracy: number } }).validation.accuracy);
  assert.equal((rows[0] as Record<string, string>)['validation_loss'], '');
  assert.ok('validation_macro_f1' in row);
  assert.deepEqual([...curvesCsv('empty', [], scores)], []);
});
