/** `sequence-lab inspect`: what a model file says of itself. */
import type { ModelDescription } from '../protocol';
import { type CommandContext, exitCodes } from './commandContext';
import { printable } from './displayText';
import { formatBytes, formatCount } from './format';
import { summarizeMetrics } from './metricsReport';

/** Labels that are listed; of more only so many and their number. */
const SHOWN_LABELS = 20;

/** Describes the model. */
export async function inspectCommand({ options, engine, output, signal }: CommandContext): Promise<number> {
  const description = await engine.inspect({ model: options.positionals[0]! }, signal);
  if (options.flags.has('json')) {
    output.json({ type: 'result', ...description });
  } else {
    output.lines(describeModel(description));
  }
  return exitCodes.done;
}

/** The description in lines of a name and a value. */
export function describeModel(model: ModelDescription): string[] {
  const more = model.labels.length - SHOWN_LABELS;
  const labels = model.labels.slice(0, SHOWN_LABELS).join(', ') + (more > 0 ? ` and ${formatCount(more)} more` : '');
  const pairs: (readonly [string, string])[] = [
    ['task', model.task],
    ['experiment', model.experiment],
    ['created', `${model.created} by ${model.producer}`],
    ['size', `${formatBytes(model.bytes)}, ${formatCount(model.parameters)} numbers`],
    ...(model.labels.length === 0 ? [] : [['classes', `${formatCount(model.labels.length)}: ${labels}`] as const]),
    model.channels === undefined
      ? ['tokens', `${model.tokenizer}, vocabulary ${formatCount(model.vocabulary)}`]
      : ['channels', `${formatCount(model.channels.length)}: ${model.channels.slice(0, SHOWN_LABELS).join(', ')}`],
    ...model.inputs.map(({ name, type }) => ['input', `${name}: ${type}`] as const),
    ...model.outputs.map(({ name, type }) => ['output', `${name}: ${type}`] as const),
    ['operators', model.operators.map(({ operator, count }) => `${operator} ${formatCount(count)}`).join(', ')],
    ...(model.validation === null ? [] : [['validation', summarizeMetrics(model.validation)] as const]),
    ...(model.test === null ? [] : [['test', summarizeMetrics(model.test)] as const]),
  ];
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`);
}
