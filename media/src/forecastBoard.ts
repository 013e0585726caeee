/** The chart of the forecast with its own zoom and crosshair; redrawn once a frame at most. */
import { Chart, type ChartGroup } from './chart';
import { forecastLooks, forecastScene, type ForecastLooks } from './forecastScene';
import type { PanelModel } from './panelModel';
import { lookOf, type ThemeColors } from './runColors';
import { emptyScene } from './scene';
import { tellHost } from './host';
import { movedRange, scaledRange, type StepRange, zoomedTo } from './zoomRange';

/** Fewest rows that a zoom shows. */
const closest = 12;

/** Makes, feeds and moves the chart. */
export class ForecastBoard implements ChartGroup {
  readonly chart: Chart;
  private isDue = false;

  constructor(
    private readonly model: PanelModel,
    private readonly readColors: () => ThemeColors,
  ) {
    this.chart = new Chart(this, false);
  }

  get theme(): ThemeColors {
    return this.readColors();
  }

  get range(): StepRange {
    return this.model.forecast.zoom ?? this.whole;
  }

  /** The colours of the selected run's forecast. */
  get looks(): ForecastLooks {
    const { theme, model } = this;
    return forecastLooks(model.look(model.state.selected ?? '') ?? lookOf(0, theme), theme);
  }

  private get whole(): StepRange {
    const { progress } = this.model.forecast;
    return progress.kind === 'done' ? progress.curves.whole : [0, 1];
  }

  /** Draws the chart with the next frame. */
  redraw(): void {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      const { progress, channel, version } = this.model.forecast;
      const scene =
        progress.kind === 'done' ? forecastScene(progress.curves, channel, version, this.looks) : emptyScene;
      this.chart.show(scene);
    });
  }

  /** Takes the theme's colours anew. */
  restyle(): void {
    this.chart.restyle();
    this.redraw();
  }

  point(row: number | null): void {
    this.chart.follow(row, true);
  }

  zoomTo(from: number, to: number): void {
    this.model.forecast.zoomTo(zoomedTo(from, to, this.whole, closest));
  }

  zoomBy(factor: number, around: number): void {
    this.zoomTo(...scaledRange(this.range, factor, around));
  }

  panBy(share: number): void {
    if (this.model.forecast.zoom !== null) this.zoomTo(...movedRange(this.range, share, this.whole));
  }

  resetZoom(): void {
    this.model.forecast.zoomTo(null);
  }

  pick(row: number, reach: number): void {
    const { progress } = this.model.forecast;
    if (progress.kind !== 'done') return;
    this.openAnomaly(progress.curves.anomalyAt(row, reach));
  }

  /** Opens the data at an anomaly by its index; −1 opens nothing. */
  openAnomaly(index: number): void {
    const run = this.model.state.selected;
    if (run !== null && index >= 0) tellHost({ type: 'openAnomaly', run, index });
  }
}
