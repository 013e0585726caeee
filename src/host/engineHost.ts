/** The engine of this window: loaded with the first request, watched, and ended with the window. Knows no request. */
import * as vscode from 'vscode';
import type { EngineClient, EngineExit } from '../engine/client';
import type { Engine, EngineRequests } from './contracts';

/** Hands out the engine's requests and tells of its crashes. */
export class EngineHost implements Engine, vscode.Disposable {
  readonly client: EngineRequests;
  private loading: Promise<EngineClient> | undefined;
  private readonly crashes = new vscode.EventEmitter<EngineExit>();
  /** The process ended without having been asked to; fires before the requests that waited for it reject. */
  readonly onCrash = this.crashes.event;

  constructor(
    /** Path of the bundled engine. */
    private readonly script: string,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.client = {
      train: async (...parameters) => (await this.load()).train(...parameters),
      translate: async (...parameters) => (await this.load()).translate(...parameters),
      predict: async (...parameters) => (await this.load()).predict(...parameters),
      generate: async (...parameters) => (await this.load()).generate(...parameters),
      forecast: async (...parameters) => (await this.load()).forecast(...parameters),
      tag: async (...parameters) => (await this.load()).tag(...parameters),
      evaluate: async (...parameters) => (await this.load()).evaluate(...parameters),
      inspect: async (...parameters) => (await this.load()).inspect(...parameters),
      mistakes: async (...parameters) => (await this.load()).mistakes(...parameters),
    };
  }

  warmUp(): void {
    // A failure to load comes again, and is told, with the request that needs it.
    void this.load().then(
      (client) => {
        client.start();
      },
      () => undefined,
    );
  }

  /** Ends the process and waits for it, two seconds at most. */
  async end(): Promise<void> {
    const loading = this.loading;
    this.loading = Promise.reject(new Error('The engine was asked for while the window closes.'));
    this.loading.catch(() => undefined); // Whoever asks for it gets the error.
    await (await loading)?.dispose();
  }

  dispose(): void {
    void this.end();
    this.crashes.dispose();
  }

  private load(): Promise<EngineClient> {
    return (this.loading ??= this.create());
  }

  private async create(): Promise<EngineClient> {
    const { EngineClient } = await import('../engine/client');
    const client = new EngineClient({
      script: this.script,
      log: (line) => {
        this.log.info(`engine: ${line}`);
      },
    });
    client.onExit((exit) => {
      if (exit.expected) return;
      this.log.error(`The engine ended unexpectedly (${describe(exit)}).`, ...exit.lastLines);
      this.crashes.fire(exit);
    });
    return client;
  }
}

/** Whether a request failed because the engine's process ended: then `onCrash` has told of it. */
export function isEngineExit(error: unknown): boolean {
  return error instanceof Error && error.name === 'EngineExitedError';
}

/** Whether work was called off rather than failed. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** How the process ended, in a few words. */
export function describe({ code, signal, startError }: EngineExit): string {
  if (startError !== undefined) return startError.message;
  return signal === null ? `exit code ${code ?? '?'}` : `signal ${signal}`;
}
