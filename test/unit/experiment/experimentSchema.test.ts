import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { experimentJsonSchema, experimentSchema } from '../../../src/experiment/experimentSchema';

type Json = Record<string, unknown>;

/** Every property of a JSON Schema with its path. */
function* properties(schema: Json, path = ''): Generator<[string, Json]> {
  for (const alternative of [...((schema['anyOf'] ?? []) as Json[]), ...((schema['oneOf'] ?? []) as Json[])]) {
    yield* properties(alternative, path);
  }
  for (const [key, inner] of Object.entries((schema['properties'] ?? {}) as Record<string, Json>)) {
    yield [`${path}/${key}`, inner];
    yield* properties(inner, `${path}/${key}`);
  }
}

describe('experimentJsonSchema', () => {
  test('describes every key', () => {
    const all = [...properties(experimentJsonSchema())];
    const paths = all.map(([path]) => path);
    for (const path of [
      '/$schema',
      '/task',
      '/features/embedding/vectors',
      '/training/optimizer/beta1',
      '/training/clip/norm',
    ]) {
      assert.ok(paths.includes(path), path);
    }
    for (const [path, schema] of all) {
      assert.equal(typeof schema['description'], 'string', path);
      assert.match(String(schema['description']), /[.]$/, path);
    }
  });

  test('asks for data alone and refuses unknown keys', () => {
    const [task] = experimentJsonSchema()['oneOf'] as Json[];
    assert.deepEqual(task!['required'], ['data']);
    assert.equal(task!['additionalProperties'], false);
    const byPath = new Map(properties(task!));
    assert.deepEqual(byPath.get('/data')!['required'], ['train']);
    assert.equal(byPath.get('/model/hidden')!['default'], 128);
    assert.deepEqual(byPath.get('/model/cell')!['enum'], ['rnn', 'gru', 'lstm']);
    assert.equal(byPath.get('/task')!['const'], 'classification');
  });

  test('is plain JSON', () => {
    const schema = experimentJsonSchema();
    assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema);
  });
});

test('a complete experiment of TF-IDF vectors is a valid input', () => {
  const complete = experimentSchema.parse({ data: { train: 'a' }, features: { type: 'tfidf' } });
  assert.deepEqual(complete.features, {
    type: 'tfidf',
    lowercase: true,
    words: [1, 2],
    characters: [2, 4],
    sublinear: true,
    vocabulary: 50_000,
    minimumCount: 2,
  });
  assert.deepEqual(complete.model, { hidden: [64], dropout: 0.5 });
  assert.deepEqual(experimentSchema.parse(complete), complete);
});

test('a complete experiment is a valid input', () => {
  const complete = experimentSchema.parse({ data: { train: 'a' }, model: { cell: 'rnn' } });
  assert.deepEqual(experimentSchema.parse(complete), complete);
});
