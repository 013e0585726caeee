/** Starts the engine's process; loads nothing else, so that it can be the first thing that a program does. */
import { type ChildProcess, fork } from 'node:child_process';

/** What a process is started from. */
export interface ForkOptions {
  /** Path of the bundled engine, `engine.cjs`. */
  readonly script: string;
  /** Options of the runtime before the script; none by default, not even the parent's own. */
  readonly execArgv?: readonly string[];
  /** Environment of the process; default: this process' own. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Forks the engine. Whatever it says is lost unless listeners are there before the event loop turns. */
export function forkEngine({ script, execArgv = [], env = process.env }: ForkOptions): ChildProcess {
  return fork(script, [], {
    execArgv: [...execArgv],
    env: engineEnvironment(env),
    // Structured clone instead of JSON: the loss of a diverged run is NaN or Infinity and must arrive as that.
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

/** In an editor this process runs in Electron, whose executable is a Node only when the environment says so. */
function engineEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return process.versions['electron'] === undefined ? env : { ...env, ELECTRON_RUN_AS_NODE: '1' };
}
