/** What is known of a training while it runs, gathered from its events, and one line that shows it; no output here. */
import type { TrainingEvent, TrainingPhase } from '../protocol';
import { displayWidth, fitText } from './displayText';
import { formatCount, formatDuration, formatNumber } from './format';
import { renderSparkline } from './sparkline';

/** A training at one moment. */
export interface ProgressState {
  readonly phase: TrainingPhase;
  /** Share of the phase that is done, 0…1, or null where it is unknown. */
  readonly fraction: number | null;
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done and planned over all epochs. */
  readonly step: number;
  readonly steps: number;
  /** The smoothed training loss, or the last loss where that is not finite. Null before the first step. */
  readonly loss: number | null;
  /** The smoothed loss after every step. */
  readonly losses: readonly number[];
  readonly tokensPerSecond: number;
  readonly secondsLeft: number | null;
}

/** Weight of the past in the smoothed loss. */
const SMOOTHING = 0.9;
/** Columns of the sparkline: worth its place from the least on, and no wider than the most. */
const SPARKLINE = { least: 8, most: 40 };

/** Gathers a training's events into its state. */
export class TrainingProgress implements ProgressState {
  phase: TrainingPhase = 'reading';
  fraction: number | null = null;
  epoch = 0;
  epochs = 0;
  step = 0;
  steps = 0;
  loss: number | null = null;
  readonly losses: number[] = [];
  tokensPerSecond = 0;
  secondsLeft: number | null = null;
  private weightedLoss = 0;
  private weight = 0;

  /** Takes the next event. */
  add(event: TrainingEvent): void {
    switch (event.type) {
      case 'phase':
        this.phase = event.phase;
        this.fraction = event.fraction;
        break;
      case 'run':
        this.epochs = event.epochs;
        this.steps = event.epochs * event.stepsPerEpoch;
        this.step = event.resumedAt;
        break;
      case 'step':
        this.phase = 'training';
        this.epoch = event.epoch;
        this.step = event.step;
        this.steps = event.steps;
        this.tokensPerSecond = event.tokensPerSecond;
        this.secondsLeft = event.secondsLeft;
        this.addLoss(event.loss);
        break;
      case 'epoch':
        this.epoch = event.epoch;
        break;
      case 'warning':
      case 'checkpoint':
        break;
    }
  }

  /** Exponential moving mean, divided by the sum of its weights so that the first values are not drawn to zero. */
  private addLoss(loss: number): void {
    if (Number.isFinite(loss)) {
      this.weightedLoss = SMOOTHING * this.weightedLoss + (1 - SMOOTHING) * loss;
      this.weight = SMOOTHING * this.weight + (1 - SMOOTHING);
      this.loss = this.weightedLoss / this.weight;
      this.losses.push(this.loss);
    } else {
      this.loss = loss;
      this.losses.push(loss);
    }
  }
}

/** What a phase is called in front of a person. */
export const phaseNames: Readonly<Record<TrainingPhase, string>> = {
  reading: 'Reading the data',
  preparing: 'Preparing',
  training: 'Training',
  evaluating: 'Evaluating',
  exporting: 'Exporting the model',
};

/** The state as one line of at most `width` columns; where it is narrow the less important parts are left out. */
export function renderProgress(state: ProgressState, width: number): string {
  if (state.phase !== 'training' || state.loss === null) {
    return fitText(renderPhase(state), width);
  }
  const parts = [
    `Epoch ${formatCount(state.epoch)}/${formatCount(state.epochs)}`,
    `step ${formatCount(state.step)}/${formatCount(state.steps)}`,
    `loss ${formatNumber(state.loss)}`,
    describeTimeLeft(state.secondsLeft),
    `${formatNumber(state.tokensPerSecond)} tokens/s`,
  ].filter((part) => part !== null);
  while (parts.length > 1 && displayWidth(parts.join('  ')) > width) {
    parts.pop();
  }
  const free = width - displayWidth(parts.join('  ')) - 2;
  if (parts.length >= 3 && free >= SPARKLINE.least) {
    const sparkline = renderSparkline(state.losses, Math.min(free, SPARKLINE.most));
    parts.splice(3, 0, sparkline);
  }
  return fitText(parts.join('  '), width);
}

/** `2 min 05 s left`, or null where there is no estimate or nothing left. */
export function describeTimeLeft(secondsLeft: number | null): string | null {
  return secondsLeft !== null && Number.isFinite(secondsLeft) && secondsLeft > 0
    ? `${formatDuration(secondsLeft)} left`
    : null;
}

function renderPhase({ phase, fraction }: ProgressState): string {
  const share = fraction === null ? '' : ` ${Math.floor(fraction * 100)} %`;
  return `${phaseNames[phase]}…${share}`;
}
