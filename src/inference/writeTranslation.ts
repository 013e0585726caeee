/** From the ids of a translation to its text; knows no graphs. */
import type { Pieces } from '../data/pieces';
import { unknownId, type Vocabulary } from '../data/vocabulary';

/** Pieces and vocabulary of one side. */
export interface TextSide {
  readonly pieces: Pieces;
  readonly vocabulary: Vocabulary;
}

/**
 * The text of target ids. An unknown piece becomes the source's piece that the model looked at (Luong et al. 2015).
 * @param lookedAt place in the source by target id
 * @param source pieces of the source, unknown ones as they stand in the text
 */
export function writeTranslation(
  { pieces, vocabulary }: TextSide,
  ids: ArrayLike<number>,
  lookedAt: ArrayLike<number>,
  source: readonly string[],
): string {
  return pieces.join(
    Array.from(ids, (id, at) => (id === unknownId ? (source[lookedAt[at]!] ?? '') : vocabulary.tokens[id]!)),
  );
}

/** Place of the largest of the first `count` weights, the first of equal ones. */
export function largestWeight(weights: Float32Array, count: number): number {
  let best = 0;
  for (let at = 1; at < count; at++) if (weights[at]! > weights[best]!) best = at;
  return best;
}
