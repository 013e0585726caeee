/** The states of a run as a word and as a shape: never as a colour alone. */
import { html, type TemplateResult } from 'lit';
import type { RunRow } from '../../src/panelMessages';
import { text } from './texts';

/** The state in a word. */
export function statusText(status: RunRow['status']): string {
  switch (status) {
    case 'running':
      return text('statusRunning');
    case 'finished':
      return text('statusFinished');
    case 'stopped':
      return text('statusStopped');
    case 'failed':
      return text('statusFailed');
    case 'interrupted':
      return text('statusInterrupted');
  }
}

const icons: Readonly<Record<RunRow['status'], string>> = {
  running: 'circle-filled',
  finished: 'pass',
  stopped: 'stop-circle',
  failed: 'error',
  interrupted: 'debug-disconnect',
};

/** The state as an icon; a word belongs beside it. */
export function statusIcon(status: RunRow['status']): TemplateResult {
  return html`<span class="codicon codicon-${icons[status]} status-${status}" aria-hidden="true"></span>`;
}
