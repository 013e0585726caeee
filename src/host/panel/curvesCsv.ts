/** Curves as CSV (RFC 4180): a line for each step, with the validation's scores at the ends of epochs; pure. */
import type { EpochMetrics, StepMetrics } from '../../protocol';
import { type ScoreName, scoreNames, type Scores, scoresOf } from '../../scores';

/** The first line; `scores` are the validation's that have a column. */
export function csvHeader(scores: readonly ScoreName[]): string {
  const steps = ['run', 'step', 'epoch', 'loss', 'gradient_norm', 'learning_rate', 'tokens'];
  return `${[...steps, ...scores.map((name) => `validation_${snakeCase(name)}`)].join(',')}\r\n`;
}

/** The validation's scores that any of the lines has, in a fixed order. */
export function validationScores(lines: readonly (StepMetrics | EpochMetrics)[]): ScoreName[] {
  const found = new Set(lines.flatMap((line) => ('validation' in line ? Object.keys(scoresOf(line.validation)) : [])));
  return scoreNames.filter((name) => found.has(name));
}

/** The lines of one run, piece by piece: a run can have more steps than one string should hold. */
export function* curvesCsv(
  run: string,
  lines: readonly (StepMetrics | EpochMetrics)[],
  scores: readonly ScoreName[],
): Generator<string> {
  const name = quote(run);
  const validations = new Map<number, EpochMetrics>();
  for (const line of lines) if ('validation' in line) validations.set(line.steps, line);
  let piece: string[] = [];
  for (const line of lines) {
    if ('validation' in line) continue;
    const { step, epoch, loss, gradientNorm, learningRate, tokens } = line;
    const validation = validations.get(step)?.validation;
    const values: Scores = validation === undefined ? {} : scoresOf(validation);
    piece.push(
      [name, step, epoch, loss, gradientNorm, learningRate, tokens, ...scores.map((score) => values[score] ?? '')].join(
        ',',
      ),
    );
    if (piece.length === 10_000) {
      yield `${piece.join('\r\n')}\r\n`;
      piece = [];
    }
  }
  if (piece.length > 0) yield `${piece.join('\r\n')}\r\n`;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]+\d*|\d+/g, (part, at: number) => (at === 0 ? part : `_${part.toLowerCase()}`));
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
