/** Number series from the command line: training, prediction and scores, runs that are stopped, and bad input. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Report } from '../../src/protocol';
import { CliProcess, jsonLines, runCli, succeed } from './cliProcess';
import { refuses } from './refusal';
import { checkpointTensors, makeWorkplace, modelTensors, type Workplace } from './workplace';

let place: Workplace;
before(async () => {
  place = await makeWorkplace('Reihen ');
  await place.write('waves.ts', waves(40));
  await place.write('sea.csv', sea(600));
});
after(() => place.remove());

/** Two classes of two channels that differ in their rhythm; series of 8 to 12 steps. */
function waves(count: number): string {
  const lines = Array.from({ length: count }, (_, at) => {
    const [isFast, length] = [at % 2 === 0, 8 + (at % 5)];
    const channel = (shift: number) =>
      Array.from({ length }, (_, step) => (3 * Math.sin((isFast ? 2 : 0.5) * step + shift + at)).toFixed(3)).join(',');
    return `${channel(0)}:${channel(1)}:${isFast ? 'fast' : 'slow'}`;
  });
  return `@problemName waves\n@classLabel true slow fast\n@data\n${lines.join('\n')}\n`;
}

/** A tide every ten minutes with a ripple, and one hour in which it is not there. */
function sea(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const isStill = row >= 500 && row < 506;
    const level = isStill ? 9 : 5 + 2 * Math.sin(row / 4) + 0.1 * Math.sin(7.3 * row);
    return `${new Date(Date.UTC(2024, 0, 1) + row * 600_000).toISOString()},${level.toFixed(4)}`;
  });
  return `when,level\n${lines.join('\n')}\n`;
}

const training = { epochs: 12, batchSize: 8, learningRate: 0.02, replicas: 1 };
const classification = {
  data: { train: 'waves.ts', validation: 0.2, test: 0.2 },
  features: { type: 'numbers' },
  model: { hidden: 12, dropout: 0 },
  training,
};
const forecasting = (more: object = {}) => ({
  task: 'forecasting',
  data: { train: 'sea.csv', time: 'when', values: 'level', validation: 0.15, test: 0.25 },
  features: { context: 24, horizon: 3 },
  model: { hidden: 12, dropout: 0.1 },
  training: { ...training, batchSize: 32, earlyStopping: false, ...more },
  anomalies: { short: 3, long: 150 },
});

async function train(name: string, experiment: object): Promise<{ report: Report; model: string }> {
  await place.write(`${name}.rnn.json`, JSON.stringify(experiment));
  const events = jsonLines(await succeed(['train', `${name}.rnn.json`, '--json'], { cwd: place.folder }));
  return events.at(-1) as unknown as { report: Report; model: string };
}

test('series are classified, in a file and by file', async () => {
  const { report, model } = await train('waves', classification);
  assert.deepEqual(report.data.examples, { train: 24, validation: 8, test: 8 });
  assert.ok(
    report.test !== null && 'accuracy' in report.test && report.test.accuracy >= 0.75,
    JSON.stringify(report.test),
  );
  const predictions = jsonLines(
    await succeed(['predict', model, '--input', 'waves.ts', '--json'], { cwd: place.folder }),
  );
  assert.equal(predictions.length, 40);
  const right = predictions.filter(({ label, truth }) => label === truth).length;
  assert.ok(right >= 36, `${right} of 40`);
  assert.deepEqual([predictions[0]!['line'], predictions[0]!['length']], [4, 8]);
  const plain = await succeed(['predict', model, '--input', 'waves.ts'], { cwd: place.folder });
  assert.match(plain.split('\n')[0]!, /^(fast|slow)\t[\d.]+\twaves\.ts:4\t8 steps\tfast$/u);
  const scores = jsonLines(await succeed(['evaluate', model, 'waves.ts', '--json'], { cwd: place.folder })).at(-1)!;
  assert.equal((scores['metrics'] as { accuracy: number }).accuracy, right / 40);
  const said = await succeed(['inspect', model], { cwd: place.folder });
  assert.match(said, /^channels +2: 1, 2$/mu);

  await place.write('one.csv', 'label,t1,t2\nfast,1,2\n');
  await refuses(
    place.folder,
    ['predict', model, '--input', 'one.csv'],
    ['one.csv', '1 channels where the model has 2'],
  );
  await refuses(place.folder, ['predict', model, '--text', 'hello'], ['reads number series', '--input']);
});

test('a series is forecast, and what was not expected is an anomaly', async () => {
  const { report, model } = await train('sea', forecasting());
  assert.equal(report.task, 'forecasting');
  assert.ok(report.best !== null && 'mse' in report.best.validation && report.best.validation.mse < 0.1);
  const lines = jsonLines(await succeed(['predict', model, '--input', 'sea.csv', '--json'], { cwd: place.folder }));
  const rows = lines.filter(({ type }) => type === 'row');
  assert.equal(rows.length, 600);
  assert.equal(rows[23]!['forecast'], null);
  const { values, low, high } = rows[24]!['forecast'] as Record<'values' | 'low' | 'high', number[]>;
  assert.ok(low[0]! < values[0]! && values[0]! < high[0]!);
  assert.equal(lines.filter(({ type }) => type === 'next').length, 3);
  const { alarms } = lines.at(-1) as unknown as { alarms: { peakLine: number; causeLine: number }[] };
  // The still hour stands in the lines 502 to 507.
  assert.ok(
    alarms.some(
      ({ peakLine, causeLine }) => peakLine >= 502 && peakLine <= 510 && causeLine >= 502 && causeLine <= 508,
    ),
    JSON.stringify(alarms),
  );
  assert.ok(alarms.length <= 4, JSON.stringify(alarms));
  const plain = (await succeed(['predict', model, '--input', 'sea.csv'], { cwd: place.folder })).split('\n');
  assert.equal(plain[0], 'line\ttime\tlevel\tlevel forecast\tlevel low\tlevel high\tscore\tanomaly');
  const scores = jsonLines(await succeed(['evaluate', model, 'sea.csv', '--json'], { cwd: place.folder })).at(-1)!;
  assert.equal(scores['task'], 'forecasting');
  assert.equal(scores['examples'], 600 - 24 - 3 + 1);
});

test('a stopped run of forecasting ends as one that never stopped', async () => {
  await place.write('tide.rnn.json', JSON.stringify(forecasting({ epochs: 4 })));
  await succeed(['train', 'tide.rnn.json', '--out', 'undisturbed'], { cwd: place.folder });
  let code: number | null = null;
  for (let stops = 0; code !== 0; stops++) {
    const args = ['train', 'tide.rnn.json', '--out', 'stopped', '--json'];
    const run = new CliProcess(stops === 0 ? args : [...args, '--resume'], { cwd: place.folder });
    await run.untilSteps(7 + 5 * stops);
    if (stops < 3) run.interrupt();
    ({ code } = await run.ended);
  }
  const result = async (folder: string) => ({
    metrics: await place.read(folder, 'tide-1', 'metrics.jsonl'),
    checkpoint: await checkpointTensors(place.path(folder, 'tide-1', 'checkpoint.safetensors')),
    model: await modelTensors(place.path(folder, 'tide-1', 'model.onnx')),
  });
  assert.deepEqual(await result('stopped'), await result('undisturbed'));
});

test('a folder of frames trains as well', async () => {
  for (const [label, sign] of [
    ['rise', 1],
    ['fall', -1],
  ] as const) {
    for (let at = 0; at < 8; at++) {
      const rows = Array.from({ length: 5 + (at % 3) }, (_, step) => `${sign * step},${sign * step + at / 10}`);
      await place.write(`frames/${label}/${at}.csv`, rows.join('\n'));
    }
  }
  const { report } = await train('frames', {
    ...classification,
    data: { train: 'frames', validation: 0.25, test: 0.25 },
  });
  assert.deepEqual(report.data.examples, { train: 8, validation: 4, test: 4 });
});

describe('series that are refused', () => {
  const cases: Record<string, [experiment: object, files: Record<string, string>, parts: string[]]> = {
    'a cell that is no number': [
      { ...forecasting(), data: { train: 'bad.csv', values: 'level' } },
      { 'bad.csv': 'level\n1\nlots\n' },
      ['bad.csv:3: ', '"level" has "lots", expected a number'],
    ],
    'a series that is too short': [
      { ...forecasting(), data: { train: 'bad.csv', values: 'level' } },
      { 'bad.csv': 'level\n1\n2\n' },
      ['bad.csv: ', '2 rows, too few'],
    ],
    'a column that is not there': [
      { ...forecasting(), data: { train: 'sea.csv', values: 'levle' } },
      {},
      ['sea.csv:1: ', 'no column "levle"', 'did you mean "level"?'],
    ],
    'a missing value': [
      { ...classification, data: { train: 'bad.ts' } },
      { 'bad.ts': '@classLabel true a b\n@data\n1,?:a\n1,2:b\n' },
      ['bad.ts:3: ', 'no value at step 2', 'data.missing'],
    ],
    'one class alone': [
      { ...classification, data: { train: 'bad.ts' } },
      { 'bad.ts': '@classLabel true a b\n@data\n1,2:a\n1,2:a\n1,2:a\n1,2:a\n' },
      ['bad.ts: ', 'two classes'],
    ],
    'a file of another kind': [
      { ...classification, data: { train: 'bad.txt' } },
      { 'bad.txt': '1 2 3' },
      ['bad.txt: ', '.ts, .csv and .tsv'],
    ],
  };
  for (const [name, [experiment, files, parts]] of Object.entries(cases)) {
    test(name, async () => {
      for (const [file, content] of Object.entries(files)) await place.write(file, content);
      await place.write('x.rnn.json', JSON.stringify(experiment));
      await refuses(place.folder, ['train', 'x.rnn.json', '--out', 'refused'], parts);
    });
  }

  test('a model of another task', async () => {
    const model = place.path('.sequence-lab/runs/sea-1/model.onnx');
    const { code, stderr } = await runCli(['evaluate', model, 'waves.ts'], { cwd: place.folder });
    assert.equal(code, 1);
    assert.match(stderr, /waves\.ts/u);
  });
});
