/** Curves as CSV (RFC 4180): a line for each step, with the validation's scores at the ends of epochs; pure. */
import type { EpochMetrics, StepMetrics } from '../../protocol';

const header = [
  ...['run', 'step', 'epoch', 'loss', 'gradient_norm', 'learning_rate', 'tokens'],
  ...['validation_loss', 'validation_accuracy', 'validation_macro_f1'],
];

/** The first line. */
export const csvHeader = `${header.join(',')}\r\n`;

/** The lines of one run, piece by piece: a run can have more steps than one string should hold. */
export function* curvesCsv(run: string, lines: readonly (StepMetrics | EpochMetrics)[]): Generator<string> {
  const name = quote(run);
  const validations = new Map<number, EpochMetrics>();
  for (const line of lines) if ('validation' in line) validations.set(line.steps, line);
  let piece: string[] = [];
  for (const line of lines) {
    if ('validation' in line) continue;
    const { step, epoch, loss, gradientNorm, learningRate, tokens } = line;
    const validation = validations.get(step)?.validation;
    const scores = validation === undefined ? ['', '', ''] : [validation.loss, validation.accuracy, validation.macroF1];
    piece.push([name, step, epoch, loss, gradientNorm, learningRate, tokens, ...scores].join(','));
    if (piece.length === 10_000) {
      yield `${piece.join('\r\n')}\r\n`;
      piece = [];
    }
  }
  if (piece.length > 0) yield `${piece.join('\r\n')}\r\n`;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
