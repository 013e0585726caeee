/** Spans in a sequence of tags, as conlleval finds them; knows nothing of models. */

/** A run of tokens of one type. */
export interface TagSpan {
  readonly type: string;
  /** First token, from 0. */
  readonly start: number;
  /** Token after the last one. */
  readonly end: number;
}

/** A tag's place in a span and the span's type, as `B` and `person` of `B-person`; a tag without a hyphen has no type. */
export interface TagParts {
  readonly place: string;
  readonly type: string;
}

/** The parts of a tag: what stands before and after its first hyphen. */
export function tagParts(tag: string): TagParts {
  const hyphen = tag.indexOf('-');
  return hyphen < 0 ? { place: tag, type: '' } : { place: tag.slice(0, hyphen), type: tag.slice(hyphen + 1) };
}

const outside: TagParts = { place: 'O', type: '' };
/** What stands outside of every span. */
const isOutside = ({ place }: TagParts): boolean => place === 'O' || place === '.';

/**
 * The spans by the rules of the CoNLL shared tasks' conlleval (Tjong Kim Sang & Buchholz 2000): a span begins at B, where
 * the type changes, and at I or E after O; so that IOB1, IOB2 (BIO) and IOBES are read alike and a stray I begins a span.
 * S, which conlleval does not know, is a span by itself. Tags without a type, as those of parts of speech, give no span.
 */
export function tagSpans(tags: readonly string[]): TagSpan[] {
  const spans: TagSpan[] = [];
  let before = outside;
  let open: { type: string; start: number } | null = null;
  for (const [at, now] of [...tags.map(tagParts), outside].entries()) {
    if (open !== null && endsBetween(before, now)) {
      spans.push({ ...open, end: at });
      open = null;
    }
    if (open === null && startsBetween(before, now)) open = { type: now.type, start: at };
    before = now;
  }
  return spans;
}

const endings = new Set(['B B', 'B O', 'I B', 'I O', 'E E', 'E I', 'E O', 'E B', 'S S', 'S B', 'S I', 'S E', 'S O']);
const starts = new Set(['B B', 'I B', 'O B', 'E B', 'S B', 'O I', 'E I', 'S I', 'E E', 'O E', 'S E']);
const singles = new Set(['B S', 'I S', 'E S', 'O S', 'S S']);

/** Whether a span that holds the tag `before` ends ahead of `now`. */
function endsBetween(before: TagParts, now: TagParts): boolean {
  const pair = `${before.place} ${now.place}`;
  return endings.has(pair) || singles.has(pair) || (!isOutside(before) && before.type !== now.type);
}

/** Whether a span begins at `now`. */
function startsBetween(before: TagParts, now: TagParts): boolean {
  const pair = `${before.place} ${now.place}`;
  return starts.has(pair) || singles.has(pair) || (!isOutside(now) && before.type !== now.type);
}
