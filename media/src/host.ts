/** The panel's line to the host: the only place that posts and reads messages. */
import { parseHostMessage, type HostMessage, type PanelMessage } from '../../src/panelMessages';

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const api = acquireVsCodeApi();

/** Sends one message to the host. */
export function tellHost(message: PanelMessage): void {
  api.postMessage(message);
}

/** Calls `receive` with every message of the host, and reports to its log what goes wrong in the page. */
export function listenToHost(receive: (message: HostMessage) => void): void {
  const report = (error: unknown) => {
    if (error instanceof Error) tellHost({ type: 'problem', message: error.message, stack: error.stack });
    else tellHost({ type: 'problem', message: String(error) });
  };
  window.addEventListener('error', (event) => {
    report(event.error ?? event.message);
  });
  window.addEventListener('unhandledrejection', (event) => {
    report(event.reason);
  });
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    receive(parseHostMessage(event.data));
  });
}
