/** `sequence-lab evaluate`: the scores of a model on labelled data. */
import type { EvaluateResult } from '../protocol';
import { type CommandContext, exitCodes } from './commandContext';
import { formatAmount } from './format';
import { renderMetrics, summarizeMetrics } from './metricsReport';

/** Evaluates; with --json the progress comes as events of the phase `evaluating`. */
export async function evaluateCommand({ options, engine, output, signal }: CommandContext): Promise<number> {
  const json = options.flags.has('json');
  const text = options.values.get('text')?.[0];
  const label = options.values.get('label')?.[0];
  const labels = options.values.get('labels')?.[0];
  let result: EvaluateResult;
  try {
    result = await engine.evaluate(
      {
        model: options.positionals[0]!,
        data: options.positionals[1]!,
        ...(text === undefined ? {} : { text }),
        ...(label === undefined ? {} : { label }),
        ...(labels === undefined ? {} : { labels }),
      },
      (fraction) => {
        if (json) {
          output.json({ type: 'phase', phase: 'evaluating', fraction });
        } else {
          output.status(`Evaluating… ${Math.floor(fraction * 100)} %`);
        }
      },
      signal,
    );
  } finally {
    output.status('');
  }
  if (json) {
    output.json({ type: 'result', ...result });
  } else {
    const count =
      result.unit === 'tokens'
        ? formatAmount(result.examples, 'token', 'tokens')
        : formatAmount(result.examples, 'example', 'examples');
    output.lines([`${count}: ${summarizeMetrics(result.metrics)}`, '', ...renderMetrics(result.metrics)]);
  }
  return exitCodes.done;
}
