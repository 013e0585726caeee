/** One chart: axes, crosshair, zoom and pan by uPlot, curves by our renderer; must not know what is charted. */
import uPlot from 'uplot';
import { render } from 'lit';
import { linearRange, logMarks, logRange, multiples } from './axisRange';
import { SceneRenderer } from './drawScene';
import { formatCount, formatTicks } from './numbers';
import { readoutView } from './readout';
import type { ThemeColors } from './runColors';
import { emptyScene, extentOf, type Scene } from './scene';
import { text } from './texts';

/** What a chart asks of the group that it belongs to. */
export interface ChartGroup {
  readonly theme: ThemeColors;
  /** First and last step in the picture. */
  readonly range: readonly [number, number];
  /** Moves the crosshair of every chart; null hides it. */
  point(step: number | null, source: Chart): void;
  zoomTo(from: number, to: number): void;
  /** Scales the range by a factor around a step. */
  zoomBy(factor: number, around: number): void;
  /** Moves the range by a share of its length. */
  panBy(share: number): void;
  resetZoom(): void;
  /** A click, or Enter at the crosshair; `reach` is how many steps off it may be meant. */
  pick?(step: number, reach: number): void;
}

/** uPlot names it by an enum that is there for the compiler alone. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- see above: there is no value to import.
const logarithmic = 3 as uPlot.Scale.Distr.Logarithmic;

/** A chart in an element of its own, which the page places. */
export class Chart {
  /** Holds the chart; takes the focus for the keys. */
  readonly element = document.createElement('div');
  private readonly readout = document.createElement('div');
  private readonly renderer = new SceneRenderer();
  private plot: uPlot | undefined;
  private scene = emptyScene;
  private yRange: readonly [number, number] = [0, 1];
  private step: number | null = null;
  private isFollowing = false;

  constructor(
    private readonly group: ChartGroup,
    private readonly isLogarithmic: boolean,
  ) {
    this.element.className = 'chart-plot';
    this.readout.className = 'readout';
    this.readout.hidden = true;
    new ResizeObserver(() => {
      this.fit();
    }).observe(this.element);
    this.listen();
  }

  /** The picture as it stands, for export. */
  get canvas(): HTMLCanvasElement | undefined {
    return this.plot?.ctx.canvas;
  }

  /** Shows a scene, in the range of the group. */
  show(scene: Scene): void {
    this.scene = scene;
    this.plot ??= this.create();
    if (this.plot === undefined) return;
    const { low, high } = extentOf(scene, ...this.group.range);
    this.yRange = this.isLogarithmic ? logRange(low, high) : linearRange(low, high);
    this.plot.setData([[...this.group.range], [null, null]], true);
    this.follow(this.step, this.readout.dataset['own'] === 'true');
  }

  /** Makes the chart anew, for other colours. */
  restyle(): void {
    this.plot?.destroy();
    this.plot = undefined;
    this.show(this.scene);
  }

  /** Puts the crosshair at a step. `own` says that the pointer is over this chart. */
  follow(step: number | null, own = false): void {
    this.step = step;
    const { plot } = this;
    if (plot === undefined) return;
    this.isFollowing = true;
    const left = step === null ? -10 : plot.valToPos(step, 'x');
    if (!own) plot.setCursor({ left, top: step === null ? -10 : 0 }, false);
    this.isFollowing = false;
    this.showReadout(left, own);
  }

  private create(): uPlot | undefined {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width < 50 || height < 50) return undefined;
    const { theme } = this.group;
    const axis = { stroke: theme.muted, font: theme.font, ticks: { show: false } };
    const plot = new uPlot(
      {
        width,
        height,
        padding: [8, 18, 0, 0],
        legend: { show: false },
        scales: {
          x: { time: false, range: () => [...this.group.range] },
          y: {
            ...(this.isLogarithmic ? { distr: logarithmic } : {}),
            range: () => [...this.yRange],
          },
        },
        series: [{}, { paths: () => null, points: { show: false } }],
        axes: [
          {
            ...axis,
            size: 24,
            gap: 6,
            space: () => this.scene.axis?.space ?? 64,
            grid: { show: false },
            incrs: [1, 2, 5]
              .flatMap((digit) => [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7].map((unit) => digit * unit))
              .sort((a, b) => a - b),
            splits: (self, _, low, high, increment) => {
              const { axis } = this.scene;
              const most = self.bbox.width / window.devicePixelRatio / (axis?.space ?? 64);
              return axis?.marks(low, high, most) ?? multiples(low, high, increment);
            },
            values: (_, values) => this.scene.axis?.labels(values) ?? stepLabels(values),
          },
          {
            ...axis,
            size: 52,
            gap: 8,
            space: 32,
            ...(this.isLogarithmic
              ? { splits: () => logMarks(...this.yRange), filter: (_: uPlot, marks: number[]) => marks }
              : {}),
            grid: { stroke: theme.grid, width: 1, dash: [1, 3] },
            values: (_, values) => (this.isLogarithmic ? values.map(logTick) : formatTicks(values)),
          },
        ],
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false, dist: 4 },
          bind: {
            dblclick: () => () => {
              this.group.resetZoom();
              return null;
            },
            mousedown: (_, __, handler) => (event) => {
              // Shift or the middle button pans instead of selecting.
              if (event.shiftKey || event.button === 1) this.pan(event);
              else handler(event);
              return null;
            },
          },
        },
        hooks: {
          draw: [
            (self) => {
              this.draw(self);
            },
          ],
          setCursor: [
            (self) => {
              this.report(self);
            },
          ],
          setSelect: [
            (self) => {
              const { left, width: selected } = self.select;
              if (selected < 4) return;
              self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              this.group.zoomTo(self.posToVal(left, 'x'), self.posToVal(left + selected, 'x'));
            },
          ],
        },
      },
      [[...this.group.range], [null, null]],
      this.element,
    );
    plot.over.append(this.readout);
    return plot;
  }

  private fit(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (this.plot === undefined) this.show(this.scene);
    else if (width >= 50 && height >= 50 && (width !== this.plot.width || height !== this.plot.height)) {
      this.plot.setSize({ width, height });
    }
  }

  private draw(plot: uPlot): void {
    const { left, top, width, height } = plot.bbox;
    const [xMin, xMax] = this.group.range;
    const [yMin, yMax] = this.yRange;
    const place = this.isLogarithmic ? Math.log : (value: number) => value;
    const low = place(yMin);
    const scale = height / (place(yMax) - low);
    const bottom = top + height;
    this.renderer.draw(this.scene, {
      context: plot.ctx,
      ...{ left, top, width, height, xMin, xMax, yMin, yMax },
      ratio: window.devicePixelRatio,
      theme: this.group.theme,
      toY: (value) => bottom - (place(Math.max(value, this.isLogarithmic ? yMin / 10 : -Infinity)) - low) * scale,
    });
  }

  private report(plot: uPlot): void {
    if (this.isFollowing) return;
    const { left = -10 } = plot.cursor;
    this.group.point(left < 0 ? null : Math.round(plot.posToVal(left, 'x')), this);
  }

  private showReadout(left: number, own: boolean): void {
    const { readout, plot, step } = this;
    const rows = step === null ? [] : this.scene.readout(step);
    readout.hidden = rows.length === 0 || step === null;
    if (readout.hidden || step === null || plot === undefined) return;
    readout.dataset['own'] = String(own);
    const heading = this.scene.heading?.(step) ?? `${text('step')} ${formatCount(step)}`;
    render(readoutView(heading, rows, own), readout);
    // Beside the crosshair, on the side with more room.
    const isRight = left < plot.over.clientWidth / 2;
    readout.style.setProperty('left', isRight ? `${left + 10}px` : 'auto');
    readout.style.setProperty('right', isRight ? 'auto' : `${plot.over.clientWidth - left + 10}px`);
  }

  private pan(start: MouseEvent): void {
    start.preventDefault();
    const { plot } = this;
    if (plot === undefined) return;
    let last = start.clientX;
    const move = (event: MouseEvent) => {
      this.group.panBy((last - event.clientX) / plot.over.clientWidth);
      last = event.clientX;
    };
    const end = () => {
      window.removeEventListener('mousemove', move);
      window.removeEventListener('mouseup', end);
    };
    window.addEventListener('mousemove', move);
    window.addEventListener('mouseup', end);
  }

  /** Puts all crosshairs at a step, this chart's own as well, which follows the pointer otherwise. */
  private pointAt(step: number): void {
    this.isFollowing = true;
    this.plot?.setCursor({ left: this.plot.valToPos(step, 'x'), top: 0 }, false);
    this.isFollowing = false;
    this.group.point(step, this);
  }

  /** Something ten pixels away may be meant. */
  private pick(step: number): void {
    const [from, to] = this.group.range;
    this.group.pick?.(step, ((to - from) / (this.plot?.over.clientWidth ?? 1)) * 10);
  }

  private listen(): void {
    let pressed: MouseEvent | undefined;
    this.element.addEventListener('mousedown', (event) => (pressed = event), { capture: true });
    this.element.addEventListener('click', (event) => {
      const { plot } = this;
      // What was dragged is no click.
      if (plot === undefined || pressed === undefined || Math.abs(event.clientX - pressed.clientX) > 3) return;
      const left = event.clientX - plot.over.getBoundingClientRect().left;
      if (left >= 0 && left <= plot.over.clientWidth) this.pick(plot.posToVal(left, 'x'));
    });
    this.element.addEventListener(
      'wheel',
      (event) => {
        const { plot } = this;
        if (plot === undefined) return;
        if (event.ctrlKey || event.metaKey) {
          event.preventDefault();
          const around = plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, 'x');
          this.group.zoomBy(Math.exp(event.deltaY / 300), around);
          return;
        }
        const sideways = event.shiftKey ? event.deltaX + event.deltaY : event.deltaX;
        if (Math.abs(sideways) <= Math.abs(event.shiftKey ? 0 : event.deltaY)) return;
        event.preventDefault();
        this.group.panBy(sideways / plot.over.clientWidth);
      },
      { passive: false },
    );
  }

  /** Does what a key asks for; says whether it was one of the chart's. */
  press(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const [from, to] = this.group.range;
    const around = this.step ?? (from + to) / 2;
    switch (event.key) {
      case 'ArrowLeft':
      case 'ArrowRight': {
        const sign = event.key === 'ArrowLeft' ? -1 : 1;
        if (event.shiftKey) this.group.panBy(sign * 0.1);
        else this.pointAt(clamp(Math.round(around + sign * Math.max(1, (to - from) / 50)), from, to));
        return true;
      }
      case '+':
      case '=':
        this.group.zoomBy(1 / 1.5, around);
        return true;
      case '-':
        this.group.zoomBy(1.5, around);
        return true;
      case 'Enter':
        if (this.step === null || this.group.pick === undefined) return false;
        this.pick(this.step);
        return true;
      case '0':
      case 'Escape':
        this.group.resetZoom();
        this.group.point(null, this);
        return true;
      default:
        return false;
    }
  }
}

function logTick(value: number | null): string {
  if (value === null) return '';
  return value >= 1e4 || value < 1e-3
    ? value.toExponential(0).replace('+', '').replace('-', '−')
    : String(Number(value.toPrecision(3)));
}

function stepLabels(steps: readonly number[]): string[] {
  return steps.length > 0 && steps.at(-1)! >= 1e5 ? formatTicks(steps) : steps.map(formatCount);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, Math.ceil(low)), Math.floor(high));
}
