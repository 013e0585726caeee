/** Translation from data files to sentences by the command line: training, stop and resume, evaluation, refusals. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BleuCounter } from '../../src/inference/bleu';
import type { EvaluateResult, ModelDescription, Report, Translation, TranslationMetrics } from '../../src/protocol';
import { CliProcess, jsonLines, runCli, succeed } from './cliProcess';
import { checkpointTensors, makeWorkplace, modelTensors, type Workplace } from './workplace';

let place: Workplace;
after(() => place.remove());

/** Every sentence of a small language; an adjective stands before its noun in one, behind it in the other. */
function pairs(): string[] {
  const nouns = { cat: 'chat', dog: 'chien', bird: 'pigeon', horse: 'cheval' };
  const adjectives = { black: 'noir', small: 'petit', old: 'vieux' };
  const verbs = { sleeps: 'dort', eats: 'mange', sings: 'chante' };
  return Object.entries(nouns).flatMap(([noun, nom]) =>
    Object.entries(adjectives).flatMap(([adjective, adjectif]) =>
      Object.entries(verbs).map(
        ([verb, verbe]) => `The ${adjective} ${noun} ${verb}.\tLe ${nom} ${adjectif} ${verbe}.`,
      ),
    ),
  );
}

const table = (rows: readonly string[]): string => ['en\tfr', ...rows, ''].join('\n');

interface Settings {
  readonly data?: object;
  readonly features?: object;
  readonly model?: object;
  readonly training?: object;
}

const settings = ({ data, features, model, training }: Settings = {}): string =>
  JSON.stringify({
    task: 'translation',
    data: { train: 'train.tsv', validation: 'train.tsv', test: 0, source: 'en', target: 'fr', ...data },
    features: { type: 'words', minimumCount: 1, embedding: { size: 16 }, ...features },
    model: { hidden: 24, dropout: 0, ...model },
    training: {
      ...{ epochs: 25, batchSize: 16, learningRate: 0.01, labelSmoothing: 0, earlyStopping: false, replicas: 1 },
      ...training,
    },
  });

const model = '.sequence-lab/runs/french-1/model.onnx';
before(async () => {
  place = await makeWorkplace();
  const rows = pairs();
  await place.write('train.tsv', table([...rows, ...rows, ...rows]));
  await place.write('test.tsv', table(rows.slice(0, 9)));
  await place.write('french.rnn.json', settings({ data: { test: 'test.tsv' } }));
  await succeed(['train', 'french.rnn.json'], { cwd: place.folder });
});

describe('a translator', () => {
  test('learns a small language and is tested by BLEU', async () => {
    const report = JSON.parse(await place.read('.sequence-lab/runs/french-1/report.json')) as Report;
    assert.equal(report.task, 'translation');
    assert.deepEqual(report.data.examples, { train: 108, validation: 108, test: 9 });
    const { bleu, loss } = report.test as TranslationMetrics;
    assert.ok(bleu > 99, `BLEU ${bleu}`);
    assert.ok(loss < 0.1, `loss ${loss}`);
  });

  test('translates raw text, and says where it looked', async () => {
    const args = ['predict', model, '--text', 'The old horse eats.', '--json', '--explain'];
    const stdout = await succeed(args, { cwd: place.folder });
    const [found] = jsonLines(stdout) as unknown as (Translation & { type: string; translation: string })[];
    assert.equal(found!.type, 'translation');
    assert.equal(found!.translation, 'Le cheval vieux mange.');
    assert.ok(found!.probability > 0.5 && found!.probability <= 1);
    assert.deepEqual(found!.source, ['The', 'old', 'horse', 'eats', '.']);
    assert.deepEqual(found!.target, ['Le', 'cheval', 'vieux', 'mange', '.']);
    for (const starts of [found!.sourceStarts, found!.targetStarts]) {
      assert.deepEqual(starts, [true, true, true, true, false]);
    }
    assert.deepEqual(
      found!.attention.map((row) => row.length),
      [5, 5, 5, 5, 5],
    );
    for (const row of found!.attention) {
      const sum = row.reduce((a, b) => a + b, 0);
      assert.ok(sum > 0.05 && sum < 1.0001, `weights of ${sum} in all`);
    }
  });

  test('translates line by line, by any beam', async () => {
    await place.write('in.txt', 'The black dog sings.\n\nThe small cat sleeps.\n');
    for (const beam of ['1', '4']) {
      const args = ['predict', model, '--input', 'in.txt', '--beam', beam];
      const stdout = await succeed(args, { cwd: place.folder });
      assert.equal(stdout, 'Le chien noir chante.\nLe chat petit dort.\n');
    }
  });

  test('scores a file as its training did', async () => {
    const report = JSON.parse(await place.read('.sequence-lab/runs/french-1/report.json')) as Report;
    const stdout = await succeed(['evaluate', model, 'test.tsv', '--json'], { cwd: place.folder });
    const { metrics, task, examples } = jsonLines(stdout).at(-1) as unknown as EvaluateResult;
    assert.deepEqual([task, examples], ['translation', 9]);
    const { bleu, loss } = metrics as TranslationMetrics;
    const expected = report.test as TranslationMetrics;
    assert.ok(Math.abs(bleu - expected.bleu) < 1e-9 && Math.abs(loss - expected.loss) < 1e-5);
  });

  test('tells what it is', async () => {
    const stdout = await succeed(['inspect', model, '--json'], { cwd: place.folder });
    const description = jsonLines(stdout).at(-1) as unknown as ModelDescription;
    assert.equal(description.task, 'translation');
    assert.equal(description.tokenizer, 'words → words');
    assert.deepEqual(
      description.inputs.map(({ name }) => name),
      ['ids', 'lengths', 'maximum_length'],
    );
    assert.deepEqual(
      description.outputs.map(({ name }) => name),
      ['tokens', 'log_probabilities', 'attention'],
    );
    const operators = description.operators.map(({ operator }) => operator);
    assert.ok(operators.includes('GRU') && operators.includes('Scan'));
  });

  test('of parts of words, a shared vocabulary, layers and LSTMs trains, samples and exports as well', async () => {
    const other = settings({
      features: { type: 'bpe', lowercase: true, vocabulary: 60, shared: true },
      model: { cell: 'lstm', layers: 2, attention: 'bahdanau', inputFeeding: true, dropout: 0.1 },
      training: { epochs: 2, scheduledSampling: 0.5, labelSmoothing: 0.1 },
    });
    await place.write('parts.rnn.json', other);
    await succeed(['train', 'parts.rnn.json'], { cwd: place.folder });
    const args = ['predict', '.sequence-lab/runs/parts-1/model.onnx', '--text', 'The cat sings.'];
    assert.match(await succeed(args, { cwd: place.folder }), /^[^\n]*\n$/u);
  });

  test('scores the translations of a beam where one is asked for', async () => {
    // A model that learned little: other searches find other translations.
    const parts = '.sequence-lab/runs/parts-1/model.onnx';
    const [, ...pairs] = (await place.read('test.tsv')).trimEnd().split('\n');
    const [sources, references] = [0, 1].map((column) => pairs.map((pair) => pair.split('\t')[column]!));
    await place.write('sources.txt', `${sources!.join('\n')}\n`);
    const search = ['--beam', '6', '--length-penalty', '0.5'];
    const predict = ['predict', parts, '--input', 'sources.txt', ...search, '--json'];
    const found = jsonLines(await succeed(predict, { cwd: place.folder })) as unknown as { translation: string }[];
    const counter = new BleuCounter(true);
    found.forEach(({ translation }, at) => {
      counter.add(translation, references![at]!);
    });
    const bleuOf = async (options: readonly string[]): Promise<number> => {
      const stdout = await succeed(['evaluate', parts, 'test.tsv', ...options, '--json'], { cwd: place.folder });
      return ((jsonLines(stdout).at(-1) as unknown as EvaluateResult).metrics as TranslationMetrics).bleu;
    };
    assert.equal(await bleuOf(search), counter.score());
    assert.notEqual(await bleuOf(search), await bleuOf([]));
    const { code, stderr } = await runCli(['evaluate', parts, 'test.tsv', '--length-penalty', '1'], {
      cwd: place.folder,
    });
    assert.deepEqual([code, stderr], [1, 'The option --length-penalty needs a search by beam; give --beam too.\n']);
  });

  test('takes the pieces of a tokenizer.json', async () => {
    const tokenizer = {
      normalizer: { type: 'Lowercase' },
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true },
      model: { type: 'BPE', vocab: {}, merges: ['l e', 'Ġ c', 'Ġc h', 'Ġ t', 'Ġt h', 'Ġth e'] },
    };
    await place.write('tokenizer.json', JSON.stringify(tokenizer));
    const features = { type: 'tokenizer', source: 'tokenizer.json' };
    await place.write('bytes.rnn.json', settings({ features, training: { epochs: 1 } }));
    await succeed(['train', 'bytes.rnn.json'], { cwd: place.folder });
    const stdout = await succeed(['inspect', '.sequence-lab/runs/bytes-1/model.onnx'], { cwd: place.folder });
    assert.match(stdout, /tokenizer of 6 merges → tokenizer of 6 merges/u);
  });
});

for (const replicas of [1, 2]) {
  test(`a run of ${replicas} that is stopped and resumed ends as the undisturbed one`, async () => {
    const name = `stopped${replicas}`;
    const training = { epochs: 6, replicas, schedule: { type: 'cosine' }, scheduledSampling: 0.3 };
    await place.write(`${name}.rnn.json`, settings({ model: { dropout: 0.3 }, training }));
    await succeed(['train', `${name}.rnn.json`, '--out', 'undisturbed'], { cwd: place.folder });
    const train = new CliProcess(['train', `${name}.rnn.json`, '--out', 'stopped', '--json'], { cwd: place.folder });
    await train.untilSteps(9);
    train.interrupt();
    assert.equal((await train.ended).code, 130);
    await succeed(['train', `${name}.rnn.json`, '--out', 'stopped', '--resume'], { cwd: place.folder });
    for (const file of ['metrics.jsonl']) {
      assert.equal(await place.read('stopped', `${name}-1`, file), await place.read('undisturbed', `${name}-1`, file));
    }
    assert.deepEqual(
      await checkpointTensors(place.path('stopped', `${name}-1`, 'checkpoint.safetensors')),
      await checkpointTensors(place.path('undisturbed', `${name}-1`, 'checkpoint.safetensors')),
    );
    assert.deepEqual(
      await modelTensors(place.path('stopped', `${name}-1`, 'model.onnx')),
      await modelTensors(place.path('undisturbed', `${name}-1`, 'model.onnx')),
    );
  });
}

describe('mistakes are told in one sentence', () => {
  const refused = async (args: readonly string[], sentence: RegExp): Promise<void> => {
    const { code, stdout, stderr } = await runCli([...args], { cwd: place.folder });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, sentence);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  };

  test('in the data', async () => {
    await place.write('wide.tsv', 'en\tfr\na\tb\nc\td\te\n');
    await place.write('wide.rnn.json', settings({ data: { train: 'wide.tsv' } }));
    await refused(['train', 'wide.rnn.json'], /^wide\.tsv:3: The row has 3 fields but the header has 2/u);
    await place.write('column.rnn.json', settings({ data: { target: 'de' } }));
    await refused(['train', 'column.rnn.json'], /^train\.tsv:1: There is no column "de"/u);
  });

  test('in a tokenizer', async () => {
    await place.write('wordpiece.json', '{"model":{"type":"WordPiece"}}');
    const features = { type: 'tokenizer', source: 'wordpiece.json' };
    await place.write('wordpiece.rnn.json', settings({ features }));
    await refused(
      ['train', 'wordpiece.rnn.json'],
      /^wordpiece\.json: the tokenizer's model is "WordPiece"; expected "BPE"/u,
    );
  });

  test('in the options', async () => {
    await refused(
      ['predict', model, '--text', 'a', '--beam', 'wide'],
      /--beam is a whole number from 1 to 1000, found "wide"/u,
    );
    await refused(
      ['predict', model, '--text', 'a', '--length-penalty', '11'],
      /--length-penalty is a number from 0 to 10/u,
    );
  });
});
