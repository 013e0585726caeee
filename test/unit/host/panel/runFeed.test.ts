/** The feed sends each run's curves once, then what comes after, and misses no step in between. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { RunFeed } from '../../../../src/host/panel/runFeed';
import { SpeedLog } from '../../../../src/host/panel/speedLog';
import type { HostMessage } from '../../../../src/panelMessages';
import { parseHostMessage } from '../../../../src/panelMessages';
import type { Report, EpochMetrics, StepMetrics, TrainingEvent } from '../../../../src/protocol';
import type { RunSummary } from '../../../../src/runs/readRun';
import { FakeRuns, FakeTrainings, makeMetrics, makeReport, makeRun, makeScores } from './fakeHost';

const feeds: RunFeed[] = [];
afterEach(() => {
  for (const feed of feeds.splice(0)) feed.dispose();
});

type Metrics = readonly (StepMetrics | EpochMetrics)[];

function setUp(readMetrics: (run: RunSummary) => Promise<Metrics> = () => Promise.resolve(makeMetrics(20, 10, 1))) {
  const trainings = new FakeTrainings();
  const runs = new FakeRuns();
  const posted: HostMessage[] = [];
  const failures: unknown[] = [];
  const speeds = new SpeedLog(trainings);
  const feed = new RunFeed(
    {
      trainings,
      runs,
      speeds,
      readMetrics,
      words: {
        bidirectional: 'bidirectional',
        characters: 'characters',
        vectors: (share: string) => share,
        reason: ({ message }: Pick<Report, 'message'>) => message,
      },
      experimentName: () => 'spam',
      tagStyle: () => ({ color: 'Blue', isDotted: false }),
    },
    {
      post: (message) => posted.push(parseHostMessage(structuredClone(message))),
      fail: (error) => failures.push(error),
      hasRuns: () => undefined,
    },
  );
  feeds.push(feed);
  const of = <T extends HostMessage['type']>(type: T) =>
    posted.filter((message): message is Extract<HostMessage, { type: T }> => message.type === type);
  return { trainings, runs, feed, posted, failures, of };
}

function stepEvent(step: number): TrainingEvent {
  const values = { loss: 1 / step, gradientNorm: 1, learningRate: 0.001, tokens: 10 };
  return { type: 'step', step, epoch: 1, ...values, steps: 100, tokensPerSecond: 500 + step, secondsLeft: 9 };
}

test('a page learns of the runs and gets the curves that it asks for, once', async () => {
  const { runs, feed, of } = setUp();
  runs.put(makeRun(1, { report: makeReport() }));
  runs.put(makeRun(2));
  await feed.start();
  assert.deepEqual(
    of('runs')
      .at(-1)
      ?.runs.map(({ name }) => name),
    ['spam-2', 'spam-1'],
  );
  assert.equal(of('training').at(-1)?.training, null);
  const { directory } = makeRun(1);
  feed.watch([directory]);
  feed.watch([directory]);
  await delay(20);
  const curves = of('curves');
  assert.deepEqual(
    curves.map(({ run }) => run),
    [directory],
  );
  assert.deepEqual(
    Array.from(curves[0]!.steps.step),
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  assert.ok(curves[0]!.steps.tokensPerSecond.every(Number.isNaN));
  assert.deepEqual(
    curves[0]!.epochs.map(({ steps }) => steps),
    [10, 20],
  );

  // A run that is left out and drawn again is read again.
  feed.watch([]);
  feed.watch([directory]);
  await delay(20);
  assert.equal(of('curves').length, 2);
});

test('steps arrive in few messages, after the curves that they follow', async () => {
  let release: (lines: Metrics) => void = () => undefined;
  const { trainings, runs, feed, posted, of } = setUp(() => new Promise((resolve) => (release = resolve)));
  const run = makeRun(3, { status: 'running' });
  runs.put(run);
  await feed.start();
  feed.watch([run.directory]);
  await delay(5);
  trainings.begin('spam', run);
  for (let step = 1; step <= 30; step++) trainings.say(stepEvent(step));
  await delay(150);
  assert.equal(of('more').length, 0);
  assert.equal(of('training').at(-1)?.training?.step, 30);
  release(makeMetrics(20, 10, 1));
  await delay(150);
  const kinds = posted.map(({ type }) => type).filter((type) => type === 'curves' || type === 'more');
  assert.deepEqual(kinds, ['curves', 'more']);
  // What was heard before the file was read has its speed there, too.
  assert.equal(of('curves')[0]!.steps.tokensPerSecond[19], 520);
  assert.equal(of('more')[0]!.steps.step.at(-1), 30);
  for (let step = 31; step <= 90; step++) trainings.say(stepEvent(step));
  await delay(150);
  assert.equal(of('more').length, 2);
  assert.deepEqual([of('more')[1]!.steps.step[0], of('more')[1]!.steps.step.length], [31, 60]);
});

test('a resumed run is read anew', async () => {
  let lines = makeMetrics(20, 10, 1);
  const { trainings, runs, feed, of } = setUp(() => Promise.resolve(lines));
  const run = makeRun(4, { status: 'running' });
  runs.put(run);
  await feed.start();
  feed.watch([run.directory]);
  await delay(20);
  lines = makeMetrics(10, 10, 1);
  trainings.begin('spam', run);
  const { data } = makeReport();
  const begun = { name: run.name, directory: run.directory, data, parameters: 9, epochs: 2, stepsPerEpoch: 10 };
  trainings.say({ type: 'run', ...begun, resumedAt: 10 });
  await delay(20);
  assert.equal(of('curves').at(-1)?.steps.step.length, 10);
});

test('the selected run tells its test, else the best epoch so far', async () => {
  const { trainings, runs, feed, of } = setUp();
  runs.put(makeRun(1, { report: makeReport() }));
  const run = makeRun(2, { status: 'running' });
  runs.put(run);
  await feed.start();
  feed.select(makeRun(1).directory);
  assert.deepEqual(
    [of('detail').at(-1)?.part, of('detail').at(-1)?.scores?.perClass[0]?.f1],
    ['test', makeScores(0.91).perClass[0]!.f1],
  );
  feed.select(run.directory);
  assert.deepEqual([of('detail').at(-1)?.part, of('detail').at(-1)?.scores], ['validation', null]);
  trainings.begin('spam', run);
  const epoch = { epoch: 1, steps: 10, trainingLoss: 1, validation: makeScores(0.8), best: true };
  trainings.say({ type: 'epoch', ...epoch });
  assert.equal(of('detail').at(-1)?.scores?.perClass[0]?.f1, makeScores(0.8).perClass[0]!.f1);
});

test('a failure is told, and a closed panel hears nothing', async () => {
  const { trainings, runs, feed, failures, posted } = setUp(() => Promise.reject(new Error('unreadable')));
  runs.put(makeRun(1));
  await feed.start();
  feed.watch([makeRun(1).directory]);
  await delay(20);
  assert.match(String(failures[0]), /unreadable/);
  feed.dispose();
  const count = posted.length;
  trainings.begin('spam', makeRun(1));
  runs.put(makeRun(2));
  await delay(120);
  assert.equal(posted.length, count);
});
