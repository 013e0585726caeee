/** The curves of one run as the host sends them, ready to be drawn; knows no chart. */
import type { EpochPoint, StepColumns } from '../../src/panelMessages';
import { type ScoreName, scoreNames } from '../../src/scores';
import { Column } from './column';
import { SmoothedColumn } from './smoothing';

/** What grows with each step. */
export const stepColumnNames = ['step', 'epoch', 'loss', 'gradientNorm', 'learningRate', 'tokensPerSecond'] as const;

/** All curves of a run. `version` changes with every change of them. */
export class RunCurves {
  readonly step = new Column();
  readonly epoch = new Column();
  readonly loss = new Column();
  readonly gradientNorm = new Column();
  readonly learningRate = new Column();
  readonly tokensPerSecond = new Column();
  readonly smoothed = { loss: new SmoothedColumn(this.loss), gradientNorm: new SmoothedColumn(this.gradientNorm) };
  /** Steps at the ends of the epochs, and the validation's scores there; NaN where the task has no such score. */
  readonly ends = new Column();
  readonly scores = Object.fromEntries(scoreNames.map((name) => [name, new Column()])) as Readonly<
    Record<ScoreName, Column>
  >;
  version = 0;
  private readonly points: EpochPoint[] = [];

  constructor(steps: StepColumns, epochs: readonly EpochPoint[]) {
    this.add(steps, epochs);
  }

  get epochs(): readonly EpochPoint[] {
    return this.points;
  }

  /** The epoch whose weights the run keeps. */
  get best(): EpochPoint | undefined {
    return this.points.findLast(({ best }) => best);
  }

  /** The last step of a step or an epoch; 0 before the first. */
  get lastStep(): number {
    return Math.max(this.step.last ?? 0, this.ends.last ?? 0);
  }

  /** Adds what is new; what is known already is passed over. */
  add(steps: StepColumns, epochs: readonly EpochPoint[]): void {
    const known = this.step.last ?? 0;
    const found = steps.step.findIndex((step) => step > known);
    if (found >= 0) for (const name of stepColumnNames) this[name].append(steps[name], found);
    for (const point of epochs) {
      if (point.epoch <= (this.points.at(-1)?.epoch ?? 0)) continue;
      this.points.push(point);
      this.ends.append([point.steps]);
      for (const name of scoreNames) this.scores[name].append([point.scores[name] ?? NaN]);
    }
    this.version++;
  }
}
