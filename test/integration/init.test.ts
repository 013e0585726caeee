/** Experiments that `init` writes for data of every kind, trained as they are but for their size. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Report } from '../../src/protocol';
import { jsonLines, runCli, succeed } from './cliProcess';
import { makeWorkplace, type Workplace } from './workplace';

let place: Workplace;
before(async () => {
  place = await makeWorkplace();
});
after(() => place.remove());

const rows = (count: number, row: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => `${row(at)}\n`).join('');

const kinds: readonly (readonly [file: string, content: string, told: RegExp, task: string])[] = [
  [
    'names.conll',
    rows(40, (at) => `${at % 3 ? 'Rio' : 'Oslo'} B-LOC\nis O\n${at % 2 ? 'warm' : 'cold'} O\n`),
    /^Took column 1 for the tokens and column 2 for their tags\.$/mu,
    'tagging',
  ],
  [
    'pairs.csv',
    `en,fr\n${rows(60, (at) => `the cat number ${at} sits,le chat ${at} dort`)}`,
    /^Took "en" for the texts to translate and "fr" for their translations\.$/mu,
    'translation',
  ],
  [
    'story.txt',
    rows(120, (at) => `Line ${at} of a story that goes on and on.`),
    /^Took it for running text: the model learns how it goes on\.$/mu,
    'languageModel',
  ],
  [
    'room.csv',
    `time,celsius,watts\n${rows(300, (at) => `${new Date(at * 600_000).toISOString()},${20 + Math.sin(at / 9)},${at % 7 === 3 ? '' : 100 + (at % 5)}`)}`,
    /^Took "celsius", "watts" for a series in the order of "time", to forecast\.$/mu,
    'forecasting',
  ],
  [
    'waves.ts',
    `@problemName waves\n@univariate true\n@classLabel true up down\n@data\n${rows(40, (at) => `${at % 2 ? '1,2,3,4' : '4,3,2,1'}:${at % 2 ? 'up' : 'down'}`)}`,
    /^Took it for number series with a class each\.$/mu,
    'classification',
  ],
];

for (const [file, content, told, task] of kinds) {
  test(`${file} becomes an experiment of ${task} that trains`, async () => {
    await place.write(file, content);
    assert.match(await succeed(['init', '--from', file], { cwd: place.folder }), told);
    const name = `${file.slice(0, file.lastIndexOf('.'))}.rnn.json`;
    const text = await place.read(name);
    const small = text
      .replace(/"epochs": \d+/u, '"epochs": 1')
      .replace(/"hidden": \d+/u, '"hidden": 4')
      .replace(/"size": \d+/u, '"size": 4')
      .replace(/"batchSize": \d+/u, '"batchSize": 4');
    await place.write(name, small);
    const events = jsonLines(await succeed(['train', name, '--json'], { cwd: place.folder }));
    const report = events.at(-1)!['report'] as Report;
    assert.deepEqual([report.status, report.task], ['finished', task]);
  });
}

test('what cannot be recognised is told in one sentence', async () => {
  await place.write('main.ts', "import fs from 'node:fs';\n");
  await place.write('notes.csv', 'a,b\n1,x y\n2,z w\n3,v u\n');
  for (const [file, sentence] of [
    ['main.ts', /^main\.ts: The file does not start as a \.ts file of the UCR\/UEA archive does/u],
    ['notes.csv', /^notes\.csv: No column looks like classes \(few short values that repeat\) among "a", "b", no two/u],
    ['gone.csv', /^gone\.csv: There is no such file or folder/u],
  ] as const) {
    const { code, stdout, stderr } = await runCli(['init', '--from', file], { cwd: place.folder });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, sentence);
    assert.equal(stderr.trimEnd().split('\n').length, 1);
  }
  await place.write('text.md', 'Some text.\n');
  const { stderr } = await runCli(['init', '--from', 'text.md', '--features', 'bpe'], { cwd: place.folder });
  assert.equal(
    stderr,
    'text.md: The option --features is for texts with classes, which these data are not; leave it out.\n',
  );
});
