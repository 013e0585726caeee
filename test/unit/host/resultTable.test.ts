/** The documents that Classify Each Line offers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultsAsCsv, resultsAsMarkdown } from '../../../src/host/classification/resultTable';

const results = [
  { line: 1, label: 'toxic', probability: 0.91234, text: 'a, "b"' },
  { line: 12, label: 'fine', probability: 0.5, text: 'x | <y>' },
];

test('CSV is quoted where it must be and keeps four digits', () => {
  assert.equal(
    resultsAsCsv(results),
    'line,label,probability,text\n1,toxic,0.9123,"a, ""b"""\n12,fine,0.5000,x | <y>\n',
  );
});

test('the table is aligned and its cells cannot break it', () => {
  assert.equal(
    resultsAsMarkdown(results, ['Line', 'Label', 'Probability', 'Text']),
    [
      '| Line | Label | Probability | Text |',
      '| ---: | ----- | ----------: | --- |',
      '|    1 | toxic |        0.91 | a, "b" |',
      String.raw`|   12 | fine  |        0.50 | x \| \<y\> |`,
      '',
    ].join('\n'),
  );
});
