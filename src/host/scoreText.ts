/** Scores in words of the editor's language. */
import * as vscode from 'vscode';
import type { Metrics } from '../protocol';
import { mainScore, type ScoreName, scoresOf } from '../scores';
import { shortNumber } from './progressText';

/** The score that speaks for its task: `F1 0.931`, `BLEU 50.1`. */
export function mainScoreText(metrics: Metrics): string {
  const { name, value } = mainScore(scoresOf(metrics));
  return nameAndValue(name, value);
}

/** The score that speaks for its task, and the accuracy where there is one: `F1 0.931, accuracy 0.940`. */
export function describeScores(metrics: Metrics): string {
  const main = mainScoreText(metrics);
  return 'accuracy' in metrics ? vscode.l10n.t('{0}, accuracy {1}', main, shortNumber(metrics.accuracy)) : main;
}

function nameAndValue(name: ScoreName, value: number): string {
  switch (name) {
    case 'macroF1':
    case 'f1':
      return vscode.l10n.t('F1 {0}', shortNumber(value));
    case 'bleu':
      return vscode.l10n.t('BLEU {0}', shortNumber(value));
    case 'perplexity':
      return vscode.l10n.t('perplexity {0}', shortNumber(value));
    case 'bitsPerCharacter':
      return vscode.l10n.t('{0} bits per character', shortNumber(value));
    case 'mse':
      return vscode.l10n.t('mean squared error {0}', shortNumber(value));
    case 'mae':
      return vscode.l10n.t('mean absolute error {0}', shortNumber(value));
    case 'accuracy':
      return vscode.l10n.t('accuracy {0}', shortNumber(value));
    case 'loss':
      return vscode.l10n.t('loss {0}', shortNumber(value));
  }
}
