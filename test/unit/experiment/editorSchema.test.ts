/** The schema for editors offers keys and values, and judges nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experimentEditorSchema } from '../../../src/experiment/editorSchema';

const judging = ['type', 'enum', 'required', 'minimum', 'maximum', 'pattern', 'additionalProperties', 'anyOf', 'oneOf'];

/** All schemas in a schema, with whether they stand where a condition is tested, in which nothing is judged. */
function* schemasIn(schema: unknown, isCondition = false): Generator<[Record<string, unknown>, boolean]> {
  const object = schema as Record<string, unknown>;
  yield [object, isCondition];
  for (const inner of Object.values(object['properties'] ?? {})) yield* schemasIn(inner, isCondition);
  for (const inner of (object['allOf'] ?? []) as unknown[]) yield* schemasIn(inner, isCondition);
  if (object['if'] !== undefined) yield* schemasIn(object['if'], true);
  if (object['then'] !== undefined) yield* schemasIn(object['then'], isCondition);
}

/** The sub-schemas at a path of keys, all that could apply. */
function at(schema: unknown, path: readonly string[]): Record<string, unknown>[] {
  const here = [...schemasIn(schema)].map(([inner]) => inner);
  const [key, ...rest] = path;
  if (key === undefined) return [schema as Record<string, unknown>];
  return here
    .map((inner) => (inner['properties'] as Record<string, unknown> | undefined)?.[key])
    .filter((inner) => inner !== undefined)
    .flatMap((inner) => at(inner, rest));
}

test('no keyword judges', () => {
  for (const [schema, isCondition] of schemasIn(experimentEditorSchema())) {
    if (isCondition) continue;
    assert.deepEqual(
      Object.keys(schema).filter((key) => judging.includes(key) || key === 'const'),
      [],
    );
  }
});

test('keys have descriptions and values are offered', () => {
  const schema = experimentEditorSchema();
  const [cell] = at(schema, ['model', 'cell']);
  assert.equal(cell?.['description'], 'The recurrent cell.');
  assert.deepEqual(cell['examples'], ['rnn', 'gru', 'lstm']);
  assert.deepEqual(at(schema, ['model', 'bidirectional'])[0]?.['examples'], [true, false]);
  assert.deepEqual(at(schema, ['training', 'optimizer'])[0]?.['examples'], ['sgd', 'rmsprop', 'adam', 'adamw']);
  assert.deepEqual(at(schema, ['training', 'optimizer', 'type'])[0]?.['examples'], ['sgd', 'rmsprop', 'adam', 'adamw']);
});
