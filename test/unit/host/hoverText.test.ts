/** The hover's Markdown: bars, numbers, marked words, and that a text can be nothing but text in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bar, escapeText, hoverMarkdown, probabilityText } from '../../../src/host/classification/hoverText';
import { markTokens, strongestTokens } from '../../../src/host/classification/influence';
import type { TokenInfluence } from '../../../src/protocol';

const words = {
  model: 'by spam-1',
  decidedBy: 'Decided by:',
  moreClasses: (count: number) => `and ${count} more classes`,
  correct: { label: 'Label is wrong…', command: 'command:sequenceLab.correctLabel?x' },
};

/** Tokens of a text parted by blanks, with their influences in order. */
function tokensOf(text: string, influences: readonly number[]): TokenInfluence[] {
  let at = 0;
  return text.split(' ').map((token, index) => {
    const start = at;
    at += token.length + 1;
    return { text: token, start, end: start + token.length, influence: influences[index]!, known: true };
  });
}

test('a bar fills in eighths of a character and keeps its width', () => {
  assert.equal(bar(1, 4), '████');
  assert.equal(bar(0, 4), '\u00a0\u00a0\u00a0\u00a0');
  assert.equal(bar(0.5, 3), '█▌\u00a0');
  assert.equal(bar(1 / 32, 4), '▏\u00a0\u00a0\u00a0');
  assert.equal(bar(2, 2), '██');
});

test('a probability has a third digit where two would make it certain or impossible', () => {
  assert.deepEqual([1, 0.9984, 0.995, 0.9949, 0.914, 0.005, 0.0049, 0].map(probabilityText), [
    '1.000',
    '0.998',
    '0.995',
    '0.99',
    '0.91',
    '0.01',
    '0.005',
    '0.000',
  ]);
});

test('no sign of Markdown, HTML, links or icons is left in a text', () => {
  const wild = '**b** <img src=x onerror=y> [a](command:b) `c` | https://x.y a@b.c $(zap) &lt;\u0000\u202e\n# h';
  const escaped = escapeText(wild);
  assert.doesNotMatch(escaped.replace(/&#\d+;/g, ''), /[!-/:-@[-`{-~\p{Cc}\u202e]/u);
  const decoded = escaped.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  assert.equal(decoded, wild.replaceAll('\0', '\uFFFD').replaceAll('\u202e', '\uFFFD').replace('\n', ' '));
});

test('the hover shows classes, marked words and the link', () => {
  const text = 'you are the worst player';
  const prediction = {
    label: 'toxic',
    probability: 0.91,
    classes: [
      { label: 'toxic', probability: 0.91 },
      { label: 'fine', probability: 0.09 },
    ],
    tokens: tokensOf(text, [0.5, 0.01, 0, 2, -0.8]),
  };
  const [title, bars, rule, marked, named, link] = hoverMarkdown(text, prediction, words).split('\n\n');
  assert.equal(title, '**toxic** · by spam&#45;1');
  assert.equal(bars, `\`${bar(0.91)}\u00a00.91\` toxic  \n\`${bar(0.09)}\u00a00.09\` fine`);
  assert.equal(rule, '---');
  const shade = (side: string, word: string) =>
    `<span style="background-color:var(--vscode-sequenceLab-influence${side});">${word}</span>`;
  assert.equal(
    marked,
    `${shade('For', '<strong>you</strong>')} are the ${shade('ForStrong', '<strong>worst</strong>')} ${shade('Against', '<em>player</em>')}`,
  );
  assert.equal(named, 'Decided by&#58; worst +2.00 · player −0.80 · you +0.50');
  assert.equal(link, '[Label is wrong…](command:sequenceLab.correctLabel?x)');
});

test('the hover names how many classes it leaves out and cuts a long text', () => {
  const classes = Array.from({ length: 12 }, (_, at) => ({ label: `c${at}`, probability: 1 / 12 }));
  const text = `${'word '.repeat(400)}end`;
  const tokens = tokensOf(text, Array<number>(401).fill(1));
  const markdown = hoverMarkdown(text, { label: 'c0', probability: 1 / 12, classes, tokens }, words);
  assert.match(markdown, /c7 {2}\nand 4 more classes/);
  assert.ok(!markdown.includes('c8'));
  assert.match(markdown, /…\n\nDecided by&#58; word \+1\.00 · end \+1\.00/);
  assert.equal(markdown.match(/<strong>/g)?.length, 240);
});

test('words are marked by their share of the greatest influence', () => {
  const tokens = tokensOf('a b c d', [1, -0.7, 0.3, 0.2]);
  assert.deepEqual(
    markTokens(tokens).map(({ token, side, isStrong }) => [token.text, side, isStrong]),
    [
      ['a', 'for', true],
      ['b', 'against', true],
      ['c', 'for', false],
    ],
  );
  assert.deepEqual(markTokens(tokensOf('a b', [0, 0])), []);
  assert.deepEqual(
    strongestTokens(tokensOf('x y x', [0.5, 1, 0.9]), 2).map(({ text }) => text),
    ['y', 'x'],
  );
});
