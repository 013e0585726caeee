/** What models say of a text, as the box "Try it" gets it: survives the way to the panel, with the editor's colours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boxAnswer } from '../../../../src/host/panel/tryItAnswers';
import { legendOf, TagStyles } from '../../../../src/host/tagging/tagLegend';
import { parseHostMessage } from '../../../../src/panelMessages';

const styles = new TagStyles();
styles.placeOf('person');
const looks = {
  legendFor: (spans: readonly { readonly type: string }[]) => legendOf(spans, styles),
  nameOf: ({ color }: { readonly color: string }) => color.toLowerCase(),
};

test('spans have the styles that their types have in the editor', () => {
  const span = (type: string, start: number) => ({ type, text: 'x', start, end: start + 1, probability: 0.9 });
  const found = { tokens: [], spans: [span('day', 0), span('person', 2), span('day', 4)] };
  assert.deepEqual(boxAnswer({ task: 'tagging', found }, looks), {
    task: 'tagging',
    tagged: {
      spans: found.spans.map(({ type, start, end, probability }) => ({ type, start, end, probability })),
      legend: [
        { type: 'day', count: 2, color: 'Orange', isDotted: false, colorName: 'orange' },
        { type: 'person', count: 1, color: 'Blue', isDotted: false, colorName: 'blue' },
      ],
    },
  });
});

test('a translation brings the pieces of each sentence with their weights', () => {
  const sentence = {
    ...{ text: 'chat', probability: 0.5, source: ['the', 'cat'], target: ['chat'], attention: [[0.1, 0.9]] },
    ...{ sourceStarts: [true, true], targetStarts: [true] },
  };
  const answer = boxAnswer({ task: 'translation', found: { translation: 'chat', sentences: [sentence] } }, looks);
  assert.deepEqual(answer, {
    task: 'translation',
    translated: {
      translation: 'chat',
      sentences: [
        {
          ...{ source: ['the', 'cat'], target: ['chat'], weights: [[0.1, 0.9]] },
          ...{ sourceStarts: [true, true], targetStarts: [true] },
        },
      ],
    },
  });
  const message = { type: 'answer', id: 1, answer, problem: null } as const;
  assert.deepEqual(parseHostMessage(structuredClone(message)), message);
});

test('a class comes with the words that decided, where they are known', () => {
  const classes = [{ label: 'fine', probability: 1 }];
  const found = { label: 'fine', probability: 1, classes };
  assert.deepEqual(boxAnswer({ task: 'classification', found }, looks), { task: 'classification', prediction: found });
  const tokens = [{ text: 'hi', start: 0, end: 2, influence: 1, known: true }];
  const explained = { ...found, tokens };
  assert.deepEqual(boxAnswer({ task: 'classification', found: explained }, looks), {
    task: 'classification',
    prediction: explained,
  });
});
