/** The sentences of a text, which are translated one by one, and the text that their translations make; pure. */

/** A text as pieces in order: sentences, and what stands between them. */
export type TextPart =
  | { readonly sentence: string }
  /** White space as it stands: line breaks and indents stay. */
  | { readonly space: string };

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Cuts a text at line breaks and at the ends of sentences; joined, the parts are the text. */
export function splitSentences(text: string): TextPart[] {
  const parts: TextPart[] = [];
  for (const line of text.split(/(\r\n|\n|\r)/u)) {
    for (const { segment } of segmenter.segment(line)) {
      const sentence = segment.trim();
      const start = segment.indexOf(sentence);
      const around = [segment.slice(0, start), segment.slice(start + sentence.length)] as const;
      if (sentence === '') parts.push({ space: segment });
      else parts.push(...space(around[0]), { sentence }, ...space(around[1]));
    }
  }
  return parts;
}

function space(text: string): TextPart[] {
  return text === '' ? [] : [{ space: text }];
}

/** The text with each sentence replaced by its translation, in order. */
export function joinSentences(parts: readonly TextPart[], translations: readonly string[]): string {
  let at = 0;
  return parts.map((part) => ('space' in part ? part.space : translations[at++]!)).join('');
}
