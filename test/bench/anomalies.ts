/**
 * Measures a forecaster's anomalies against labelled windows:
 * `node --import tsx test/bench/anomalies.ts MODEL.onnx DATA.csv WINDOWS.json`, where WINDOWS.json has a list of
 * [start, end] by the name of the data file. Says which windows hold an anomaly at the lowest threshold with at most one
 * false alarm a week outside of the windows, and at the threshold that the model chose without knowing them.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseTime, weeksOf } from '../../src/data/series/times';
import { openDataFile } from '../../src/files/dataSource';
import { chooseThreshold, findAlarms } from '../../src/inference/anomalyLikelihood';
import { loadModel, ofTask } from '../../src/inference/loadModel';

const [modelPath, dataPath, windowsPath] = process.argv.slice(2);
if (modelPath === undefined || dataPath === undefined || windowsPath === undefined) {
  console.error('usage: node --import tsx test/bench/anomalies.ts MODEL.onnx DATA.csv WINDOWS.json');
  process.exit(1);
}
const labelled = JSON.parse(await readFile(windowsPath, 'utf8')) as Record<string, [string, string][]>;
const windows = labelled[basename(dataPath)];
if (windows === undefined) throw new Error(`${windowsPath} has no windows for ${basename(dataPath)}.`);

const model = ofTask(await loadModel(await readFile(modelPath), modelPath, 1), 'forecasting', modelPath);
const series = await model.read(await openDataFile(dataPath));
const result = await model.forecast(series);
await model.dispose();

const scores = Float64Array.from(result.rows, ({ score }) => score ?? NaN);
const times = result.rows.map(({ time }) => parseTime(time ?? '') ?? NaN);
const spans = windows.map(([start, end]) => [parseTime(start)!, parseTime(end)!] as const);
const isInside = times.map((time) => spans.some(([start, end]) => time >= start && time <= end));
const outside = scores.map((score, row) => (isInside[row]! ? NaN : score));
const share = isInside.filter((inside) => !inside).length / scores.length;
const weeks = weeksOf(series.times, series.rows) * share;
const allowed = Math.floor(weeks);
const { short } = model.metadata.anomalies;

console.log(
  `${basename(dataPath)}: ${series.rows} rows, ${weeks.toFixed(1)} weeks outside of ${windows.length} windows`,
);
const best = chooseThreshold([outside], allowed, short, 0);
for (const [name, threshold] of [
  [`lowest threshold with at most ${allowed} false alarms`, best],
  ["the model's own threshold", result.threshold],
] as const) {
  const falseAlarms = findAlarms(outside, threshold, short).length;
  const peaks = spans.map(([start, end]) =>
    scores.reduce((most, score, row) => (times[row]! >= start && times[row]! <= end && score > most ? score : most), 0),
  );
  const found = peaks.filter((peak) => peak >= threshold).length;
  console.log(
    `  ${name} (${threshold.toFixed(3)}): ${found} of ${windows.length} windows, ` +
      `${falseAlarms} false alarms (${(falseAlarms / weeks).toFixed(2)} a week); ` +
      `highest scores in the windows ${peaks.map((peak) => peak.toFixed(2)).join(', ')}`,
  );
}
