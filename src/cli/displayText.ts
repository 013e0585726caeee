/** Text as a terminal shows it: its width in columns, cut and padded to a width, and made harmless; pure. */
import { Segmenter } from '../data/segmenter';

const segmenter = new Segmenter('grapheme');
const wide =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\uFF01-\uFF60\u3000-\u303F]/u;
const invisible = /^(\p{Mark}|\p{Default_Ignorable_Code_Point})+$/u;

/** Width of `text` in terminal columns; East Asian characters and emoji take two. The text holds no control characters. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    width += graphemeWidth(segment);
  }
  return width;
}

/** `text` cut to at most `width` columns; an ellipsis stands for what is cut off. */
export function fitText(text: string, width: number): string {
  if (displayWidth(text) <= width) {
    return text;
  }
  let fitted = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += graphemeWidth(segment);
    if (used > width - 1) {
      break;
    }
    fitted += segment;
  }
  return width < 1 ? '' : `${fitted}…`;
}

/** `text` with spaces on the other side up to `width` columns. */
export function padText(text: string, width: number, align: 'left' | 'right'): string {
  const spaces = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + spaces : spaces + text;
}

/** The user's text on one line and without control characters, so that data cannot command the terminal. */
export function printable(text: string): string {
  return text.replace(/[\t\n\v\f\r\u2028\u2029]+/gu, ' ').replace(/\p{Cc}|[\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');
}

function graphemeWidth(grapheme: string): number {
  if (invisible.test(grapheme)) {
    return 0;
  }
  return wide.test(grapheme) ? 2 : 1;
}
