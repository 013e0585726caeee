/** What the hover over a classified text says, as Markdown in which the user's text can be nothing but text. */
import type { ClassPrediction } from '../../protocol';
import { markTokens, strongestTokens } from './influence';

/** The hover's words in the user's language. */
export interface HoverWords {
  /** Sentence with the model's name. */
  readonly model: string;
  /** Heading of the words with the greatest influence. */
  readonly decidedBy: string;
  /** Says how many classes are not shown. */
  readonly moreClasses: (count: number) => string;
  /** Text and address of the link that corrects the label. */
  readonly correct: { readonly label: string; readonly command: string };
}

/** Characters of a full bar. */
const barWidth = 16;
/** Classes with a bar of their own. */
const mostClasses = 8;
/** UTF-16 units of the text that the hover shows. */
const mostText = 1200;
/** Words that are named with their influence. */
const namedWords = 5;

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** A bar of block characters for a share 0…1, filled up to its width with no-break spaces. */
export function bar(share: number, width = barWidth): string {
  const units = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const blocks = '█'.repeat(Math.floor(units / 8)) + eighths[units % 8]!;
  return blocks.padEnd(width, '\u00a0');
}

/** A probability with two digits, as `0.91`, or with three where two would make it certain or impossible, as `0.998`. */
export function probabilityText(probability: number): string {
  return probability.toFixed(probability >= 0.995 || probability < 0.005 ? 3 : 2);
}

/** A text on one line as Markdown and HTML that show exactly it: every sign that could mean more is a character reference. */
export function escapeText(text: string): string {
  return text
    .replace(/[\s\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD')
    .replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** The hover: classes as bars, the text with the words that decided it marked, and a link to correct the label. */
export function hoverMarkdown(text: string, prediction: ClassPrediction, words: HoverWords): string {
  const parts = [`**${escapeText(prediction.label)}** · ${escapeText(words.model)}`, bars(prediction, words)];
  const { tokens } = prediction;
  if (tokens !== undefined && tokens.length > 0) {
    parts.push('---', markedText(text, prediction));
    const named = strongestTokens(tokens, namedWords).map(
      ({ text: token, influence }) => `${escapeText(token)} ${signed(influence)}`,
    );
    if (named.length > 0) parts.push(`${escapeText(words.decidedBy)} ${named.join(' · ')}`);
  }
  parts.push(`[${escapeText(words.correct.label)}](${words.correct.command})`);
  return parts.join('\n\n');
}

function bars({ classes }: ClassPrediction, { moreClasses }: HoverWords): string {
  const shown = classes.slice(0, mostClasses);
  // Numbers with two and with three digits stand with their points below each other.
  const width = Math.max(...shown.map(({ probability }) => probabilityText(probability).length));
  const lines = shown.map(({ label, probability }) => {
    const number = probabilityText(probability).padEnd(width, '\u00a0');
    return `\`${bar(probability)}\u00a0${number}\` ${escapeText(label)}`;
  });
  if (classes.length > shown.length) lines.push(escapeText(moreClasses(classes.length - shown.length)));
  return lines.join('  \n');
}

function markedText(text: string, { tokens = [] }: ClassPrediction): string {
  let result = '';
  let at = 0;
  const limit = Math.min(text.length, mostText);
  for (const { token, side, isStrong } of markTokens(tokens)) {
    if (token.end > limit || token.start < at) continue;
    const color = `var(--vscode-sequenceLab-influence${side === 'for' ? 'For' : 'Against'}${isStrong ? 'Strong' : ''})`;
    // The side is told by shape, too: bold speaks for the class, italic against it.
    const element = side === 'for' ? 'strong' : 'em';
    const word = escapeText(text.slice(token.start, token.end));
    result += escapeText(text.slice(at, token.start));
    result += `<span style="background-color:${color};"><${element}>${word}</${element}></span>`;
    at = token.end;
  }
  return result + escapeText(text.slice(at, Math.max(at, limit))) + (text.length > limit ? '…' : '');
}

/** With its sign and two digits, as `+0.42`; the minus is the typographic one. */
function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
