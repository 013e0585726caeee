/** Which scores each task has and how they compare; pure. */
import type { Metrics, Task } from './protocol';

/** All scores that a task may have, as they are called in metrics, reports and experiment files. */
export const scoreNames = [
  'loss',
  'accuracy',
  'macroF1',
  'f1',
  'bleu',
  'perplexity',
  'bitsPerCharacter',
  'mse',
  'mae',
] as const;
export type ScoreName = (typeof scoreNames)[number];
/** Scores by name; a task has some of them. */
export type Scores = Readonly<Partial<Record<ScoreName, number>>>;

/** The scores of a task; the first speaks for it. */
export const taskScores = {
  classification: ['macroF1', 'accuracy', 'loss'],
  tagging: ['f1', 'accuracy', 'loss'],
  translation: ['bleu', 'loss'],
  languageModel: ['perplexity', 'bitsPerCharacter', 'loss'],
  forecasting: ['mse', 'mae', 'loss'],
} as const satisfies Readonly<Record<Task, readonly [ScoreName, ...ScoreName[]]>>;

const lowerIsBetter: ReadonlySet<ScoreName> = new Set(['loss', 'perplexity', 'bitsPerCharacter', 'mse', 'mae']);

/** Whether one value of a score is better than another. */
export function isBetterScore(name: ScoreName, value: number, than: number): boolean {
  return lowerIsBetter.has(name) ? value < than : value > than;
}

/** The scores without their details. */
export function scoresOf(metrics: Metrics): Scores {
  const all = metrics as Scores;
  return Object.fromEntries(scoreNames.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}

/** The score that speaks for its task, and its value. */
export function mainScore(scores: Scores): { readonly name: ScoreName; readonly value: number } {
  const name = Object.values(taskScores).find(([first]) => scores[first] !== undefined)?.[0] ?? 'loss';
  return { name, value: scores[name] ?? NaN };
}
