/** `sequence-lab predict` for models of number series: classes of the series of a file, or forecasts and anomalies of its rows. */
import { UserError } from '../errors';
import type { ForecastResult, ForecastRow, SeriesPrediction, Task } from '../protocol';
import { type CommandContext, exitCodes } from './commandContext';
import { printable } from './displayText';
import { formatAmount, formatNumber, formatShare } from './format';

/** Predicts what `--input` names; a row or series a line. */
export async function predictNumbers(context: CommandContext, task: Task): Promise<number> {
  const { options } = context;
  const [model] = options.positionals;
  const input = options.values.get('input')?.[0];
  if (input === undefined || input === '-' || options.values.has('text')) {
    const what = task === 'forecasting' ? 'a CSV or TSV file' : 'a .ts, CSV or TSV file, or a folder,';
    throw new UserError(`This model reads number series: give ${what} with --input, and no --text.`, { file: model! });
  }
  if (task === 'forecasting') await forecast(context, model!, input);
  else await classify(context, model!, input);
  return exitCodes.done;
}

async function classify({ options, engine, output, signal }: CommandContext, model: string, data: string) {
  const predictions = await engine.predictSeries({ model, data }, signal);
  for (const prediction of predictions) {
    if (options.flags.has('json')) output.json({ type: 'prediction', ...prediction });
    else output.line(describePrediction(prediction).join('\t'));
    await output.drained();
  }
}

function describePrediction({ file, line, length, truth, label, probability }: SeriesPrediction): string[] {
  const place = line === undefined ? file : `${file}:${line}`;
  return [printable(label), formatNumber(probability), printable(place), `${length} steps`, printable(truth)];
}

async function forecast({ options, engine, output, signal }: CommandContext, model: string, data: string) {
  const json = options.flags.has('json');
  let result: ForecastResult;
  try {
    result = await engine.forecast(
      { model, data },
      (fraction) => {
        if (!json) output.status(`Forecasting… ${formatShare(fraction)}`);
      },
      signal,
    );
  } finally {
    output.status('');
  }
  const { rows, next, threshold, alarms } = result;
  if (json) {
    for (const row of rows) {
      output.json({ type: 'row', ...row });
      await output.drained();
    }
    for (const step of next) output.json({ type: 'next', ...step });
    output.json({
      type: 'result',
      threshold,
      alarms: alarms.map(({ first, last, peak, cause }) => ({
        firstLine: rows[first]!.line,
        lastLine: rows[last]!.line,
        peakLine: rows[peak]!.line,
        causeLine: rows[cause]!.line,
        score: rows[peak]!.score,
      })),
    });
    return;
  }
  output.line(['line', 'time', ...result.columns.flatMap(columnTitles), 'score', 'anomaly'].map(printable).join('\t'));
  for (const row of rows) {
    output.line(describeRow(row).join('\t'));
    await output.drained();
  }
  for (const [at, { values, low, high }] of next.entries()) {
    const cells = values.flatMap((value, column) => ['', plain(value), plain(low[column]!), plain(high[column]!)]);
    output.line(['', `+${at + 1}`, ...cells, '', ''].join('\t'));
  }
  // A pipe gets rows alone, whose last column says the same.
  if (output.isTTY) {
    output.line(
      `${formatAmount(alarms.length, 'alarm', 'alarms')} with a score of at least ${formatNumber(threshold)}`,
    );
  }
}

const columnTitles = (column: string): string[] => [column, `${column} forecast`, `${column} low`, `${column} high`];

function describeRow({ line, time, values, forecast: step, score, anomaly }: ForecastRow): string[] {
  const cells = values.flatMap((value, column) => [
    plain(value),
    ...(step === null ? ['', '', ''] : [step.values, step.low, step.high].map((numbers) => plain(numbers[column]!))),
  ]);
  return [
    String(line),
    printable(time ?? ''),
    ...cells,
    score === null ? '' : score.toFixed(2),
    anomaly ? 'anomaly' : '',
  ];
}

/** Six digits, which is what float32 holds. */
function plain(value: number): string {
  return String(Number(value.toPrecision(6)));
}
