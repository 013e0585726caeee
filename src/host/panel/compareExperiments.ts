/** What differs between two experiments, key by key; pure. */

/** A key with its value on either side, as JSON; null where it is absent. */
export interface Difference {
  /** Path as `training.learningRate`. */
  readonly key: string;
  readonly left: string | null;
  readonly right: string | null;
}

/** The keys whose values differ, in the order of the files; objects are compared by their keys, lists as a whole. */
export function compareExperiments(left: unknown, right: unknown, path = ''): Difference[] {
  if (!isObject(left) || !isObject(right)) {
    const [first, second] = [asText(left), asText(right)];
    return first === second ? [] : [{ key: path, left: first, right: second }];
  }
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].flatMap((key) => compareExperiments(left[key], right[key], path === '' ? key : `${path}.${key}`));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asText(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
