/**
 * The kinds of values that an experiment file holds. The message of each schema is not a sentence but the words for what
 * was expected there; `experimentMessages` makes the sentence. Must not know where in the file a value stands.
 */
import * as z from 'zod';
import { asIs, type Sentence, sentence } from '../sentence';

/** Words as the message of a schema, which zod knows as text only: every message of ours is a sentence as JSON. */
export const carried = (wording: Sentence): string => JSON.stringify(wording);

/** The words in the message of an issue; where it is none of ours, what zod says in English. */
export function wordingOf(message: string): Sentence {
  return message.startsWith('{"key":') ? (JSON.parse(message) as Sentence) : asIs(message);
}

/** A finite number above 0. */
export function positiveNumber() {
  const expected = carried(sentence`a positive number`);
  return z.number(expected).positive(expected);
}

/** A finite number of at least 0. */
export function nonNegativeNumber() {
  const expected = carried(sentence`a number of at least 0`);
  return z.number(expected).nonnegative(expected);
}

/** A whole number from `least` to `most`, both included. */
export function wholeNumber(least: number, most: number) {
  const expected = carried(sentence`a whole number from ${least} to ${most}`);
  return z.int(expected).min(least, expected).max(most, expected);
}

/** A share from 0 to below 1. */
export function shareBelowOne() {
  const expected = carried(sentence`a number from 0 to below 1`);
  return z.number(expected).min(0, expected).lt(1, expected);
}

/** A share between 0 and 1, both left out. */
export function shareWithin() {
  const expected = carried(sentence`a number above 0 and below 1`);
  return z.number(expected).gt(0, expected).lt(1, expected);
}

/** A text with at least one character that is not white space, and no NUL; `expected` says what it stands for. */
export function filledText(expected: Sentence) {
  const message = carried(expected);
  return z.string(message).regex(/^[^\0]*[^\s\0][^\0]*$/, message);
}

/** true or false. */
export const flag = () => z.boolean(carried(sentence`true or false`));

/** An object without other keys than those of `shape`; its message for an unknown key is the list of the known ones. */
export const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? joinKeys(Object.keys(shape)) : undefined),
  });

const joinKeys = (keys: readonly string[]): string => keys.join(' ');

/** The known keys out of the message of an unknown key's issue; the opposite of what `section` writes there. */
export const knownKeys = (message: string): string[] => message.split(' ');
