import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../../src/errors';
import { experimentName, splitRunName, whyUnsafe } from '../../../src/runs/runNames';

test('experimentName is the file name without its ending', () => {
  assert.equal(experimentName('/somewhere/spam.rnn.json'), 'spam');
  assert.equal(experimentName('my mood (1).rnn.json'), 'my mood (1)');
  assert.equal(experimentName('v1.2.json'), 'v1.2');
  assert.equal(experimentName('gefühl.RNN.JSON'), 'gefühl');
});

test('experimentName refuses what cannot be a folder', () => {
  const names = [
    '.rnn.json',
    '.hidden.rnn.json',
    'a:b.rnn.json',
    'con.rnn.json',
    ' a.rnn.json',
    'a..rnn.json',
    'a\n.rnn.json',
  ];
  for (const file of [...names, `${'ä'.repeat(101)}.rnn.json`]) {
    assert.throws(
      () => experimentName(file),
      (error) => error instanceof UserError && error.place.file === file && error.message.endsWith('rename the file.'),
      file,
    );
  }
});

test('whyUnsafe and splitRunName keep to one folder', () => {
  assert.equal(whyUnsafe('spam'), undefined);
  for (const name of ['..', '.', '', 'a/b', 'a\\b', '../x', 'nul', 'LPT1.txt', 'x\u0000']) {
    assert.equal(typeof whyUnsafe(name)?.key, 'string', name);
  }
  assert.deepEqual(splitRunName('spam-ham-12'), { experimentName: 'spam-ham', number: 12 });
  for (const name of ['spam', 'spam-', 'spam-0', 'spam-01', '-1', '..-1', 'spam-9999999999']) {
    assert.equal(splitRunName(name), undefined, name);
  }
});
