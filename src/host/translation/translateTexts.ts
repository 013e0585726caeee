/** Texts translated sentence by sentence; knows neither editor nor engine. */
import type { Translation } from '../../protocol';
import { joinSentences, splitSentences } from './sentences';

/** A text's translation. */
export interface TextTranslation {
  /** The whole, white space between sentences as in the text. */
  readonly translation: string;
  readonly sentences: readonly Translation[];
}

/** Translates the sentences of all texts in one request; undefined where `translate` gives nothing. */
export async function translateTexts(
  texts: readonly string[],
  translate: (sentences: readonly string[]) => Promise<readonly Translation[] | undefined>,
): Promise<readonly TextTranslation[] | undefined> {
  const parts = texts.map(splitSentences);
  const sentences = parts.map((own) => own.flatMap((part) => ('sentence' in part ? [part.sentence] : [])));
  const translated = await translate(sentences.flat());
  if (translated === undefined) return undefined;
  let at = 0;
  return parts.map((own, text) => {
    const found = translated.slice(at, (at += sentences[text]!.length));
    const translation = joinSentences(
      own,
      found.map((one) => one.text),
    );
    return { translation, sentences: found };
  });
}
