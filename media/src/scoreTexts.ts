/** Scores in words and figures. */
import type { PanelTextKey } from '../../src/panelMessages';
import { mainScore, type ScoreName, type Scores } from '../../src/scores';
import { formatNumber, formatScore } from './numbers';
import { text } from './texts';

const keys: Readonly<Record<ScoreName, PanelTextKey>> = {
  loss: 'validationLoss',
  accuracy: 'validationAccuracy',
  macroF1: 'validationMacroF1',
  f1: 'validationF1',
  bleu: 'validationBleu',
  perplexity: 'validationPerplexity',
  bitsPerCharacter: 'validationBitsPerCharacter',
  mse: 'validationMse',
  mae: 'validationMae',
};

/** What a score is called. */
export function scoreName(name: ScoreName): string {
  return text(keys[name]);
}

/** The value of a score: shares with three decimals. */
export function scoreValue(name: ScoreName, value: number): string {
  return name === 'accuracy' || name === 'macroF1' || name === 'f1' ? formatScore(value) : formatNumber(value);
}

/** The value of the score that speaks for its task; a dash where there is none. */
export function mainScoreValue(scores: Scores | null | undefined): string {
  if (scores == null) return '–';
  const { name, value } = mainScore(scores);
  return scoreValue(name, value);
}

/** The score that speaks for its task with its name: `macro F1 0.931`. */
export function namedMainScore(scores: Scores): string {
  const { name, value } = mainScore(scores);
  return `${scoreName(name)} ${scoreValue(name, value)}`;
}
