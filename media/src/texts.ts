/** The page's words, which the host sends in the language of the editor before anything else. */
import type { PanelTextKey, PanelTexts } from '../../src/panelMessages';

let texts: PanelTexts | undefined;
let language = 'en';

/** Takes the words of the host. */
export function setTexts(given: PanelTexts, givenLanguage: string): void {
  texts = given;
  language = givenLanguage;
}

/** A text by its name, with its values in place of `{0}`, `{1}`, …; a template gets text alone, never markup. */
export function text(key: PanelTextKey, ...values: readonly (string | number)[]): string {
  const pattern = texts?.[key] ?? '';
  return pattern.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
}

/** A moment as a short date with its time, in the language of the editor. */
export function formatDate(time: number): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' }).format(time);
}
