/**
 * The JSON Schema of experiment files as an editor needs it: for completion and hovers alone. What would judge a file is
 * left out, because `diagnoseExperiment` says it in better sentences and an editor would show both.
 */
import { experimentJsonSchema } from './experimentSchema';

type JsonSchema = Readonly<Record<string, unknown>>;

/** Keywords that describe and do not judge. */
const descriptive = ['$schema', 'title', 'description', 'default', 'allowComments', 'allowTrailingCommas'];

/**
 * The schema that the extension contributes for `*.rnn.json`.
 * @param translations the titles and descriptions in another language, by the English ones
 */
export function experimentEditorSchema(translations: Readonly<Record<string, string>> = {}): JsonSchema {
  const schema = JSON.stringify(lenient(experimentJsonSchema()));
  return asSchema(
    JSON.parse(schema, (key, value: unknown) =>
      isWording(key) && typeof value === 'string' ? (translations[value] ?? value) : value,
    ),
  );
}

/** Whether a keyword holds words for a person. A property of that name holds a schema. */
export function isWording(keyword: string): boolean {
  return keyword === 'title' || keyword === 'description';
}

/** A schema that accepts everything and offers what the given one accepts. */
function lenient(schema: JsonSchema): JsonSchema {
  const result = Object.fromEntries(Object.entries(schema).filter(([key]) => descriptive.includes(key)));
  const { properties } = schema;
  if (isSchema(properties)) {
    result['properties'] = Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [key, lenient(asSchema(value))]),
    );
  }
  const alternatives = alternativesOf(schema);
  const objects = alternatives.filter(({ properties: inner }) => isSchema(inner));
  const examples = [...new Set([schema, ...alternatives].flatMap(values))];
  if (examples.length > 0) result['examples'] = examples;
  return objects.length > 0 ? { ...result, ...lenientObjects(objects) } : result;
}

/** The alternatives of a union, and those of the unions in it. */
function alternativesOf({ anyOf, oneOf }: JsonSchema): JsonSchema[] {
  const direct = [anyOf, oneOf].filter(Array.isArray).flat().map(asSchema);
  return direct.flatMap((alternative) => [alternative, ...alternativesOf(alternative)]);
}

/** Objects that a key with a constant value tells apart: only the keys of the one that fits are offered. */
function lenientObjects(objects: readonly JsonSchema[]): JsonSchema {
  const kinds = objects.flatMap((object) => kindOf(object) ?? []);
  const [first] = kinds;
  if (first === undefined || kinds.length < 2) return { allOf: objects.map(lenient) };
  const names = kinds.map(({ value }) => value);
  return {
    properties: { [first.key]: { examples: names } },
    allOf: kinds.map(({ key, value, isRequired, object }) => ({
      if: { properties: { [key]: { const: value } }, ...(isRequired ? { required: [key] } : {}) },
      then: lenient(object),
    })),
  };
}

function kindOf(object: JsonSchema) {
  const entry = Object.entries(asSchema(object['properties'])).find(([, value]) => 'const' in asSchema(value));
  if (entry === undefined) return undefined;
  const [key, value] = entry;
  const isRequired = Array.isArray(object['required']) && object['required'].includes(key);
  return { key, value: asSchema(value)['const'], isRequired, object };
}

/** The values that a schema names. */
function values({ enum: list, const: one, type }: JsonSchema): unknown[] {
  if (Array.isArray(list)) return list;
  if (one !== undefined) return [one];
  return type === 'boolean' ? [true, false] : [];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asSchema(value: unknown): JsonSchema {
  return isSchema(value) ? value : {};
}
