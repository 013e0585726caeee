/** From a column of numbers to a line of pixels, at most two points a pixel column however long the curve is. */
import type { Column, Extent } from './column';

/** What a path needs to take a curve, as `Path2D` does. */
export interface CurvePath {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** What a path needs to take an area. */
export interface AreaPath extends CurvePath {
  closePath(): void;
}

/** The part of the data that is drawn, and where: pixels are the canvas's own. */
export interface PlotView {
  readonly xMin: number;
  readonly xMax: number;
  readonly left: number;
  readonly width: number;
  /** Vertical pixel of a value. */
  readonly toY: (value: number) => number;
}

/** Adds the curve of `ys` over the rising `xs`; a NaN interrupts it. */
export function traceCurve(path: CurvePath, xs: Column, ys: Column, view: PlotView): void {
  // One point beyond each edge, so that the line runs out of the picture instead of ending in it.
  const from = Math.max(0, xs.lowerBound(view.xMin) - 1);
  const to = Math.min(Math.min(xs.length, ys.length), xs.lowerBound(view.xMax) + 2);
  if (to - from > 2 * view.width) traceExtents(path, xs, ys, view, from, to);
  else tracePoints(path, xs, ys, view, from, to);
}

/** Adds what lies between `lows` and `highs` over the rising `xs`; a NaN interrupts it. */
export function traceArea(path: AreaPath, xs: Column, lows: Column, highs: Column, view: PlotView): void {
  const from = Math.max(0, xs.lowerBound(view.xMin) - 1);
  const to = Math.min(xs.length, xs.lowerBound(view.xMax) + 2);
  const scale = view.width / (view.xMax - view.xMin);
  const isDense = to - from > 2 * view.width;
  const extent: Extent = { low: 0, high: 0 };
  /** Pixels of the piece so far: from left to right, the place, the upper and the lower edge. */
  let piece: [x: number, top: number, bottom: number][] = [];
  const close = () => {
    piece.forEach(([x, top], at) => {
      if (at === 0) path.moveTo(x, top);
      else path.lineTo(x, top);
    });
    for (const [x, , bottom] of piece.toReversed()) path.lineTo(x, bottom);
    if (piece.length > 0) path.closePath();
    piece = [];
  };
  for (let start = from; start < to;) {
    const x = (xs.at(start)! - view.xMin) * scale;
    const pixel = Math.floor(x);
    const end = isDense ? Math.min(to, Math.max(start + 1, xs.lowerBound(view.xMin + (pixel + 1) / scale))) : start + 1;
    extent.low = Infinity;
    extent.high = -Infinity;
    lows.widen(extent, start, end);
    highs.widen(extent, start, end);
    start = end;
    if (extent.low > extent.high) close();
    else piece.push([view.left + (isDense ? pixel + 0.5 : x), view.toY(extent.high), view.toY(extent.low)]);
  }
  close();
}

function tracePoints(path: CurvePath, xs: Column, ys: Column, view: PlotView, from: number, to: number): void {
  const scale = view.width / (view.xMax - view.xMin);
  let isOpen = false;
  for (let index = from; index < to; index++) {
    const value = ys.at(index)!;
    if (Number.isNaN(value)) {
      isOpen = false;
      continue;
    }
    const x = view.left + (xs.at(index)! - view.xMin) * scale;
    if (isOpen) path.lineTo(x, view.toY(value));
    else path.moveTo(x, view.toY(value));
    isOpen = true;
  }
}

function traceExtents(path: CurvePath, xs: Column, ys: Column, view: PlotView, from: number, to: number): void {
  const perPixel = (view.xMax - view.xMin) / view.width;
  const extent: Extent = { low: 0, high: 0 };
  let isOpen = false;
  let lastY = 0;
  let start = from;
  for (let pixel = 0; pixel <= view.width && start < to; pixel++) {
    const end = Math.min(to, xs.lowerBound(view.xMin + (pixel + 1) * perPixel));
    if (end <= start) continue;
    extent.low = Infinity;
    extent.high = -Infinity;
    ys.widen(extent, start, end);
    start = end;
    if (extent.low > extent.high) {
      isOpen = false;
      continue;
    }
    const x = view.left + pixel + 0.5;
    const [near, far] = nearFirst(view.toY(extent.low), view.toY(extent.high), lastY);
    if (isOpen) path.lineTo(x, near);
    else path.moveTo(x, near);
    if (far !== near) path.lineTo(x, far);
    lastY = far;
    isOpen = true;
  }
}

/** The end that is nearer to where the pen is comes first. */
function nearFirst(first: number, second: number, pen: number): readonly [number, number] {
  return Math.abs(first - pen) <= Math.abs(second - pen) ? [first, second] : [second, first];
}
