/**
 * Forecasts of a run's own data for the panel: one at a time, called off when another run is looked at. Must not know
 * vscode.
 */
import { UserError } from '../../errors';
import type { ForecastState, HostMessage } from '../../panelMessages';
import type { RunSummary } from '../../runs/readRun';
import type { EngineRequests } from '../contracts';
import { forecastFiles } from '../series/forecastFiles';
import { forecastSeries } from './forecastSeries';

/** Most rows that the panel gets of a file, its last ones. */
const mostRows = 20_000;

/** What the forecasts need of the editor. */
export interface ForecastHost {
  readonly client: Pick<EngineRequests, 'forecast'>;
  readonly post: (message: HostMessage) => void;
  /** @throws UserError where models must not be used */
  readonly checkTrust: () => void;
  /** Says that a run, by its name, has no model. */
  readonly noModel: (name: string) => string;
  /** The sentence for a failure, which it logs where it is a fault of ours. */
  readonly explain: (error: unknown) => string;
  /** Opens a file at a line, from 1. */
  readonly open: (path: string, line: number) => Promise<void>;
}

/** What the panel shows at this time, for clicks on it. */
interface Shown {
  readonly run: string;
  readonly path: string;
  /** Lines of the anomalies, from 1. */
  readonly lines: readonly number[];
}

/** Serves one open panel. */
export class RunForecasts {
  private asked: { readonly run: string; readonly stopping: AbortController } | undefined;
  private shown: Shown | undefined;

  constructor(private readonly host: ForecastHost) {}

  /** Forecasts a data file of the run with the run's own model, in place of what is under way. */
  async forecast(run: RunSummary, file: number): Promise<void> {
    this.cancel();
    const stopping = new AbortController();
    this.asked = { run: run.directory, stopping };
    const tell = (state: ForecastState) => {
      if (!stopping.signal.aborted) this.host.post({ type: 'forecast', run: run.directory, file, state });
    };
    tell({ kind: 'working', fraction: 0 });
    try {
      const { series, path } = await this.seriesOf(run, file, tell, stopping.signal);
      if (stopping.signal.aborted) return;
      this.shown = { run: run.directory, path, lines: series.alarms.map(({ cause }) => series.lines[cause]!) };
      tell({ kind: 'done', series });
    } catch (error) {
      if (!stopping.signal.aborted) tell({ kind: 'problem', message: this.host.explain(error) });
    }
  }

  /** Calls off what is under way for another run than this. */
  keepOnly(run: string): void {
    if (this.asked?.run !== run) this.cancel();
  }

  /** Calls off what is under way. */
  cancel(): void {
    this.asked?.stopping.abort();
    this.asked = undefined;
  }

  /** Opens the data at an anomaly of the last forecast: the page says which by number. */
  async openAnomaly(run: string, index: number): Promise<void> {
    const { shown } = this;
    const line = shown?.run === run ? shown.lines[index] : undefined;
    if (shown !== undefined && line !== undefined) await this.host.open(shown.path, line);
  }

  private async seriesOf(run: RunSummary, file: number, tell: (state: ForecastState) => void, signal: AbortSignal) {
    const { experiment, model, report, name } = run;
    const files = forecastFiles(run);
    const chosen = files[file];
    if (experiment.task !== 'forecasting' || chosen === undefined) throw new Error(`${name} has no file ${file}.`);
    this.host.checkTrust();
    if (model === null) throw new UserError(this.host.noModel(name));
    const result = await this.host.client.forecast(
      { model, data: chosen.path, last: mostRows },
      (fraction) => {
        tell({ kind: 'working', fraction });
      },
      signal,
    );
    const names = files.map((one) => one.name);
    return {
      series: forecastSeries(result, { files: names, experiment, trained: report?.data ?? null }),
      path: chosen.path,
    };
  }
}
