/** A text cut into its spans and what stands between them; draws nothing. */
import type { PanelTagged } from '../../src/tryItMessages';

/** A span of a text. */
export type TaggedSpan = PanelTagged['spans'][number];

/** A stretch of the text. */
export interface TaggedPiece {
  readonly text: string;
  /** Null between spans. */
  readonly span: TaggedSpan | null;
}

/** The whole text in pieces; spans that overlap or lie outside of the text are passed over. */
export function taggedPieces(text: string, spans: readonly TaggedSpan[]): TaggedPiece[] {
  const pieces: TaggedPiece[] = [];
  let done = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (span.start < done || span.end <= span.start || span.end > text.length) continue;
    if (span.start > done) pieces.push({ text: text.slice(done, span.start), span: null });
    pieces.push({ text: text.slice(span.start, span.end), span });
    done = span.end;
  }
  if (done < text.length) pieces.push({ text: text.slice(done), span: null });
  return pieces;
}
