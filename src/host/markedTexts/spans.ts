/** Stretches of a text as offsets, and how they move when the text changes; must not know the editor. */

/** From `start` to before `end`, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A change of a text; its offsets are those of the text before all changes that came with it. */
export interface TextChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/**
 * Where a span is after the changes; undefined where one of them changed its text. What is typed right before or after
 * the span changes it too, unless a line break is between.
 */
export function followChanges(span: Span, changes: readonly TextChange[]): Span | undefined {
  let moved = 0;
  for (const { rangeOffset, rangeLength, text } of changes) {
    const end = rangeOffset + rangeLength;
    const isBefore = end < span.start || (end === span.start && /[\r\n]\s*$/.test(text));
    const isAfter = rangeOffset > span.end || (rangeOffset === span.end && /^[\r\n]/.test(text));
    if (isBefore) moved += text.length - rangeLength;
    else if (!isAfter) return undefined;
  }
  return { start: span.start + moved, end: span.end + moved };
}

/** The span without the white space at both ends; undefined where nothing else is in it. */
export function trimSpan(text: string, { start, end }: Span): Span | undefined {
  const part = text.slice(start, end);
  const trimmed = part.trim();
  if (trimmed === '') return undefined;
  const from = start + part.length - part.trimStart().length;
  return { start: from, end: from + trimmed.length };
}

/** The items whose span shares no character with one of `others`, which share none among themselves. */
export function apartFrom<T extends { readonly span: Span }>(items: readonly T[], others: readonly Span[]): T[] {
  const sorted = [...others].sort((a, b) => a.start - b.start);
  return items.filter(({ span }) => {
    // The last of the others that starts before the span ends is the only one that can reach into it.
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]!.start < span.end) low = middle + 1;
      else high = middle;
    }
    return low === 0 || sorted[low - 1]!.end <= span.start;
  });
}

/** The lines around a line up to the next blank ones; undefined where the line itself is blank. */
export function paragraphAt(
  lineCount: number,
  isBlank: (line: number) => boolean,
  line: number,
): { readonly first: number; readonly last: number } | undefined {
  if (isBlank(line)) return undefined;
  let first = line;
  while (first > 0 && !isBlank(first - 1)) first--;
  let last = line;
  while (last < lineCount - 1 && !isBlank(last + 1)) last++;
  return { first, last };
}
