/** From the text of an experiment file to an experiment or to all that is wrong with it; must not read files. */
import { UserError } from '../errors';
import { describeIssues } from './experimentMessages';
import { experimentJsonSchema, schemaFor } from './experimentSchema';
import type { Experiment } from './experimentSchema';
import { readExperimentSource } from './experimentSource';
import type { KeyPath, Problem } from './experimentSource';

export type { Problem } from './experimentSource';

/** What there is to say of an experiment file: an experiment, or at least one problem, in the order of the text. */
export interface Diagnosis {
  readonly experiment?: Experiment;
  readonly problems: readonly Problem[];
}

/** Reads an experiment file without throwing: for the editor, which shows every problem at its place. */
export function diagnoseExperiment(text: string): Diagnosis {
  const { source, problems } = readExperimentSource(text);
  if (source === undefined) {
    return { problems };
  }
  const value = withoutSchemaAddress(source.value);
  const parsed = schemaFor(value).safeParse(value);
  if (parsed.success && problems.length === 0) {
    return { experiment: parsed.data, problems };
  }
  const issues = parsed.success ? [] : describeIssues(source, parsed.error.issues, knownPaths());
  return { problems: [...problems, ...issues].sort((a, b) => a.offset - b.offset) };
}

/**
 * Reads an experiment file with every default filled in.
 * @param file path as the user named it, for the message
 * @throws UserError with the place and the sentence of the first problem
 */
export function parseExperiment(text: string, file: string): { experiment: Experiment } {
  const { experiment, problems } = diagnoseExperiment(text);
  if (experiment === undefined) {
    const { line, column, key, wording } = problems[0]!;
    throw new UserError(wording, { file, line, column, key });
  }
  return { experiment };
}

/** Whether an experiment file itself gives a value, as `['training', 'epochs']`, rather than leaving it to the default. */
export function isGiven(text: string, path: KeyPath): boolean {
  let value = readExperimentSource(text).source?.value;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
      return false;
    }
    value = (value as Record<string | number, unknown>)[key];
  }
  return true;
}

/** The file without the key that only editors read. */
function withoutSchemaAddress(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== '$schema'));
}

/** All key paths of experiment files, to tell where a misplaced key belongs. */
function knownPaths(): string[] {
  const paths = new Set<string>();
  const walk = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) {
      return;
    }
    const { properties, anyOf, oneOf } = schema as Record<string, unknown>;
    for (const alternative of [anyOf, oneOf].filter(Array.isArray).flat()) {
      walk(alternative, path);
    }
    for (const [key, inner] of Object.entries(properties ?? {})) {
      const innerPath = path === '' ? key : `${path}.${key}`;
      paths.add(innerPath);
      walk(inner, innerPath);
    }
  };
  walk(experimentJsonSchema(), '');
  return [...paths];
}
