/** Tagging from data files to spans by the command line: training, stop and resume, evaluation, refusals. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createRandom } from '../../src/data/random';
import type { EvaluateResult, ModelDescription, Report, TaggingMetrics, TagPrediction } from '../../src/protocol';
import { CliProcess, jsonLines, runCli, succeed } from './cliProcess';
import { checkpointTensors, makeWorkplace, modelTensors, type Workplace } from './workplace';

let place: Workplace;
before(async () => {
  place = await makeWorkplace();
});
after(() => place.remove());

interface Sentence {
  readonly tokens: readonly string[];
  readonly tags: readonly string[];
}

const cities = ['Oslo', 'New York', 'Rio', 'San José', 'Bonn'];
const foods = ['soup', 'green salad', 'rice'];

/** Orders such as `please bring soup to New York now`, where a city stands after `to` or `in`. */
function orders(count: number, seed: number): Sentence[] {
  const random = createRandom(seed, 'orders');
  const pick = (words: readonly string[]): string => words[random.nextInteger(words.length)]!;
  return Array.from({ length: count }, () => {
    const tokens: string[] = [];
    const tags: string[] = [];
    const add = (words: string, type?: string): void => {
      words.split(' ').forEach((word, at) => {
        tokens.push(word);
        tags.push(type === undefined ? 'O' : `${at === 0 ? 'B' : 'I'}-${type}`);
      });
    };
    if (random.nextInteger(2) === 0) add('please');
    add(pick(['bring', 'send', 'order']));
    add(pick(foods), 'food');
    add(pick(['to', 'in']));
    add(pick(cities), 'city');
    if (random.nextInteger(2) === 0) add('now');
    return { tokens, tags };
  });
}

const conll = (sentences: readonly Sentence[]): string =>
  sentences.map(({ tokens, tags }) => tokens.map((token, at) => `${token} _ ${tags[at]!}\n`).join('')).join('\n');
const linesOf = (sentences: readonly Sentence[], key: keyof Sentence): string =>
  sentences.map((sentence) => `${sentence[key].join(' ')}\n`).join('');

const settings = (data: unknown, training: object = {}, model: object = {}): string =>
  JSON.stringify({
    task: 'tagging',
    data,
    features: { minimumCount: 1, embedding: { size: 8 } },
    model: { hidden: 8, dropout: 0.2, ...model },
    training: { epochs: 8, batchSize: 8, learningRate: 0.03, replicas: 1, ...training },
  });

describe('a tagger', () => {
  const model = '.sequence-lab/runs/orders-1/model.onnx';
  before(async () => {
    await place.write('train.conll', conll(orders(120, 1)));
    await place.write('test/seq.in', linesOf(orders(40, 2), 'tokens'));
    await place.write('test/seq.out', linesOf(orders(40, 2), 'tags'));
    const data = { train: 'train.conll', test: { tokens: 'test/seq.in', tags: 'test/seq.out' } };
    await place.write('orders.rnn.json', settings(data));
    await succeed(['train', 'orders.rnn.json'], { cwd: place.folder });
  });

  test('learns orders from a CoNLL file and is tested on parallel files', async () => {
    const report = JSON.parse(await place.read('.sequence-lab/runs/orders-1/report.json')) as Report;
    assert.equal(report.task, 'tagging');
    assert.deepEqual(report.data.examples, { train: 108, validation: 12, test: 40 });
    assert.deepEqual(
      report.data.classes.map(({ label }) => label),
      ['B-city', 'B-food', 'I-city', 'I-food', 'O'],
    );
    const { f1, accuracy, perType } = report.test as TaggingMetrics;
    assert.ok(f1 > 0.95 && accuracy > 0.95, `F1 ${f1}, accuracy ${accuracy}`);
    assert.deepEqual(
      perType.map(({ label, support }) => [label, support]),
      [
        ['city', 40],
        ['food', 40],
      ],
    );
  });

  test('finds the spans of raw text with their places', async () => {
    const text = 'Please send GREEN salad to San José.\nOrder rice in Oslo, now!';
    const stdout = await succeed(['predict', model, '--text', text, '--json'], { cwd: place.folder });
    const [prediction] = jsonLines(stdout) as unknown as (TagPrediction & { type: string; text: string })[];
    assert.equal(prediction!.type, 'tags');
    assert.deepEqual(
      prediction!.spans.map(({ type, text: words, start, end }) => [type, words, text.slice(start, end)]),
      [
        ['food', 'GREEN salad', 'GREEN salad'],
        ['city', 'San José', 'San José'],
        ['food', 'rice', 'rice'],
        ['city', 'Oslo', 'Oslo'],
      ],
    );
    for (const { probability } of prediction!.spans) assert.ok(probability > 0.5 && probability <= 1);
    for (const { text: token, start, end } of prediction!.tokens) assert.equal(text.slice(start, end), token);
    const piped = await succeed(['predict', model, '--text', 'bring soup to Rio'], { cwd: place.folder });
    assert.match(piped, /^bring soup to Rio\tfood: soup \([\d.]+\)\tcity: Rio \([\d.]+\)\n$/u);
  });

  test('scores a file as its training did', async () => {
    const report = JSON.parse(await place.read('.sequence-lab/runs/orders-1/report.json')) as Report;
    const args = ['evaluate', model, 'test/seq.in', '--labels', 'test/seq.out', '--json'];
    const stdout = await succeed(args, { cwd: place.folder });
    const { metrics, task, examples } = jsonLines(stdout).at(-1) as unknown as EvaluateResult;
    assert.deepEqual([task, examples], ['tagging', 40]);
    const { loss, ...rest } = metrics as TaggingMetrics;
    const { loss: expected, ...others } = report.test as TaggingMetrics;
    assert.deepEqual(rest, others);
    assert.ok(Math.abs(loss - expected) < 1e-4, `loss ${loss}, expected ${expected}`);
    await place.write('other.conll', 'Rio\tB-city\nnow\tO\n');
    const own = await succeed(['evaluate', model, 'other.conll'], { cwd: place.folder });
    assert.match(own, /^1 example: .*span F1/u);
  });

  test('is described by inspect, and refuses what it is not for', async () => {
    const stdout = await succeed(['inspect', model, '--json'], { cwd: place.folder });
    const description = jsonLines(stdout)[0] as unknown as ModelDescription;
    assert.equal(description.task, 'tagging');
    assert.deepEqual(description.labels, ['B-city', 'B-food', 'I-city', 'I-food', 'O']);
    assert.deepEqual(
      description.outputs.map(({ name }) => name),
      ['emissions', 'transitions', 'start', 'end'],
    );
    await place.write('strange.conll', 'Rio B-planet\n');
    const { code, stderr } = await runCli(['evaluate', model, 'strange.conll'], { cwd: place.folder });
    assert.equal(code, 1);
    assert.equal(
      stderr,
      'strange.conll:1: The model does not know the tag "B-planet"; its tags are "B-city", "B-food", "I-city", "I-food", "O".\n',
    );
  });
});

describe('a run that is stopped', () => {
  for (const crf of [true, false]) {
    test(`ends as one that never stopped${crf ? '' : ', without a CRF'}`, async () => {
      const name = crf ? 'stopped' : 'plain';
      await place.write('data.conll', conll(orders(100, 3)));
      const training = { earlyStopping: false, checkpointSeconds: 0, epochs: 4, schedule: { type: 'cosine' } };
      await place.write(`${name}.rnn.json`, settings({ train: 'data.conll' }, training, { crf, cell: 'gru' }));
      await succeed(['train', `${name}.rnn.json`, '--out', 'whole'], { cwd: place.folder });
      const args = ['train', `${name}.rnn.json`, '--out', 'parts', '--json'];
      const first = new CliProcess(args, { cwd: place.folder });
      await first.untilSteps(7);
      first.interrupt();
      assert.equal((await first.ended).code, 130);
      await succeed([...args, '--resume'], { cwd: place.folder });
      const metricsOf = (out: string) => place.read(out, `${name}-1`, 'metrics.jsonl');
      assert.equal(await metricsOf('parts'), await metricsOf('whole'));
      for (const [file, read] of [
        ['model.onnx', modelTensors],
        ['checkpoint.safetensors', checkpointTensors],
      ] as const) {
        assert.deepEqual(
          await read(place.path('parts', `${name}-1`, file)),
          await read(place.path('whole', `${name}-1`, file)),
        );
      }
    });
  }
});

describe('texts and labels in two files', () => {
  test('train a classifier, and score it', async () => {
    const sentences = orders(80, 4);
    const labels = sentences.map(({ tokens }) => (tokens.includes('soup') ? 'warm' : 'cold'));
    await place.write('in.txt', linesOf(sentences, 'tokens'));
    await place.write('out.txt', `${labels.join('\n')}\n`);
    const paths = { texts: 'in.txt', labels: 'out.txt' };
    const text = settings({ train: paths }).replace('"tagging"', '"classification"');
    await place.write('warm.rnn.json', text);
    await succeed(['train', 'warm.rnn.json'], { cwd: place.folder });
    const model = '.sequence-lab/runs/warm-1/model.onnx';
    const stdout = await succeed(['evaluate', model, 'in.txt', '--labels', 'out.txt', '--json'], {
      cwd: place.folder,
    });
    const { examples, metrics } = jsonLines(stdout).at(-1) as unknown as EvaluateResult;
    assert.equal(examples, 80);
    assert.ok('confusion' in metrics && metrics.accuracy > 0.9);
  });
});

describe('data that cannot be understood', () => {
  for (const [what, data, files, expected] of [
    [
      'a missing file',
      { train: 'nothing.conll' },
      {},
      'nothing.conll: There is no such file or folder; check the path.\n',
    ],
    [
      'a line without a tag',
      { train: 'bad.conll' },
      { 'bad.conll': 'a O\nb\n' },
      'bad.conll:2: The line has 1 column; expected at least 2, a token and its tag among them.\n',
    ],
    [
      'tags that are all the same',
      { train: 'same.conll' },
      { 'same.conll': 'a O\n\n'.repeat(20) },
      'same.conll: Every token has the tag "O"; a tagger needs two tags.\n',
    ],
    [
      'too few sentences to hold some back',
      { train: 'few.conll' },
      { 'few.conll': 'a O\nb B-x\n\nc O\n' },
      'few.conll: There are 2 sentences, too few to take 0.1 of them for validation; give more sentences.\n',
    ],
    [
      'a file of tags that is too short',
      { train: { tokens: 'long.in', tags: 'short.out' } },
      { 'long.in': 'a\nb\n', 'short.out': 'O\n' },
      'short.out: The file ends after 1 line, but long.in goes on; expected as many lines in both.\n',
    ],
  ] as const) {
    test(`is refused in one sentence: ${what}`, async () => {
      for (const [name, content] of Object.entries(files)) await place.write(name, content);
      await place.write('bad.rnn.json', settings(data));
      const { code, stdout, stderr } = await runCli(['train', 'bad.rnn.json'], { cwd: place.folder });
      assert.deepEqual([code, stdout, stderr], [1, '', expected]);
    });
  }
});
