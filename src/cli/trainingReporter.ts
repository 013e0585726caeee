/** A training told while it runs: as JSON lines, as a live line on a terminal, or as plain lines in a pipe. */
import type { TrainingEvent, TrainingPhase } from '../protocol';
import { printable } from './displayText';
import { formatAmount, formatCount, formatNumber, formatShare } from './format';
import { summarizeMetrics } from './metricsReport';
import type { Output } from './output';
import { renderSparkline } from './sparkline';
import { describeTimeLeft, phaseNames, renderProgress, TrainingProgress } from './trainingProgress';

/** Takes the events of a training in order. */
export type TrainingReporter = (event: TrainingEvent) => void;

/** Milliseconds between two drawings of the live line. */
const REDRAW_INTERVAL = 80;
/** A pipe gets about so many lines over all steps, besides those of the epochs. */
const PLAIN_REPORTS = 10;
/** Columns of the curve at the end. */
const SPARKLINE_WIDTH = 60;

/** Every event as one line of JSON. */
export function jsonReporter(output: Output): TrainingReporter {
  return (event) => {
    output.json(event);
  };
}

/** A live line with the loss as a curve, and one settled line for each epoch. */
export function liveReporter(output: Output, now: () => number = () => performance.now()): TrainingReporter {
  const progress = new TrainingProgress();
  let drawn = -Infinity;
  return (event) => {
    const { phase } = progress;
    progress.add(event);
    tellSettled(event, progress, output);
    if (progress.phase !== phase || event.type === 'epoch' || now() - drawn >= REDRAW_INTERVAL) {
      drawn = now();
      output.status(renderProgress(progress, output.columns - 1));
    }
  };
}

/**
 * A line for each epoch, one for about every tenth of the steps, and one for the export. Nothing before the run begins: a
 * mistake in the experiment or its data leaves stdout empty, and warnings about the data wait until then.
 */
export function plainReporter(output: Output): TrainingReporter {
  const progress = new TrainingProgress();
  const told = new Set<TrainingPhase>(['reading', 'preparing', 'training', 'evaluating']);
  let waiting: TrainingEvent[] | null = [];
  return (event) => {
    const { step } = progress;
    progress.add(event);
    if (waiting !== null && event.type === 'warning') {
      waiting.push(event);
      return;
    }
    if (waiting !== null && event.type === 'run') {
      for (const warning of waiting) tellSettled(warning, progress, output);
      waiting = null;
    }
    if (event.type === 'phase' && !told.has(event.phase)) {
      told.add(event.phase);
      output.line(`${phaseNames[event.phase]}…`);
    }
    if (event.type === 'step' && isReportDue(step, event.step, event.steps)) {
      const left = describeTimeLeft(event.secondsLeft);
      output.line(
        `Step ${formatCount(event.step)}/${formatCount(event.steps)}  loss ${formatNumber(progress.loss ?? event.loss)}` +
          `  ${formatNumber(event.tokensPerSecond)} tokens/s${left === null ? '' : `  ${left}`}`,
      );
    }
    tellSettled(event, progress, output);
  };
}

/** Whether a tenth of the steps was completed between two steps. */
export function isReportDue(before: number, step: number, steps: number): boolean {
  return Math.floor((step * PLAIN_REPORTS) / steps) > Math.floor((before * PLAIN_REPORTS) / steps);
}

/** What is told once and stays. */
function tellSettled(event: TrainingEvent, { epochs, losses }: TrainingProgress, output: Output): void {
  switch (event.type) {
    case 'run':
      output.lines(describeRun(event));
      break;
    case 'warning':
      output.line(`${output.paint('yellow', 'Warning:')} ${printable(event.message)}`);
      break;
    case 'epoch': {
      const best = event.best ? output.paint('green', '  best so far') : '';
      output.line(
        `Epoch ${formatCount(event.epoch)}/${formatCount(epochs)}  training loss ${formatNumber(event.trainingLoss)}` +
          `  validation: ${summarizeMetrics(event.validation)}${best}`,
      );
      break;
    }
    case 'phase':
      if (event.phase === 'exporting' && losses.length > 1) output.line(describeLosses(losses));
      break;
    case 'step':
    case 'checkpoint':
      break;
  }
}

/** The smoothed losses of this sitting as a curve with its ends. */
function describeLosses(losses: readonly number[]): string {
  const curve = renderSparkline(losses, SPARKLINE_WIDTH);
  return `Training loss ${formatNumber(losses[0]!)} ${curve} ${formatNumber(losses.at(-1)!)}`;
}

/** What a run is about, in a few lines. */
export function describeRun(run: Extract<TrainingEvent, { type: 'run' }>): string[] {
  const { data } = run;
  const { train, validation, test } = data.examples;
  const vectors =
    data.vectorsFound === null ? '' : `, ${formatShare(data.vectorsFound)} of it with pre-trained vectors`;
  return [
    `Run ${printable(run.name)} in ${printable(run.directory)}`,
    `Data: ${data.unit === 'tokens' ? formatAmount(train, 'token', 'tokens') : formatAmount(train, 'example', 'examples')} ` +
      `to train on, ${formatCount(validation)} to validate, ${formatCount(test)} to test` +
      (data.classes.length === 0 ? '' : `; ${formatAmount(data.classes.length, 'class', 'classes')}`),
    ...(data.vocabulary === 0
      ? []
      : [`Vocabulary: ${formatCount(data.vocabulary)}, knows ${formatShare(data.coverage)} of the tokens${vectors}`]),
    ...(data.duplicatesAcrossParts > 0
      ? [
          `Note: ${formatAmount(data.duplicatesAcrossParts, 'text stands', 'texts stand')} in more than one part of the data`,
        ]
      : []),
    `Model: ${formatAmount(run.parameters, 'number', 'numbers')}; up to ${formatAmount(run.epochs, 'epoch', 'epochs')} ` +
      `of ${formatAmount(run.stepsPerEpoch, 'step', 'steps')}`,
    ...(run.resumedAt > 0 ? [`Goes on after step ${formatCount(run.resumedAt)}`] : []),
  ];
}
