import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRandom } from '../../../src/data/random';
import { tagSpans } from '../../../src/data/tagSpans';

/** Spans as `type start-end`, the end not included. */
function found(tags: string): string[] {
  return tagSpans(tags.split(' ')).map(({ type, start, end }) => `${type} ${start}-${end}`);
}

describe('spans of tags', () => {
  it('begin at B and go on through I', () => {
    assert.deepEqual(found('O B-a I-a O B-b'), ['a 1-3', 'b 4-5']);
    assert.deepEqual(found('B-a B-a I-a'), ['a 0-1', 'a 1-3']);
  });

  it('begin at an I without a B before it, as in IOB1', () => {
    assert.deepEqual(found('I-a I-a O I-b'), ['a 0-2', 'b 3-4']);
    assert.deepEqual(found('I-a B-a'), ['a 0-1', 'a 1-2']);
  });

  it('end where the type changes', () => {
    assert.deepEqual(found('B-a I-b I-b'), ['a 0-1', 'b 1-3']);
    assert.deepEqual(found('I-a I-b I-a'), ['a 0-1', 'b 1-2', 'a 2-3']);
  });

  it('keep everything after the first hyphen as the type', () => {
    assert.deepEqual(found('B-part-of I-part-of'), ['part-of 0-2']);
  });

  it('read IOBES: E ends a span, S is one', () => {
    assert.deepEqual(found('B-a I-a E-a S-a S-a O'), ['a 0-3', 'a 3-4', 'a 4-5']);
    assert.deepEqual(found('B-a E-a B-a E-a'), ['a 0-2', 'a 2-4']);
  });

  it('are none among parts of speech', () => {
    assert.deepEqual(found('DET NOUN VERB .'), []);
    assert.deepEqual(tagSpans([]), []);
  });
});

/** The counting loop of conlleval.pl, line for line, as a reference: correct, true and predicted spans. */
function conlleval(truth: readonly string[], guess: readonly string[]): [number, number, number] {
  const parts = (tag: string): [string, string] => {
    const match = /^([^-]*)-(.*)$/u.exec(tag);
    return match === null ? [tag, ''] : [match[1]!, match[2]!];
  };
  const ends = (before: string, now: string, typeBefore: string, type: string): boolean =>
    (before === 'B' && now === 'B') ||
    (before === 'B' && now === 'O') ||
    (before === 'I' && now === 'B') ||
    (before === 'I' && now === 'O') ||
    (before !== 'O' && before !== '.' && typeBefore !== type);
  const starts = (before: string, now: string, typeBefore: string, type: string): boolean =>
    (before === 'B' && now === 'B') ||
    (before === 'I' && now === 'B') ||
    (before === 'O' && now === 'B') ||
    (before === 'O' && now === 'I') ||
    (now !== 'O' && now !== '.' && typeBefore !== type);
  let [correct, foundTrue, foundGuess] = [0, 0, 0];
  let inCorrect = false;
  let [lastTrue, lastTrueType, lastGuess, lastGuessType] = ['O', '', 'O', ''];
  for (let at = 0; at <= truth.length; at++) {
    const [tag, type] = parts(truth[at] ?? 'O');
    const [guessTag, guessType] = parts(guess[at] ?? 'O');
    const trueEnds = ends(lastTrue, tag, lastTrueType, type);
    const guessEnds = ends(lastGuess, guessTag, lastGuessType, guessType);
    if (inCorrect) {
      if (trueEnds && guessEnds && lastGuessType === lastTrueType) {
        inCorrect = false;
        correct++;
      } else if (trueEnds !== guessEnds || guessType !== type) {
        inCorrect = false;
      }
    }
    const trueStarts = starts(lastTrue, tag, lastTrueType, type);
    const guessStarts = starts(lastGuess, guessTag, lastGuessType, guessType);
    if (trueStarts && guessStarts && guessType === type) inCorrect = true;
    if (trueStarts) foundTrue++;
    if (guessStarts) foundGuess++;
    [lastTrue, lastTrueType, lastGuess, lastGuessType] = [tag, type, guessTag, guessType];
  }
  return [correct, foundTrue, foundGuess];
}

describe('counts of spans', () => {
  it('are those of conlleval on random tags, wrong ones among them', () => {
    const random = createRandom(5, 'tags');
    const tags = ['O', 'O', 'B-a', 'I-a', 'I-a', 'B-b', 'I-b'];
    let matches = 0;
    for (let round = 0; round < 3000; round++) {
      const length = 1 + random.nextInteger(8);
      const draw = (): string => tags[random.nextInteger(tags.length)]!;
      const truth = Array.from({ length }, draw);
      const guess = truth.map((tag) => (random.nextInteger(3) === 0 ? draw() : tag));
      const [own, other] = [tagSpans(truth), tagSpans(guess)];
      const keys = new Set(own.map((span) => JSON.stringify(span)));
      const correct = other.filter((span) => keys.has(JSON.stringify(span))).length;
      const expected = conlleval(truth, guess);
      assert.deepEqual([correct, own.length, other.length], expected, `${truth.join(' ')} | ${guess.join(' ')}`);
      matches += correct;
    }
    assert.ok(matches > 1000, 'there was something to count');
  });
});
