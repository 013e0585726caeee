/**
 * BLEU (Papineni et al. 2002) of a corpus as sacreBLEU 2 defines it by default: one reference, n-grams up to 4, the
 * tokenizer "13a", exponential smoothing, the brevity penalty over the whole corpus. Knows no models.
 */

/** Longest n-gram that is counted. */
const order = 4;

/** The steps of mteval-v13a's language-independent tokenizer, in sacreBLEU's form. */
const steps: readonly (readonly [RegExp, string])[] = [
  // Symbols and most punctuation stand alone; apostrophe, comma, full stop and hyphen do not.
  [/([{-~[-` -&(-+:-@/])/gu, ' $1 '],
  // Full stop and comma stand alone unless a digit is before, or after them.
  [/([^0-9])([.,])/gu, '$1 $2 '],
  [/([.,])([^0-9])/gu, ' $1 $2'],
  // A dash stands alone after a digit.
  [/([0-9])(-)/gu, '$1 $2 '],
];

const entities: readonly (readonly [string, string])[] = [
  ['&quot;', '"'],
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
];

/** The tokens of a segment. */
export function tokenize13a(segment: string): string[] {
  let line = segment.trimEnd().replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ');
  if (line.includes('&'))
    line = entities.reduce((text, [entity, character]) => text.replaceAll(entity, character), line);
  const spaced = steps.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), ` ${line} `);
  return spaced.split(/\s+/u).filter((token) => token !== '');
}

/** Counts of a corpus as its segments come, in constant memory. */
export class BleuCounter {
  private readonly matches = new Float64Array(order);
  private readonly totals = new Float64Array(order);
  private hypothesisLength = 0;
  private referenceLength = 0;

  /** @param lowercase whether capital and small letters are one */
  constructor(private readonly lowercase: boolean) {}

  /** Adds a translation and what it should have been. */
  add(hypothesis: string, reference: string): void {
    const [found, wanted] = [hypothesis, reference].map((text) =>
      tokenize13a(this.lowercase ? text.toLowerCase() : text),
    ) as [string[], string[]];
    this.hypothesisLength += found.length;
    this.referenceLength += wanted.length;
    for (let n = 1; n <= order; n++) {
      const inReference = countNgrams(wanted, n);
      for (const [ngram, count] of countNgrams(found, n)) {
        this.matches[n - 1]! += Math.min(count, inReference.get(ngram) ?? 0);
        this.totals[n - 1]! += count;
      }
    }
  }

  /** BLEU in 0…100. */
  score(): number {
    const { matches, totals, hypothesisLength, referenceLength } = this;
    if (!matches.some((count) => count > 0)) return 0;
    let smoothing = 1;
    let logSum = 0;
    for (let n = 0; n < order; n++) {
      if (totals[n] === 0) return 0;
      // The first n-gram order without a match counts as half a match, the next as a quarter, and so on.
      if (matches[n] === 0) smoothing *= 2;
      const precision = matches[n] === 0 ? 1 / (smoothing * totals[n]!) : matches[n]! / totals[n]!;
      logSum += Math.log(precision);
    }
    const isShort = hypothesisLength < referenceLength;
    const brevityPenalty = isShort ? Math.exp(1 - referenceLength / hypothesisLength) : 1;
    return 100 * brevityPenalty * Math.exp(logSum / order);
  }
}

function countNgrams(tokens: readonly string[], n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let at = 0; at + n <= tokens.length; at++) {
    const ngram = tokens.slice(at, at + n).join(' ');
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return counts;
}
