/** Which style each type of span has, and what the legend says of the spans; must not know the editor. */
import type { TaggedSpan, TagPrediction } from '../../protocol';
import { type TagColor, tagColors } from '../../tagColors';

/** How the spans of a type look; a dotted line tells two types of one colour apart. */
export interface TagStyle {
  readonly color: TagColor;
  readonly isDotted: boolean;
}

/** Styles that there are: every colour without and with the dotted line. */
export const tagStyles: readonly TagStyle[] = [false, true].flatMap((isDotted) =>
  tagColors.map((color) => ({ color, isDotted })),
);

/** Styles by type, given out in the order of meeting, so that a type looks the same in every document. */
export class TagStyles {
  private readonly places = new Map<string, number>();

  /** Place of the type's style among `tagStyles`; with more types than styles they are given out again. */
  placeOf(type: string): number {
    let place = this.places.get(type);
    if (place === undefined) {
      place = this.places.size % tagStyles.length;
      this.places.set(type, place);
    }
    return place;
  }
}

/** What is coloured of a text: its spans; of a tagger that knows none, as one of parts of speech, each token by its tag. */
export function colouredSpans({ spans, tokens }: TagPrediction): readonly TaggedSpan[] {
  if (spans.length > 0) return spans;
  return tokens.filter(({ tag }) => tag !== 'O').map(({ tag, ...token }) => ({ type: tag, ...token }));
}

/** A line of the legend. */
export interface LegendEntry {
  readonly type: string;
  readonly style: TagStyle;
  readonly count: number;
}

/** The types among the spans, the most frequent first. */
export function legendOf(spans: readonly Pick<TaggedSpan, 'type'>[], styles: TagStyles): readonly LegendEntry[] {
  const counts = new Map<string, number>();
  for (const { type } of spans) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts]
    .map(([type, count]) => ({ type, count, style: tagStyles[styles.placeOf(type)]! }))
    .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1));
}

/** Types that the status bar names. */
const namedTypes = 4;

/** The legend in the status bar, as `city 2 · food 1`. */
export function legendLine(legend: readonly LegendEntry[]): string {
  const named = legend.slice(0, namedTypes).map(({ type, count }) => `${type} ${count}`);
  return [...named, ...(legend.length > namedTypes ? ['…'] : [])].join(' · ');
}
