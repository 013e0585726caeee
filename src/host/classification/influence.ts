/** How strongly each word of a text spoke for or against its class, in steps that an eye can tell; knows no editor. */
import type { TokenInfluence } from '../../protocol';

/** A word that had a say: `for` or `against` the predicted class, clearly or only somewhat. */
export interface MarkedToken {
  readonly token: TokenInfluence;
  readonly side: 'for' | 'against';
  readonly isStrong: boolean;
}

/** Shares of the greatest influence from which a word is marked, and from which it is marked strongly. */
const [marked, strong] = [0.25, 0.6] as const;

/** The words with at least a quarter of the greatest influence, in the order of the text. */
export function markTokens(tokens: readonly TokenInfluence[]): MarkedToken[] {
  const most = tokens.reduce((greatest, { influence }) => Math.max(greatest, Math.abs(influence)), 0);
  if (most === 0) return [];
  return tokens
    .filter(({ influence }) => Math.abs(influence) >= marked * most)
    .map((token) => ({
      token,
      side: token.influence > 0 ? 'for' : 'against',
      isStrong: Math.abs(token.influence) >= strong * most,
    }));
}

/** The `count` different words with the greatest influence, the greatest first. */
export function strongestTokens(tokens: readonly TokenInfluence[], count: number): TokenInfluence[] {
  const sorted = markTokens(tokens)
    .map(({ token }) => token)
    .sort((a, b) => Math.abs(b.influence) - Math.abs(a.influence));
  return sorted.filter(({ text }, at) => sorted.findIndex((other) => other.text === text) === at).slice(0, count);
}
