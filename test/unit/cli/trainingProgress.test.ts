/** The state of a training from its events, and its one line at several widths. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayWidth } from '../../../src/cli/displayText';
import { type ProgressState, renderProgress, TrainingProgress } from '../../../src/cli/trainingProgress';
import type { TrainingEvent } from '../../../src/protocol';

const state: ProgressState = {
  phase: 'training',
  fraction: null,
  epoch: 2,
  epochs: 10,
  step: 123,
  steps: 3120,
  loss: 0.3124,
  losses: [4, 3, 2, 1, 1, 1, 1, 1, 1, 0],
  tokensPerSecond: 12_345,
  secondsLeft: 125,
};

function step(number: number, loss: number): TrainingEvent {
  return {
    type: 'step',
    step: number,
    epoch: 1,
    loss,
    gradientNorm: 1,
    learningRate: 0.1,
    tokens: 10,
    steps: 30,
    tokensPerSecond: 500,
    secondsLeft: null,
  };
}

test('a wide line holds everything', () => {
  assert.equal(
    renderProgress(state, 100),
    'Epoch 2/10  step 123/3,120  loss 0.312  █▇▅▃▃▃▃▃▃▁  2 min 05 s left  12,300 tokens/s',
  );
});

test('a narrow line leaves out the curve, then the rate, then the time', () => {
  const cases: [number, string][] = [
    [75, 'Epoch 2/10  step 123/3,120  loss 0.312  2 min 05 s left  12,300 tokens/s'],
    [70, 'Epoch 2/10  step 123/3,120  loss 0.312  █▇▅▃▃▃▃▃▃▁  2 min 05 s left'],
    [40, 'Epoch 2/10  step 123/3,120  loss 0.312'],
    [26, 'Epoch 2/10  step 123/3,120'],
    [8, 'Epoch 2…'],
  ];
  for (const [width, expected] of cases) {
    const line = renderProgress(state, width);
    assert.ok(displayWidth(line) <= width);
    assert.equal(line, expected);
  }
});

test('time left is told only where there is an estimate', () => {
  for (const secondsLeft of [null, 0, Infinity]) {
    assert.doesNotMatch(renderProgress({ ...state, secondsLeft }, 100), /left/);
  }
});

test('other phases tell their name and share', () => {
  assert.equal(renderProgress({ ...state, phase: 'reading', fraction: 0.456 }, 80), 'Reading the data… 45 %');
  assert.equal(renderProgress({ ...state, phase: 'exporting', fraction: null }, 80), 'Exporting the model…');
});

test('the loss is smoothed without a pull to zero', () => {
  const progress = new TrainingProgress();
  progress.add(step(1, 2));
  assert.equal(progress.loss?.toFixed(12), '2.000000000000');
  progress.add(step(2, 1));
  // (0.9 · 0.1 · 2 + 0.1 · 1) / (1 − 0.9²)
  assert.equal(progress.loss.toFixed(6), (0.28 / 0.19).toFixed(6));
  assert.equal(progress.losses.length, 2);
});

test('a loss that is not finite is shown as it is and forgotten afterwards', () => {
  const progress = new TrainingProgress();
  progress.add(step(1, NaN));
  assert.equal(progress.loss, NaN);
  assert.match(renderProgress(progress, 80), /loss NaN/);
  progress.add(step(2, 3));
  assert.equal(progress.loss.toFixed(12), '3.000000000000');
});

test('the events of a resumed run set step, epoch and phase', () => {
  const progress = new TrainingProgress();
  progress.add({
    type: 'run',
    name: 'a-1',
    directory: 'runs/a-1',
    data: {
      classes: [],
      examples: { train: 1, validation: 1, test: 1 },
      vocabulary: 1,
      coverage: 1,
      duplicatesAcrossParts: 0,
      vectorsFound: null,
    },
    parameters: 5,
    epochs: 3,
    stepsPerEpoch: 10,
    resumedAt: 12,
  });
  assert.deepEqual([progress.step, progress.steps, progress.epochs], [12, 30, 3]);
  progress.add({ type: 'phase', phase: 'evaluating', fraction: 0.25 });
  assert.equal(renderProgress(progress, 80), 'Evaluating… 25 %');
  progress.add(step(13, 1));
  assert.deepEqual([progress.phase, progress.step, progress.tokensPerSecond], ['training', 13, 500]);
});
