/** A language model from its text to generated text, in processes of its own: trained, stopped and resumed, exported, used. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createRandom } from '../../src/data/random';
import type { LanguageModelMetrics, Report } from '../../src/protocol';
import { CliProcess, jsonLines, runCli, succeed } from './cliProcess';
import { checkpointTensors, makeWorkplace, modelTensors, type Workplace } from './workplace';

/** Sentences of a small grammar, which a small model learns soon. */
function story(count: number): string {
  const random = createRandom(1, 'story');
  const pick = (words: readonly string[]): string => words[random.nextInteger(words.length)]!;
  const line = (): string =>
    `The ${pick(['cat', 'dog', 'bird'])} ${pick(['sees', 'hears', 'likes'])} the ${pick(['sun', 'sea', 'moon'])}.\n`;
  return Array.from({ length: count }, line).join('');
}

let place: Workplace;
before(async () => {
  place = await makeWorkplace();
  await place.write('story.txt', story(400));
});
after(() => place.remove());

const experiment = (training: Record<string, unknown>, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    task: 'languageModel',
    data: { train: 'story.txt' },
    model: { hidden: 24, layers: 2, dropout: 0.1 },
    ...more,
    training: { batchSize: 8, sequenceLength: 16, learningRate: 0.01, replicas: 1, earlyStopping: false, ...training },
  });

async function resultOf(folder: string, run: string): Promise<unknown> {
  const report = JSON.parse(await place.read(folder, run, 'report.json')) as Report;
  return {
    report: { ...report, tokensPerSecond: 0, seconds: 0 },
    metrics: await place.read(folder, run, 'metrics.jsonl'),
    checkpoint: await checkpointTensors(place.path(folder, run, 'checkpoint.safetensors')),
    model: await modelTensors(place.path(folder, run, 'model.onnx')),
  };
}

for (const replicas of [1, 2]) {
  test(`a run of ${replicas} replica(s) that is stopped again and again ends as an undisturbed one`, async (context) => {
    const name = `stopped${replicas}`;
    await place.write(`${name}.rnn.json`, experiment({ epochs: 4, replicas, schedule: { type: 'cosine' } }));
    await succeed(['train', `${name}.rnn.json`, '--out', 'undisturbed'], { cwd: place.folder });
    const random = createRandom(replicas, 'stops');
    let stops = 0;
    for (let finished = false; !finished;) {
      const args = ['train', `${name}.rnn.json`, '--out', 'stopped', '--json'];
      const train = new CliProcess(stops === 0 ? args : [...args, '--resume'], { cwd: place.folder });
      await train.untilSteps(20 + random.nextInteger(60));
      train.interrupt();
      const { code, stderr } = await train.ended;
      assert.ok(code === 0 || code === 130, stderr);
      finished = code === 0;
      if (!finished) stops += 1;
    }
    context.diagnostic(`stopped ${stops} times`);
    assert.ok(stops >= 2, `stopped only ${stops} times`);
    const carried = [
      ...(await checkpointTensors(place.path('undisturbed', `${name}-1`, 'checkpoint.safetensors'))).keys(),
    ];
    assert.deepEqual(
      carried.filter((key) => key.startsWith('carried.')).length,
      2 * replicas,
      'h and c of each replica are kept',
    );
    assert.deepEqual(await resultOf('stopped', `${name}-1`), await resultOf('undisturbed', `${name}-1`));
  });
}

describe('a model of words', () => {
  const model = 'runs/story-1/model.onnx';
  before(async () => {
    const words = { features: { type: 'words', minimumCount: 1, embedding: { size: 24 } } };
    const text = experiment({ epochs: 20 }, { ...words, model: { hidden: 24, tied: true, dropout: 0 } });
    await place.write('story.rnn.json', text);
    await succeed(['train', 'story.rnn.json', '--out', 'runs'], { cwd: place.folder });
  });
  const predict = async (...args: string[]): Promise<string> =>
    succeed(['predict', model, ...args], { cwd: place.folder });

  test('has learned what can be known', async () => {
    const { best } = JSON.parse(await place.read('runs', 'story-1', 'report.json')) as Report;
    // Three of seven tokens of a line are one of three words: 3 ln 3 / 7 nats are not to be known.
    const least = (3 * Math.log(3)) / 7;
    const { loss, perplexity, bitsPerCharacter } = best!.validation as LanguageModelMetrics;
    assert.ok(loss > 0.9 * least && loss < least + 0.1, `${loss} nats where ${least} are the least`);
    assert.ok(Math.abs(perplexity - Math.exp(loss)) < 1e-9);
    assert.ok(bitsPerCharacter > 0.15 && bitsPerCharacter < 0.35, `${bitsPerCharacter}`);
  });

  test('goes on with a text in sentences of the grammar', async () => {
    const text = await predict('--text', 'The', '--length', '40', '--seed', '1');
    const lines = `The${text}`.split('\n').slice(0, 4);
    for (const line of lines) assert.match(line, /^The (cat|dog|bird) (sees|hears|likes) the (sun|sea|moon)\.$/u);
    assert.equal(await predict('--text', 'The', '--length', '40', '--seed', '1'), text);
    assert.notEqual(await predict('--text', 'The', '--length', '40', '--seed', '2'), text);
  });

  test('does not repeat a space that the text ends with', async () => {
    const text = await predict('--text', 'The ', '--length', '1', '--temperature', '0');
    assert.match(text, /^(cat|dog|bird)\n$/u);
  });

  test('tells pieces and the whole as JSON', async () => {
    const output = await predict('--text', 'The bird', '--length', '5', '--temperature', '0', '--json');
    const lines = jsonLines(output) as { type: string; text: string; tokens: number }[];
    const whole = lines.at(-1)!;
    const pieces = lines.slice(0, -1);
    assert.deepEqual([whole.type, whole.tokens], ['generation', 5]);
    assert.equal(pieces.map(({ text }) => text).join(''), whole.text);
    assert.match(whole.text, /^ (sees|hears|likes) the (sun|sea|moon)\.\n$/u);
  });

  test('is scored on text and described', async () => {
    const output = await succeed(['evaluate', model, 'story.txt', '--json'], { cwd: place.folder });
    const result = jsonLines(output).at(-1) as unknown as { examples: number; metrics: { loss: number } };
    assert.equal(result.examples, 2800);
    assert.ok(result.metrics.loss < 0.55);
    assert.match(await succeed(['inspect', model], { cwd: place.folder }), /^task +languageModel\n/u);
  });

  for (const [options, sentence] of [
    [['--temperature', '-1'], 'The option temperature must be a number from 0 to 100, found -1.'],
    [['--top-k', 'many'], 'The option --top-k is a number, found "many".'],
    [['--length', '0'], 'The option length must be a whole number from 1 to 1000000, found 0.'],
    [['--explain'], 'The option --explain is for classifiers; leave it out.'],
  ] as const) {
    test(`refuses ${options.join(' ')}`, async () => {
      const { code, stdout, stderr } = await runCli(['predict', model, '--text', 'x', options.join('=')], {
        cwd: place.folder,
      });
      assert.deepEqual([code, stdout, stderr], [1, '', `${sentence}\n`]);
    });
  }
});

test('mistakes in an experiment and its text are told in one sentence', async () => {
  const refused = async (text: string, sentence: string): Promise<void> => {
    await place.write('wrong.rnn.json', text);
    const { code, stdout, stderr } = await runCli(['train', 'wrong.rnn.json'], { cwd: place.folder });
    assert.deepEqual([code, stdout, stderr], [1, '', `${sentence}\n`]);
  };
  await refused(
    experiment({}, { data: { train: 'none.txt' } }),
    'none.txt: There is no such file or folder; check the path.',
  );
  await refused(
    experiment({}, { data: { train: 'no*.txt' } }),
    'no*.txt: No file has a name of this pattern; check it.',
  );
  await place.write('short.txt', 'abcdefghijklmnopqrstuvwxyz');
  await refused(
    experiment({ batchSize: 64 }, { data: { train: 'short.txt' } }),
    'short.txt: The training part has 20 tokens, too few for 64 streams side by side; lower training.batchSize or use more text.',
  );
  const tied = experiment({}, { model: { hidden: 24, tied: true } });
  await place.write('wrong.rnn.json', tied);
  const { stderr } = await runCli(['train', 'wrong.rnn.json'], { cwd: place.folder });
  assert.match(
    stderr,
    /model\.tied: the tokens' vectors have 64 numbers and the hidden state 24; with "tied" both sizes must be equal\.\n$/u,
  );
});
