/** `sequence-lab evaluate`: the scores of a model on labelled data. */
import { UserError } from '../errors';
import type { EvaluateResult } from '../protocol';
import { type CommandContext, exitCodes } from './commandContext';
import { formatAmount } from './format';
import { readSearchOptions, refuseTranslationOptions } from './translateTexts';
import { renderMetrics, summarizeMetrics } from './metricsReport';

/** Evaluates; with --json the progress comes as events of the phase `evaluating`. */
export async function evaluateCommand({ options, engine, output, signal }: CommandContext): Promise<number> {
  const json = options.flags.has('json');
  const text = options.values.get('text')?.[0];
  const label = options.values.get('label')?.[0];
  const labels = options.values.get('labels')?.[0];
  const model = options.positionals[0]!;
  const search = readSearchOptions(options);
  if (search.lengthPenalty !== undefined && search.beam === undefined) {
    throw new UserError('The option --length-penalty needs a search by beam; give --beam too.');
  }
  if (search.beam !== undefined && (await engine.inspect({ model }, signal)).task !== 'translation') {
    refuseTranslationOptions(options);
  }
  let result: EvaluateResult;
  try {
    result = await engine.evaluate(
      {
        model,
        data: options.positionals[1]!,
        ...(text === undefined ? {} : { text }),
        ...(label === undefined ? {} : { label }),
        ...(labels === undefined ? {} : { labels }),
        ...search,
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
