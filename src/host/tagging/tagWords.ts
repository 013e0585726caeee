/** The legend in the user's language: colours by name, and Markdown in which the user's words can be nothing but text. */
import * as vscode from 'vscode';
import { escapeText } from '../classification/hoverText';
import type { TagColor } from '../../tagColors';
import type { LegendEntry, TagStyle } from './tagLegend';

/** `blue`, or `blue, dotted`. */
export function styleName({ color, isDotted }: TagStyle): string {
  const name = colorName(color);
  return isDotted ? vscode.l10n.t('{0}, dotted', name) : name;
}

function colorName(color: TagColor): string {
  switch (color) {
    case 'Blue':
      return vscode.l10n.t('blue');
    case 'Orange':
      return vscode.l10n.t('orange');
    case 'Green':
      return vscode.l10n.t('green');
    case 'Purple':
      return vscode.l10n.t('purple');
    case 'Teal':
      return vscode.l10n.t('teal');
    case 'Red':
      return vscode.l10n.t('red');
    case 'Yellow':
      return vscode.l10n.t('yellow');
    case 'Pink':
      return vscode.l10n.t('pink');
  }
}

/** A type on the background that its spans have. */
export function swatch(type: string, { color }: TagStyle): string {
  return `<span style="background-color:var(--vscode-sequenceLab-tag${color});">&nbsp;${escapeText(type)}&nbsp;</span>`;
}

/** The legend as Markdown, one type a line: its colour, the colour's name and how many spans there are. */
export function legendMarkdown(legend: readonly LegendEntry[]): string {
  const lines = legend.map(({ type, style, count }) => `${swatch(type, style)} ${styleName(style)} · ${count}`);
  return lines.join('  \n');
}
