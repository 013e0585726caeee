/** The five charts' scenes, from what the panel knows. */
import type { RunRow } from '../../src/panelMessages';
import type { Column } from './column';
import { formatNumber } from './numbers';
import type { PanelModel } from './panelModel';
import type { RunLook } from './runColors';
import type { RunCurves } from './runCurves';
import { emptyScene, type ReadoutRow, type Scene, type SceneCurve, type SceneLevel } from './scene';
import { scoreValue } from './scoreTexts';
import { text } from './texts';

/** Names of the charts, in the order of the page. */
export const chartNames = ['loss', 'score', 'gradientNorm', 'learningRate', 'tokensPerSecond'] as const;
export type ChartName = (typeof chartNames)[number];

/** A ticked run with its curves. */
interface Drawn {
  readonly run: RunRow;
  readonly curves: RunCurves;
  readonly look: RunLook;
  readonly isLive: boolean;
}

/** What each chart shows now. */
export const scenes: Readonly<Record<ChartName, (model: PanelModel) => Scene>> = {
  loss: lossScene,
  score: scoreScene,
  gradientNorm: gradientScene,
  learningRate: rateScene,
  tokensPerSecond: speedScene,
};

function lossScene(model: PanelModel): Scene {
  const runs = drawn(model);
  return {
    ...emptyScene,
    curves: [
      ...runs.flatMap((run) => smoothedCurves(run, 'loss', model.smoothing)),
      ...runs.map((run) => curve(run, run.curves.ends, run.curves.scores.loss, 'dots', 'validation')),
    ],
    readout: readoutOf(runs, ({ curves }, step) => {
      const index = curves.step.nearest(step);
      const raw = curves.loss.at(index);
      const smoothed = curves.smoothed.loss.get(model.smoothing).at(index);
      if (raw === undefined || smoothed === undefined) return undefined;
      return { value: formatNumber(smoothed), aside: model.smoothing > 0 ? formatNumber(raw) : '' };
    }),
  };
}

function scoreScene(model: PanelModel): Scene {
  const { score } = model;
  const runs = drawn(model);
  const selected = runs.find(({ run }) => run.id === model.state.selected);
  return {
    ...emptyScene,
    curves: runs.map((run) => curve(run, run.curves.ends, run.curves.scores[score], 'line', score)),
    rings: runs.flatMap(({ curves: { best }, look }) => {
      const y = best?.scores[score];
      return best === undefined || y === undefined ? [] : [{ x: best.steps, y, look }];
    }),
    bands: selected === undefined ? [] : patience(selected),
    readout: readoutOf(runs, ({ curves }, step) => {
      const point = curves.epochs[curves.ends.nearest(step)];
      const value = point?.scores[score];
      if (point === undefined || value === undefined) return undefined;
      return { value: scoreValue(score, value), aside: text('epochOf', point.epoch) };
    }),
  };
}

function gradientScene(model: PanelModel): Scene {
  const runs = drawn(model);
  const thresholds = new Set(runs.map(({ run }) => run.clipNorm).filter((norm) => norm !== null));
  return {
    ...emptyScene,
    curves: runs.flatMap((run) => smoothedCurves(run, 'gradientNorm', model.smoothing)),
    levels: [...thresholds].map((y) => ({ y, label: text('clipAt', formatNumber(y)) })),
    readout: readoutOf(runs, ({ curves }, step) => valueAt(curves, curves.gradientNorm, step)),
  };
}

function rateScene(model: PanelModel): Scene {
  const runs = drawn(model);
  return {
    ...emptyScene,
    curves: runs.map((run) => curve(run, run.curves.step, run.curves.learningRate, 'bold', 'rate')),
    readout: readoutOf(runs, ({ curves }, step) => valueAt(curves, curves.learningRate, step)),
  };
}

/** Speeds are measured while a run trains and not kept with it: of an earlier run there is the mean. */
function speedScene(model: PanelModel): Scene {
  const runs = drawn(model);
  const measured = runs.filter(({ curves }) => hasNumber(curves.tokensPerSecond));
  const means = runs.filter((run) => !measured.includes(run));
  return {
    ...emptyScene,
    isFromZero: true,
    curves: measured.map((run) => curve(run, run.curves.step, run.curves.tokensPerSecond, 'bold', 'speed')),
    levels: means.flatMap(({ run, curves, look }): SceneLevel[] =>
      run.tokensPerSecond === null ? [] : [{ y: run.tokensPerSecond, to: curves.lastStep, look }],
    ),
    readout: readoutOf(runs, ({ run, curves }, step) => {
      const value = curves.tokensPerSecond.at(curves.step.nearest(step)) ?? NaN;
      if (!Number.isNaN(value)) return { value: formatNumber(value) };
      return run.tokensPerSecond === null
        ? undefined
        : { value: formatNumber(run.tokensPerSecond), aside: text('mean') };
    }),
  };
}

function drawn(model: PanelModel): Drawn[] {
  return model.ticked.flatMap((run): Drawn[] => {
    const curves = model.curves.get(run.id);
    const look = model.look(run.id);
    if (curves === undefined || look === undefined) return [];
    return [{ run, curves, look, isLive: run.id === model.training?.run }];
  });
}

function curve(
  { run, curves, look, isLive }: Drawn,
  xs: Column,
  ys: Column,
  kind: SceneCurve['kind'],
  name: string,
): SceneCurve {
  return { xs, ys, look, kind, isLive, key: `${run.id}:${name}:${curves.version}` };
}

/** The values as they are, faint, and their moving mean upon them; without smoothing they are the line itself. */
function smoothedCurves(run: Drawn, name: 'loss' | 'gradientNorm', smoothing: number): SceneCurve[] {
  const { step, [name]: raw, smoothed } = run.curves;
  if (smoothing <= 0) return [curve(run, step, raw, 'bold', name)];
  const mean = smoothed[name].get(smoothing);
  return [curve(run, step, raw, 'faint', name), curve(run, step, mean, 'bold', `${name}${smoothing}`)];
}

/** The epochs after the best one in which a better score is still waited for. */
function patience({ run, curves: { best, epochs } }: Drawn): Scene['bands'] {
  const first = epochs[0];
  if (best === undefined || first === undefined || run.patience === null) return [];
  const stepsPerEpoch = first.steps / first.epoch;
  return [{ from: best.steps, to: best.steps + run.patience * stepsPerEpoch, label: text('patience', run.patience) }];
}

function valueAt(curves: RunCurves, column: Column, step: number): { value: string } | undefined {
  const value = column.at(curves.step.nearest(step));
  return value === undefined ? undefined : { value: formatNumber(value) };
}

function readoutOf(
  runs: readonly Drawn[],
  valueOf: (run: Drawn, step: number) => { readonly value: string; readonly aside?: string } | undefined,
): Scene['readout'] {
  return (step) =>
    runs.flatMap((run): ReadoutRow[] => {
      // A run that ended before this step has no value at it.
      if (step > run.curves.lastStep * 1.02 + 1) return [];
      const found = valueOf(run, step);
      return found === undefined ? [] : [{ name: run.run.name, look: run.look, ...found }];
    });
}

function hasNumber(column: Column): boolean {
  const extent = { low: Infinity, high: -Infinity };
  column.widen(extent, 0, column.length);
  return extent.low <= extent.high;
}
