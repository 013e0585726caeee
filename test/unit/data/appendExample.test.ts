/** One more example at the end of a data file: in the file's manner, and read back as it was meant. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appendedExample } from '../../../src/data/appendExample';
import { readRecords } from '../../../src/data/records';
import type { DataFormat } from '../../../src/data/source';
import { UserError } from '../../../src/errors';

const columns = { text: 'message', label: 'kind' };
const append = (content: string, format: DataFormat, text: string, label = 'toxic') =>
  appendedExample(content, 'chat.csv', format, columns, { text, label });

/** The last record of a file, read by the reader that training uses. */
async function lastRecord(content: string, format: DataFormat): Promise<readonly string[]> {
  let last: readonly string[] = [];
  const open = async function* () {
    yield await Promise.resolve(new TextEncoder().encode(content));
  };
  for await (const records of readRecords({ name: 'chat.csv', open }, format, [columns.text, columns.label])) {
    last = records.at(-1)?.values ?? last;
  }
  return last;
}

test('a CSV row follows the columns of the header and is quoted where it must be', async () => {
  assert.equal(await append('kind,id,message\nfine,1,hi\n', 'csv', 'a, "b"'), 'toxic,,"a, ""b"""\n');
  assert.equal(await append('message,kind\nhi,fine\n', 'csv', 'plain'), 'plain,toxic\n');
  assert.equal(await append('"message","kind"\n"hi","fine"\n', 'csv', 'plain'), '"plain","toxic"\n');
});

test("line breaks are the file's own, and a missing last one is added", async () => {
  assert.equal(await append('message,kind\r\nhi,fine\r\n', 'csv', 'x'), 'x,toxic\r\n');
  assert.equal(await append('message,kind\r\nhi,fine', 'csv', 'x'), '\r\nx,toxic\r\n');
  assert.equal(await append('message\tkind\nhi\tfine', 'tsv', 'x'), '\nx\ttoxic\n');
  assert.equal(await append('one\ntwo', 'lines', 'three\nfour'), '\nthree four\n');
});

test('what is appended is read back as it was', async () => {
  const texts = ['a, b', '"quoted"', 'say "hi"', 'two\nlines', 'lone\rreturn', ' spaces ', '中文，“引号”', "=1+1; 'x'"];
  const heads = { csv: 'message,kind\nhi,fine\n', jsonl: '{"message":"hi","kind":"fine"}\n' } as const;
  for (const [format, head] of Object.entries(heads) as ['csv' | 'jsonl', string][]) {
    for (const text of texts) {
      assert.deepEqual(await lastRecord(head + (await append(head, format, text)), format), [text, 'toxic']);
    }
  }
});

test('a TSV field has no tab or line break, and a quoted one comes back with its quotes', async () => {
  const head = 'kind\tmessage\nfine\thi\n';
  assert.equal(await append(head, 'tsv', 'a\tb\r\nc'), 'toxic\ta b c\n');
  for (const text of ['"quoted"', 'say "hi"', '"', '""']) {
    assert.deepEqual(await lastRecord(head + (await append(head, 'tsv', text)), 'tsv'), [text, 'toxic']);
  }
});

test('a JSON line has the keys in the order of the first object and a label of the same kind', async () => {
  assert.equal(
    await append('{"kind": "fine", "id": 3, "message": "hi"}\n', 'jsonl', 'x'),
    '{"kind": "toxic", "message": "x"}\n',
  );
  assert.equal(await append('{"message":"hi","kind":0}', 'jsonl', 'x', '1'), '\n{"message":"x","kind":1}\n');
  assert.equal(await append('{"message":"hi","kind":false}\n', 'jsonl', 'x', 'true'), '{"message":"x","kind":true}\n');
  assert.equal(await append('{"message":"hi","kind":1}\n', 'jsonl', 'x', '007'), '{"message":"x","kind":"007"}\n');
});

test('a file without the columns is refused with the nearest name', async () => {
  await assert.rejects(append('mesage,kind\nhi,fine\n', 'csv', 'x'), (error) => {
    assert.ok(error instanceof UserError);
    assert.match(error.sentence, /^chat\.csv:1: There is no column "message".*did you mean "mesage"\?$/);
    return true;
  });
  await assert.rejects(append('{"text":"hi","kind":"fine"}\n', 'jsonl', 'x'), UserError);
  await assert.rejects(append('', 'csv', 'x'), UserError);
  await assert.rejects(append('[1]\n', 'jsonl', 'x'), UserError);
});
