/** Whole commands against a real engine process with fake services: output, exit codes, signals, closed pipes. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { DataLook } from '../../../src/data/dataLook';
import { type CliOptions, runCli } from '../../../src/cli/runCli';
import { forkEngine } from '../../../src/engine/forkEngine';
import { UserError } from '../../../src/errors';
import { report } from '../engine/fakeServices';

const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-'));
after(() => rm(folder, { recursive: true }));

const escape = '\u001B';

class Collector extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    this.emit('text');
    done();
  }

  /** Waits until the text contains `part`. */
  async contains(part: string): Promise<void> {
    while (!this.text.includes(part)) {
      await once(this, 'text');
    }
  }
}

function start(argv: string[], changes: Partial<CliOptions> = {}) {
  const stdin = new PassThrough();
  const stdout = new Collector();
  const stderr = new Collector();
  const signals = new EventEmitter();
  const code = runCli(argv, {
    engineScript: fileURLToPath(new URL('../engine/fakeEngine.ts', import.meta.url)),
    engineExecArgv: ['--import', 'tsx'],
    stdin,
    stdout,
    stderr,
    env: process.env,
    signals,
    describeData: () => Promise.reject(new UserError('There is no such file or folder.', { file: 'nothing.csv' })),
    ...changes,
  });
  return { code, stdin, stdout, stderr, signals };
}

async function run(argv: string[], changes: Partial<CliOptions> = {}) {
  const { code, stdin, stdout, stderr, signals } = start(argv, changes);
  stdin.end();
  const result = { code: await code, stdout: stdout.text, stderr: stderr.text };
  assert.equal(signals.listenerCount('SIGINT') + signals.listenerCount('SIGTERM'), 0);
  return result;
}

test('train --json prints every event and the result, one object a line', async () => {
  const { code, stdout, stderr } = await run(['train', 'chat', '--json']);
  assert.equal(code, 0);
  assert.equal(stderr, '');
  const objects = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const types = objects.map(({ type }) => type);
  assert.deepEqual(types.slice(0, 3), ['phase', 'run', 'step']);
  assert.equal(types.filter((type) => type === 'step').length, 20);
  assert.deepEqual(objects.at(-1), {
    type: 'result',
    name: 'chat-1',
    directory: 'runs/chat-1',
    model: 'runs/chat-1/model.onnx',
    report: report('finished', 20),
  });
});

test('train in a pipe prints plain lines at a moderate rate, then the summary', async () => {
  const { code, stdout } = await run(['train', 'chat']);
  assert.equal(code, 0);
  const lines = stdout.split('\n');
  assert.equal(lines.filter((line) => line.startsWith('Step ')).length, 10);
  assert.ok(lines.includes('Step 10/20  loss 0.469  12,300 tokens/s  10 s left'));
  assert.ok(
    lines.includes(
      'Epoch 2/2  training loss 0.500  validation: loss 0.250, accuracy 0.900, macro F1 0.875  best so far',
    ),
  );
  assert.ok(lines.includes('Finished chat-1 after 2 epochs, 20 steps in 1 min 15 s (12,300 tokens/s)'));
  assert.ok(lines.includes('true \\ predicted  calm  toxic'));
  assert.deepEqual(lines.slice(-3), [
    'Model: runs/chat-1/model.onnx',
    'Try it: sequence-lab predict runs/chat-1/model.onnx --text "a text of yours"',
    '',
  ]);
  assert.ok(!stdout.includes(escape) && !stdout.includes('\r'));
});

test('train on a terminal rewrites one line within its width; NO_COLOR takes the colours away', async () => {
  const { stdout } = await run(['train', 'chat'], { isTTY: true, columns: 60, env: { ...process.env, NO_COLOR: '1' } });
  const drawn = stdout
    .replaceAll(`\r${escape}[K`, '\n')
    .split('\n')
    .filter((line) => line.startsWith('Epoch 1/2  step'));
  assert.ok(drawn.length > 0);
  assert.ok(drawn.every((line) => line.length <= 59));
  assert.ok(!stdout.includes(`${escape}[32m`));
  const colored = await run(['train', 'chat'], { isTTY: true, columns: 60, env: { ...process.env, NO_COLOR: '' } });
  assert.ok(colored.stdout.includes(`${escape}[32m  best so far${escape}[39m`));
  const dumb = await run(['train', 'chat'], { isTTY: true, env: { ...process.env, TERM: 'dumb' } });
  assert.ok(!dumb.stdout.includes(escape) && !dumb.stdout.includes('\r'));
});

test("a user's mistake is one line on stderr and 1", async () => {
  assert.deepEqual(await run(['train', 'mistake']), {
    code: 1,
    stdout: '',
    stderr: 'a.rnn.json:3:7: model.cell: found "gru2", expected rnn, gru or lstm.\n',
  });
  assert.deepEqual(await run(['train', 'a', '--threads', '1.5']), {
    code: 1,
    stdout: '',
    stderr: 'The option --threads is a whole number from 1, found "1.5".\n',
  });
  assert.equal((await run(['train', 'a', '--out', 'b', '--runs', 'c'])).code, 1);
  assert.deepEqual(await run([]), {
    code: 1,
    stdout: '',
    stderr: 'No command was given; sequence-lab --help lists the commands.\n',
  });
});

test('a run that failed is told with its reason and 1', async () => {
  const { code, stderr } = await run(['train', 'failing']);
  assert.equal(code, 1);
  assert.equal(stderr, 'failing: The loss became NaN at step 3; lower training.learningRate.\n');
});

test('a fault of ours is 2, with the stack of the engine or its last output', async () => {
  const fault = await run(['predict', 'fault', '--text', 'x']);
  assert.equal(fault.code, 2);
  assert.match(fault.stderr, /^This is a fault of sequence-lab, not of yours:\nRangeError: index 9 .*\n {4}at /);
  const crash = await run(['predict', 'exit', '--text', 'x']);
  assert.equal(crash.code, 2);
  assert.match(crash.stderr, /ended unexpectedly with exit code 7\. Its last output:\nabout to leave\n/);
});

test('an engine that a Ctrl-C ends while it loads, before this process hears of it, is an interruption', async () => {
  const engineProcess = forkEngine({
    script: fileURLToPath(new URL('../engine/fakeEngine.ts', import.meta.url)),
    execArgv: ['--import', 'tsx'],
  });
  const train = start(['train', 'chat'], { engineProcess });
  engineProcess.kill('SIGINT');
  assert.equal(await train.code, 130);
  assert.deepEqual([train.stdout.text, train.stderr.text], ['', '']);
});

test('the first Ctrl-C stops a training with a checkpoint and 130', async () => {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    const { code, stdout, stderr, signals } = start(['train', 'endless']);
    await stdout.contains('Step ');
    signals.emit(signal);
    assert.equal(await code, 130);
    assert.equal(stderr.text, 'Stopping: writing a checkpoint… (once more to stop at once)\n');
    assert.match(stdout.text, /^Stopped endless-1 after 2 epochs/m);
    assert.match(stdout.text, /^Go on: {2}sequence-lab train endless --resume$/m);
  }
});

test('the second Ctrl-C does not wait', async () => {
  const { code, stdout, stderr, signals } = start(['train', 'deaf', '--json']);
  await stdout.contains('"step"');
  signals.emit('SIGINT');
  signals.emit('SIGINT');
  assert.equal(await code, 130);
  assert.equal(stderr.text, 'Stopping: writing a checkpoint… (once more to stop at once)\n');
});

test('Ctrl-C before there is a run, and while texts are awaited, is 130 without a word more', async () => {
  const waiting = start(['predict', 'm']);
  waiting.stdin.write('hello\n');
  await waiting.stdout.contains('hello');
  waiting.signals.emit('SIGINT');
  assert.equal(await waiting.code, 130);
  assert.equal(waiting.stderr.text, '');
  const working = start(['predict', 'wait', '--text', 'x']);
  working.signals.emit('SIGINT');
  assert.equal(await working.code, 130);
});

test('predict reads stdin, a file or arguments', async () => {
  const piped = start(['predict', 'm']);
  piped.stdin.end('\uFEFFhello\r\n\n  \nyou idiot\twho?');
  assert.equal(await piped.code, 0);
  assert.equal(piped.stdout.text, 'calm\t0.875\thello\ntoxic\t0.875\tyou idiot who?\n');

  const path = join(folder, 'texts.txt');
  await writeFile(path, Array.from({ length: 600 }, (_, index) => `text ${index}`).join('\n'));
  const file = await run(['predict', 'm', '--input', path, '--json']);
  const objects = file.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(objects.length, 600);
  assert.deepEqual(objects[599], {
    type: 'prediction',
    line: 600,
    text: 'text 599',
    label: 'calm',
    probability: 0.875,
    classes: [
      { label: 'calm', probability: 0.875 },
      { label: 'toxic', probability: 0.125 },
    ],
  });

  const explained = await run(['predict', 'm', '--text', 'unheard', '--explain'], {
    isTTY: true,
    env: { NO_COLOR: '1' },
  });
  assert.equal(explained.stdout, 'calm    87.5 %  unheard\n       unheard +0.500 (unknown)\n');
});

test('predict tells which file it cannot read', async () => {
  const missing = join(folder, 'missing.txt');
  assert.deepEqual(await run(['predict', 'm', '--input', missing]), {
    code: 1,
    stdout: '',
    stderr: `${missing}: There is no such file or folder.\n`,
  });
  const directory = await run(['predict', 'm', '--input', folder]);
  assert.equal(directory.stderr, `${folder}: This is a folder, expected a file.\n`);
  assert.equal((await run(['predict', 'm', '--input', 'a', '--text', 'b'])).code, 1);
});

test('a reader that leaves ends the command quietly', async () => {
  const closed = new Writable({
    write: (_chunk, _encoding, done) => {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    },
  });
  const predict = start(['predict', 'm'], { stdout: closed });
  predict.stdin.write('hello\n');
  assert.equal(await predict.code, 0);
  assert.equal(predict.stderr.text, '');
});

test('a full disk behind stdout is told', async () => {
  const full = new Writable({
    write: (_chunk, _encoding, done) => {
      done(Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' }));
    },
  });
  const train = start(['train', 'endless'], { stdout: full });
  assert.equal(await train.code, 2);
  assert.match(train.stderr.text, /write ENOSPC/);
});

test('evaluate and inspect tell their results for people and for programs', async () => {
  const evaluated = await run(['evaluate', 'm', 'd.csv', '--text', 'a', '--label', 'b']);
  assert.match(evaluated.stdout, /^11 examples: loss 0\.250, accuracy 0\.900, macro F1 0\.875\n/);
  const json = await run(['evaluate', 'm', 'd.csv', '--json']);
  const lines = json.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(lines[0], { type: 'phase', phase: 'evaluating', fraction: 0.5 });
  assert.deepEqual([lines[2]?.['type'], lines[2]?.['examples']], ['result', 10]);
  assert.deepEqual(await run(['evaluate', 'm', 'missing.csv']), {
    code: 1,
    stdout: '',
    stderr: 'missing.csv: there is no such file.\n',
  });
  const inspected = await run(['inspect', 'chat']);
  assert.match(inspected.stdout, /^size {8}1\.23 MB, 98,765 numbers$/m);
  assert.match(inspected.stdout, /^operators {3}LSTM 1, MatMul 2$/m);
});

test('help and version go to stdout', async () => {
  assert.match((await run(['--help'])).stdout, /^Usage: sequence-lab COMMAND/m);
  assert.match((await run(['train', '--help'])).stdout, /^Usage: sequence-lab train FILE\.rnn\.json/m);
  assert.match((await run(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
});

test('init looks at the data, writes beside it, and replaces nothing unasked', async () => {
  const sample: DataLook = {
    format: 'csv',
    columns: ['message', 'class'],
    rows: Array.from({ length: 10 }, (_, row) => [`this is message ${row}`, row % 2 === 0 ? 'ok' : 'toxic']),
  };
  const describeData = () => Promise.resolve(sample);
  const data = join(folder, 'my chat.csv');
  const path = join(folder, 'my chat.rnn.json');
  const first = await run(['init', '--from', data], { describeData });
  assert.deepEqual(first, {
    code: 0,
    stdout:
      'Took "message" for the texts and "class" for the classes.\n' +
      `Wrote ${path}\nNext: sequence-lab train "${path}"\n`,
    stderr: '',
  });
  assert.match(await readFile(path, 'utf8'), /"train": "my chat\.csv",\n.*\n {4}"text": "message"/);
  await writeFile(path, 'mine');
  assert.deepEqual(await run(['init', '--from', data], { describeData }), {
    code: 1,
    stdout: '',
    stderr: `${path}: This file is there already; --force replaces it.\n`,
  });
  assert.equal(await readFile(path, 'utf8'), 'mine');
  assert.equal((await run(['init', '--from', data, '--force'], { describeData })).code, 0);
  assert.notEqual(await readFile(path, 'utf8'), 'mine');
});

test('init on a folder of names reads characters; without a label it says so', async () => {
  const names = join(folder, 'names');
  const lines = await run(['init', '--from', names, '--json'], {
    describeData: () => Promise.resolve({ format: 'lines', columns: ['text', 'label'], rows: [['Müller', 'German']] }),
  });
  assert.deepEqual(JSON.parse(lines.stdout), {
    type: 'result',
    path: `${names}.rnn.json`,
    task: 'classification',
    train: 'names',
    features: 'characters',
  });
  const series = await run(['init', '--from', 'series.csv'], {
    describeData: () => Promise.resolve({ format: 'csv', columns: ['kind', 'value'], rows: [['a', '2']] }),
  });
  assert.equal(
    series.stderr,
    'series.csv: No column looks like texts among "kind", "value", no two like a text and its translation, and they are not numbers alone; ' +
      'run sequence-lab init without --from and fill in "text" and "label".\n',
  );
  assert.deepEqual(await run(['init', '--from', 'nothing.csv']), {
    code: 1,
    stdout: '',
    stderr: 'nothing.csv: There is no such file or folder.\n',
  });
});

test('predict asks a tagger for spans', async () => {
  const { code, stdout } = await run(['predict', 'tagger', '--text', 'Rio', '--text', 'two words']);
  assert.deepEqual([code, stdout], [0, 'Rio\tall: Rio (0.500)\ntwo words\tall: two words (0.500)\n']);
  const { stdout: json } = await run(['predict', 'tagger', '--text', 'Rio', '--json']);
  const { type, spans } = JSON.parse(json) as { type: string; spans: { type: string }[] };
  assert.deepEqual([type, spans.map((span) => span.type)], ['tags', ['all']]);
});
