/** The engine as the host has it: one client for the window, made at the first need; knows no request. */
import type * as vscode from 'vscode';
import { EngineClient } from '../engine/client';
import type { Engine } from './contracts';

/** Starts no process by itself: the client does that with its first request. */
export class EngineHost implements Engine {
  private started: EngineClient | undefined;

  constructor(
    /** Path of the bundled engine. */
    private readonly script: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get client(): EngineClient {
    this.started ??= new EngineClient({
      script: this.script,
      log: (line) => {
        this.log.info(`engine: ${line}`);
      },
    });
    return this.started;
  }

  /** Ends the engine's process within two seconds. */
  async end(): Promise<void> {
    await this.started?.dispose();
  }
}
