/** A forecast series as columns that a chart can draw; knows neither colours nor pixels. */
import type { ForecastSeries } from '../../src/panelMessages';
import { Column } from './column';
import { TimeMarks } from './timeMarks';
import type { StepRange } from './zoomRange';

/** One channel. */
export interface ForecastChannel {
  readonly name: string;
  readonly values: Column;
  readonly forecast: Column;
  readonly low: Column;
  readonly high: Column;
}

/** A stretch of the rows that the training took as one. */
export interface ForecastPart {
  readonly name: 'train' | 'validation' | 'test';
  /** Row that it begins with. */
  readonly start: number;
  /** Row after its last. */
  readonly end: number;
}

/** Rows are counted from 0 at the first one that is there. */
export class ForecastCurves {
  readonly rows: Column;
  readonly channels: readonly ForecastChannel[];
  /** The parts that have rows here; none where they are not known. */
  readonly parts: readonly ForecastPart[];
  /** Null where the times are no dates, or there are none. */
  readonly timeMarks: TimeMarks | null;

  constructor(readonly series: ForecastSeries) {
    this.rows = new Column(series.lines.map((_, row) => row));
    this.channels = series.channels.map(({ name, values, forecast, low, high }) => ({
      name,
      ...{ values: new Column(values), forecast: new Column(forecast) },
      ...{ low: new Column(low), high: new Column(high) },
    }));
    this.parts = partsOf(series);
    this.timeMarks = series.times !== null && TimeMarks.readable(series.times) ? new TimeMarks(series.times) : null;
  }

  /** First and last row. */
  get whole(): StepRange {
    return [0, Math.max(1, this.rows.length - 1)];
  }

  /** The anomaly that is nearest to a row, at most `reach` rows from it; −1 where none is. */
  anomalyAt(row: number, reach: number): number {
    let found = -1;
    let nearest = reach;
    for (const [index, { first, last, cause }] of this.series.alarms.entries()) {
      const distance =
        row >= Math.min(first, cause) && row <= last
          ? 0
          : Math.min(...[first, last, cause].map((at) => Math.abs(at - row)));
      if (distance > nearest) continue;
      nearest = distance;
      found = index;
    }
    return found;
  }

  /** The channel whose value at a row is furthest out of its band, in widths of the band. */
  strangestChannel(row: number): number {
    let found = 0;
    let furthest = -Infinity;
    for (const [index, { values, forecast, low, high }] of this.channels.entries()) {
      const away = Math.abs(values.at(row)! - forecast.at(row)!) / (high.at(row)! - low.at(row)!);
      if (!(away > furthest)) continue;
      furthest = away;
      found = index;
    }
    return found;
  }
}

function partsOf({ parts, lines: { length } }: ForecastSeries): ForecastPart[] {
  if (parts === null) return [];
  const cut = (row: number) => Math.min(length, Math.max(0, row));
  const [validation, test] = [cut(parts.validation), cut(parts.test)];
  const found: ForecastPart[] = [
    { name: 'train', start: 0, end: validation },
    { name: 'validation', start: validation, end: test },
    { name: 'test', start: test, end: length },
  ];
  return found.filter(({ start, end }) => end > start);
}
