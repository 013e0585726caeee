import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readTextCorpus, readTextPart, type TextCorpus } from '../../../src/data/textCorpus';
import { Vocabulary } from '../../../src/data/vocabulary';
import type { UserError } from '../../../src/errors';
import { memoryFolder, memorySource } from './memorySource';

const characters = { type: 'characters', lowercase: false } as const;
const words = { type: 'words', lowercase: false } as const;
const vocabulary = { maximumSize: 100, minimumCount: 1 };

const read = (content: string, validation: number, test: number, tokenizer: typeof characters | typeof words) =>
  readTextCorpus({ train: memorySource('a.txt', content), validation, test, tokenizer, vocabulary });

const textOf = ({ vocabulary: { tokens }, parts }: TextCorpus, part: keyof TextCorpus['parts']): string =>
  Array.from(parts[part].ids, (id) => tokens[id]).join('');

describe('a text', () => {
  test('is divided into stretches that follow one another', async () => {
    const corpus = await read('abcdefghijklmnopqrst', 0.2, 0.1, characters);
    // The tail has tokens that the training part has not.
    assert.equal(textOf(corpus, 'train'), 'abcdefghijklmn');
    assert.deepEqual([...corpus.parts.validation.ids], [1, 1, 1, 1]);
    assert.deepEqual([...corpus.parts.test.ids], [1, 1]);
    assert.deepEqual([corpus.parts.validation.characters, corpus.vocabulary.size, corpus.coverage], [4, 16, 1]);
  });

  test('is rebuilt from its words, whose characters are counted', async () => {
    const text = 'To be,\nor not to be:\n\nthat is  the question.\n'.repeat(3);
    const corpus = await read(text, 0.3, 0, words);
    assert.equal(textOf(corpus, 'train') + textOf(corpus, 'validation'), text);
    assert.equal(corpus.parts.train.characters + corpus.parts.validation.characters, text.length);
    assert.equal(corpus.parts.test.ids.length, 0);
  });

  test('does not depend on how its bytes arrive', async () => {
    const text = 'Grüße an alle,\r\n  你好 world. no line feed for a long while, é \n x'.repeat(5);
    const ids = async (chunk: number) =>
      (await readTextPart(memorySource('a.txt', text, chunk), words, new Vocabulary(['<pad>', '<unk>', ' an', '\r\n'])))
        .ids;
    const whole = await ids(10_000);
    for (const chunk of [1, 2, 3, 7, 50]) assert.deepEqual(await ids(chunk), whole, `chunks of ${chunk}`);
  });

  test('of several files goes from one to the next on a new line', async () => {
    const corpus = await readTextCorpus({
      train: memoryFolder('texts', { 'a.txt': 'one', 'b.txt': 'two\n', 'c.txt': 'three' }),
      validation: memorySource('v.txt', 'two one'),
      test: 0,
      tokenizer: words,
      vocabulary,
    });
    assert.equal(textOf(corpus, 'train'), 'one\ntwo\nthree');
    assert.deepEqual([...corpus.parts.validation.ids].length, 2);
  });
});

describe('sub-words of a text', () => {
  const text = 'Loha loha, the lohas.\n  The 👩‍🚀 \u0939\u093f loha the the é\n'.repeat(6);
  const readSubwords = (maximumSize: number, validation: number) =>
    readTextCorpus({
      train: memorySource('a.txt', text),
      validation,
      test: 0,
      tokenizer: { type: 'bpe', lowercase: false },
      vocabulary: { maximumSize, minimumCount: 1 },
    });

  test('are learned on the training part and put together to the text', async () => {
    const corpus = await readSubwords(200, 0.3);
    assert.equal(textOf(corpus, 'train') + textOf(corpus, 'validation'), text);
    assert.ok(corpus.tokenizer.type === 'bpe' && corpus.tokenizer.merges.length > 10);
    assert.ok(corpus.vocabulary.knows(' loha') && corpus.vocabulary.knows(' the'));
    assert.equal(corpus.coverage, 1);
    assert.ok(corpus.vocabulary.size <= 200);
  });

  test('have the characters of the raw text, however many pieces a character has', async () => {
    const byCharacter = await read(text, 0.5, 0, characters);
    const bySubword = await readSubwords(30, 0.5);
    const total = ({ parts }: TextCorpus): number => parts.train.characters + parts.validation.characters;
    assert.equal(total(bySubword), total(byCharacter));
    // The astronaut alone has three pieces where nothing is merged.
    const { parts } = await readSubwords(12, 0.5);
    assert.ok(parts.train.ids.length > parts.train.characters);
  });

  test('that the vocabulary has no room for are unknown', async () => {
    const corpus = await readSubwords(6, 0.3);
    assert.equal(corpus.vocabulary.size, 6);
    assert.ok(corpus.coverage > 0.3 && corpus.coverage < 0.9);
    assert.ok(corpus.parts.train.ids.includes(1));
  });

  test('are the same for a text that is read with the finished vocabulary', async () => {
    const corpus = await readSubwords(60, 0.5);
    const part = await readTextPart(memorySource('a.txt', text, 11), corpus.tokenizer, corpus.vocabulary);
    assert.deepEqual([...part.ids], [...corpus.parts.train.ids, ...corpus.parts.validation.ids]);
    assert.equal(part.characters, corpus.parts.train.characters + corpus.parts.validation.characters);
  });
});

describe('a mistake is told in one sentence', () => {
  const fails = (promise: Promise<unknown>, sentence: string) =>
    assert.rejects(promise, (error: UserError) => {
      assert.equal(error.sentence, sentence);
      return true;
    });

  test('bytes that are no UTF-8, with their line', async () => {
    const bytes = Uint8Array.from([...new TextEncoder().encode('one\ntwo\n'), 0x61, 0xff, 0x62]);
    const train = memorySource('a.txt', bytes);
    await fails(
      readTextCorpus({ train, validation: 0.1, test: 0, tokenizer: characters, vocabulary }),
      'a.txt:3: The line has bytes that are not UTF-8 text; save the file as UTF-8.',
    );
  });

  test('too little text', async () => {
    await fails(
      read('', 0.1, 0, words),
      'a.txt: The text is empty; expected a plain-text file with at least 2 tokens.',
    );
    await fails(
      read('word', 0.1, 0, words),
      'a.txt: The text has one token only; expected a plain-text file with at least 2 tokens.',
    );
    await fails(
      read('abcdefgh', 0.1, 0, characters),
      'a.txt: The text is too short to hold back a share of 0.1 for the validation: that is 1 of its tokens, expected at least 2; use more text or a larger share.',
    );
    await fails(
      read('abcdef', 0.9, 0, characters),
      'a.txt: The text is too short: nothing is left to train on; use more text or smaller shares.',
    );
  });
});
