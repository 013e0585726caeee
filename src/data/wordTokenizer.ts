/** Word boundaries by Unicode's text segmentation (UAX #29), without white space; knows nothing of lower-casing. */
import { Segmenter } from './segmenter';

const segmenter = new Segmenter('word');

type Visit = (start: number, end: number) => void;

/** Word-break classes of UAX #29 that occur in ASCII. */
const other = 0;
const space = 1;
const letter = 2;
const digit = 3;
const underscore = 4;
/** `:` joins letters (MidLetter), `,` and `;` join digits (MidNum), `.` and `'` join both (MidNumLet, Single_Quote). */
const joinsLetters = 5;
const joinsDigits = 6;
const joinsBoth = 7;

const classes = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z]/u.test(character)) classes[code] = letter;
  else if (/[0-9]/u.test(character)) classes[code] = digit;
  else if (/\s/u.test(character)) classes[code] = space;
  else if (character === '_') classes[code] = underscore;
  else if (character === ':') classes[code] = joinsLetters;
  else if (/[,;]/u.test(character)) classes[code] = joinsDigits;
  else if (/[.']/u.test(character)) classes[code] = joinsBoth;
  else classes[code] = other;
}

/**
 * Visits each word, number and punctuation mark. Runs of ASCII take a scanner that applies the same rules as
 * Intl.Segmenter, some ten times as fast; only the stretches between spaces that hold other characters go to the
 * Segmenter. The scanner also keeps a model's words the same under versions of ICU with other rules for ASCII.
 */
export function segmentWords(text: string, visit: Visit): void {
  let start = 0;
  while (start < text.length) {
    const end = stretchEnd(text, start);
    if (end < 0) start = scanAscii(text, start, ~end, visit);
    else start = segmentAny(text, start, end, visit);
  }
}

/**
 * Where the stretch from `start` ends: the longest piece of ASCII as its complement (a negative number), else the shortest
 * piece with other characters. Cuts lie only between a space and a further ASCII character: a boundary by rule WB999, and nothing before the space can reach across it.
 */
function stretchEnd(text: string, start: number): number {
  let cut = start;
  let index = start;
  for (; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 127) break;
    if (index > start && code !== 32 && text.charCodeAt(index - 1) === 32) cut = index;
  }
  if (index === text.length) return ~index;
  if (cut > start) return ~cut;
  for (index += 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 128 && code !== 32 && text.charCodeAt(index - 1) === 32) return index;
  }
  return text.length;
}

function segmentAny(text: string, start: number, end: number, visit: Visit): number {
  for (const { segment, index } of segmenter.segment(text.slice(start, end))) {
    if (segment.trim() !== '') visit(start + index, start + index + segment.length);
  }
  return end;
}

function scanAscii(text: string, start: number, end: number, visit: Visit): number {
  let index = start;
  while (index < end) {
    const kind = classes[text.charCodeAt(index)]!;
    if (kind === space) {
      index += 1;
    } else if (kind === letter || kind === digit || kind === underscore) {
      const wordStart = index;
      index = wordEnd(text, index, end);
      visit(wordStart, index);
    } else {
      visit(index, index + 1);
      index += 1;
    }
  }
  return end;
}

/** End of the word that starts at `index` (rules WB5 to WB13b). */
function wordEnd(text: string, index: number, end: number): number {
  let before = classes[text.charCodeAt(index)]!;
  for (let at = index + 1; at < end; at += 1) {
    const kind = classes[text.charCodeAt(at)]!;
    if (kind === letter || kind === digit || kind === underscore) {
      before = kind;
      continue;
    }
    const after = at + 1 < end ? classes[text.charCodeAt(at + 1)]! : other;
    const joins =
      (before === letter && after === letter && (kind === joinsLetters || kind === joinsBoth)) ||
      (before === digit && after === digit && (kind === joinsDigits || kind === joinsBoth));
    if (!joins) return at;
    before = after;
    at += 1;
  }
  return end;
}
