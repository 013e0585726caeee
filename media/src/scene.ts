/** What one chart shows at a moment: curves and marks in the units of the data; knows neither pixels nor messages. */
import type { Column, Extent } from './column';
import type { RunLook } from './runColors';

/** A curve of a run. */
export interface SceneCurve {
  readonly look: RunLook;
  readonly xs: Column;
  readonly ys: Column;
  /** `faint` lies behind, `thin` lies above all, `bold` is the run's line, `dots` are single values, `line` joins them too. */
  readonly kind: 'faint' | 'thin' | 'bold' | 'dots' | 'line';
  /** Changes whenever the curve does. */
  readonly key: string;
  /** Whether it grows at this time. */
  readonly isLive: boolean;
}

/** A horizontal line: a threshold over the whole width, or a run's mean up to its last step. */
export interface SceneLevel {
  readonly y: number;
  /** Where it ends; the whole width where this is undefined. */
  readonly to?: number;
  /** The look of its run; a threshold has none. */
  readonly look?: RunLook;
  readonly label?: string;
}

/** A value that is circled. */
export interface SceneRing {
  readonly x: number;
  readonly y: number;
  readonly look: RunLook;
}

/** A stretch of steps that is shaded. */
export interface SceneBand {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  /** The theme's foreground where this is undefined. */
  readonly color?: string;
}

/** What lies between two curves, as the values that are expected. */
export interface SceneArea {
  readonly look: RunLook;
  readonly xs: Column;
  readonly lows: Column;
  readonly highs: Column;
  /** Changes whenever the area does. */
  readonly key: string;
}

/** A value that stands out, marked by a triangle. */
export interface SceneMark {
  readonly x: number;
  readonly y: number;
  readonly color: string;
  /** Whether the triangle stands below the value and points up to it. */
  readonly isBelow: boolean;
}

/** Where something new begins, told by a quiet vertical line. */
export interface SceneBoundary {
  readonly x: number;
  readonly label: string;
}

/** How the steps are called along the axis. */
export interface SceneAxis {
  /** Pixels that a label needs. */
  readonly space: number;
  /** Steps with a label, at most so many. */
  readonly marks: (from: number, to: number, most: number) => number[];
  readonly labels: (steps: readonly number[]) => string[];
}

/** A line of the read-out at the crosshair. */
export interface ReadoutRow {
  readonly name: string;
  readonly look: RunLook;
  readonly value: string;
  /** A second, less important value. */
  readonly aside?: string;
}

/** All that a chart shows. */
export interface Scene {
  readonly curves: readonly SceneCurve[];
  readonly levels: readonly SceneLevel[];
  readonly rings: readonly SceneRing[];
  readonly bands: readonly SceneBand[];
  readonly areas: readonly SceneArea[];
  readonly marks: readonly SceneMark[];
  readonly boundaries: readonly SceneBoundary[];
  /** Names of the steps; their numbers where this is undefined. */
  readonly axis?: SceneAxis;
  /** What the read-out calls a step; its number where this is undefined. */
  readonly heading?: (step: number) => string;
  /** Whether the axis begins at 0 whatever the data. */
  readonly isFromZero: boolean;
  /** Values of all runs at a step. */
  readonly readout: (step: number) => readonly ReadoutRow[];
}

/** A scene without anything. */
export const emptyScene: Scene = {
  ...{ curves: [], levels: [], rings: [], bands: [], areas: [], marks: [], boundaries: [] },
  isFromZero: false,
  readout: () => [],
};

/** Share of the values' extent that a mark needs beyond its value. */
const markRoom = 0.1;

/** Least and greatest value between two steps; what an axis must hold. */
export function extentOf(scene: Scene, from: number, to: number): Extent {
  const extent: Extent = { low: Infinity, high: -Infinity };
  for (const { xs, ys } of scene.curves) ys.widen(extent, xs.lowerBound(from), xs.lowerBound(to) + 1);
  for (const { xs, lows, highs } of scene.areas) {
    for (const ys of [lows, highs]) ys.widen(extent, xs.lowerBound(from), xs.lowerBound(to) + 1);
  }
  const hasCurve = hasAny(extent);
  for (const { y, look } of scene.levels) {
    // A threshold far away must not flatten the curves: it is drawn where it comes near.
    if (look === undefined && hasCurve && (y > extent.high * 3 || y < extent.low / 3)) continue;
    extent.low = Math.min(extent.low, y);
    extent.high = Math.max(extent.high, y);
  }
  const room = (extent.high - extent.low) * markRoom;
  for (const { x, y, isBelow } of scene.marks) {
    if (x < from || x > to) continue;
    if (isBelow) extent.low = Math.min(extent.low, y - room);
    else extent.high = Math.max(extent.high, y + room);
  }
  if (scene.isFromZero && hasAny(extent)) extent.low = 0;
  return extent;
}

function hasAny({ low, high }: Extent): boolean {
  return low <= high;
}
