/** What a classifier of texts can do, whatever its features and its network. */
import type { Dataset } from '../data/dataset';
import type { TokenizerSpec } from '../data/tokenizer';
import type { Vocabulary } from '../data/vocabulary';
import type { ClassPrediction } from '../protocol';

export interface Classifier {
  readonly task: 'classification';
  readonly metadata: {
    /** In the order of the probabilities. */
    readonly labels: readonly string[];
    readonly columns: { readonly text: string; readonly label: string };
    readonly tokenizer: TokenizerSpec;
    /** Most tokens of a text that are read. */
    readonly maximumLength: number;
    /** Weight of each class in the loss, or null. */
    readonly classWeights: readonly number[] | null;
  };
  /** What a data set for it is numbered by; null where it wants to see all words of the data. */
  readonly vocabulary: Vocabulary | null;
  /**
   * Predicts the class of each text, in order.
   * @param explain adds the influence of each token on the predicted class
   * @throws the signal's reason when it aborts
   */
  predict(texts: readonly string[], explain?: boolean, signal?: AbortSignal): Promise<ClassPrediction[]>;
  /** Probabilities `[examples][classes]` of examples of a data set that is numbered as `vocabulary` says. */
  probabilitiesOf(data: Dataset, examples: Int32Array): Promise<Float32Array[]>;
}

/** The classes of a text, the most probable first. */
export function describePrediction(labels: readonly string[], probabilities: Float32Array): ClassPrediction {
  const classes = labels
    .map((label, at) => ({ label, probability: probabilities[at]! }))
    .sort((a, b) => b.probability - a.probability);
  return { ...classes[0]!, classes };
}
