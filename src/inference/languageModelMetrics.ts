/** The scores of a language model on a text, and the streams that it is read in to be scored; knows no runtime. */
import { Streams } from '../data/streams';
import type { TextPart } from '../data/textCorpus';
import type { LanguageModelMetrics } from '../protocol';

/** Streams of an evaluation: each starts without memory, so that there are few, and each is long. */
const mostStreams = 32;
const shortestStream = 1024;
/** Numbers of log-probabilities that one window may have. */
const windowNumbers = 2 ** 22;
const longestWindow = 256;

/** How a part is read to be scored: every token but the first is predicted, once. */
export interface ScoringPlan {
  readonly streams: Streams;
  /** All of them. */
  readonly all: readonly number[];
  /** Steps of a window. */
  readonly window: number;
}

export function planScoring({ ids }: TextPart, vocabulary: number): ScoringPlan {
  const count = Math.min(mostStreams, Math.max(1, Math.floor(ids.length / shortestStream)));
  const window = Math.floor(windowNumbers / (count * vocabulary));
  return {
    streams: new Streams(ids, count),
    all: [...Array(count).keys()],
    window: Math.min(longestWindow, Math.max(1, window)),
  };
}

/**
 * The scores from the mean loss of a token. Bits per character are those of the text, whatever its tokens are: nats of a
 * token × tokens of a character / ln 2.
 */
export function languageModelMetrics(loss: number, { ids, characters }: TextPart): LanguageModelMetrics {
  return {
    loss,
    perplexity: Math.exp(loss),
    bitsPerCharacter: (loss * ids.length) / (characters * Math.LN2),
  };
}
