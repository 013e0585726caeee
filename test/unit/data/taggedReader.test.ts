import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readTagged, type TagColumns, type TaggedFiles } from '../../../src/data/taggedReader';
import { UserError } from '../../../src/errors';
import { memoryFile } from './memorySource';

const columns = (content: string, chosen: TagColumns = { token: 1 }): TaggedFiles => ({
  kind: 'columns',
  file: memoryFile('ner.conll', content),
  columns: chosen,
});

const parallel = (tokens: string, tags: string): TaggedFiles => ({
  kind: 'parallel',
  tokens: memoryFile('seq.in', tokens),
  tags: memoryFile('seq.out', tags),
});

/** Each sentence as `token/tag@line`. */
async function read(files: TaggedFiles): Promise<string[]> {
  const sentences: string[] = [];
  for await (const { tokens, tags, lines } of readTagged(files)) {
    sentences.push(tokens.map((token, at) => `${token}/${tags[at]!}@${lines[at]!}`).join(' '));
  }
  return sentences;
}

async function refusal(files: TaggedFiles): Promise<string> {
  const error: unknown = await read(files).catch((reason: unknown) => reason);
  assert.ok(error instanceof UserError, String(error));
  return error.sentence;
}

describe('a CoNLL-style file', () => {
  it('has a token a line and a blank line after each sentence', async () => {
    assert.deepEqual(await read(columns('Ada B-per\nLovelace I-per\n\n\nwrote O\r\nit O')), [
      'Ada/B-per@1 Lovelace/I-per@2',
      'wrote/O@5 it/O@6',
    ]);
  });

  it('is cut at tabs where there are any, so that a token may hold spaces', async () => {
    assert.deepEqual(await read(columns('New York\tB-loc\n \t \nis\tO\n')), ['New York/B-loc@1', 'is/O@3']);
  });

  it('has its token and tag in the columns that were chosen, the last one unless given', async () => {
    const text = 'U.N. NNP I-NP I-ORG\nofficial NN I-NP O\n';
    assert.deepEqual(await read(columns(text)), ['U.N./I-ORG@1 official/O@2']);
    assert.deepEqual(await read(columns(text, { token: 1, tag: 2 })), ['U.N./NNP@1 official/NN@2']);
    assert.deepEqual(await read(columns(text, { token: 2, tag: 3 })), ['NNP/I-NP@1 NN/I-NP@2']);
  });

  it('may have document marks, and the comments and contracted words of CoNLL-U', async () => {
    assert.deepEqual(await read(columns('-DOCSTART- -X- O\n\nHi UH O\n-DOCSTART- -X- O\nyou PRP O\n')), [
      'Hi/O@3',
      'you/O@5',
    ]);
    const universal = '# sent_id = 1\n# text = im Haus\n1-2\tim\t_\n1\tin\tADP\n2\tdem\tDET\n3\tHaus\tNOUN\n\n';
    assert.deepEqual(await read(columns(universal, { token: 2, tag: 3 })), ['in/ADP@4 dem/DET@5 Haus/NOUN@6']);
    assert.deepEqual(await read(columns('# O\n1 B-n\n')), ['#/O@1 1/B-n@2']);
  });

  it('is refused with the line where columns are missing or change', async () => {
    assert.equal(
      await refusal(columns('a O\nb\n')),
      'ner.conll:2: The line has 1 column; expected at least 2, a token and its tag among them.',
    );
    assert.equal(
      await refusal(columns('a X O\n\nb O\n')),
      'ner.conll:3: The line has 2 columns, but those before it have 3; expected the same on every line.',
    );
    assert.equal(
      await refusal(columns('a O\n', { token: 1, tag: 4 })),
      'ner.conll:1: The line has 2 columns; expected at least 4, a token and its tag among them.',
    );
    assert.equal(
      await refusal(columns('\n\n')),
      'ner.conll: The file has no tokens; expected one a line, with its tag.',
    );
  });
});

describe('files of tokens and of tags', () => {
  it('belong together line for line', async () => {
    assert.deepEqual(await read(parallel('play  jazz \n\nstop\n', 'O B-genre\n\nO')), [
      'play/O@1 jazz/B-genre@1',
      'stop/O@3',
    ]);
  });

  it('are refused where a line has more of one than of the other', async () => {
    assert.equal(
      await refusal(parallel('play\nplay jazz\n', 'O\nO\n')),
      'seq.out:2: The line has 1 tag, but its line in seq.in has 2 tokens; expected a tag for each token.',
    );
    assert.equal(
      await refusal(parallel('a\nb\nc\n', 'O\n')),
      'seq.out: The file ends after 1 line, but seq.in goes on; expected as many lines in both.',
    );
    assert.equal(
      await refusal(parallel('a\n', 'O\nO\nO\n')),
      'seq.in: The file ends after 1 line, but seq.out goes on; expected as many lines in both.',
    );
    assert.equal(await refusal(parallel('\n', '\n')), 'seq.in: The file has no tokens; expected a sentence a line.');
  });
});
