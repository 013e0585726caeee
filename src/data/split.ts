/** Divides examples into training, validation and test parts, class by class; knows nothing of texts. */
import { type Sentence, sentence } from '../sentence';
import { createRandom } from './random';

export type PartName = 'train' | 'validation' | 'test';

/** Example indices per part, each in rising order. */
export type Parts = Readonly<Record<PartName, Int32Array>>;

/** The parts in the words of messages. */
export const partWords: Readonly<Record<PartName, Sentence>> = {
  train: sentence`training part`,
  validation: sentence`validation part`,
  test: sentence`test part`,
};

export interface SplitOptions {
  /** Class index of every example of the data set. */
  readonly labels: Int32Array;
  /** The examples to divide. */
  readonly examples: Int32Array;
  /** Labels by class index: they seed each class, so that one more class leaves the others as they are. */
  readonly classes: readonly string[];
  /** Shares of the examples, 0…1, together below 1. */
  readonly validation: number;
  readonly test: number;
  readonly seed: number;
}

/**
 * A stratified split: each class is shuffled and divided by itself, shares rounded to whole examples. A class of three or
 * more gives at least one example to each part whose share is not 0, and every class keeps at least one for training.
 */
export function splitExamples(options: SplitOptions): Parts {
  const { labels, examples, classes, validation, test, seed } = options;
  for (const share of [validation, test, validation + test]) {
    if (!(share >= 0 && share < 1))
      throw new RangeError(`shares of ${validation} and ${test} leave nothing to train on`);
  }
  const byClass = groupByClass(labels, examples, classes.length);
  const parts: Record<PartName, number[]> = { train: [], validation: [], test: [] };
  for (const [index, members] of byClass.entries()) {
    createRandom(seed, 'split', classes[index]!).shuffle(members);
    const [forValidation, forTest] = shares(members.length, validation, test);
    for (const [place, example] of members.entries()) {
      const part = place < forValidation ? 'validation' : place < forValidation + forTest ? 'test' : 'train';
      parts[part].push(example);
    }
  }
  const ordered = (list: readonly number[]) => Int32Array.from(list).sort();
  return { train: ordered(parts.train), validation: ordered(parts.validation), test: ordered(parts.test) };
}

function groupByClass(labels: Int32Array, examples: Int32Array, count: number): Int32Array[] {
  const sizes = new Int32Array(count);
  for (const example of examples) sizes[labels[example]!]! += 1;
  const groups = Array.from(sizes, (size) => new Int32Array(size));
  const filled = new Int32Array(count);
  for (const example of examples) {
    const index = labels[example]!;
    groups[index]![filled[index]!] = example;
    filled[index]! += 1;
  }
  return groups;
}

/** How many of a class's examples go to validation and to test. */
function shares(count: number, validation: number, test: number): [number, number] {
  const share = (fraction: number) => {
    if (fraction === 0) return 0;
    const rounded = Math.round(count * fraction);
    return count >= 3 ? Math.max(1, rounded) : rounded;
  };
  let forValidation = share(validation);
  let forTest = share(test);
  while (forValidation + forTest >= count && forValidation + forTest > 0) {
    if (forValidation >= forTest) forValidation -= 1;
    else forTest -= 1;
  }
  return [forValidation, forTest];
}
