/** `sequence-lab train`: trains an experiment, tells how it goes, and sums it up. */
import { UserError } from '../errors';
import type { TrainingResult, TrainParameters } from '../protocol';
import { type CommandContext, exitCodes } from './commandContext';
import type { CommandOptions } from './commandLine';
import { printable } from './displayText';
import { formatAmount, formatCount, formatDuration, formatNumber } from './format';
import { renderMetrics, summarizeMetrics } from './metricsReport';
import { quoteArgument } from './quoteArgument';
import { jsonReporter, liveReporter, plainReporter } from './trainingReporter';

/** Trains; 130 for a stopped run, 1 for one that failed by its settings. */
export async function trainCommand({ options, engine, output, signal }: CommandContext): Promise<number> {
  const parameters = readParameters(options);
  const json = options.flags.has('json');
  const report = json ? jsonReporter(output) : output.isTTY ? liveReporter(output) : plainReporter(output);
  let result: TrainingResult;
  try {
    result = await engine.train(parameters, report, signal);
  } finally {
    output.status('');
  }
  if (json) {
    output.json({ type: 'result', ...result });
  } else {
    output.lines(describeResult(parameters.experiment, result));
  }
  switch (result.report.status) {
    case 'finished':
      return exitCodes.done;
    case 'failed':
      throw new UserError(result.report.message ?? 'The run failed; its report does not say why.', {
        file: parameters.experiment,
      });
    case 'stopped':
    case 'running':
      return exitCodes.interrupted;
  }
}

function readParameters({ positionals, flags, values }: CommandOptions): TrainParameters {
  const out = values.get('out')?.[0];
  const runs = values.get('runs')?.[0];
  if (out !== undefined && runs !== undefined) {
    throw new UserError('The options --out and --runs mean the same; give one of them.');
  }
  const directory = out ?? runs;
  const threads = values.get('threads')?.[0];
  return {
    experiment: positionals[0]!,
    resume: flags.has('resume'),
    ...(directory === undefined ? {} : { runs: directory }),
    ...(threads === undefined ? {} : { threads: readThreads(threads) }),
  };
}

function readThreads(text: string): number {
  const threads = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(threads) || threads < 1) {
    throw new UserError(`The option --threads is a whole number from 1, found "${text}".`);
  }
  return threads;
}

/** The end of a run for a person: how it ended, the scores, where the model is, what to do next. */
export function describeResult(experiment: string, { name, model, report }: TrainingResult): string[] {
  const verb = { finished: 'Finished', stopped: 'Stopped', failed: 'Failed:', running: 'Left' }[report.status];
  const scores = report.test ?? report.best?.validation ?? null;
  const message = report.message !== undefined && report.status !== 'failed' ? [printable(report.message)] : [];
  return [
    `${verb} ${printable(name)} after ${formatAmount(report.epochs, 'epoch', 'epochs')}, ` +
      `${formatAmount(report.steps, 'step', 'steps')} in ${formatDuration(report.seconds)} ` +
      `(${formatNumber(report.tokensPerSecond)} tokens/s)`,
    ...message,
    ...(report.best === null
      ? []
      : [`Best epoch ${formatCount(report.best.epoch)}, validation: ${summarizeMetrics(report.best.validation)}`]),
    ...(report.test === null ? [] : [`Test: ${summarizeMetrics(report.test)}`]),
    ...(scores === null ? [] : ['', ...renderMetrics(scores), '']),
    ...(model === null ? [] : [`Model: ${printable(model)}`]),
    ...nextCommand(experiment, model, report),
  ];
}

function nextCommand(experiment: string, model: string | null, { status, data }: TrainingResult['report']): string[] {
  if (status === 'stopped') {
    return [`Go on:  sequence-lab train ${quoteArgument(printable(experiment))} --resume`];
  }
  return model === null
    ? []
    : [
        `Try it: sequence-lab predict ${quoteArgument(printable(model))} ` +
          (data.vocabulary === 0 ? '--input "a file of series"' : '--text "a text of yours"'),
      ];
}
