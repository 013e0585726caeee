/** The five charts as one: the same steps, crosshair and zoom in all of them; redrawn once a frame at most. */
import { stepAxisEnd } from './axisRange';
import { Chart, type ChartGroup } from './chart';
import type { PanelModel } from './panelModel';
import type { ThemeColors } from './runColors';
import { chartNames, scenes, type ChartName } from './scenes';
import { movedRange, scaledRange, zoomedTo } from './zoomRange';

/** Fewest steps that a zoom shows. */
const closest = 8;

/** Makes, feeds and moves the charts. */
export class ChartBoard implements ChartGroup {
  readonly charts: Readonly<Record<ChartName, Chart>>;
  private isDue = false;

  constructor(
    private readonly model: PanelModel,
    private readonly readColors: () => ThemeColors,
  ) {
    this.charts = Object.fromEntries(
      chartNames.map((name) => [name, new Chart(this, name === 'gradientNorm')]),
    ) as Record<ChartName, Chart>;
  }

  get theme(): ThemeColors {
    return this.readColors();
  }

  get range(): readonly [number, number] {
    return this.model.state.zoom ?? [0, this.end];
  }

  /** The last step of the axis that shows all. */
  private get end(): number {
    let last = 0;
    for (const { id } of this.model.ticked) last = Math.max(last, this.model.curves.get(id)?.lastStep ?? 0);
    return stepAxisEnd(last);
  }

  /** Draws all charts with the next frame. */
  redraw(): void {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      for (const name of chartNames) this.charts[name].show(scenes[name](this.model));
    });
  }

  /** Takes the theme's colours anew. */
  restyle(): void {
    for (const name of chartNames) this.charts[name].restyle();
    this.redraw();
  }

  point(step: number | null, source: Chart): void {
    for (const name of chartNames) this.charts[name].follow(step, this.charts[name] === source);
  }

  zoomTo(from: number, to: number): void {
    this.model.set({ zoom: zoomedTo(from, to, [0, this.end], closest) });
  }

  zoomBy(factor: number, around: number): void {
    this.zoomTo(...scaledRange(this.range, factor, around));
  }

  panBy(share: number): void {
    if (this.model.state.zoom !== null) this.zoomTo(...movedRange(this.range, share, [0, this.end]));
  }

  resetZoom(): void {
    this.model.set({ zoom: null });
  }
}
