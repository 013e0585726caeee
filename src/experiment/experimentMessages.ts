/** What a schema has against an experiment file, in sentences with their places; must not know single keys. */
import { distance } from 'fastest-levenshtein';
import type * as z from 'zod';
import { alternatives, type Sentence, sentence, type SentenceValue } from '../sentence';
import { foundAt, keyWords, problemOfKey, problemOfValue, valueAt } from './experimentSource';
import type { ExperimentSource, KeyPath, Problem } from './experimentSource';
import { knownKeys, wordingOf } from './values';

type Issue = z.core.$ZodIssue;

/** One problem for each wrong value and each unknown key. `paths` are all key paths that the schema knows. */
export function describeIssues(
  source: ExperimentSource,
  issues: readonly Issue[],
  paths: readonly string[],
): Problem[] {
  const problems = new Map<string, Problem>();
  for (const issue of issues) {
    for (const problem of describeIssue(source, issue, [], paths)) {
      if (!problems.has(problem.key)) {
        problems.set(problem.key, problem);
      }
    }
  }
  return [...problems.values()];
}

function describeIssue(source: ExperimentSource, issue: Issue, outer: KeyPath, paths: readonly string[]): Problem[] {
  const path = [...outer, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      problemOfKey(source, [...path, key], unknownKey([...path, key], knownKeys(issue.message), paths)),
    );
  }
  if (issue.code === 'custom') {
    return [problemOfValue(source, path, wordingOf(issue.message))];
  }
  const deeper = issue.code === 'invalid_union' ? fittingBranch(issue, typeof valueAt(source, path)) : undefined;
  if (deeper !== undefined) {
    return deeper.flatMap((inner) => describeIssue(source, inner, path, paths));
  }
  return [problemOfValue(source, path, wrongValue(foundAt(source, path), valueAt(source, path), expectations(issue)))];
}

/** The issues of the one alternative whose kind fits the value and that goes on about its parts, if there is one. */
function fittingBranch(issue: z.core.$ZodIssueInvalidUnion, kind: string): Issue[] | undefined {
  const fitting = issue.errors.filter((branch) => !branch.some((inner) => isWrongKind(inner, kind)));
  const [branch] = fitting;
  const goesDeeper = branch?.some((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys');
  return fitting.length === 1 && goesDeeper === true ? branch : undefined;
}

const isWrongKind = (issue: Issue, kind: string): boolean =>
  issue.path.length === 0 &&
  (issue.code === 'invalid_type' ||
    (issue.code === 'invalid_value' && !issue.values.some((value) => typeof value === kind)));

interface Expectations {
  /** Alternatives in words. */
  readonly words: readonly SentenceValue[];
  /** The texts among them, to guess from. */
  readonly texts: readonly string[];
}

function expectations(issue: Issue): Expectations {
  if (issue.code === 'invalid_value') {
    return allowedValues(issue.values);
  }
  if (issue.code === 'invalid_union') {
    if (issue.discriminator !== undefined) {
      return allowedValues('options' in issue ? (issue.options ?? []) : []);
    }
    const branches = issue.errors.flatMap((branch) => branch.slice(0, 1)).map(expectations);
    return {
      words: withoutRepeats(branches.flatMap((branch) => branch.words)),
      texts: branches.flatMap((branch) => branch.texts),
    };
  }
  const isObject = issue.code === 'invalid_type' && issue.expected === 'object';
  return { words: [isObject ? sentence`an object in braces` : wordingOf(issue.message)], texts: [] };
}

function allowedValues(values: readonly unknown[]): Expectations {
  const named = values.filter((value) => value !== undefined && value !== null);
  return {
    words: named.map((value) => JSON.stringify(value)),
    texts: named.filter((value) => typeof value === 'string'),
  };
}

function wrongValue(found: SentenceValue | undefined, value: unknown, { words, texts }: Expectations): Sentence {
  const expected = alternatives(words);
  if (found === undefined) return sentence`missing, expected ${expected}.`;
  const near = typeof value === 'string' ? nearest(value, texts) : undefined;
  return near === undefined || texts.length < 2
    ? sentence`found ${found}, expected ${expected}.`
    : sentence`found ${found}, expected ${expected}; did you mean ${JSON.stringify(near)}?`;
}

/** The alternatives, each once; two schemas may have the same words for what they expect. */
const withoutRepeats = (words: readonly SentenceValue[]): SentenceValue[] => [
  ...new Map(words.map((word) => [JSON.stringify(word), word])).values(),
];

function unknownKey(path: KeyPath, known: readonly string[], paths: readonly string[]): Sentence {
  const key = String(path.at(-1));
  const here = nearest(key, known);
  if (here !== undefined) {
    return sentence`unknown key; did you mean ${JSON.stringify(here)}?`;
  }
  // A key that is right here in another task belongs nowhere else.
  const isOfOtherTask = paths.includes(keyWords(path));
  const elsewhere = isOfOtherTask ? undefined : paths.find((place) => place.endsWith(`.${key}`));
  return elsewhere === undefined
    ? sentence`unknown key, expected ${alternatives(known.map((name) => JSON.stringify(name)))}.`
    : sentence`unknown key here; it belongs at ${elsewhere}.`;
}

/** The candidate that differs least from `word`, capitals aside, if it is near enough to be meant. */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.slice(0, 100).toLowerCase();
  const [best] = candidates
    .map((candidate) => ({ candidate, far: distance(lower, candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  return best !== undefined && best.far <= (best.candidate.length < 4 ? 1 : Math.max(2, best.candidate.length * 0.4))
    ? best.candidate
    : undefined;
}
