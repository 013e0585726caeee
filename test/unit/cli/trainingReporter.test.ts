/** How a training is told in a pipe: once per phase, moderately, with all that a person should know of the run. */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { Output } from '../../../src/cli/output';
import { describeRun, isReportDue, liveReporter, plainReporter } from '../../../src/cli/trainingReporter';
import type { TrainingEvent } from '../../../src/protocol';
import { data } from '../engine/fakeServices';
import { asIs, told } from '../../../src/sentence';

const run: Extract<TrainingEvent, { type: 'run' }> = {
  type: 'run',
  name: 'chat-2',
  directory: 'my  runs/chat-2',
  data: { ...data, duplicatesAcrossParts: 3, vectorsFound: 0.5 },
  parameters: 98_765,
  epochs: 2,
  stepsPerEpoch: 10,
  resumedAt: 12,
};

function createOutput(isTTY: boolean) {
  const stdout = new PassThrough();
  const output = new Output({
    stdout,
    stderr: new PassThrough(),
    isTTY,
    columns: 60,
    env: { NO_COLOR: '1' },
    onClosed: () => assert.fail('closed'),
  });
  return { output, read: () => String(stdout.read() ?? '') };
}

function step(number: number): TrainingEvent {
  return {
    type: 'step',
    step: number,
    epoch: 1,
    loss: 1,
    gradientNorm: 1,
    learningRate: 0.1,
    tokens: 10,
    steps: 20,
    tokensPerSecond: 500,
    secondsLeft: 4,
  };
}

test('a run is described with duplicates, vectors and where it goes on', () => {
  assert.deepEqual(describeRun(run), [
    'Run chat-2 in my  runs/chat-2',
    'Data: 80 examples to train on, 10 to validate, 10 to test; 2 classes',
    'Vocabulary: 1,234, knows 98.0 % of the tokens, 50.0 % of it with pre-trained vectors',
    'Note: 3 texts stand in more than one part of the data',
    'Model: 98,765 numbers; up to 2 epochs of 10 steps',
    'Goes on after step 12',
  ]);
});

test('a pipe is told nothing before the run begins; then warnings, the export once, and no checkpoints', () => {
  const { output, read } = createOutput(false);
  const report = plainReporter(output);
  const phases = ['training', 'evaluating', 'training', 'evaluating', 'exporting', 'exporting'];
  report({ type: 'phase', phase: 'reading', fraction: 0 });
  report({ type: 'warning', ...told(asIs('one class has\n2 examples.')) });
  report({ type: 'phase', phase: 'preparing', fraction: null });
  assert.equal(read(), '');
  report(run);
  for (const phase of phases as Extract<TrainingEvent, { type: 'phase' }>['phase'][]) {
    report({ type: 'phase', phase, fraction: 0 });
  }
  report({ type: 'warning', ...told(asIs('late')) });
  report({ type: 'checkpoint', step: 5 });
  assert.equal(
    read(),
    ['Warning: one class has 2 examples.', ...describeRun(run), 'Exporting the model…', 'Warning: late', ''].join('\n'),
  );
});

test('a tenth of the steps is one report, whatever the number of steps', () => {
  const due = (steps: number) =>
    Array.from({ length: steps }, (_, index) => index + 1).filter((step) => isReportDue(step - 1, step, steps));
  assert.deepEqual(due(3), [1, 2, 3]);
  assert.deepEqual(due(25), [3, 5, 8, 10, 13, 15, 18, 20, 23, 25]);
  assert.equal(due(10_000).length, 10);
});

test('the live line is drawn at intervals, and settled lines stand above it', () => {
  const { output, read } = createOutput(true);
  let time = 0;
  const report = liveReporter(output, () => time);
  report(step(1));
  const first = 'Epoch 1/0  step 1/20  loss 1.00  4.0 s left  500 tokens/s';
  assert.equal(read(), `\r\u001B[K${first}`);
  time = 10;
  report(step(2));
  assert.equal(read(), '');
  report({ type: 'warning', ...told(asIs('slow')) });
  assert.equal(read(), `\r\u001B[KWarning: slow\n${first}`);
  time = 100;
  report(step(3));
  assert.equal(read(), `\r\u001B[K${first.replace('1/20', '3/20')}`);
});
