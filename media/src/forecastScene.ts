/** What the chart of a forecast shows: the values, the forecast with its band, anomalies and the parts of the data. */
import type { PanelTextKey } from '../../src/panelMessages';
import { multiples, roundStep } from './axisRange';
import type { ForecastCurves, ForecastPart } from './forecastCurves';
import { formatCount, formatNumber } from './numbers';
import type { RunLook, ThemeColors } from './runColors';
import { emptyScene, type ReadoutRow, type Scene, type SceneAxis } from './scene';
import { text } from './texts';

/** Colours of a forecast. */
export interface ForecastLooks {
  /** What was measured: the theme's foreground, thin. */
  readonly measured: RunLook;
  /** The forecast and its band, in the colour of the run. */
  readonly forecast: RunLook;
  /** Marks of anomalies. */
  readonly anomaly: string;
}

/** The looks beside a run of this look; anomalies are red, or yellow beside a run that is red itself. */
export function forecastLooks(run: RunLook, theme: ThemeColors): ForecastLooks {
  const [red, yellow] = [theme.charts[4]!, theme.charts[5]!];
  return {
    measured: { color: theme.foreground, dash: [], slot: -1 },
    forecast: { ...run, dash: [] },
    anomaly: run.color === red ? yellow : red,
  };
}

/** The names of the parts. */
export const partNames: Readonly<Record<ForecastPart['name'], PanelTextKey>> = {
  train: 'partTrain',
  validation: 'partValidation',
  test: 'partTest',
};

/** The chart of one channel; `version` changes whenever the curves do. */
export function forecastScene(curves: ForecastCurves, channel: number, version: number, looks: ForecastLooks): Scene {
  const shown = curves.channels[channel];
  if (shown === undefined) return emptyScene;
  const { rows, parts, series } = curves;
  const { values, forecast, low, high } = shown;
  const { measured, forecast: run, anomaly } = looks;
  const key = `${version}:${channel}`;
  return {
    ...emptyScene,
    areas: [{ xs: rows, lows: low, highs: high, look: run, key: `${key}:band` }],
    curves: [
      { xs: rows, ys: forecast, look: run, kind: 'bold', key: `${key}:forecast`, isLive: false },
      { xs: rows, ys: values, look: measured, kind: 'thin', key: `${key}:values`, isLive: false },
    ],
    bands: series.alarms.map(({ first, last }) => ({ from: first - 0.5, to: last + 0.5, label: '', color: anomaly })),
    marks: series.alarms.map(({ cause }) => {
      const y = values.at(cause)!;
      return { x: cause, y, color: anomaly, isBelow: y < forecast.at(cause)! };
    }),
    boundaries: parts.map(({ name, start }) => ({ x: start, label: text(partNames[name]) })),
    axis: axisOf(curves),
    heading: (row) => headingOf(curves, row),
    readout: (row) => {
      const value = values.at(row);
      if (value === undefined) return [];
      const expected = forecast.at(row)!;
      const found: ReadoutRow[] = [{ name: text('measured'), look: measured, value: formatNumber(value) }];
      if (Number.isNaN(expected)) return found;
      const aside = text('fromTo', formatNumber(low.at(row)!), formatNumber(high.at(row)!));
      return [...found, { name: text('forecast'), look: run, value: formatNumber(expected), aside }];
    },
  };
}

/** A row by its time, else by its number in the file, and its line. */
export function headingOf({ series }: ForecastCurves, row: number): string {
  const time = series.times?.[row] ?? text('row', formatCount(series.skipped + row + 1));
  return `${time} · ${text('line', formatCount(series.lines[row] ?? 0))}`;
}

/** Labels at the beginnings of days and the like, else at round numbers of rows. */
function axisOf({ series: { skipped }, timeMarks }: ForecastCurves): SceneAxis {
  const space = 64;
  if (timeMarks !== null) {
    return {
      space,
      marks: (from, to, most) => timeMarks.marks(from, to, most),
      labels: (rows) => rows.map((row) => timeMarks.label(row)),
    };
  }
  const first = skipped + 1;
  return {
    space,
    marks: (from, to, most) =>
      multiples(from + first, to + first, roundStep((to - from) / most)).map((number) => number - first),
    labels: (rows) => rows.map((row) => formatCount(row + first)),
  };
}
