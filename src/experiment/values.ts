/**
 * The kinds of values that an experiment file holds. The message of each schema is not a sentence but the words for what
 * was expected there; `experimentMessages` makes the sentence. Must not know where in the file a value stands.
 */
import { z } from 'zod';

/** A finite number above 0. */
export const positiveNumber = () => z.number('a positive number').positive('a positive number');

/** A finite number of at least 0. */
export const nonNegativeNumber = () => z.number('a number of at least 0').nonnegative('a number of at least 0');

/** A whole number from `least` to `most`, both included. */
export function wholeNumber(least: number, most: number) {
  const words = `a whole number from ${least} to ${most}`;
  return z.int(words).min(least, words).max(most, words);
}

/** A share from 0 to below 1. */
export const shareBelowOne = () =>
  z.number('a number from 0 to below 1').min(0, 'a number from 0 to below 1').lt(1, 'a number from 0 to below 1');

/** A share between 0 and 1, both left out. */
export const shareWithin = () =>
  z.number('a number above 0 and below 1').gt(0, 'a number above 0 and below 1').lt(1, 'a number above 0 and below 1');

/** A text with at least one character that is not white space, and no NUL; `words` say what it stands for. */
export const filledText = (words: string) => z.string(words).regex(/^[^\0]*[^\s\0][^\0]*$/, words);

/** true or false. */
export const flag = () => z.boolean('true or false');

/** An object without other keys than those of `shape`; its message for an unknown key is the list of the known ones. */
export const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? joinKeys(Object.keys(shape)) : undefined),
  });

const joinKeys = (keys: readonly string[]): string => keys.join(' ');

/** The known keys out of the message of an unknown key's issue; the opposite of what `section` writes there. */
export const knownKeys = (message: string): string[] => message.split(' ');
