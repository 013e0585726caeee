/**
 * Frame times of the training panel with 20 runs of 100,000 steps while one of them grows; run it by
 * `node --import tsx test/bench/panelFrames.ts [seconds]`. A frame's time is the work of the page's main thread in it,
 * scripts and drawing commands together; the pace of the frames stands beside it.
 */
import process from 'node:process';
import { epochPoint, stepColumns } from '../../src/host/panel/curveColumns';
import { describeRun } from '../../src/host/panel/describeRun';
import type { HostMessage, StepColumns } from '../../src/panelMessages';
import type { StepMetrics } from '../../src/protocol';
import { makeMetrics, makeReport, makeRun } from '../unit/host/panel/fakeHost';
import { englishTexts, openPanelPage } from '../vscode/page/panelPage';

const runCount = 20;
const stepCount = 100_000;
const seconds = Number(process.argv[2] ?? 10);

const runs = Array.from({ length: runCount }, (_, index) => makeRun(index + 1, { report: makeReport() }));
const live = runs.at(-1)!;

/** The curves of a run in one message. */
function curves(index: number): HostMessage {
  const lines = makeMetrics(stepCount, stepCount / 20, index + 1);
  const steps = lines.filter((line): line is StepMetrics => !('validation' in line));
  const points = lines.filter((line) => 'validation' in line).map(epochPoint);
  const timed = steps.map((step) => ({ ...step, tokensPerSecond: 180_000 + 5000 * Math.sin(step.step / 500) }));
  return { type: 'curves', run: runs[index]!.directory, steps: stepColumns(timed), epochs: points };
}

/** The next steps of the live run, as a tenth of a second brings them. */
function more(from: number, count: number): StepColumns {
  return stepColumns(
    Array.from({ length: count }, (_, index) => ({
      ...{ step: from + index, epoch: 21, loss: 0.2 + 0.1 * Math.random(), gradientNorm: 0.5 + Math.random() },
      ...{ learningRate: 1e-4, tokens: 600, tokensPerSecond: 180_000 },
    })),
  );
}

const page = await openPanelPage({
  size: { width: 1280, height: 1200 },
  host: () => undefined,
});
const words = {
  bidirectional: 'bidirectional',
  characters: 'characters',
  vectors: (share: string) => share,
  reason: () => undefined,
};
await page.post(
  { type: 'setup', texts: englishTexts(), language: 'en', smoothing: 0.9 },
  { type: 'show', view: { kind: 'runs' } },
  { type: 'runs', runs: runs.map((run) => describeRun(run, words)) },
);
for (const { name } of runs) {
  const box = page.page.locator('.runs-table tr', { hasText: new RegExp(`\\b${name}\\b`) }).locator('vscode-checkbox');
  if (!(await box.evaluate((element) => (element as unknown as { checked: boolean }).checked))) await box.click();
}
for (let index = 0; index < runCount; index++) await page.post(curves(index));
const training = { run: live.directory, name: live.name, phase: 'training', fraction: null, epochs: 40 } as const;
const rates = { tokensPerSecond: 180_000, secondsLeft: 42, isStopping: false };
const status = (step: number): HostMessage => ({
  type: 'training',
  training: { ...training, ...rates, epoch: 21, step, steps: 2 * stepCount },
});
await page.post(status(stepCount));
await page.page.waitForTimeout(2000);

// The work of a frame: what runs between the first callback of a frame and the idle moment after its drawing.
await page.page.evaluate(`
  window.works = []; window.gaps = []; let last = 0;
  const channel = new MessageChannel(); let started = 0;
  channel.port1.onmessage = () => window.works.push(performance.now() - started);
  const first = window.requestAnimationFrame.bind(window);
  const frame = (time) => {
    if (last > 0) window.gaps.push(time - last);
    last = time; started = performance.now();
    channel.port2.postMessage(0); first(frame);
  };
  first(frame);`);
const tracer = await page.page.context().newCDPSession(page.page);
await tracer.send('Performance.enable');
const taskSeconds = async () => {
  const { metrics } = await tracer.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')!.value;
};
const before = await taskSeconds();
const begun = Date.now();
let step = stepCount + 1;
while (Date.now() - begun < seconds * 1000) {
  await page.post(status(step), { type: 'more', run: live.directory, steps: more(step, 30), epochs: [] });
  step += 30;
  await page.page.waitForTimeout(100);
}
const busy = ((await taskSeconds()) - before) / ((Date.now() - begun) / 1000);
const { works, gaps } = await page.page.evaluate<{ works: number[]; gaps: number[] }>('({ works, gaps })');
await page.screenshot('bench-panel-frames');
await page.close();

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const percentile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)]!;
const line = (name: string, values: readonly number[]) =>
  `${name}: mean ${mean(values).toFixed(1)} ms, 95th percentile ${percentile(values, 0.95).toFixed(1)} ms`;
console.log(`${runCount} runs of ${stepCount} steps, ${works.length} frames, ${step - stepCount - 1} live steps`);
console.log(line('work a frame', works));
console.log(line('time between frames', gaps));
console.log(`main thread busy: ${(busy * 100).toFixed(0)} %`);
