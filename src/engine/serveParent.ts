/** Ties a server to the process that forked this one: the IPC channel, the signals, and the end; knows no services. */
import { createMessageConnection, IPCMessageReader, IPCMessageWriter, type Logger } from 'vscode-jsonrpc/node';
import { serve } from './server';
import type { EngineServices } from './services';

/** Milliseconds that running work has to end when the parent is gone; with the last delay below two seconds. */
const GRACE_WITHOUT_PARENT = 1_500;
/** Milliseconds that running work has to end on SIGTERM; service managers wait ten seconds before they kill. */
const GRACE_ON_TERMINATION = 8_000;
/** Milliseconds in which the last answers leave through the channel, where there still is one. */
const LAST_WORDS = 100;

/** Serves the parent process until it disconnects or dies; then aborts the work and ends this process. */
export function serveParent(services: EngineServices): void {
  if (process.send === undefined) {
    throw new Error('The engine has no channel to a parent process; it is started by sequence-lab, not by hand.');
  }
  const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process), logger);
  const server = serve(connection, services);
  let ending = false;
  const end = async (grace: number): Promise<void> => {
    if (ending) {
      return;
    }
    ending = true;
    await server.stop(grace);
    setTimeout(() => process.exit(0), process.connected ? LAST_WORDS : 0);
  };
  process.on('disconnect', () => void end(GRACE_WITHOUT_PARENT));
  process.on('SIGTERM', () => void end(GRACE_ON_TERMINATION));
  // A terminal sends these to the whole group. The parent decides what they mean and tells it through the channel.
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => undefined);
  if (!process.connected) {
    void end(GRACE_WITHOUT_PARENT);
  }
}

const logger: Logger = {
  error: (message) => {
    console.error(message);
  },
  warn: (message) => {
    console.error(message);
  },
  info: () => undefined,
  log: () => undefined,
};
