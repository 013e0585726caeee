/** Unicode's text segmentation (UAX #29) for every machine alike. */

/** An `Intl.Segmenter` that is made for the first text that needs it: its tables take their time, and most texts are ASCII. */
export class Segmenter {
  private made: Intl.Segmenter | undefined;

  constructor(private readonly granularity: 'grapheme' | 'word') {}

  /** The segments of a text, in order. */
  segment(text: string): Iterable<Intl.SegmentData> {
    // The locale is fixed: an undetermined one would follow the machine's language.
    this.made ??= new Intl.Segmenter('en', { granularity: this.granularity });
    return this.made.segment(text);
  }
}
