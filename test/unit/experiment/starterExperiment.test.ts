/** Commented JSON, and the starter experiments written with it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, type ParseError } from 'jsonc-parser';
import { writeCommentedJson } from '../../../src/experiment/commentedJson';
import { writeStarterExperiment } from '../../../src/experiment/starterExperiment';

function parseStrictly(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors);
  assert.deepEqual(errors, []);
  return value;
}

test('comments stand before their keys, small objects on one line', () => {
  const text = writeCommentedJson(
    { a: 1, b: { c: 'x "y"', d: { e: null } }, f: { g: { h: true } }, i: [1, 'two'], j: {} },
    { '': 'The head,\nin two lines.', 'b.c': 'About c.', a: 'About a.' },
  );
  assert.equal(
    text,
    [
      '// The head,',
      '// in two lines.',
      '{',
      '  // About a.',
      '  "a": 1,',
      '  "b": {',
      '    // About c.',
      '    "c": "x \\"y\\"",',
      '    "d": { "e": null }',
      '  },',
      '  "f": { "g": { "h": true } },',
      '  "i": [1, "two"],',
      '  "j": {}',
      '}',
      '',
    ].join('\n'),
  );
});

test('what does not fit on a line is broken', () => {
  const long = { first: 'a'.repeat(40), second: 'b'.repeat(40) };
  const text = writeCommentedJson({ outer: long }, {});
  assert.equal(text.split('\n').length, 7);
  assert.deepEqual(parseStrictly(text), { outer: long });
});

test('a starter on a table names its columns and labels', () => {
  const text = writeStarterExperiment({
    train: 'chat.csv',
    features: 'words',
    table: { text: 'message', label: 'toxic', columns: ['id', 'message', 'toxic\n"'], labels: ['0', '1'] },
  });
  const experiment = parseStrictly(text) as { data: unknown; features: unknown };
  assert.deepEqual(experiment.data, { train: 'chat.csv', text: 'message', label: 'toxic', validation: 0.1, test: 0.1 });
  assert.match(text, /\/\/ The column of texts; columns: id, message, toxic "\.\n {4}"text": "message"/);
  assert.match(text, /\/\/ The column of classes; seen: 0, 1\.\n/);
});

test('a starter on a folder has no columns and may read characters', () => {
  const text = writeStarterExperiment({ train: 'names', features: 'characters' });
  const experiment = parseStrictly(text) as { data: unknown; features: unknown };
  assert.deepEqual(experiment.data, { train: 'names', validation: 0.1, test: 0.1 });
  assert.deepEqual(experiment.features, { type: 'characters', embedding: { size: 32 } });
});

test('a comment stays a comment whatever a column is called', () => {
  const text = writeCommentedJson({ a: 1 }, { a: 'x\r"b": 2,\u2028"c": 3' });
  assert.equal(text, '{\n  // x\uFFFD"b": 2,\uFFFD"c": 3\n  "a": 1\n}\n');
});
