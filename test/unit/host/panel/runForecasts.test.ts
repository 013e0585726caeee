/** One forecast at a time: a newer question or another run calls off the one that is under way. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { UserError } from '../../../../src/errors';
import { parseExperiment } from '../../../../src/experiment/parseExperiment';
import { RunForecasts } from '../../../../src/host/panel/runForecasts';
import { parseHostMessage, type HostMessage } from '../../../../src/panelMessages';
import type { ForecastParameters, ForecastResult } from '../../../../src/protocol';
import { makeReport, makeRun } from './fakeHost';

const text = '{"task": "forecasting", "data": {"train": ["sea.csv", "lake.csv"]}}';
const run = makeRun(1, {
  experiment: parseExperiment(text, 'sea.rnn.json').experiment,
  model: '/runs/sea-1/model.onnx',
  report: makeReport({ experimentFile: '/workspace/sea.rnn.json' }),
});
const row = { time: null, forecast: null, score: 3, anomaly: true };
const result: ForecastResult = {
  ...{ columns: ['value'], time: null, threshold: 2, next: [] },
  rows: [1, 2, 3].map((value) => ({ ...row, line: value + 1, values: [value] })),
  alarms: [{ first: 1, last: 2, peak: 2, cause: 1 }],
};

interface Question {
  readonly parameters: ForecastParameters;
  readonly report: (fraction: number) => void;
  readonly signal: AbortSignal;
  readonly answer: (result: ForecastResult) => void;
}
let questions: Question[];
let posted: Extract<HostMessage, { type: 'forecast' }>[];
let opened: [string, number][];
let isTrusted: boolean;
let forecasts: RunForecasts;
beforeEach(() => {
  [questions, posted, opened, isTrusted] = [[], [], [], true];
  forecasts = new RunForecasts({
    client: {
      forecast: (parameters, report, signal = new AbortController().signal) =>
        new Promise((answer, reject) => {
          questions.push({ parameters, report: report ?? (() => undefined), signal, answer });
          signal.addEventListener('abort', () => {
            reject(new DOMException('called off', 'AbortError'));
          });
        }),
    },
    post: (message) => {
      const read = parseHostMessage(structuredClone(message));
      assert.ok(read.type === 'forecast');
      posted.push(read);
    },
    checkTrust: () => {
      if (!isTrusted) throw new UserError('This folder is not trusted.');
    },
    noModel: (name) => `${name} has no model.`,
    explain: (error) => String(error),
    open: (path, line) => {
      opened.push([path, line]);
      return Promise.resolve();
    },
  });
});

const kinds = () => posted.map(({ file, state }) => `${file} ${state.kind}`);

test('a forecast tells its progress, and its anomalies open the data', async () => {
  const done = forecasts.forecast(run, 1);
  const { parameters, report, answer } = questions[0]!;
  assert.deepEqual(parameters, { model: run.model, data: '/workspace/lake.csv', last: 20_000 });
  report(0.5);
  answer(result);
  await done;
  assert.deepEqual(kinds(), ['1 working', '1 working', '1 done']);
  assert.deepEqual(posted[1]!.state, { kind: 'working', fraction: 0.5 });
  await forecasts.openAnomaly(run.directory, 0);
  await forecasts.openAnomaly(run.directory, 1);
  await forecasts.openAnomaly('/runs/other', 0);
  assert.deepEqual(opened, [['/workspace/lake.csv', 3]]);
});

test('another question or another run calls off what is under way', async () => {
  const first = forecasts.forecast(run, 0);
  const second = forecasts.forecast(run, 1);
  await first;
  assert.deepEqual(
    questions.map(({ signal }) => signal.aborted),
    [true, false],
  );
  forecasts.keepOnly(run.directory);
  assert.equal(questions[1]!.signal.aborted, false);
  forecasts.keepOnly('/runs/other');
  await second;
  assert.equal(questions[1]!.signal.aborted, true);
  assert.deepEqual(kinds(), ['0 working', '1 working']);
});

test('what prevents a forecast is said in the place of it', async () => {
  await forecasts.forecast({ ...run, model: null }, 0);
  assert.deepEqual(posted.at(-1)!.state, { kind: 'problem', message: 'UserError: spam-1 has no model.' });
  isTrusted = false;
  await forecasts.forecast(run, 0);
  assert.deepEqual(posted.at(-1)!.state, { kind: 'problem', message: 'UserError: This folder is not trusted.' });
  assert.deepEqual(questions, []);
});
