import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { UserError } from '../../src/errors';
import { loadModel } from '../../src/inference/loadModel';
import { encodeModel } from '../../src/onnx/encode';
import { ModelProtoSchema } from '../../src/onnx/generated/onnx_pb';
import { GraphBuilder } from '../../src/onnx/graphBuilder';
import { jsonLines, succeed } from './cliProcess';
import { refuses } from './refusal';
import { csv, experiment, makeWorkplace, sentences, type Workplace } from './workplace';

describe('models and data for them that are refused', { concurrency: 2 }, () => {
  let place: Workplace;
  let bytes: Buffer;
  before(async () => {
    place = await makeWorkplace();
    await place.write('data.csv', csv(sentences(60)));
    await place.write('x.rnn.json', experiment({ training: { epochs: 1 } }));
    const events = jsonLines(await succeed(['train', 'x.rnn.json', '--json'], { cwd: place.folder }));
    bytes = await readFile(events.at(-1)!['model'] as string);
    await place.write('model.onnx', bytes);
    await place.write('here/readme.txt', 'the working directory');
  });
  after(() => place.remove());

  /** Runs a command in the folder `here`. */
  const refusesHere = (args: readonly string[], parts: readonly string[]): Promise<void> =>
    refuses(place.path('here'), args, parts);

  async function refusesModel(name: string, content: Uint8Array, parts: readonly string[]): Promise<void> {
    await place.write(`${name}.onnx`, content);
    await refusesHere(['predict', `../${name}.onnx`, '--text', 'good'], [`../${name}.onnx: `, ...parts]);
  }

  /** The model with one entry of its metadata changed. */
  function withMetadata(key: string, change: (value: string) => string): Uint8Array {
    const model = fromBinary(ModelProtoSchema, bytes);
    const entry = model.metadataProps.find((property) => property.key === `sequence_lab.${key}`)!;
    entry.value = change(entry.value);
    return toBinary(ModelProtoSchema, model);
  }

  test('no ONNX at all, and an empty file', async () => {
    await refusesModel('text', Buffer.from('This is a text, no model.\n'), ['this is not an ONNX model']);
    await refusesModel('empty', new Uint8Array(0), ['this is not an ONNX model', 'choose a .onnx file']);
  });

  /** The sentence with which a model is refused, without a process around it. */
  async function refusalOf(content: Uint8Array): Promise<string> {
    try {
      const model = await loadModel(content, 'm.onnx', 1);
      await model.dispose();
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      return error.sentence;
    }
    assert.fail('the model was taken');
  }

  test('a model that is cut short, anywhere', async () => {
    for (const share of [0.001, 0.5, 0.999]) {
      const cut = bytes.subarray(0, Math.ceil(bytes.length * share));
      await refusesModel(`cut-${share}`, cut, ['the file is cut short; export or copy it again.']);
    }
    for (let length = 0; length < bytes.length; length += 1 + Math.floor(length / 20)) {
      assert.match(await refusalOf(bytes.subarray(0, length)), /^m\.onnx: [^\n]+\.$/u);
    }
    await refusalOf(bytes.subarray(0, -1));
  });

  test('a model that was made elsewhere', async () => {
    const g = new GraphBuilder('elsewhere');
    g.output('y', g.Tanh(g.input('x', 'float32', [2])));
    const parts = ['this ONNX model was made elsewhere', 'choose a model.onnx of a run.'];
    await refusesModel('elsewhere', encodeModel(g), parts);
    await refusesHere(['inspect', '../elsewhere.onnx'], ['../elsewhere.onnx: ', ...parts]);
    await refusesHere(['evaluate', '../elsewhere.onnx', '../data.csv'], ['../elsewhere.onnx: ', ...parts]);
  });

  test('metadata that are damaged', async () => {
    const damaged: [key: string, change: (value: string) => string, parts: string[]][] = [
      ['version', () => '99', ['made by a later version of Sequence Lab; update to use it.']],
      ['version', () => '', ['damaged (version)']],
      ['vocabulary', (value) => value.slice(0, -1), ['damaged (vocabulary)', 'export the model again.']],
      ['vocabulary', () => '["<pad>","<unk>","a"]', ['damaged (vocabulary or labels)']],
      ['labels', () => '"positive"', ['damaged (labels)']],
      ['tokenizer', () => '{"type":"bytes","lowercase":true}', ['damaged (tokenizer.type)']],
      ['model', (value) => value.replace('"hidden":8', '"hidden":9'), ['weights of this model do not fit']],
      ['model', (value) => value.replace('"layers":1', '"layers":2'), ['weights of this model do not fit']],
      ['model', (value) => value.replace('"cell":"lstm"', '"cell":"gru"'), ['weights of this model do not fit']],
      ['columns', () => 'null', ['damaged (columns)']],
      ['validation', () => '{"loss":1}', ['damaged (validation.accuracy)']],
      ['test', (value) => value.replace('"negative"', '"other"'), ['damaged (scores)']],
      ['classWeights', () => '[1]', ['damaged (class weights)']],
    ];
    for (const [index, [key, change, parts]] of damaged.entries()) {
      const content = withMetadata(key, change);
      const sentence = await refusalOf(content);
      for (const part of parts) assert.ok(sentence.includes(part), sentence);
      if (index % 4 === 0) await refusesModel(`metadata-${index}`, content, parts);
    }
  });

  test('a model that is missing, or a folder', async () => {
    await refusesHere(
      ['predict', 'absent.onnx', '--text', 'a'],
      ['absent.onnx could not be read: there is no such file; check the path.'],
    );
    await refusesHere(['inspect', '../.sequence-lab'], ['../.sequence-lab could not be read: it is a folder']);
  });

  test('texts in a file that is missing or a folder', async () => {
    await refusesHere(['predict', '../model.onnx', '--input', 'absent.txt'], ['absent.txt: ', 'no such file']);
    await refusesHere(['predict', '../model.onnx', '--input', '../.sequence-lab'], ['../.sequence-lab: ', 'folder']);
  });

  test('data with an unknown label, without its column, missing, or without a text', async () => {
    const cases: [name: string, content: string, parts: string[]][] = [
      [
        'label',
        'text,label\ngood,positive\nx,neutral\n',
        [':3: The model does not know the label "neutral"; its labels are "negative", "positive".'],
      ],
      ['column', 'text,class\ngood,positive\n', [':1: There is no column "label"; the columns are "text", "class"']],
      ['blank', 'text,label\n" ",positive\n', [': No example of the file has a text; there is nothing to evaluate.']],
    ];
    for (const [name, content, parts] of cases) {
      await place.write(`${name}.csv`, content);
      await refusesHere(['evaluate', '../model.onnx', `../${name}.csv`], [`../${name}.csv`, ...parts]);
    }
    await refusesHere(['evaluate', '../model.onnx', 'absent.csv'], ['absent.csv: There is no such file']);
  });

  test('no texts at all are no mistake', async () => {
    assert.equal(await succeed(['predict', '../model.onnx'], { cwd: place.path('here'), input: '' }), '');
  });
});
