/** What the panel knows of the forecast of the selected run's data, and what of it is looked at. Draws nothing. */
import type { HostMessage, PanelMessage, RunRow } from '../../src/panelMessages';
import { ForecastCurves } from './forecastCurves';
import type { StepRange } from './zoomRange';

/** How far the forecast is. */
export type ForecastProgress =
  | { readonly kind: 'none' }
  | { readonly kind: 'working'; readonly fraction: number }
  | { readonly kind: 'problem'; readonly message: string }
  | { readonly kind: 'done'; readonly curves: ForecastCurves };

/** What the model needs of the page. */
export interface ForecastSurroundings {
  readonly tell: (message: PanelMessage) => void;
  readonly changed: () => void;
}

export class ForecastModel {
  progress: ForecastProgress = { kind: 'none' };
  /** Index of the data file among the run's. */
  file = 0;
  /** Index of the channel that is drawn. */
  channel = 0;
  /** First and last row in the picture; null shows all. */
  zoom: StepRange | null = null;
  /** Names of the run's data files, once they are known. */
  files: readonly string[] = [];
  /** Counts the forecasts. */
  version = 0;
  private run: string | undefined;
  /** Which state of which run was asked for. */
  private asked: string | undefined;

  constructor(private readonly outside: ForecastSurroundings) {}

  /** Asks for the forecast of a run that has a model, once for each time that it was trained. */
  seek(run: Pick<RunRow, 'id' | 'status' | 'hasModel' | 'seconds'>): void {
    if (!run.hasModel) return;
    const key = `${run.id} ${run.seconds ?? ''}`;
    // A run that is resumed has its old model until it ends.
    if (this.asked === key || (this.run === run.id && run.status === 'running')) return;
    this.asked = key;
    this.run = run.id;
    this.ask();
  }

  /** Asks again, after a problem. */
  retry(): void {
    this.ask();
  }

  /** Shows another of the run's files. */
  chooseFile(file: number): void {
    this.file = file;
    this.zoom = null;
    this.ask();
  }

  chooseChannel(channel: number): void {
    this.channel = channel;
    this.outside.changed();
  }

  zoomTo(zoom: StepRange | null): void {
    this.zoom = zoom;
    this.outside.changed();
  }

  receive({ run, file, state }: Extract<HostMessage, { type: 'forecast' }>): void {
    if (run !== this.run || file !== this.file) return;
    if (state.kind !== 'done') {
      this.progress = state;
      return;
    }
    this.progress = { kind: 'done', curves: new ForecastCurves(state.series) };
    this.files = state.series.files;
    this.version++;
    if (this.channel >= state.series.channels.length) this.channel = 0;
  }

  /** Forgets all, because another run is selected. */
  forget(): void {
    this.progress = { kind: 'none' };
    this.asked = undefined;
    this.run = undefined;
    this.zoom = null;
    this.files = [];
    this.file = 0;
    this.channel = 0;
  }

  private ask(): void {
    if (this.run === undefined) return;
    this.progress = { kind: 'working', fraction: 0 };
    this.outside.tell({ type: 'forecast', run: this.run, file: this.file });
    this.outside.changed();
  }
}
