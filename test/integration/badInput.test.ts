import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import process from 'node:process';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { CliProcess, runCli } from './cliProcess';
import { refuses } from './refusal';
import { csv, experiment, listing, makeWorkplace, sentences, type Workplace } from './workplace';

const rows = sentences(40);
const good = csv(rows);
const utf8 = (text: string): Buffer => Buffer.from(text);

let place: Workplace;
before(async () => {
  place = await makeWorkplace();
});
after(() => place.remove());

/** Trains in a folder of its own with the given files, and expects one line with the given parts. */
async function refusesToTrain(
  name: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  parts: readonly string[],
  more: readonly string[] = [],
): Promise<void> {
  const folder = name.replaceAll(/[^a-z]+/gu, '-');
  for (const [file, content] of Object.entries(files)) await place.write(`${folder}/${file}`, content);
  await refuses(place.path(folder), ['train', 'x.rnn.json', ...more], parts);
}

describe('experiments that are refused', { concurrency: 2 }, () => {
  const cases: Record<string, [content: string, parts: string[]]> = {
    'a syntax error': ['{\n  "data": { "train": "data.csv" \n', ['x.rnn.json:3:1: ']],
    'an empty file': ['', ['x.rnn.json:1:1: ', 'empty']],
    'a misspelt key': [
      '{\n  "data": { "train": "data.csv" },\n  "training": { "learningrate": 1 }\n}',
      ['x.rnn.json:3:17: training.learningrate: unknown key; did you mean "learningRate"?'],
    ],
    'a value out of range': [
      experiment({ model: { dropout: 1 } }),
      ['x.rnn.json:1:', ': model.dropout: found 1, expected a number from 0 to below 1.'],
    ],
    'a value of another type': [
      experiment({ training: { epochs: 'ten' } }),
      [': training.epochs: found "ten", expected a whole number from 1 to 100000.'],
    ],
    'shares that leave nothing': [
      experiment({ data: { validation: 0.5, test: 0.5 } }),
      [': data.validation: ', 'leave nothing to train on', 'below 1'],
    ],
    'weights of a class that is not there': [
      experiment({ training: { classWeights: { postive: 2 } } }),
      ['training.classWeights', '"postive"', 'negative, positive'],
    ],
  };
  for (const [name, [content, parts]] of Object.entries(cases)) {
    test(name, () => refusesToTrain(`experiment ${name}`, { 'x.rnn.json': content, 'data.csv': good }, parts));
  }

  test('a missing file, a folder in its place, and a name that no run can have', async () => {
    await place.write('names/folder.rnn.json/readme.txt', '');
    await place.write('names/what?.rnn.json', experiment());
    const folder = place.path('names');
    await refuses(
      folder,
      ['train', 'absent.rnn.json'],
      ['absent.rnn.json could not be read: there is no such file; check the path.'],
    );
    await refuses(
      folder,
      ['train', 'folder.rnn.json'],
      ['folder.rnn.json could not be read: it is a folder, expected a file.'],
    );
    await refuses(folder, ['train', 'what?.rnn.json'], ['what?.rnn.json: ', '"what?"', 'rename the file.']);
  });

  test('nothing to resume', () =>
    refusesToTrain(
      'resume',
      { 'x.rnn.json': experiment(), 'data.csv': good },
      ['no unfinished run of x in '],
      ['--resume'],
    ));

  test('a file where the folder for runs should be', async () => {
    const files = { 'x.rnn.json': experiment(), 'data.csv': good, taken: 'a file', '.sequence-lab': 'a file' };
    await refusesToTrain('taken', files, ['taken', 'file', 'choose another'], ['--out', 'taken']);
    await refusesToTrain('taken', files, ['taken', 'file', 'choose another'], ['--out', 'taken/below']);
    await refusesToTrain('taken', files, ['.sequence-lab', 'file', 'choose another']);
  });
});

describe('data that are refused', { concurrency: 2 }, () => {
  const table = 'text,label\n';
  const cases: Record<string, [content: string | Uint8Array | undefined, parts: string[]]> = {
    'a missing file': [undefined, ['data.csv: There is no such file or folder; check the path.']],
    'an empty file': ['', ['data.csv: The file is empty; expected a header row and examples.']],
    'a header only': [
      table,
      ['data.csv:1: The file has a header row but no examples after it; add one example a row.'],
    ],
    'a missing column': [
      good.replace('text', 'message'),
      ['data.csv:1: There is no column "text"; the columns are "message", "label"'],
    ],
    'one class only': [
      csv(rows.filter(({ label }) => label === 'positive')),
      ['data.csv: Every example has the label "positive"; a classifier needs two classes.'],
    ],
    'a class of one example': [
      `${good}once,rare\n`,
      ['data.csv:42: The class "rare" has only this example; give it three or more'],
    ],
    'a quote that is never closed': [
      `${table}good,a\n"bad,b\n${'more,a\n'.repeat(20)}`,
      ['data.csv:3: A quote opens in this row and is never closed; close it'],
    ],
    'a row with too few fields': [
      `${table}good,a\nbad\n`,
      ['data.csv:3: The row has 1 field but the header has 2; put fields'],
    ],
    'bytes that are not UTF-8': [
      Buffer.concat([utf8(`${table}good,a\nna`), Buffer.from([0xef, 0x76]), utf8('e,b\n')]),
      ['data.csv:3: The line has bytes that are not UTF-8 text; save the file as UTF-8.'],
    ],
  };
  for (const [name, [content, parts]] of Object.entries(cases)) {
    test(name, () =>
      refusesToTrain(
        `data ${name}`,
        { 'x.rnn.json': experiment(), ...(content === undefined ? {} : { 'data.csv': content }) },
        parts,
      ),
    );
  }

  test('JSONL with a broken line, and without a key', async () => {
    const text = experiment({ data: { train: 'data.jsonl' } });
    const lines = rows.map((row) => JSON.stringify(row));
    const broken = [...lines.slice(0, 3), '{"text": "good", "label": }', ...lines].join('\n');
    await refusesToTrain('jsonl broken', { 'x.rnn.json': text, 'data.jsonl': broken }, [
      'data.jsonl:4:',
      'The line is not valid JSON',
      'expected one object a line.',
    ]);
    const lacking = [...lines.slice(0, 3), '{"text": "good", "lable": "a"}'].join('\n');
    await refusesToTrain('jsonl lacking', { 'x.rnn.json': text, 'data.jsonl': lacking }, [
      'data.jsonl:4: There is no key "label"; the keys are "text", "lable"; did you mean "lable"?',
    ]);
  });

  test('a format that is not known, and a folder without classes', async () => {
    const files = { 'data.xlsx': 'PK', 'empty/readme.md': '' };
    await refusesToTrain('format', { 'x.rnn.json': experiment({ data: { train: 'data.xlsx' } }), ...files }, [
      'data.xlsx: The file has the extension .xlsx; expected .csv, .tsv, .jsonl or .ndjson',
    ]);
    await refusesToTrain('format', { 'x.rnn.json': experiment({ data: { train: 'empty' } }), ...files }, [
      'empty: The folder has no .txt files; expected one for each class',
    ]);
  });

  test('a class that stands only in the validation file', async () => {
    const files = { 'data.csv': good, 'v.csv': `${table}once,new\ngood,positive\n` };
    await refusesToTrain('validation', { 'x.rnn.json': experiment({ data: { validation: 'v.csv' } }), ...files }, [
      'v.csv:2: The label "new" does not occur in the training data; add examples of it or remove it.',
    ]);
  });

  test('word vectors that are missing, of another width, torn, or no numbers', async () => {
    const vectors: Record<string, [content: string | undefined, parts: string[]]> = {
      missing: [undefined, ['v.txt: There is no such file or folder; check the path.']],
      narrow: ['good 1 2 3\n', ['v.txt:1: The vectors have 3 numbers but the embedding size is 8; set it to 3 or use']],
      torn: [
        'good 1 2 3 4 5 6 7 8\nbad 1 2 3\n',
        ['v.txt:2: The line has 3 numbers after its word; expected 8 as in the other lines.'],
      ],
      words: ['good 1 2 3 4 5 6 7 x\n', ['v.txt:1: "x" in the vector of "good" is not a number.']],
    };
    for (const [name, [content, parts]] of Object.entries(vectors)) {
      const text = experiment({ features: { embedding: { size: 8, vectors: 'v.txt' } } });
      const files = { 'x.rnn.json': text, 'data.csv': good, ...(content === undefined ? {} : { 'v.txt': content }) };
      await refusesToTrain(`vectors ${name}`, files, parts);
    }
  });
});

describe('words of the command line that are refused', { concurrency: 2 }, () => {
  const cases: [args: string[], parts: string[]][] = [
    [['trian', 'x'], ['There is no command "trian"; did you mean train?']],
    [['train'], ['needs FILE.rnn.json']],
    [['train', 'x', '--resme'], ['The command train has no option --resme; did you mean --resume?']],
    [['train', 'x', '--threads', '0'], ['--threads is a whole number from 1, found "0".']],
    [['predict', 'x', '--text', 'a', '--input', 'b'], ['--text and --input exclude each other']],
    [['init', '--from', 'absent.csv'], ['absent.csv: There is no such file or folder']],
  ];
  for (const [args, parts] of cases) {
    test(`sequence-lab ${args.join(' ')}`, () => refuses(place.folder, args, parts, { where: place.path('words') }));
  }
  before(() => place.write('words/nothing.txt', ''));
});

describe('Ctrl-C', () => {
  test('while data are read leaves nothing behind', async () => {
    const line = `${'the film was quite good and '.repeat(20)},positive\n`;
    await place.write('large/data.csv', `text,label\n${line.repeat(60_000)}bad,negative\nbad,negative\nbad,negative\n`);
    await place.write('large/x.rnn.json', experiment());
    const before = await listing(place.path('large'));
    const train = new CliProcess(['train', 'x.rnn.json', '--json'], { cwd: place.path('large') });
    await train.until(() => train.stdout.includes('"fraction":0.0'));
    train.interrupt();
    const { code, stdout } = await train.ended;
    assert.equal(code, 130);
    assert.doesNotMatch(stdout, /"phase":"preparing"|"type":"(run|result)"/u);
    assert.deepEqual(await listing(place.path('large')), before);
  });

  test('at the very start ends quietly', async () => {
    for (const milliseconds of [60, 120, 200, 280, 360]) {
      const train = new CliProcess(['train', 'x.rnn.json'], { cwd: place.path('large') });
      await wait(milliseconds);
      train.interrupt();
      const { code, signal, stdout } = await train.ended;
      // Before the program listens, the signal ends it by itself.
      assert.ok(code === 130 || signal === 'SIGINT', `code ${code}`);
      assert.equal(stdout, '');
    }
    assert.deepEqual((await listing(place.path('large'))).length, 2);
  });
});

describe('training that diverges', () => {
  test('fails with the step and the parameter, and keeps no model', async () => {
    await place.write('wild/data.csv', good);
    const model = { cell: 'rnn', activation: 'relu' };
    const training = { learningRate: 1e6, clip: {}, optimizer: 'sgd', epochs: 50 };
    await place.write('wild/x.rnn.json', experiment({ model, training }));
    const { code, stdout, stderr } = await runCli(['train', 'x.rnn.json', '--json'], { cwd: place.path('wild') });
    assert.equal(code, 1, stderr);
    assert.match(
      stderr,
      /^x\.rnn\.json: Step \d+ failed: [^\n]* (layer0|embedding|output)\S*\. Lower training\.learningRate \(now 1000000\) or clip the gradients more\.\n$/u,
    );
    const last = stdout.trimEnd().split('\n').at(-1)!;
    const { type, report } = JSON.parse(last) as { type: string; report: { status: string; message: string } };
    assert.deepEqual([type, report.status], ['result', 'failed']);
    const written = JSON.parse(await place.read('wild/.sequence-lab/runs/x-1/report.json')) as typeof report;
    assert.deepEqual([written.status, written.message], ['failed', report.message]);
    for (const line of (await place.read('wild/.sequence-lab/runs/x-1/metrics.jsonl')).trimEnd().split('\n')) {
      assert.doesNotMatch(line, /null/u);
    }
  });

  test('is noticed by the validation where the last step broke the weights', async () => {
    const training = { learningRate: 1e38, clip: {}, epochs: 1, batchSize: 64 };
    await place.write('wild/last.rnn.json', experiment({ training }));
    const { code, stderr } = await runCli(['train', 'last.rnn.json'], { cwd: place.path('wild') });
    assert.equal(code, 1, stderr);
    assert.match(
      stderr,
      /^last\.rnn\.json: The validation of epoch 1, after step 1, failed: the loss \(NaN\) is not a finite number\. Lower training\.learningRate [^\n]*\n$/u,
    );
    assert.match(await place.read('wild/.sequence-lab/runs/last-1/report.json'), /"status": "failed"/u);
  });
});

test(
  'a limit of addresses is told in a line',
  { skip: process.platform !== 'linux' && 'ulimit -v is of Linux' },
  async () => {
    await place.write('limited/data.csv', good);
    await place.write('limited/x.rnn.json', experiment());
    const command = 'ulimit -v 8000000 && exec "$0" "$1" train x.rnn.json';
    const parameters = ['-c', command, process.execPath, resolve('dist/cli.cjs')];
    const { stderr, status } = spawnSync('bash', parameters, { cwd: place.path('limited'), encoding: 'utf8' });
    assert.match(stderr, /^Training reserves 10 GB of addresses.*ulimit -v\)\.\n$/u);
    assert.equal(status, 1);
  },
);
