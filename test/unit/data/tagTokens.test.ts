import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cutText, normalizeToken } from '../../../src/data/tagTokens';

/** Tokens as `token start-end`. */
function cut(text: string, known: readonly string[]): string[] {
  return cutText(text, true, (token) => known.includes(token)).map(({ token, start, end }) => {
    assert.equal(normalizeToken(text.slice(start, end), true), token);
    return `${token} ${start}-${end}`;
  });
}

describe('tokens of raw text', () => {
  it('are words with their places, lower-cased where asked for', () => {
    assert.deepEqual(cut('Go  to\tSan José', []), ['go 0-2', 'to 4-6', 'san 7-10', 'josé 11-15']);
    assert.deepEqual(
      cutText('Go', false, () => false),
      [{ token: 'Go', start: 0, end: 2 }],
    );
    assert.deepEqual(cut('', []), []);
  });

  it('are left whole where the model knows them so', () => {
    assert.deepEqual(cut('at 5 p.m. in top-ten', ['p.m.', 'top-ten']), [
      'at 0-2',
      '5 3-4',
      'p.m. 5-9',
      'in 10-12',
      'top-ten 13-20',
    ]);
    assert.deepEqual(cut('a top-ten', []), ['a 0-1', 'top 2-5', 'ten 6-9']);
  });

  it('have punctuation only where the model has met it', () => {
    assert.deepEqual(cut('Rio, now!', []), ['rio 0-3', 'now 5-8']);
    assert.deepEqual(cut('Rio, now!', [',']), ['rio 0-3', ', 3-4', 'now 5-8']);
    assert.deepEqual(cut('. !', ['.']), ['. 0-1']);
  });

  it('are in composed form, their places in the text as it was typed', () => {
    assert.deepEqual(cut('cafe\u0301 x', []), ['caf\u00e9 0-5', 'x 6-7']);
  });
});
