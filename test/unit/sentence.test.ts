/** Sentences keep their English text, take the words of other languages, and survive JSON. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../src/errors';
import { alternatives, asIs, english, listed, render, sentence, told, type Translate } from '../../src/sentence';

test('a sentence has a key with places, and its English text is that of the template', () => {
  const inner = sentence`${3} lines`;
  const outer = sentence`The file ${'a{0}.csv'} ends after ${inner}.`;
  assert.deepEqual(outer, { key: 'The file {0} ends after {1}.', values: ['a{0}.csv', inner] });
  assert.equal(english(outer), 'The file a{0}.csv ends after 3 lines.');
  assert.equal(english(sentence`Plain, with a } in it.`), 'Plain, with a } in it.');
  assert.deepEqual(told(inner), { message: '3 lines', wording: inner });
});

test('numbers that JSON does not have become text, so that a sentence survives JSON', () => {
  const wording = sentence`the loss (${NaN}) at ${1.5}, below ${Infinity}`;
  const copy = JSON.parse(JSON.stringify(wording)) as typeof wording;
  assert.deepEqual(copy, wording);
  assert.equal(english(copy), 'the loss (NaN) at 1.5, below Infinity');
});

test('a translation takes places in its own order, inner sentences first, and leaves plain texts alone', () => {
  const words: Readonly<Record<string, string>> = { '{0} of {1}': '{1} has {0}', 'a part': 'PART', whole: 'WHOLE' };
  const translate: Translate = (key, values) =>
    (words[key] ?? key).replace(/\{(\d+)\}/g, (_, at) => String(values[Number(at)]));
  assert.equal(render(sentence`${sentence`a part`} of ${'whole'}`, translate), 'whole has PART');
  assert.equal(
    render(asIs('whole'), () => assert.fail('a plain text has no translation')),
    'whole',
  );
});

test('lists and choices of no, one, two and three parts', () => {
  const say = (parts: readonly string[]) =>
    [listed(parts), alternatives(parts)].map((value) => english(sentence`${value}`));
  assert.deepEqual(say([]), ['', '']);
  assert.deepEqual(say(['a']), ['a', 'a']);
  assert.deepEqual(say(['a', 'b']), ['a, b', 'a or b']);
  assert.deepEqual(say(['a', 'b', 'c']), ['a, b, c', 'a, b or c']);
});

test("a user's mistake has its English message and its wording, of a sentence or of a plain text", () => {
  const place = { file: 'a.csv', line: 3, key: 'data.train' };
  const error = new UserError(sentence`There are ${2} rows.`, place);
  assert.equal(error.message, 'There are 2 rows.');
  assert.equal(error.sentence, 'a.csv:3: data.train: There are 2 rows.');
  assert.equal(error.placed('有 2 行。'), 'a.csv:3: data.train: 有 2 行。');
  assert.deepEqual(error.wording, { key: 'There are {0} rows.', values: [2] });
  assert.deepEqual(new UserError('已经存在 {0}').wording, { key: '{0}', values: ['已经存在 {0}'] });
});
