/** Parts of words from data to use, in processes of its own: language models that write them, classifiers that explain them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createRandom } from '../../src/data/random';
import type { ClassPrediction, LanguageModelMetrics, Report } from '../../src/protocol';
import { jsonLines, runCli, succeed } from './cliProcess';
import { makeWorkplace, type Workplace } from './workplace';

/** Lines with an indent, several spaces and an emoji, from a small grammar. */
function story(count: number): string {
  const random = createRandom(1, 'story');
  const pick = (words: readonly string[]): string => words[random.nextInteger(words.length)]!;
  const line = (): string =>
    `The ${pick(['cat', 'dog', 'bird'])}  ${pick(['sees', 'hears', 'likes'])} the ${pick(['sun', 'sea', 'moon'])} 👩‍🚀.\n\n  So é.\n`;
  return Array.from({ length: count }, line).join('');
}

/** Words made of a prefix, a stem and an ending; the prefix alone tells the class, and most words are met once. */
function words(count: number): string {
  const random = createRandom(2, 'words');
  const part = (): string => Array.from({ length: 5 }, () => 'aeioklmst'[random.nextInteger(9)]!).join('');
  const rows = Array.from(
    { length: count },
    (_, at) => `${at % 2 ? 'Un' : 'Re'}${part()} and ${part()},${at % 2 ? 'no' : 'again'}`,
  );
  return `text,label\n${rows.join('\n')}\n`;
}

let place: Workplace;
before(async () => {
  place = await makeWorkplace();
  await place.write('story.txt', story(250));
  await place.write('words.csv', words(400));
  const merges = ['t h', 'th e', 'Ġ the', 'Ġ s', 'ð Ł'];
  await place.write(
    'tokenizer.json',
    JSON.stringify({ model: { type: 'BPE', vocab: {}, merges }, pre_tokenizer: { type: 'ByteLevel' } }),
  );
});
after(() => place.remove());

async function train(name: string, experiment: object): Promise<Report> {
  await place.write(`${name}.rnn.json`, JSON.stringify(experiment));
  await succeed(['train', `${name}.rnn.json`, '--out', 'runs', '--threads', '1'], { cwd: place.folder });
  return JSON.parse(await place.read('runs', `${name}-1`, 'report.json')) as Report;
}

const languageModel = (features: object) => ({
  task: 'languageModel',
  data: { train: 'story.txt' },
  features: { ...features, embedding: { size: 24 } },
  model: { hidden: 32, dropout: 0 },
  training: { epochs: 12, batchSize: 8, sequenceLength: 16, learningRate: 0.01, earlyStopping: false },
});

for (const [name, features, inspected] of [
  ['bpe', { type: 'bpe', vocabulary: 60 }, /^tokens +bpe of \d+ merges, vocabulary \d+$/mu],
  ['foreign', { type: 'tokenizer', source: 'tokenizer.json' }, /^tokens +tokenizer of 5 merges, vocabulary \d+$/mu],
] as const) {
  describe(`a language model of ${name}`, () => {
    const model = `runs/${name}-1/model.onnx`;
    let report: Report;
    before(async () => {
      report = await train(name, languageModel(features));
    });
    const predict = (...args: string[]): Promise<string> => succeed(['predict', model, ...args], { cwd: place.folder });

    test('has learned what can be known, by the character of the raw text', () => {
      const { loss, perplexity, bitsPerCharacter } = report.best!.validation as LanguageModelMetrics;
      // Three choices of three a line of some 40 characters: 3 log2 3 bits are not to be known.
      assert.ok(bitsPerCharacter > 0.09 && bitsPerCharacter < 0.3, `${bitsPerCharacter}`);
      assert.ok(Math.abs(perplexity - Math.exp(loss)) < 1e-9);
      assert.equal(report.data.coverage, 1);
    });

    test('writes the text of the grammar, white space and emoji included', async () => {
      const text = await predict('--text', 'The', '--length', '150', '--temperature', '0.2', '--seed', '1');
      const line = /^The (cat|dog|bird) {2}(sees|hears|likes) the (sun|sea|moon) 👩‍🚀\.\n\n {2}So é\.\n/u;
      assert.match(`The${text}`, line);
      const seconds = `The${text}`.replace(line, '');
      assert.match(seconds, line);
    });

    test('does not repeat a space that the text ends with', async () => {
      assert.match(await predict('--text', 'The ', '--length', '1', '--temperature', '0'), /^\S/u);
    });

    test('is scored on text and described', async () => {
      const output = await succeed(['evaluate', model, 'story.txt', '--json'], { cwd: place.folder });
      const { metrics } = jsonLines(output).at(-1) as unknown as { metrics: LanguageModelMetrics };
      assert.ok(metrics.bitsPerCharacter < 0.3);
      assert.match(await succeed(['inspect', model], { cwd: place.folder }), inspected);
    });
  });
}

describe('a classifier of parts of words', () => {
  const model = 'runs/words-1/model.onnx';
  let report: Report;
  before(async () => {
    report = await train('words', {
      data: { train: 'words.csv' },
      features: { type: 'bpe', vocabulary: 60, embedding: { size: 16 } },
      model: { cell: 'gru', hidden: 16, dropout: 0 },
      training: { epochs: 12, batchSize: 16, learningRate: 0.01 },
    });
  });

  test('tells classes of words that it never met', async () => {
    assert.ok((report.test as { accuracy: number }).accuracy > 0.95);
    const output = await succeed(['predict', model, '--text', 'Unsalt', '--text', 'Resalt', '--json'], {
      cwd: place.folder,
    });
    assert.deepEqual(
      jsonLines(output).map((line) => (line as unknown as ClassPrediction).label),
      ['no', 'again'],
    );
    const evaluated = await succeed(['evaluate', model, 'words.csv', '--json'], { cwd: place.folder });
    const { metrics } = jsonLines(evaluated).at(-1) as unknown as { metrics: { accuracy: number } };
    assert.ok(metrics.accuracy > 0.95);
  });

  test('explains by the places of pieces in the raw text', async () => {
    const text = '  UNmolast and taste!';
    const output = await succeed(['predict', model, '--text', text, '--explain', '--json'], { cwd: place.folder });
    const { tokens } = jsonLines(output)[0] as unknown as Required<ClassPrediction>;
    const pieces = tokens.filter(({ start, end }) => end > start).map(({ start, end }) => text.slice(start, end));
    assert.equal(pieces.join('').replaceAll(' ', ''), 'UNmolastandtaste!');
    for (const { text: piece, start, end } of tokens) assert.equal(piece, text.slice(start, end).trim().toLowerCase());
    const strongest = [...tokens].sort((a, b) => Math.abs(b.influence) - Math.abs(a.influence))[0]!;
    assert.ok(strongest.start <= 3, JSON.stringify(strongest));
  });
});

test('a tagger has no parts of words, and a tokenizer that forgets white space no language model', async () => {
  const refused = async (experiment: object, sentence: RegExp): Promise<void> => {
    await place.write('wrong.rnn.json', JSON.stringify(experiment));
    const { code, stderr } = await runCli(['train', 'wrong.rnn.json'], { cwd: place.folder });
    assert.equal(code, 1);
    assert.match(stderr, sentence);
    assert.equal(stderr.trimEnd().split('\n').length, 1);
  };
  await refused(
    { task: 'tagging', data: { train: 'a.conll' }, features: { type: 'bpe' } },
    /features\.type: found "bpe", expected "words": each token of the data has one tag/u,
  );
  await place.write(
    'forgetful.json',
    JSON.stringify({ model: { type: 'BPE', vocab: {}, merges: [] }, pre_tokenizer: { type: 'Whitespace' } }),
  );
  await refused(
    languageModel({ type: 'tokenizer', source: 'forgetful.json' }),
    /^forgetful\.json: the tokenizer forgets white space, which a language model has to write/u,
  );
});
