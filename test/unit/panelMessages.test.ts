/** Messages between host and panel are read as they were sent, and anything else is refused with its reason. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseHostMessage, parsePanelMessage, type HostMessage, type PanelMessage } from '../../src/panelMessages';

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
];

const panelMessages: readonly PanelMessage[] = [
  { type: 'ready' },
  { type: 'run', command: 'vscode.openFolder' },
  { type: 'problem', message: 'It broke.', stack: 'Error: It broke.' },
  { type: 'problem', message: 'It broke.' },
];

describe('panel messages', () => {
  it('arrive as they were sent', () => {
    for (const message of hostMessages) assert.deepEqual(parseHostMessage(throughJson(message)), message);
    for (const message of panelMessages) assert.deepEqual(parsePanelMessage(throughJson(message)), message);
  });

  it('are refused where the type is unknown', () => {
    assert.throws(() => parsePanelMessage({ type: 'format' }), /Not a message of the panel: \{"type":"format"\}/);
    assert.throws(() => parseHostMessage(null), /Not a message of the host: null/);
  });

  it('cannot run a command that no button has', () => {
    const message = { type: 'run', command: 'workbench.action.closeWindow' };
    assert.throws(() => parsePanelMessage(message), /command/);
  });

  it('are refused in the wrong direction', () => {
    assert.throws(() => parseHostMessage({ type: 'ready' }), /Not a message of the host/);
    assert.throws(() => parsePanelMessage(hostMessages[0]), /Not a message of the panel/);
  });
});

function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
