/** What one chart shows at a moment: curves and marks in the units of the data; knows neither pixels nor messages. */
import type { Column, Extent } from './column';
import type { RunLook } from './runColors';

/** A curve of a run. */
export interface SceneCurve {
  readonly look: RunLook;
  readonly xs: Column;
  readonly ys: Column;
  /** `faint` lies behind, `bold` is the run's line, `dots` are single values, `line` joins them too. */
  readonly kind: 'faint' | 'bold' | 'dots' | 'line';
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
  /** Whether the axis begins at 0 whatever the data. */
  readonly isFromZero: boolean;
  /** Values of all runs at a step. */
  readonly readout: (step: number) => readonly ReadoutRow[];
}

/** Least and greatest value between two steps; what an axis must hold. */
export function extentOf(scene: Scene, from: number, to: number): Extent {
  const extent: Extent = { low: Infinity, high: -Infinity };
  for (const { xs, ys } of scene.curves) ys.widen(extent, xs.lowerBound(from), xs.lowerBound(to) + 1);
  const hasCurve = hasAny(extent);
  for (const { y, look } of scene.levels) {
    // A threshold far away must not flatten the curves: it is drawn where it comes near.
    if (look === undefined && hasCurve && (y > extent.high * 3 || y < extent.low / 3)) continue;
    extent.low = Math.min(extent.low, y);
    extent.high = Math.max(extent.high, y);
  }
  if (scene.isFromZero && hasAny(extent)) extent.low = 0;
  return extent;
}

function hasAny({ low, high }: Extent): boolean {
  return low <= high;
}
