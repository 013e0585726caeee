/** Boundaries of user-perceived characters (grapheme clusters, UAX #29); knows nothing of lower-casing. */
import { Segmenter } from './segmenter';

const segmenter = new Segmenter('grapheme');

const carriageReturn = 13;
const lineFeed = 10;

/**
 * Visits each character, white space included; CRLF is one. An ASCII character between ASCII neighbours is a cluster of
 * its own; only the stretches around other characters go to Intl.Segmenter.
 */
export function segmentCharacters(text: string, visit: (start: number, end: number) => void): void {
  let index = 0;
  while (index < text.length) {
    if (standsAlone(text, index)) {
      const end = isLineEnd(text, index) ? index + 2 : index + 1;
      visit(index, end);
      index = end;
      continue;
    }
    let end = index + 1;
    while (end < text.length && !(standsAlone(text, end) && endsCluster(text, end - 1))) end += 1;
    for (const { segment, index: offset } of segmenter.segment(text.slice(index, end))) {
      visit(index + offset, index + offset + segment.length);
    }
    index = end;
  }
}

/** Whether boundaries surely lie before and after the ASCII character (or CRLF) at `index`, given one before it. */
function standsAlone(text: string, index: number): boolean {
  if (text.charCodeAt(index) > 127) return false;
  const next = isLineEnd(text, index) ? index + 2 : index + 1;
  return next >= text.length || text.charCodeAt(next) < 128;
}

/** Whether the character at `index` is ASCII and surely the last of its cluster when an ASCII character follows. */
function endsCluster(text: string, index: number): boolean {
  return text.charCodeAt(index) < 128 && !isLineEnd(text, index);
}

function isLineEnd(text: string, index: number): boolean {
  return text.charCodeAt(index) === carriageReturn && text.charCodeAt(index + 1) === lineFeed;
}
