/** The tables that a forecaster was trained on; pure. */
import { dirname, resolve } from 'node:path';
import type { RunSummary } from '../../runs/readRun';
import { experimentFileOf } from '../runLists';

/** A table as the experiment names it, and where it is. */
export interface ForecastFile {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** The files of a run of forecasting; none for one of another task. */
export function forecastFiles(run: RunSummary): ForecastFile[] {
  if (run.experiment.task !== 'forecasting') return [];
  const folder = dirname(experimentFileOf(run));
  return [run.experiment.data.train].flat().map((name) => ({ name, path: resolve(folder, name) }));
}
