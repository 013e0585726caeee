/** The client against a real child process with fake services: answers, errors, crashes, ends. */
import assert from 'node:assert/strict';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { EngineClient, EngineError, type EngineExit, EngineExitedError } from '../../../src/engine/client';
import { UserError } from '../../../src/errors';
import type { TrainingEvent } from '../../../src/protocol';
import { report } from './fakeServices';

const script = fileURLToPath(new URL('./fakeEngine.ts', import.meta.url));
const execArgv = ['--import', 'tsx'];
const clients: EngineClient[] = [];

function createClient(options: { script?: string; env?: NodeJS.ProcessEnv; log?: (line: string) => void } = {}) {
  const client = new EngineClient({ script, execArgv, log: () => undefined, ...options });
  clients.push(client);
  return client;
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.dispose()));
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function waitForEnd(pid: number): Promise<void> {
  // Generous for a busy machine; the engine itself gives its work 1.5 s.
  for (let attempt = 0; attempt < 400 && isAlive(pid); attempt++) {
    await delay(25);
  }
}

test('answers requests and starts the process with the first one only', async () => {
  const client = createClient();
  assert.equal(client.pid, undefined);
  const predictions = await client.predict({ model: 'm', texts: ['hello', 'you idiot'] });
  assert.deepEqual(
    predictions.map(({ label }) => label),
    ['calm', 'toxic'],
  );
  const pid = client.pid;
  const description = await client.inspect({ model: 'chat' });
  assert.equal(description.experiment, 'chat');
  assert.equal(client.pid, pid);
});

test('tells every training event in order before the result', async () => {
  const events: TrainingEvent[] = [];
  const result = await createClient().train({ experiment: 'chat' }, (event) => events.push(event));
  const count = events.length;
  assert.deepEqual(
    events.map((event) => (event.type === 'step' ? event.step : event.type)),
    ['phase', 'run', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 'epoch', 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 'epoch'],
  );
  assert.deepEqual(result.report, report('finished', 20));
  await delay(20);
  assert.equal(events.length, count);
});

test('carries NaN through the channel', async () => {
  const losses: number[] = [];
  await createClient().train({ experiment: 'diverging' }, (event) => {
    if (event.type === 'step') {
      losses.push(event.loss);
    }
  });
  assert.deepEqual(losses, Array<number>(20).fill(NaN));
});

test('carries large texts both ways', async () => {
  const text = 'ü'.repeat(4_000_000);
  const [prediction] = await createClient().predict({ model: 'm', texts: [text], explain: true });
  assert.equal(prediction?.tokens?.[0]?.text, text);
});

test('tells the progress of an evaluation', async () => {
  const fractions: number[] = [];
  const result = await createClient().evaluate({ model: 'm', data: 'd.csv' }, (fraction) => fractions.push(fraction));
  assert.deepEqual(fractions, [0.5, 1]);
  assert.equal(result.examples, 10);
});

test('tells generated text in pieces, and keeps those of a cancelled request', async () => {
  const client = createClient();
  const pieces: string[] = [];
  const result = await client.generate({ model: 'm', prompt: 'ab', length: 3 }, ({ text }) => pieces.push(text));
  assert.deepEqual(pieces, ['ab', 'ab', 'ab']);
  assert.deepEqual(result, { text: 'ababab', tokens: 3, seed: 7 });
  const stopping = new AbortController();
  let told = 0;
  const endless = client.generate(
    { model: 'm', prompt: 'x', length: 1e9 },
    ({ tokens }) => {
      told += tokens;
      stopping.abort();
    },
    stopping.signal,
  );
  await assert.rejects(endless, { name: 'AbortError' });
  assert.ok(told > 0);
});

test("lists a run's mistakes", async () => {
  const { mistakes, count } = await createClient().mistakes({ run: 'spam-1' });
  assert.equal(count, 1);
  assert.deepEqual(mistakes[0], {
    text: 'hm',
    file: '/data/chat.csv',
    line: 7,
    truth: 'fine',
    predicted: 'toxic',
    probability: 0.9,
  });
  await assert.rejects(createClient().mistakes({ run: 'none' }), /no model yet/);
});

test('a cancelled training resolves with status stopped, and the next one runs', async () => {
  const client = createClient();
  const stopping = new AbortController();
  const events: TrainingEvent[] = [];
  const result = await client.train(
    { experiment: 'endless' },
    (event) => {
      events.push(event);
      if (event.type === 'step') {
        stopping.abort();
      }
    },
    stopping.signal,
  );
  assert.equal(result.report.status, 'stopped');
  assert.equal(events.at(-1)?.type, 'checkpoint');
  const next = await client.train({ experiment: 'chat' }, () => undefined);
  assert.equal(next.report.status, 'finished');
});

test('cancelled before there is a result, a request rejects with an AbortError', async () => {
  const client = createClient();
  for (const start of [
    (signal: AbortSignal) => client.predict({ model: 'wait', texts: [] }, signal),
    (signal: AbortSignal) => client.evaluate({ model: 'm', data: 'wait' }, () => undefined, signal),
    (signal: AbortSignal) => client.train({ experiment: 'early' }, () => undefined, signal),
  ]) {
    const stopping = new AbortController();
    const promise = start(stopping.signal);
    await client.inspect({ model: 'm' });
    stopping.abort();
    await assert.rejects(promise, { name: 'AbortError' });
  }
});

test('with a signal that has been aborted before, no process starts', async () => {
  const client = createClient();
  await assert.rejects(client.predict({ model: 'm', texts: [] }, AbortSignal.abort()), { name: 'AbortError' });
  assert.equal(client.pid, undefined);
});

test('refuses a second training, and predicts meanwhile', async () => {
  const client = createClient();
  const stopping = new AbortController();
  const first = client.train({ experiment: 'endless' }, () => undefined, stopping.signal);
  await assert.rejects(
    client.train({ experiment: 'chat' }, () => undefined),
    (error) => error instanceof UserError && error.message.startsWith('A training is running already'),
  );
  const [prediction] = await client.predict({ model: 'm', texts: ['hello'] });
  assert.equal(prediction?.label, 'calm');
  stopping.abort();
  assert.equal((await first).report.status, 'stopped');
});

test("a user's mistake keeps its sentence, its words for other languages and its place", async () => {
  await assert.rejects(
    createClient().train({ experiment: 'mistake' }, () => undefined),
    (error) => {
      assert.ok(error instanceof UserError);
      assert.deepEqual(error.place, { file: 'a.rnn.json', line: 3, column: 7, key: 'model.cell' });
      assert.deepEqual(error.wording, { key: 'found {0}, expected rnn, gru or lstm.', values: ['"gru2"'] });
      assert.equal(error.sentence, 'a.rnn.json:3:7: model.cell: found "gru2", expected rnn, gru or lstm.');
      return true;
    },
  );
});

test('a fault in the engine comes with the stack and the cause over there', async () => {
  await assert.rejects(createClient().predict({ model: 'fault', texts: [] }), (error) => {
    assert.ok(error instanceof EngineError);
    assert.equal(error.message, 'index 9 is outside of 0…8');
    assert.match(error.stack ?? '', /^RangeError: index 9 .*\n {4}at .*fakeServices/);
    assert.match(error.stack ?? '', /\ncaused by Error: the first cause\n {4}at /);
    return true;
  });
});

test('an exit in the middle rejects all that is pending, with the last output, and the next request restarts', async () => {
  const lines: string[] = [];
  const exits: EngineExit[] = [];
  const client = createClient({ log: (line) => lines.push(line) });
  client.onExit((exit) => exits.push(exit));
  const training = client.train({ experiment: 'endless' }, () => undefined);
  const crash = client.predict({ model: 'exit', texts: [] });
  for (const pending of [training, crash]) {
    await assert.rejects(pending, (error) => {
      assert.ok(error instanceof EngineExitedError);
      assert.equal(error.message, 'The engine ended unexpectedly with exit code 7. Its last output:\nabout to leave');
      return true;
    });
  }
  assert.deepEqual(exits, [{ code: 7, signal: null, expected: false, lastLines: ['about to leave'] }]);
  assert.deepEqual(lines, ['about to leave']);
  assert.equal((await client.inspect({ model: 'again' })).experiment, 'again');
});

test('a kill in the middle rejects, and the next request restarts', async () => {
  const client = createClient();
  await assert.rejects(client.predict({ model: 'sigkill', texts: [] }), (error) => {
    assert.ok(error instanceof EngineExitedError);
    assert.equal(error.exit.signal, 'SIGKILL');
    assert.equal(error.exit.expected, false);
    return true;
  });
  assert.equal((await client.inspect({ model: 'again' })).experiment, 'again');
});

test('a script that is not there rejects with what the runtime says', async () => {
  const client = createClient({ script: `${script}.missing.cjs` });
  await assert.rejects(client.inspect({ model: 'm' }), (error) => {
    assert.ok(error instanceof EngineExitedError);
    assert.equal(error.exit.code, 1);
    assert.match(error.message, /Cannot find module/);
    return true;
  });
});

test('hands on the environment and only the given runtime options', async () => {
  const client = createClient({ env: { ...process.env, TEST_WORD: 'blue' } });
  await assert.rejects(
    client.train({ experiment: 'environment' }, () => undefined),
    { message: 'blue 2' },
  );
});

test('disposal ends the process, rejects what is pending, and is final', async () => {
  const client = createClient();
  const exits: EngineExit[] = [];
  client.onExit((exit) => exits.push(exit));
  const training = client.train({ experiment: 'endless' }, () => undefined);
  const rejected = assert.rejects(training, (error) => error instanceof EngineExitedError && error.exit.expected);
  await client.inspect({ model: 'm' });
  const pid = client.pid;
  assert.ok(pid !== undefined);
  await client.dispose();
  assert.equal(isAlive(pid), false);
  await rejected;
  assert.deepEqual(
    exits.map(({ code, expected }) => ({ code, expected })),
    [{ code: 0, expected: true }],
  );
  await assert.rejects(client.inspect({ model: 'm' }), /disposed/);
});

test('disposal while the process is starting leaves none behind', async () => {
  const client = createClient();
  const request = client.inspect({ model: 'm' });
  const pid = client.pid;
  assert.ok(pid !== undefined);
  const rejected = assert.rejects(request, EngineExitedError);
  await client.dispose();
  await rejected;
  assert.equal(isAlive(pid), false);
});

test('disposal kills a process that does not listen', async () => {
  const client = createClient();
  const exits: EngineExit[] = [];
  client.onExit((exit) => exits.push(exit));
  let begun = (): void => undefined;
  const step = new Promise<void>((resolve) => (begun = resolve));
  const training = client.train({ experiment: 'deaf' }, begun);
  const rejected = assert.rejects(training, EngineExitedError);
  await step;
  await client.dispose();
  await rejected;
  assert.equal(exits[0]?.signal, 'SIGKILL');
});

test('kill ends the process at once and the next request restarts', async () => {
  const client = createClient();
  const training = client.train({ experiment: 'endless' }, () => undefined);
  const rejected = assert.rejects(training, (error) => error instanceof EngineExitedError && error.exit.expected);
  await client.inspect({ model: 'm' });
  client.kill();
  await rejected;
  assert.equal((await client.inspect({ model: 'again' })).experiment, 'again');
});

test('when the parent is killed, the engine ends by itself', async () => {
  const path = fileURLToPath(new URL('./fakeParent.ts', import.meta.url));
  const parent = spawn(process.execPath, [...execArgv, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const pid = Number(line);
  assert.equal(isAlive(pid), true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await waitForEnd(pid);
  assert.equal(isAlive(pid), false);
});

test('SIGTERM stops the work, which still answers; SIGINT is left to the parent', { skip: isWindows() }, async () => {
  const client = createClient();
  const training = client.train({ experiment: 'endless' }, () => undefined);
  await client.inspect({ model: 'm' });
  const pid = client.pid;
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGINT');
  await client.inspect({ model: 'm' });
  process.kill(pid, 'SIGTERM');
  assert.equal((await training).report.status, 'stopped');
  await waitForEnd(pid);
  assert.equal(isAlive(pid), false);
});

test('without a parent the engine refuses to start', async () => {
  const child = spawn(process.execPath, [...execArgv, script], { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  await once(child, 'close');
  assert.equal(child.exitCode, 1);
  assert.match(output, /started by sequence-lab, not by hand/);
});

test('a parent that is gone before the engine listens ends it', async () => {
  const child = fork(script, [], { execArgv, serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  child.disconnect();
  const [code] = (await once(child, 'exit')) as [number];
  assert.equal(code, 0);
});

function isWindows(): false | string {
  return process.platform === 'win32' ? 'Windows has no signals' : false;
}
