/**
 * Sentences for people that can be told in other languages than English: a key with places, and the values for them. Pure;
 * must not know what the sentences are about, nor any other language.
 */
import type { Sentence, SentenceValue, Told } from './protocol';

export type { Sentence, SentenceValue, Told } from './protocol';

/**
 * The sentence of a template literal: sentence`The run ${name} is finished.` has the key `The run {0} is finished.`
 * A part that is language, and not a name or a number, is given as a sentence of its own.
 */
export function sentence(texts: TemplateStringsArray, ...values: readonly SentenceValue[]): Sentence {
  const key = texts.reduce((before, text, at) => `${before}{${at - 1}}${text}`);
  // JSON has no NaN and no infinity, and a sentence travels and is stored as JSON.
  const finite = values.map((value) => (typeof value !== 'number' || Number.isFinite(value) ? value : String(value)));
  return { key, values: finite };
}

/** The key of a text that is told as it is, whatever the language. */
const untranslated = '{0}';

/** A text that is no language or is in the user's language already, as a sentence. */
export const asIs = (text: string): Sentence => ({ key: untranslated, values: [text] });

/** A text of a language for a key, with the values put into their places. */
export type Translate = (key: string, values: readonly (string | number)[]) => string;

/** The sentence in a language; sentences among its values are translated first. */
export function render({ key, values }: Sentence, translate: Translate): string {
  const parts = values.map((value) => (typeof value === 'object' ? render(value, translate) : value));
  return key === untranslated ? String(parts[0]) : translate(key, parts);
}

/** The sentence in English. */
export function english(sentence: Sentence): string {
  return render(sentence, (key, values) =>
    key.replace(/\{(\d+)\}/g, (place, at) => String(values[Number(at)] ?? place)),
  );
}

/** A sentence with its English text beside it. */
export const told = (wording: Sentence): Told => ({ message: english(wording), wording });

/** An enumeration: `a, b, c`. */
export function listed(parts: readonly SentenceValue[]): SentenceValue {
  return parts.length === 0 ? '' : parts.reduce((before, part) => sentence`${before}, ${part}`);
}

/** A choice: `a, b or c`. */
export function alternatives(parts: readonly SentenceValue[]): SentenceValue {
  return parts.length < 2 ? listed(parts) : sentence`${listed(parts.slice(0, -1))} or ${parts.at(-1)!}`;
}
