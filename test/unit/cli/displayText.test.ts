/** Widths, cuts and harmlessness of text on a terminal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayWidth, fitText, padText, printable } from '../../../src/cli/displayText';

test('East Asian characters and emoji take two columns, combining marks none', () => {
  assert.equal(displayWidth('abc'), 3);
  assert.equal(displayWidth('日本'), 4);
  assert.equal(displayWidth('e\u0301'), 1);
  assert.equal(displayWidth('👍🏽'), 2);
  assert.equal(displayWidth('a\u200B'), 1);
});

test('text is cut to a width with an ellipsis', () => {
  assert.equal(fitText('abcdef', 6), 'abcdef');
  assert.equal(fitText('abcdef', 5), 'abcd…');
  assert.equal(fitText('日本語', 4), '日…');
  assert.equal(fitText('abc', 1), '…');
  assert.equal(fitText('abc', 0), '');
});

test('text is padded on either side', () => {
  assert.equal(padText('日', 4, 'left'), '日  ');
  assert.equal(padText('7', 3, 'right'), '  7');
  assert.equal(padText('long', 2, 'left'), 'long');
});

test('data cannot command the terminal', () => {
  assert.equal(printable('a\r\nb\tc  d'), 'a b c  d');
  assert.equal(printable('\u001B[31mred\u0007'), '\uFFFD[31mred\uFFFD');
  assert.equal(printable('a\u202Eb'), 'a\uFFFDb');
});
