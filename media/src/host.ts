/** The panel's line to the host: the only place that posts and reads messages, and that keeps the state. */
import { parseHostMessage, type HostMessage, type PanelMessage } from '../../src/panelMessages';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const api = acquireVsCodeApi();

/** Sends one message to the host. */
export function tellHost(message: PanelMessage): void {
  api.postMessage(message);
}

/** What was kept when the page was last there; undefined the first time. */
export function keptState(): unknown {
  return api.getState();
}

/** Keeps a state over a reload of the window. */
export function keepState(state: unknown): void {
  api.setState(state);
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
