import assert from 'node:assert/strict';
import test from 'node:test';
import { UserError } from '../../../src/errors';
import type { DataRecord } from '../../../src/data/dataRecord';
import { peekSource, readRecords } from '../../../src/data/records';
import { classOfFile, detectFormat, type DataFormat } from '../../../src/data/source';
import { memoryFile, memoryFolder, memorySource } from './memorySource';

async function read(name: string, content: string | Uint8Array, columns: string[], chunk = 7): Promise<DataRecord[]> {
  const file = memoryFile(name, content, chunk);
  const records: DataRecord[] = [];
  for await (const batch of readRecords(file, detectFormat({ name, kind: 'file' }), columns)) records.push(...batch);
  return records;
}

/** The sentence of the UserError that reading gives, whatever the size of the chunks. */
async function failure(name: string, content: string | Uint8Array, columns = ['text', 'label']): Promise<string> {
  const sentences = new Set<string>();
  for (const chunk of [1, 3, 7, 1000]) {
    try {
      await read(name, content, columns, chunk);
      sentences.add('no error');
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      sentences.add(error.sentence);
    }
  }
  assert.equal(sentences.size, 1, [...sentences].join('\n'));
  return [...sentences][0]!;
}

test('the extension tells the format', () => {
  const formats: [string, DataFormat][] = [
    ['a/b.CSV', 'csv'],
    ['x.tsv', 'tsv'],
    ['x.jsonl', 'jsonl'],
    ['x.ndjson', 'jsonl'],
  ];
  for (const [name, format] of formats) assert.equal(detectFormat({ name, kind: 'file' }), format);
  assert.equal(detectFormat({ name: 'names', kind: 'folder' }), 'lines');
  assert.throws(() => detectFormat({ name: 'a.b/data', kind: 'file' }), /no extension; expected \.csv/u);
  assert.throws(() => detectFormat({ name: 'x.constructor', kind: 'file' }), /the extension \.constructor/u);
  assert.equal(classOfFile('names\\St. Lucia.txt'), 'St. Lucia');
});

const records = (...list: [number, ...string[]][]) => list.map(([line, ...values]) => ({ values, line }));

test('CSV: quotes, line breaks in fields, blank lines, a byte order mark, mixed line ends; each record knows its line', async () => {
  const csv =
    '\ufefflabel,id,text\r\n' + 'a,1,"one, ""two""\nthree\r\nfour"\r\n' + '\r\n' + 'b,2,plain é👍\n' + '"c\n",3,"last"';
  for (const chunk of [1, 2, 3, 5, 100]) {
    assert.deepEqual(
      await read('x.csv', csv, ['text', 'label'], chunk),
      records([2, 'one, "two"\nthree\r\nfour', 'a'], [6, 'plain é👍', 'b'], [7, 'last', 'c\n']),
    );
  }
});

test('TSV: quotes are ordinary characters unless they hold the whole field', async () => {
  const tsv = 'text\tlabel\nsay "hi"\ta\n"it is ""so"""\tb\n"a" and "b"\tc\n"open\td\n';
  assert.deepEqual(
    await read('x.tsv', tsv, ['text', 'label']),
    records([2, 'say "hi"', 'a'], [3, 'it is "so"', 'b'], [4, '"a" and "b"', 'c'], [5, '"open', 'd']),
  );
});

test('JSONL: strings, numbers, booleans and null', async () => {
  const jsonl = '\ufeff{"text":"a\\nb","label":1}\r\n\n{"label":true,"text":"é"}\n{"text":null,"label":-0.5}';
  assert.deepEqual(
    await read('x.jsonl', jsonl, ['text', 'label']),
    records([1, 'a\nb', '1'], [3, 'é', 'true'], [4, '', '-0.5']),
  );
});

test('a peek gives columns and first rows', async () => {
  const csv = await peekSource(memorySource('x.csv', ' text ,label\na,1\nb,2\nc,3\n'), 2);
  assert.deepEqual(csv, { format: 'csv', columns: ['text', 'label'], rows: [['a', '1'], ['b', '2']] }); // prettier-ignore
  const jsonl = await peekSource(memorySource('x.jsonl', '{"a":1}\n{"b":"x","a":[2]}\n'));
  assert.deepEqual(jsonl, { format: 'jsonl', columns: ['a', 'b'], rows: [['1', ''], ['[2]', 'x']] }); // prettier-ignore
  const folder = await peekSource(memoryFolder('names', { 'Czech.txt': 'Adsit\n', 'Greek.txt': '\nAgelas\n' }));
  assert.deepEqual(folder.rows, [['Adsit', 'Czech'], ['Agelas', 'Greek']]); // prettier-ignore
  await assert.rejects(peekSource(memorySource('x.csv', '')), /empty/u);
});

test('broken CSV and TSV are told with file, line and cure', async () => {
  const cases: [string, string, string][] = [
    ['x.csv', '', 'x.csv: The file is empty; expected a header row and examples.'],
    ['x.csv', 'text,label\n', 'x.csv:1: The file has a header row but no examples after it; add one example a row.'],
    ['x.csv', 'txt,label\na,b\n', 'x.csv:1: There is no column "text"; the columns are "txt", "label"; did you mean "txt"?'],
    ['x.csv', 'words,label\na,b\n', 'x.csv:1: There is no column "text"; the columns are "words", "label".'],
    ['x.csv', 'text,text,label\na,b,c\n', 'x.csv:1: The header names the column "text" twice; give its columns different names.'],
    ['x.csv', 'text,label\na,b\n"c\nc",d,e\n', 'x.csv:3: The row has 3 fields but the header has 2; put fields with commas or line breaks in double quotes.'],
    ['x.tsv', 'text\tlabel\na\n', 'x.tsv:2: The row has 1 field but the header has 2; take tabs and line breaks out of the fields.'],
    ['x.csv', 'text,label\na,b\n"c\nc","d\ne,f\ng,h\n', 'x.csv:4: A quote opens in this row and is never closed; close it, or write a quote in a text as "".'],
    ['x.csv', 'text,label\n"a\n"b",c\n', 'x.csv:2: A quoted field of this row goes on after its closing quote; write a quote inside a quoted field as "".'],
    ['x.csv', 'text,label\nsay "a",b\n', 'x.csv:2: A field of this row has a quote in it but does not start with one; put the field in quotes and write the quote as "".'],
  ]; // prettier-ignore
  for (const [name, content, expected] of cases) assert.equal(await failure(name, content), expected);
});

test('broken JSONL is told with file, line and cure', async () => {
  assert.equal(await failure('x.jsonl', '\n\n'), 'x.jsonl: The file is empty; expected one JSON object a line.');
  assert.match(
    await failure('x.jsonl', '{"text":"a","label":1}\n{"text" 1}\n'),
    /^x\.jsonl:2:9: The line is not valid JSON \(.+\); expected one object a line\.$/u,
  );
  assert.match(await failure('x.jsonl', 'nope'), /^x\.jsonl:1: The line is not valid JSON \(Unexpected token 'o'\);/u);
  assert.equal(
    await failure('x.jsonl', '[1]'),
    'x.jsonl:1: The line is JSON but an array; expected one object a line.',
  );
  assert.equal(
    await failure('x.jsonl', '{"text":"a","lable":1}'),
    'x.jsonl:1: There is no key "label"; the keys are "text", "lable"; did you mean "lable"?',
  );
  assert.equal(
    await failure('x.jsonl', '{"text":{},"label":1}'),
    'x.jsonl:1: The value of "text" is an object; expected a string, a number or a boolean.',
  );
});

test('bytes that are not UTF-8 are told with their line', async () => {
  const bytes = (...parts: (string | number[])[]) =>
    Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)));
  const wrong = 'The line has bytes that are not UTF-8 text; save the file as UTF-8.';
  const header = 'text,label\n';
  assert.equal(await failure('x.csv', bytes(header, 'é,a\nb', [0xe9], ',a\n')), `x.csv:3: ${wrong}`);
  assert.equal(await failure('x.csv', bytes(header, 'b', [0xe2, 0x82], '\n,a\nc,d\n')), `x.csv:2: ${wrong}`);
  assert.equal(await failure('x.jsonl', bytes('{"text":"a","label":1}\n', [0x80])), `x.jsonl:2: ${wrong}`);
  assert.equal(
    await failure('x.csv', bytes(header, 'a,b', [0xf0, 0x9f])),
    'x.csv:2: The file ends in the middle of a UTF-8 character; save it again as UTF-8.',
  );
  await assert.rejects(read('x.csv', bytes([0xff, 0xfe], 'a'), ['a']), {
    message: 'The file is UTF-16 but must be UTF-8; save it as UTF-8.',
    place: { file: 'x.csv', line: 1 },
  });
});

test('a record of more than 16 MiB ends the reading instead of filling the memory', async () => {
  const long = 'x'.repeat(17 * 1024 * 1024);
  await assert.rejects(read('x.csv', `text,label\na,b\n"${long}`, ['text'], 1 << 20), {
    message: 'The row is longer than 16 MiB; a quote that opens in it is probably never closed.',
    place: { file: 'x.csv', line: 3 },
  });
  await assert.rejects(read('x.jsonl', `{"text":"a"}\n{"text":"${long}`, ['text'], 1 << 20), {
    message: 'The line is longer than 16 MiB; expected one example a line.',
    place: { file: 'x.jsonl', line: 2 },
  });
});
