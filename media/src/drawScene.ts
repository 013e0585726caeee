/** Draws a scene onto a chart's canvas; finished curves come from a picture that is kept while nothing of them changes. */
import type { ThemeColors } from './runColors';
import type { Scene, SceneArea, SceneCurve } from './scene';
import { traceArea, traceCurve, type PlotView } from './traceCurve';

/** The plotting area in the canvas's own pixels, and the axes. */
export interface Plot extends PlotView {
  readonly context: CanvasRenderingContext2D;
  readonly top: number;
  readonly height: number;
  readonly yMin: number;
  readonly yMax: number;
  /** Canvas pixels in a CSS pixel. */
  readonly ratio: number;
  readonly theme: ThemeColors;
}

/** Draws the curves and marks of one chart. */
export class SceneRenderer {
  private readonly still = document.createElement('canvas');
  private stillKey = '';

  draw(scene: Scene, plot: Plot): void {
    const { context } = plot;
    context.save();
    context.beginPath();
    context.rect(plot.left, plot.top, plot.width, plot.height);
    context.clip();
    for (const band of scene.bands) drawBand(plot, band);
    for (const boundary of scene.boundaries) drawBoundary(plot, boundary);
    this.drawStill(
      scene.areas,
      scene.curves.filter(({ isLive }) => !isLive),
      plot,
    );
    for (const curve of inOrder(scene.curves))
      if (curve.isLive) drawCurve(context, curve, plot, faintnessOf(scene.curves));
    for (const level of scene.levels) drawLevel(plot, level);
    for (const ring of scene.rings) drawRing(plot, ring);
    for (const mark of scene.marks) drawMark(plot, mark);
    writeBoundaries(plot, scene.boundaries);
    context.restore();
  }

  private drawStill(areas: readonly SceneArea[], curves: readonly SceneCurve[], plot: Plot): void {
    if (curves.length === 0 && areas.length === 0) return;
    const { canvas } = plot.context;
    const { xMin, xMax, yMin, yMax, left, top, width, height } = plot;
    const place = [canvas.width, canvas.height, left, top, width, height, xMin, xMax, yMin, yMax].join();
    const shapes = [...areas.map((area) => ({ ...area, kind: 'area' })), ...curves];
    const key = `${place} ${shapes.map(({ key, look, kind }) => `${key}${kind}${look.color}${look.slot}`).join()}`;
    if (key !== this.stillKey) {
      this.stillKey = key;
      // Setting the size clears the picture, too.
      this.still.width = canvas.width;
      this.still.height = canvas.height;
      const context = this.still.getContext('2d')!;
      const faintness = faintnessOf(curves);
      for (const area of areas) drawArea(context, area, plot);
      for (const curve of inOrder(curves)) drawCurve(context, curve, plot, faintness);
    }
    plot.context.drawImage(this.still, 0, 0);
  }
}

/** Faint curves first, so that no run's noise hides another's line, and thin ones last, for they hide nothing. */
function inOrder(curves: readonly SceneCurve[]): SceneCurve[] {
  const rank = ({ kind }: SceneCurve) => (kind === 'faint' ? 0 : kind === 'thin' ? 2 : 1);
  return [...curves].sort((a, b) => rank(a) - rank(b));
}

/** Opacity of the curves behind the bold ones: the more there are, the less, or they become a fog. */
function faintnessOf(curves: readonly SceneCurve[]): number {
  const count = curves.filter(({ kind }) => kind === 'faint').length;
  return 0.28 / Math.max(1, count / 3);
}

function drawCurve(context: CanvasRenderingContext2D, curve: SceneCurve, plot: Plot, faintness: number): void {
  const { ratio } = plot;
  const { color, dash } = curve.look;
  context.save();
  context.strokeStyle = color;
  context.fillStyle = color;
  context.lineJoin = curve.kind === 'faint' ? 'bevel' : 'round';
  context.lineWidth = (curve.kind === 'faint' || curve.kind === 'thin' ? 1 : 1.75) * ratio;
  if (curve.kind === 'faint') context.globalAlpha = faintness;
  // Always set: the chart leaves the dash of its grid behind.
  context.setLineDash(curve.kind === 'faint' ? [] : dash.map((length) => length * ratio));
  if (curve.kind !== 'dots') {
    const path = new Path2D();
    traceCurve(path, curve.xs, curve.ys, plot);
    context.stroke(path);
  }
  if (curve.kind === 'dots' || curve.kind === 'line') drawDots(context, curve, plot);
  context.restore();
}

function drawArea(context: CanvasRenderingContext2D, { xs, lows, highs, look }: SceneArea, plot: Plot): void {
  const path = new Path2D();
  traceArea(path, xs, lows, highs, plot);
  context.save();
  context.fillStyle = look.color;
  context.globalAlpha = 0.3;
  context.fill(path);
  context.restore();
}

/** A dot with a rim of the background, so that it stands out from the lines. */
function drawDots(context: CanvasRenderingContext2D, { xs, ys, kind }: SceneCurve, plot: Plot): void {
  const from = xs.lowerBound(plot.xMin);
  const to = Math.min(xs.lowerBound(plot.xMax) + 1, xs.length);
  // Dots that would touch are left to the line.
  if (to - from > plot.width / (8 * plot.ratio)) return;
  context.setLineDash([]);
  context.lineWidth = 1.5 * plot.ratio;
  context.strokeStyle = plot.theme.background;
  for (let index = from; index < to; index++) {
    context.beginPath();
    const radius = (kind === 'dots' ? 4 : 3) * plot.ratio;
    context.arc(toX(plot, xs.at(index)!), plot.toY(ys.at(index)!), radius, 0, 2 * Math.PI);
    context.fill();
    if (kind === 'dots') context.stroke();
  }
}

function drawRing(plot: Plot, { x, y, look }: Scene['rings'][number]): void {
  const { context, ratio } = plot;
  context.beginPath();
  context.arc(toX(plot, x), plot.toY(y), 6.5 * ratio, 0, 2 * Math.PI);
  context.lineWidth = 2 * ratio;
  context.setLineDash([]);
  context.strokeStyle = look.color;
  context.stroke();
}

function drawLevel(plot: Plot, { y, to, look, label }: Scene['levels'][number]): void {
  const { context, ratio, theme } = plot;
  const pixel = Math.round(plot.toY(y)) + 0.5;
  context.save();
  context.strokeStyle = look?.color ?? theme.foreground;
  context.lineWidth = (look === undefined ? 1 : 1.5) * ratio;
  context.setLineDash([6 * ratio, 4 * ratio]);
  context.beginPath();
  context.moveTo(plot.left, pixel);
  context.lineTo(to === undefined ? plot.left + plot.width : toX(plot, to), pixel);
  context.stroke();
  if (label !== undefined) {
    // Above the line, or below it where there is no room.
    const isHigh = pixel - plot.top < 16 * ratio;
    write(plot, label, plot.left + plot.width - 4 * ratio, pixel + (isHigh ? 12 : -5) * ratio, 'right');
  }
  context.restore();
}

/** A triangle whose tip points at the value. */
function drawMark(plot: Plot, { x, y, color, isBelow }: Scene['marks'][number]): void {
  const { context, ratio, theme } = plot;
  const [left, top] = [toX(plot, x), plot.toY(y)];
  const away = isBelow ? 1 : -1;
  const [half, height, gap] = [6 * ratio, 10 * ratio, 4 * ratio];
  context.save();
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(left, top + away * gap);
  context.lineTo(left - half, top + away * (gap + height));
  context.lineTo(left + half, top + away * (gap + height));
  context.closePath();
  context.lineJoin = 'round';
  context.lineWidth = 3 * ratio;
  context.strokeStyle = theme.background;
  context.stroke();
  context.fillStyle = color;
  context.fill();
  context.restore();
}

function drawBoundary(plot: Plot, { x }: Scene['boundaries'][number]): void {
  const { context, ratio, theme } = plot;
  const pixel = Math.round(toX(plot, x)) + 0.5;
  // What begins at the edge needs no line beside it.
  if (pixel < plot.left + 1) return;
  context.save();
  context.strokeStyle = theme.muted;
  context.lineWidth = ratio;
  context.setLineDash([2 * ratio, 3 * ratio]);
  context.beginPath();
  context.moveTo(pixel, plot.top);
  context.lineTo(pixel, plot.top + plot.height);
  context.stroke();
  context.restore();
}

/** Names of the stretches; that of one which began before the picture stands at its edge. */
function writeBoundaries(plot: Plot, boundaries: Scene['boundaries']): void {
  const { context, ratio } = plot;
  context.font = fontOf(plot);
  boundaries.forEach(({ x, label }, at) => {
    const next = boundaries[at + 1];
    const start = Math.max(toX(plot, x), plot.left) + 5 * ratio;
    const end = next === undefined ? plot.left + plot.width : Math.min(toX(plot, next.x), plot.left + plot.width);
    if (start + context.measureText(label).width < end) write(plot, label, start, plot.top + 12 * ratio, 'left');
  });
}

function drawBand(plot: Plot, { from, to, label, color }: Scene['bands'][number]): void {
  const { context, ratio, theme } = plot;
  const start = toX(plot, from);
  const end = Math.min(toX(plot, to), plot.left + plot.width);
  if (end <= start) return;
  context.save();
  context.globalAlpha = color === undefined ? 0.09 : 0.28;
  context.fillStyle = color ?? theme.foreground;
  context.fillRect(start, plot.top, end - start, plot.height);
  context.restore();
  context.font = fontOf(plot);
  if (context.measureText(label).width + 8 * ratio < end - start) {
    write(plot, label, start + 5 * ratio, plot.top + plot.height - 6 * ratio, 'left');
  }
}

function write(plot: Plot, text: string, x: number, y: number, align: CanvasTextAlign): void {
  const { context, ratio, theme } = plot;
  context.save();
  context.font = fontOf(plot);
  context.textAlign = align;
  context.setLineDash([]);
  context.lineWidth = 3 * ratio;
  context.lineJoin = 'round';
  context.strokeStyle = theme.background;
  context.strokeText(text, x, y);
  context.fillStyle = theme.muted;
  context.fillText(text, x, y);
  context.restore();
}

function fontOf({ theme, ratio }: Plot): string {
  return theme.font.replace(/^[\d.]+px/, `${11 * ratio}px`);
}

function toX(plot: Plot, step: number): number {
  return plot.left + ((step - plot.xMin) / (plot.xMax - plot.xMin)) * plot.width;
}
