/** What the panel makes of the host's messages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PanelModel } from '../../../media/src/panelModel';
import { readState } from '../../../media/src/panelState';
import type { PanelMessage, RunRow } from '../../../src/panelMessages';
import type { Task } from '../../../src/protocol';
import type { Scores } from '../../../src/scores';

const row = (id: string): RunRow => ({
  ...{
    id,
    name: id,
    task: 'classification',
    inputs: 'texts',
    status: 'finished',
    model: 'LSTM 8',
    parameters: 1,
    best: null,
    test: null,
    seconds: 1,
  },
  ...{ tokensPerSecond: 1, created: 1, message: null, hasModel: true, patience: null, stoppingMetric: null },
  clipNorm: null,
});

function setUp(): { model: PanelModel; told: PanelMessage[] } {
  const told: PanelMessage[] = [];
  const model = new PanelModel(readState(undefined), {
    tell: (message) => told.push(message),
    keep: () => undefined,
    changed: () => undefined,
    theme: () => ({ charts: [], foreground: '', muted: '', grid: '', background: '', font: '' }),
  });
  return { model, told };
}

const none = new Float64Array(0);
const noSteps = {
  ...{ step: none, epoch: none, loss: none, gradientNorm: none, learningRate: none, tokensPerSecond: none },
};

/** The curves of a run after one epoch with these scores. */
function curves(run: string, scores: Scores) {
  return { type: 'curves' as const, run, steps: noSteps, epochs: [{ epoch: 1, steps: 10, scores, best: true }] };
}

test('a run that the host chooses is selected and drawn', () => {
  const { model, told } = setUp();
  const runs = Array.from({ length: 12 }, (_, at) => row(`run-${at}`));
  model.receive({ type: 'runs', runs });
  assert.ok(!model.ticked.some(({ id }) => id === 'run-11'));
  model.receive({ type: 'choose', run: 'run-11' });
  assert.equal(model.selected?.id, 'run-11');
  assert.ok(model.ticked.some(({ id }) => id === 'run-11'));
  assert.deepEqual(told.at(-1), { type: 'select', run: 'run-11' });
});

test('the score that is drawn is the chosen one where a run has it, else the one that speaks for the task', () => {
  const { model } = setUp();
  model.receive({ type: 'runs', runs: [row('spam-1'), row('french-1')] });
  model.set({ score: 'accuracy' });
  model.receive(curves('french-1', { loss: 2, bleu: 30 }));
  assert.deepEqual([model.scores, model.score], [['loss', 'bleu'], 'bleu']);
  model.receive(curves('spam-1', { loss: 1, accuracy: 0.9, macroF1: 0.8 }));
  assert.deepEqual([model.scores, model.score], [['loss', 'accuracy', 'macroF1', 'bleu'], 'accuracy']);
});

test('the data of a forecaster is forecast when it is selected and has a model', () => {
  const { model, told } = setUp();
  const scores = { validation: null, test: null, scores: null, tags: null, part: 'validation' as const };
  const detail = (run: string, task: Task) => ({ type: 'detail' as const, run, task, ...scores });
  const asked = () => told.filter(({ type }) => type === 'forecast');
  model.receive({ type: 'runs', runs: [{ ...row('sea-1'), hasModel: false }, row('spam-1')] });
  model.receive(detail('sea-1', 'forecasting'));
  assert.deepEqual(asked(), []);
  model.receive({ type: 'runs', runs: [row('sea-1'), row('spam-1')] });
  assert.deepEqual(asked(), [{ type: 'forecast', run: 'sea-1', file: 0 }]);
  // What comes for a run that is looked at no more is dropped.
  model.select('spam-1');
  model.receive(detail('spam-1', 'classification'));
  model.receive({ type: 'forecast', run: 'sea-1', file: 0, state: { kind: 'working', fraction: 0.5 } });
  assert.deepEqual([asked().length, model.forecast.progress], [1, { kind: 'none' }]);
  model.select('sea-1');
  model.receive(detail('sea-1', 'forecasting'));
  assert.equal(asked().length, 2);
});
