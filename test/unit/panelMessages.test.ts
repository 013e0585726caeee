/** Messages between host and panel are read as they were sent, and anything else is refused with its reason. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  parseHostMessage,
  parsePanelMessage,
  type HostMessage,
  type PanelMessage,
  type StepColumns,
} from '../../src/panelMessages';
import { panelTextKeys } from '../../src/panelTexts';

const hostMessages: readonly HostMessage[] = [
  {
    type: 'show',
    view: {
      kind: 'empty',
      title: 'No training runs yet',
      sentence: 'A run shows its loss here.',
      action: { command: 'sequenceLab.showLog', label: 'Show Log' },
    },
  },
  { type: 'show', view: { kind: 'runs' } },
  { type: 'training', training: null },
  { type: 'curves', run: '/runs/spam-1', steps: columns(3), epochs: [] },
  { type: 'forecast', run: '/runs/sea-1', file: 1, state: { kind: 'working', fraction: 0.5 } },
  { type: 'models', models: { translation: { name: 'french-1', inputs: 'texts' } } },
  { type: 'answer', id: 3, answer: null, problem: 'The model is damaged.' },
];

const panelMessages: readonly PanelMessage[] = [
  { type: 'ready' },
  { type: 'run', command: 'vscode.openFolder' },
  { type: 'problem', message: 'It broke.', stack: 'Error: It broke.' },
  { type: 'problem', message: 'It broke.' },
  { type: 'watch', runs: ['/runs/spam-1'] },
  { type: 'ask', id: 3, task: 'translation', text: 'the cat' },
  { type: 'openMistake', run: '/runs/spam-1', index: 4 },
  { type: 'forecast', run: '/runs/sea-1', file: 1 },
  { type: 'openAnomaly', run: '/runs/sea-1', index: 2 },
  { type: 'exportPng', bytes: Uint8Array.of(137, 80, 78, 71) },
];

describe('panel messages', () => {
  it('arrive as they were sent', () => {
    for (const message of hostMessages) assert.deepEqual(parseHostMessage(structuredClone(message)), message);
    for (const message of panelMessages) assert.deepEqual(parsePanelMessage(structuredClone(message)), message);
  });

  it('are refused where the type is unknown', () => {
    assert.throws(() => parsePanelMessage({ type: 'format' }), /Not a message of the panel: \{"type":"format"\}/);
    assert.throws(() => parseHostMessage(null), /Not a message of the host: null/);
  });

  it('cannot run a command that no button has', () => {
    const message = { type: 'run', command: 'workbench.action.closeWindow' };
    assert.throws(() => parsePanelMessage(message), /command/);
  });

  it('are refused where weights of an attention are missing', () => {
    const sentence = { source: ['a', 'b'], sourceStarts: [true, true], target: ['c'], targetStarts: [true] };
    const message = (weights: number[][]) => ({
      ...{ type: 'answer', id: 1, problem: null },
      answer: { task: 'translation', translated: { translation: 'c', sentences: [{ ...sentence, weights }] } },
    });
    assert.deepEqual(parseHostMessage(message([[0.4, 0.6]])), message([[0.4, 0.6]]));
    assert.throws(() => parseHostMessage(message([[1]])), /not one for each pair of pieces/);
  });

  it('are refused where columns differ in length or are no columns', () => {
    const message = { type: 'more', run: '/runs/spam-1', epochs: [], steps: columns(2) };
    assert.deepEqual(parseHostMessage(message), message);
    const uneven = { ...message, steps: { ...columns(2), loss: new Float64Array(1) } };
    assert.throws(() => parseHostMessage(uneven), /the columns differ in length/);
    assert.throws(() => parseHostMessage({ ...message, steps: { ...columns(1), step: [1] } }), /steps\.step/);
  });

  it('need every text of the panel', () => {
    const texts = Object.fromEntries(panelTextKeys.map((key) => [key, key]));
    const setup = { type: 'setup', texts, language: 'en', smoothing: 0.6 };
    assert.deepEqual(parseHostMessage(setup), setup);
    const { stop: left, ...others } = texts;
    assert.equal(left, 'stop');
    assert.throws(() => parseHostMessage({ ...setup, texts: others }), /texts\.stop/);
  });

  it('are refused in the wrong direction', () => {
    assert.throws(() => parseHostMessage({ type: 'ready' }), /Not a message of the host/);
    assert.throws(() => parsePanelMessage(hostMessages[0]), /Not a message of the panel/);
  });
});

function columns(length: number): StepColumns {
  const column = () => new Float64Array(length).fill(0.5);
  return {
    ...{ step: column(), epoch: column(), loss: column() },
    ...{ gradientNorm: column(), learningRate: column(), tokensPerSecond: column() },
  };
}
