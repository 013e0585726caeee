/** Which runs can be resumed, where a run came from, and what a list says of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isData, isExperiment, mayBeData } from '../../../src/host/fileKinds';
import {
  bestScores,
  describeNetwork,
  describeVectorNetwork,
  experimentFileOf,
  resumableRuns,
  type Resumable,
} from '../../../src/host/runLists';
import type { RunSummary } from '../../../src/runs/readRun';
import { sampleExperiment, sampleReport } from '../runs/sampleRecords';

function run(folder: string, experimentName: string, number: number, status: Resumable['status']): Resumable {
  return { directory: `${folder}/${experimentName}-${number}`, experimentName, number, status };
}

test('the latest unfinished run of each experiment can be resumed, where nobody works on it', () => {
  const runs = [
    run('/a', 'spam', 1, 'stopped'),
    run('/a', 'spam', 10, 'interrupted'),
    run('/a', 'spam', 9, 'failed'),
    run('/a', 'spam', 11, 'finished'),
    run('/a', 'mood', 1, 'stopped'),
    run('/a', 'mood', 2, 'running'),
    run('/b', 'spam', 3, 'failed'),
    run('/b', 'done', 1, 'finished'),
  ];
  assert.deepEqual(
    resumableRuns(runs).map(({ directory }) => directory),
    ['/a/spam-10', '/b/spam-3'],
  );
});

const summary: RunSummary = {
  name: 'spam-1',
  displayName: 'best so far',
  experimentName: 'spam',
  number: 1,
  directory: '/work/.sequence-lab/runs/spam-1',
  experiment: sampleExperiment,
  status: 'finished',
  report: null,
  created: new Date(0),
  checkpoint: null,
  model: null,
};

test('a run knows its experiment file by its report, else by its place', () => {
  assert.equal(experimentFileOf(summary), '/work/spam.rnn.json');
  const report = { ...sampleReport('finished'), experimentFile: '/elsewhere/spam.rnn.json' };
  assert.equal(experimentFileOf({ ...summary, report }), '/elsewhere/spam.rnn.json');
});

test('the test speaks for a run before its best epoch', () => {
  const report = sampleReport('finished');
  assert.equal(bestScores({ report: null }), null);
  assert.equal(bestScores({ report: { ...report, test: null, best: null } }), null);
  const best = { epoch: 1, validation: { loss: 1, accuracy: 0.5, macroF1: 0.4, perClass: [], confusion: [] } };
  assert.equal(bestScores({ report: { ...report, test: null, best } }), best.validation);
  const test = { ...best.validation, macroF1: 0.9 };
  assert.equal(bestScores({ report: { ...report, test, best } }), test);
});

test('a network is told in two words', () => {
  const network = (cell: 'gru' | 'lstm', hidden: number, layers: number, bidirectional: boolean) =>
    describeNetwork({
      experiment: {
        ...sampleExperiment,
        model: { cell, hidden, layers, bidirectional, dropout: 0 },
      },
    });
  assert.equal(network('gru', 64, 1, false), 'GRU 64');
  assert.equal(network('lstm', 256, 2, true), '2 × BiLSTM 256');
  assert.equal(describeVectorNetwork({ model: { hidden: [128, 64], dropout: 0 } }), 'TF-IDF 128-64');
  assert.equal(describeVectorNetwork({ model: { hidden: [], dropout: 0 } }), 'TF-IDF linear');
});

test('files are told by their names', () => {
  assert.deepEqual(
    ['a/spam.rnn.json', 'C:\\x\\SPAM.RNN.JSON', '.rnn.json', 'a/.rnn.json', 'rnn.json', 'spam.json'].map(isExperiment),
    [true, true, false, false, false, false],
  );
  assert.deepEqual(['chat.csv', 'x.TSV', 'y.jsonl', 'z.ndjson', 'csv', 'a.csv.bak', 'b.json'].map(isData), [
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  assert.deepEqual(['a.conll', 'a.CoNLLU', 'a.iob', 'a.iob2', 'a.txt'].map(isData), [true, true, true, true, false]);
  assert.deepEqual(['a.txt', 'a.md', 'a.ts', 'a.csv'].map(mayBeData), [true, true, true, false]);
});
