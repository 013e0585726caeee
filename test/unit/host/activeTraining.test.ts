/** The state of a training, event by event. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TrainingState } from '../../../src/host/activeTraining';
import type { TrainingEvent } from '../../../src/protocol';
import { sampleEpoch, sampleReport, sampleStep } from '../runs/sampleRecords';

const runEvent: TrainingEvent = {
  type: 'run',
  name: 'spam-1',
  directory: '/runs/spam-1',
  data: sampleReport('running').data,
  parameters: 10,
  epochs: 3,
  stepsPerEpoch: 5,
  resumedAt: 0,
};

test('the last event of each kind and the best epoch are kept', async () => {
  const training = new TrainingState();
  assert.equal(training.run, null);
  training.add({ type: 'phase', phase: 'reading', fraction: 0.5 });
  training.add(runEvent);
  await training.begun;
  assert.deepEqual(training.run, { name: 'spam-1', directory: '/runs/spam-1' });
  for (const step of [1, 2]) {
    training.add({ type: 'step', ...sampleStep(step), steps: 15, tokensPerSecond: 1, secondsLeft: null });
  }
  training.add({ type: 'epoch', ...sampleEpoch, epoch: 1, best: true });
  training.add({ type: 'epoch', ...sampleEpoch, epoch: 2, best: false });
  assert.equal(training.last.step?.step, 2);
  assert.equal(training.last.phase?.phase, 'reading');
  assert.equal(training.last.epoch?.epoch, 2);
  assert.equal(training.best?.epoch, 1);
});

test('a training that ends without a run has begun all the same, and stopping aborts its signal', async () => {
  const training = new TrainingState();
  assert.equal(training.isStopping, false);
  training.stop();
  assert.equal(training.isStopping, true);
  assert.equal(training.signal.aborted, true);
  training.end();
  await training.begun;
});
