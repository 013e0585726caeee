/** How strongly each word of a text is shaded by its influence on the predicted class; draws nothing. */
import type { PanelPrediction } from '../../src/tryItMessages';

/** A stretch of the text: a word with its shade, or what stands between words. */
export interface ShadedPiece {
  readonly text: string;
  /** Influence beside the strongest one, 0…1. */
  readonly strength: number;
  readonly direction: 'for' | 'against' | 'none';
  readonly isKnown: boolean;
  readonly isStrongest: boolean;
}

/** The whole text in pieces; tokens that overlap or lie outside of the text are passed over. */
export function shadeWords(text: string, tokens: NonNullable<PanelPrediction['tokens']>): ShadedPiece[] {
  const greatest = Math.max(0, ...tokens.map(({ influence }) => Math.abs(influence)));
  const pieces: ShadedPiece[] = [];
  const between = (piece: string) => {
    if (piece !== '') pieces.push({ text: piece, strength: 0, direction: 'none', isKnown: true, isStrongest: false });
  };
  let done = 0;
  for (const { start, end, influence, known } of tokens) {
    if (start < done || end <= start || end > text.length) continue;
    between(text.slice(done, start));
    const strength = greatest === 0 ? 0 : Math.abs(influence) / greatest;
    pieces.push({
      text: text.slice(start, end),
      strength,
      direction: influence < 0 ? 'against' : 'for',
      isKnown: known,
      isStrongest: influence > 0 && strength === 1,
    });
    done = end;
  }
  between(text.slice(done));
  return pieces;
}
